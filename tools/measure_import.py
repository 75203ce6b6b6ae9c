"""Plays whole imports at full speed: the first, an unchanged second one, and one after 1 % of the people changed.

A pretend Lucca without limit runs in a process of its own; the worker is this process, alone with an empty database
that DATABASE_URL names, or with somebody in the web (`--with-web`). Prints seconds by phase, queries and memory.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up

import argparse
import cProfile
import functools
import json
import os
import pstats
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("CARDS_CALLS_PER_MINUTE", "1000000")
os.environ.setdefault("CARDS_ALLOWED_LUCCA_HOSTS", "127.0.0.1")
# Alone with the database, a worker needs not leave it to others.
os.environ.setdefault("CARDS_BREATH_SECONDS", "0.03" if "--with-web" in sys.argv else "0")
django.setup()

import httpx2
from django.core.management import call_command
from django.db import connection

from cards import clock
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import connect, slices, sync
from cards.integrations.lucca.address import address_of
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.people.models import Role, User
from cards.runs.foreground import see_through
from cards.runs.loop import settle_down
from cards.runs.models import RunState
from cards.spaces.models import Space
from lucca.transport import Transport
from tools.simulator_speed import KEY, peak_megabytes, pretend_lucca

Report = dict[str, dict[str, float]]
ONE_IN = 100
# The phases of an import, and the functions that do them: (where it is looked up, its name).
PHASES: dict[str, tuple[Any, str]] = {
    "read": (slices, "read_pages"),
    "  of which Lucca": (Transport, "send"),
    "take over": (slices, "take_over"),
    "plan": (slices, "plan_users"),
    "apply": (slices, "apply_lines"),
    "end": (slices, "note_counts"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument(
        "--with-web", action="store_true", help="the first one beside somebody who opens pages and changes things"
    )
    parser.add_argument("--json", action="store_true", help="print the figures for programs")
    parser.add_argument("--profile", choices=("first", "unchanged", "changed"), help="profile this one (slower)")
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    if Space.objects.exists():
        print("This database is in use. Name an empty one in DATABASE_URL.", file=sys.stderr)
        return 1
    report: Report = {}
    with pretend_lucca(arguments.people) as (url, _):
        account = connected_to(url)
        for name in ("first", "unchanged", "changed"):
            if name == "changed":
                change_some(url, arguments.people)
            profile = cProfile.Profile(time.process_time) if arguments.profile == name else None
            with visitor() if arguments.with_web and name == "first" else nullcontext():
                report[name] = measured(account, profile)
            if not arguments.json:
                show(name, report[name])
            if profile:
                pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    if arguments.json:
        print(json.dumps({"database": connection.vendor, "people": arguments.people, "imports": report}))
    return 0


@contextmanager
def visitor() -> Iterator[None]:
    """Somebody in the web for as long as the block lasts; then prints how they were served."""
    command = [sys.executable, "-m", "tools.visitor"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            raise SystemExit("The visitor did not come.")
        try:
            yield
        finally:
            print(f"web beside it: {process.communicate()[0].strip()}")


def connected_to(url: str) -> LuccaAccount:
    """A space with an owner, connected to the pretend Lucca; nothing is read yet."""
    space = Space.objects.create(slug="acme", name="Acme", host="acme.example", language="en")
    Activation.objects.create(space=space, integration="lucca", activated_at=clock.now())
    owner = User(space=space, email="ada@acme.example", first_name="Ada", last_name="Martin", role=Role.OWNER)
    owner.set_unusable_password()
    owner.save()
    connect.save(space, None, address_of(url, also_allowed=["127.0.0.1"]), KEY, by=owner)
    return LuccaAccount.objects.get(space=space)


def change_some(url: str, people: int) -> None:
    """Give one person in a hundred another last name in Lucca."""
    with httpx2.Client(base_url=url, timeout=60) as http:
        for number in range(1, people + 1, ONE_IN):
            http.patch(f"/_simulator/employees/{number}", json={"last_name": f"Changed{number}"}).raise_for_status()


def measured(account: LuccaAccount, profile: cProfile.Profile | None) -> dict[str, float]:
    """Import everybody, invitations included: seconds by phase, queries, and the most memory held so far."""
    # So that the import reads Lucca.
    LuccaAccount.objects.update(refreshed_at=clock.now() - timedelta(days=1))
    owner = User.objects.get(role=Role.OWNER)
    # As a worker does.
    settle_down()
    queries: Counter[str] = Counter()

    def count(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
        queries["queries"] += 1
        return execute(sql, *others)

    with timed_phases() as seconds, connection.execute_wrapper(count):
        if profile:
            profile.enable()
        began, worked, served = time.perf_counter(), time.process_time(), server_seconds()
        run = sync.plan_import(account, by=owner, options=ImportOptions(notify=True))
        see_through(run)
        sync.start_import(run=run, by=owner)
        see_through(run)
        total = {
            "seconds": time.perf_counter() - began,
            "of this process's processor": time.process_time() - worked,
            "of the database server's": server_seconds() - served,
        }
        if profile:
            profile.disable()
    if run.state != RunState.FINISHED:
        raise SystemExit(f"The import ended as {run.state} ({run.reason}).")
    figures = {"queries": queries["queries"], "lines": run.lines.count(), "peak MB": peak_megabytes("self")}
    return {**total, **seconds, **figures}


def server_seconds() -> float:
    """What the processor did so far for our connection to a PostgreSQL server on this machine (Linux)."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    in_user, in_system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(in_user) + int(in_system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def timed_phases() -> Iterator[Counter[str]]:
    """Within the block, the seconds of each phase are added up."""
    seconds: Counter[str] = Counter()
    former = {name: getattr(where, function) for name, (where, function) in PHASES.items()}
    for name, (where, function) in PHASES.items():
        setattr(where, function, _timed(former[name], name, seconds))
    try:
        yield seconds
    finally:
        for name, (where, function) in PHASES.items():
            setattr(where, function, former[name])


def _timed(function: Callable[..., Any], name: str, seconds: Counter[str]) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*args: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            seconds[name] += time.perf_counter() - began  # type: ignore[assignment]  # a Counter of floats

    return timed


def show(name: str, figures: dict[str, float]) -> None:
    print(f"{connection.vendor}, {name} import")
    for what, figure in figures.items():
        print(f"  {what}: {figure:,}" if isinstance(figure, int) else f"  {what}: {figure:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
