"""Measures what reading a large company costs the client: calls, time, memory.

Prints the table of docs/performance.md.

`python -m tools.client_memory [--employees 100000]`
"""

import argparse
import time

from lucca import LuccaClient
from tools.simulator_speed import KEY, peak_megabytes, pretend_lucca, row


def measure(employees: int) -> None:
    with pretend_lucca(employees) as (address, _):
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the client's reading.")
    parser.add_argument("--employees", type=int, default=100_000)
    measure(parser.parse_args().employees)
