"""Walks through a year of nights: calls, size of the database and memory of the worker, month by month.

In an empty database that DATABASE_URL names. Each night is the real thing (tick, plan, calls to a pretend Lucca in a
process of its own, receipts), worked on in this process by a clock that goes from night to night. Only the reading of
the directory before it is left out, since one Lucca stands for those of all spaces.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up

import argparse
import gc
import os
import sys
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import django

# They give CARDS_BREATH_SECONDS 0: nobody else uses this database.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
# There is one Lucca for all spaces here; and what is kept is pruned well within the year.
os.environ.setdefault("CARDS_CALLS_PER_MINUTE", "100000")
os.environ.setdefault("CARDS_KEEP_RUNS_MONTHS", "2")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.db.models import F, Sum

from cards import clock
from cards.integrations.lucca.models import Night
from cards.integrations.lucca.schedule import PARIS
from cards.integrations.lucca.sync import REFRESH
from cards.privacy import retention
from cards.runs.engine import work_on
from cards.runs.lease import WORKED_ON
from cards.runs.models import Run, RunLine, RunState
from cards.runs.tick import give_turns, tick
from cards.trainings.models import Attempt
from lucca_simulator import Options, Simulator
from tools.pushing import CHAPTERS, begun_training, connected_space, linked_people
from tools.simulator_speed import KEY, pretend_lucca

FIRST = date(2026, 1, 1)
# By then every account's night is due.
AT = time_of_day(4)
MONTH = 30
COLUMNS = (
    "nights", "calls that month", "lines that month", "runs kept", "lines kept", "nights kept", "database", "memory",
    "a night takes",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spaces", type=int, default=8)
    parser.add_argument("--people", type=int, default=500, help="in each space, all of them linked")
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--learning", type=int, default=5, help="people of each space who get on, each day")
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    options = Options(employees=arguments.spaces * arguments.people, with_faults=False)
    simulator = Simulator(options)
    people = [str(lucca_id) for lucca_id in simulator.company.employees]
    with pretend_lucca(options.employees, "--without-faults", "--with-trainings") as (url, _):
        spaces = [
            filled(number, url, KEY, people[number * arguments.people : (number + 1) * arguments.people])
            for number in range(arguments.spaces)
        ]
        del simulator
        walk(spaces, arguments.nights, arguments.learning)
    return 0


def filled(number: int, url: str, key: str, people: Sequence[str]) -> list[int]:
    """A space whose people are linked and have begun a training; their ids as users."""
    account, _owner = connected_space(f"space{number}", url=url, key=key)
    users = linked_people(account, people)
    begun_training(account.space, users)
    return [user.pk for user in users]


def walk(spaces: Sequence[Sequence[int]], nights: int, learning: int) -> None:
    print(f"{connection.vendor}: {len(spaces)} spaces of {len(spaces[0])} people, of whom {learning} get on each day")
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
    began = time.perf_counter()
    for number in range(nights):
        on = FIRST + timedelta(days=number)
        for users in spaces:
            chosen = [users[(number * learning + place) % len(users)] for place in range(learning)]
            Attempt.objects.filter(user__in=chosen, chapters_done__lt=CHAPTERS - 1).update(
                chapters_done=F("chapters_done") + 1
            )
        one_night(on, len(spaces))
        if number == 0 or (number + 1) % MONTH == 0:
            print(row(number + 1, on, (time.perf_counter() - began) / (MONTH if number else 1)), flush=True)
            began = time.perf_counter()


def one_night(on: date, spaces: int) -> None:
    """What the workers do that night: the tick begins the pushes and prunes, the pushes are worked on."""
    with clock.told(datetime.combine(on, AT, PARIS), passes=True):
        tick(all_chores=True)
        # The one Lucca would show everybody to each space.
        Run.objects.filter(kind=REFRESH).delete()
        give_turns()
        while run := Run.objects.filter(state__in=WORKED_ON).order_by("pk").first():
            work_on(run.pk, run.task_id)
        # What the ticks of a day prune, a little every few minutes.
        retention.prune()
    pushes = Run.objects.filter(options__night=on.isoformat(), state=RunState.FINISHED)
    assert pushes.count() == spaces  # noqa: S101 - a figure of nights that failed would be a lie


def row(nights: int, on: date, seconds: float) -> str:
    month = Run.objects.filter(options__night__gt=(on - timedelta(days=MONTH)).isoformat())
    cells = [
        nights,
        f"{month.aggregate(calls=Sum('lucca_calls'))['calls']:,}",
        f"{RunLine.objects.filter(run__in=month).count():,}",
        f"{Run.objects.count():,}",
        f"{RunLine.objects.count():,}",
        f"{Night.objects.count():,}",
        f"{database_bytes() / 1e6:.1f} MB",
        f"{memory_kilobytes() / 1000:.1f} MB",
        f"{seconds:.2f} s",
    ]
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        size: int = cursor.fetchone()[0]
    return size


def memory_kilobytes() -> int:
    """What this process holds at this moment."""
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    sys.exit(main())
