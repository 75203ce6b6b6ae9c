"""Measures the two Lucca tabs and a plan with a large directory, in an empty database that DATABASE_URL names.

Whole pages are timed as a signed-in owner gets them, each the best of seven; nothing talks to Lucca.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up

import argparse
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cards import clock
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import sync
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, Link, LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.people.models import Role, User, search_key
from cards.runs.engine import work_on
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.spaces.models import Space

PEOPLE_IN_A_DEPARTMENT = 25


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    if Space.objects.exists():
        print("This database is in use. Name an empty one in DATABASE_URL.", file=sys.stderr)
        return 1
    account = fill(arguments.people)
    analyze()
    print(f"{connection.vendor}: {arguments.people:,} people")
    owner = User.objects.get(role=Role.OWNER)
    client = Client(SERVER_NAME=account.space.host)
    client.force_login(owner)
    began = time.perf_counter()
    run = sync.plan_import(account, by=owner, options=ImportOptions(), kind=sync.IMPORT_DEPARTMENTS)
    while run.state == RunState.PREPARING:
        work_on(run.pk, run.task_id)
        run.refresh_from_db()
    print(f"  working out the plan of all departments: {time.perf_counter() - began:.1f} s")
    done = finished(run, as_many=arguments.people // 100)
    analyze()
    # A new process has everything to load.
    client.get("/integrations/lucca/history/")
    for name, path in {
        "users, first time after a change": "users/",
        "users": "users/",
        "users, last page": "users/?last=1",
        "users, searched": "users/?search=person7+99",
        "users, searched, nobody found": "users/?search=nobody+at+all",
        "users, a state of many": "users/?state=imported",
        "users, a state of few": "users/?state=no_email",
        "users, a state of nobody": "users/?state=has_account",
        "users, one department": "users/?department=17",
        "departments": "departments/",
        "departments, searched": "departments/?search=department+99",
        "one department": f"departments/{DirectoryDepartment.objects.all()[17].pk}/",
        "plan": f"runs/{run.pk}/",
        "plan, last page": f"runs/{run.pk}/?last=1",
        "plan, searched": f"runs/{run.pk}/?search=person7+99",
        "plan, searched, nobody found": f"runs/{run.pk}/?search=nobody+at+all",
        "plan, who is left out": f"runs/{run.pk}/?show=skipped",
        "report": f"runs/{done.pk}/",
        "report, last page": f"runs/{done.pk}/?last=1",
        "report, who is left out": f"runs/{done.pk}/?show=skipped",
        "history": "history/",
        "history, last page": "history/?last=1",
        "data quality": "quality/",
    }.items():
        measure(client, name, path, times=1 if "first time" in name else 7)
    return 0


def analyze() -> None:
    """Let the database know its tables, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def finished(run: Run, *, as_many: int) -> Run:
    """A report with the lines of this plan, all of them done, and so many runs without lines before it."""
    now = clock.now()
    former = [
        Run(space=run.space, subject=run.subject, kind=run.kind, state=RunState.FINISHED, created_by=run.created_by,
            options=run.options, created_at=now - timedelta(days=number), started_at=now, ended_at=now)
        for number in range(as_many)
    ]  # fmt: skip
    done = Run.objects.bulk_create(former)[0]
    for lines in batched(run.lines.all().iterator(chunk_size=2000), 2000):
        for line in lines:
            line.pk, line.run = None, done
            line.state = LineState.SKIPPED if line.reason else LineState.DONE
        RunLine.objects.bulk_create(lines)
    return done


def batched(lines: Iterator[RunLine], size: int) -> Iterator[list[RunLine]]:
    while some := list(islice(lines, size)):
        yield some


def measure(client: Client, name: str, path: str, *, times: int) -> None:
    """Print the best time of a page, and how many queries it took."""
    best = float("inf")
    for _ in range(times):
        with CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            answer = client.get(f"/integrations/lucca/{path}")
            best = min(best, time.perf_counter() - began)
        assert answer.status_code == 200, path  # noqa: S101 - a figure of an error page would be a lie
    print(f"  {name}: {best * 1000:.0f} ms, {len(queries)} queries")


def fill(people: int) -> LuccaAccount:
    """A space connected to a Lucca of so many people, every second of them imported."""
    now = clock.now()
    space = Space.objects.create(slug="acme", name="Acme", host="acme.example", language="en")
    Activation.objects.create(space=space, integration="lucca", activated_at=now)
    owner = User(space=space, email="ada@acme.example", first_name="Ada", last_name="Martin", role=Role.OWNER)
    owner.set_unusable_password()
    owner.save()
    account = LuccaAccount.objects.create(
        space=space, url="https://acme.ilucca.net", host="acme.ilucca.net", encrypted_key="", state="connected",
        checked_at=now, refreshed_at=now,
    )  # fmt: skip
    DirectoryDepartment.objects.bulk_create(
        DirectoryDepartment(
            account=account, lucca_id=str(number), name=f"Department {number}", search_key=f"department {number}",
            position=number, depth=min(number % 5, 1), people=PEOPLE_IN_A_DEPARTMENT, first_seen_at=now,
        )
        for number in range(people // PEOPLE_IN_A_DEPARTMENT)
    )  # fmt: skip
    for start in range(0, people, 10_000):
        numbers = range(start, min(start + 10_000, people))
        DirectoryEmployee.objects.bulk_create([_employee(account, number, now) for number in numbers], batch_size=1000)
        users = [_user(space, number) for number in numbers if number % 2]
        User.objects.bulk_create(users, batch_size=1000)
        Link.objects.bulk_create(
            [Link(space=space, host=account.host, lucca_id=user.last_name, user=user, linked_at=now) for user in users],
            batch_size=1000,
        )
    return account


def _employee(account: LuccaAccount, number: int, now: datetime) -> DirectoryEmployee:
    email = f"person{number % 97}.{number}@acme.example" if number % 500 else ""
    return DirectoryEmployee(
        account=account,
        lucca_id=str(number),
        first_name=f"Person{number % 97}",
        last_name=str(number),
        email=email,
        email_key=email,
        department_lucca_id=str(number // PEOPLE_IN_A_DEPARTMENT),
        department_name=f"Department {number // PEOPLE_IN_A_DEPARTMENT}",
        search_key=search_key(f"Person{number % 97}", str(number), email),
        sort_key=search_key(str(number), f"Person{number % 97}"),
        first_seen_at=now,
    )


def _user(space: Space, number: int) -> User:
    user = User(
        space=space,
        email=f"person{number % 97}.{number}@acme.example",
        first_name=f"Person{number % 97}",
        last_name=str(number),
        password="!",  # noqa: S106 - nobody signs in with it
    )
    user.set_keys()
    return user


if __name__ == "__main__":
    sys.exit(main())
