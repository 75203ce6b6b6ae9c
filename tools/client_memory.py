"""Measures what reading a large company costs the client: calls, time, memory.

Prints the table of docs/performance.md.

`python -m tools.client_memory [--employees 100000]`
"""

import argparse
import subprocess
import sys
import time

from lucca import LuccaClient
from tools.simulator_speed import KEY, peak_megabytes, row


def measure(employees: int) -> None:
    command = [sys.executable, "-m", "lucca_simulator", "--port", "0", "--calls-per-minute", "0", "--api-key", KEY]
    with subprocess.Popen([*command, "--employees", str(employees)], stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().split()[-1] if process.stdout else ""
            before = time.perf_counter()
            people = calls = 0
            with LuccaClient(base_url=address, key=KEY, timeout_seconds=30) as client:
                offset: int | None = 0
                while offset is not None:
                    page = client.employee_page(offset)
                    people, calls, offset = people + len(page.employees), calls + 1, page.next_offset
                    if calls == 1:
                        row("most memory held after the first page", f"{peak_megabytes('self')} MB")
            row("people, calls", f"{people:,}, {calls}")
            row("time", f"{time.perf_counter() - before:.1f} s")
            row("most memory held after the last page", f"{peak_megabytes('self')} MB")
        finally:
            process.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the client's reading.")
    parser.add_argument("--employees", type=int, default=100_000)
    measure(parser.parse_args().employees)
