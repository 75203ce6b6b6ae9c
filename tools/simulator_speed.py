"""Measures the pretend Lucca with a large company: start, memory, pages, writes.

Prints the table of docs/performance.md.

`python -m tools.simulator_speed [--employees 100000]`
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from lucca_simulator import running

KEY = "a-key-for-measuring"
PERSON = "id,firstName,lastName,mail,department[id,name],dtContractStart,dtContractEnd,culture[id]"


@contextmanager
def pretend_lucca(employees: int, *more: str) -> Iterator[tuple[str, int]]:
    """The address of a simulator of so many people, without a limit, in a process of its own; and that process."""
    command = [sys.executable, "-m", "lucca_simulator", "--port", "0", "--calls-per-minute", "0", "--api-key", KEY]
    command += ["--employees", str(employees), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().split()[-1] if process.stdout else "", process.pid
        finally:
            process.terminate()


def peak_megabytes(process: int | str) -> int:
    """The most memory the process ever held (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def read_everyone(http: httpx2.Client, fields: str) -> tuple[int, list[float]]:
    """How many people came, and how long each page took in seconds."""
    people = 0
    times: list[float] = []
    while True:
        query = {"fields": fields, "orderBy": "id,asc", "paging": f"{len(times) * 1000},1000"}
        before = time.perf_counter()
        items = http.get("/api/v3/users", params=query).json()["data"]["items"]
        times.append(time.perf_counter() - before)
        people += len(items)
        if len(items) < 1000:
            return people, times


def write_some(http: httpx2.Client, writes: int) -> list[float]:
    times = []
    for number in range(101, 101 + writes):
        before = time.perf_counter()
        http.put(f"/api/v3/users/{number}", json={"e_nickname": {"value": "Zaz"}}, params={"fields": "id"})
        times.append(time.perf_counter() - before)
    return times


def start_in_a_test() -> tuple[float, float]:
    """How long a simulator of 240 people takes to start in this process, and to start anew; in seconds."""
    starts, resets = [], []
    for _turn in range(5):
        before = time.perf_counter()
        with running(employees=240) as simulator:
            starts.append(time.perf_counter() - before)
            before = time.perf_counter()
            simulator.reset()
            resets.append(time.perf_counter() - before)
    return statistics.median(starts), statistics.median(resets)


def row(name: str, figure: str) -> None:
    sys.stdout.write(f"| {name} | {figure} |\n")


def measure(employees: int) -> None:
    before = time.perf_counter()
    with pretend_lucca(employees) as (address, process):
        row("people", f"{employees:,}")
        row("start, until the first answer is given", f"{time.perf_counter() - before:.1f} s")
        headers = {"Authorization": f"lucca application={KEY}"}
        with httpx2.Client(base_url=address, headers=headers, timeout=30) as http:
            for name, fields in (("the fields of an import", PERSON), ("custom data", "id,extendedData")):
                people, times = read_everyone(http, fields)
                each = statistics.median(times) * 1000
                row(f"reading {people:,} people, {name}", f"{sum(times):.1f} s, {each:.0f} ms a page of 1,000")
            row("one write of custom data", f"{statistics.median(write_some(http, 200)) * 1000:.1f} ms")
        row("most memory held", f"{peak_megabytes(process)} MB")
    start, reset = start_in_a_test()
    row("in a test, 240 people", f"starts in {start * 1000:.0f} ms, starts anew in {reset * 1000:.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the pretend Lucca.")
    parser.add_argument("--employees", type=int, default=100_000)
    measure(parser.parse_args().employees)
