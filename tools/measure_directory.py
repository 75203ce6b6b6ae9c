"""Measures the Lucca tabs and a plan with a large directory, in an empty database that DATABASE_URL names.

Whole pages are timed as a signed-in owner gets them, each the best of seven; nothing talks to Lucca. However many
people there are, a search finds as many of them and a page has as much to show.
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
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, Link, LuccaAccount, Receipt
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.statistics import settings_of
from cards.people.models import Role, User, search_key
from cards.runs.engine import work_on
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.spaces.models import Space

PEOPLE_IN_A_DEPARTMENT = 25
# However large the company is: people without an e-mail, people called Zoe, departments that are agencies, former runs.
NO_EMAIL, ZOES, AGENCIES, RUNS = 200, 100, 20, 1000
# Of which everybody's results were sent.
TRAININGS = 3


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
    done = finished(run)
    analyze()
    # A new process has everything to load.
    client.get("/integrations/lucca/history/")
    for name, path in {
        "users, first time after a change": "users/",
        "users": "users/",
        "users, last page": "users/?last=1",
        "users, searched": "users/?search=zoe+acme",
        "users, searched, nobody found": "users/?search=nobody+at+all",
        "users, a state of many": "users/?state=imported",
        "users, a state of few": "users/?state=no_email",
        "users, a state of nobody": "users/?state=has_account",
        "users, one department": "users/?department=17",
        "departments": "departments/",
        "departments, searched": "departments/?search=agency",
        "one department": f"departments/{DirectoryDepartment.objects.all()[17].pk}/",
        "plan": f"runs/{run.pk}/",
        "plan, last page": f"runs/{run.pk}/?last=1",
        "plan, searched": f"runs/{run.pk}/?search=zoe+acme",
        "plan, searched, nobody found": f"runs/{run.pk}/?search=nobody+at+all",
        "plan, who is left out": f"runs/{run.pk}/?show=skipped",
        "report": f"runs/{done.pk}/",
        "report, last page": f"runs/{done.pk}/?last=1",
        "report, who is left out": f"runs/{done.pk}/?show=skipped",
        "statistics": "statistics/",
        "statistics, last page": "statistics/?last=1",
        "statistics, of whom something was sent": "statistics/?show=sent",
        "statistics, searched": "statistics/?search=zoe+acme",
        "statistics, searched, nobody found": "statistics/?search=nobody+at+all",
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


def finished(run: Run) -> Run:
    """A report with the lines of this plan, all of them done, and runs without lines before it."""
    now = clock.now()
    former = [
        Run(space=run.space, subject=run.subject, kind=run.kind, state=RunState.FINISHED, created_by=run.created_by,
            options=run.options, created_at=now - timedelta(days=number), started_at=now, ended_at=now)
        for number in range(RUNS)
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
            account=account, lucca_id=str(number), name=_department(number, people),
            search_key=search_key(_department(number, people)), position=number, depth=min(number % 5, 1),
            people=PEOPLE_IN_A_DEPARTMENT,
        )
        for number in range(people // PEOPLE_IN_A_DEPARTMENT)
    )  # fmt: skip
    compound = settings_of(account).codes.compound
    for start in range(0, people, 10_000):
        numbers = range(start, min(start + 10_000, people))
        employees = [_employee(account, number, people, now) for number in numbers]
        DirectoryEmployee.objects.bulk_create(employees, batch_size=1000)
        users = [_user(space, number, people) for number in numbers if number % 2]
        User.objects.bulk_create(users, batch_size=1000)
        Link.objects.bulk_create(
            [Link(space=space, host=account.host, lucca_id=user.last_name, user=user, linked_at=now) for user in users],
            batch_size=1000,
        )
        Receipt.objects.bulk_create(
            [
                _receipt(account, compound, user.last_name, training, now)
                for user in users
                for training in range(TRAININGS)
            ],
            batch_size=1000,
        )
    return account


def _department(number: int, people: int) -> str:
    is_agency = number % (people // PEOPLE_IN_A_DEPARTMENT // AGENCIES) == 0
    return f"{'Agency' if is_agency else 'Department'} {number}"


def _first_name(number: int, people: int) -> str:
    return "Zoe" if number % (people // ZOES) == 1 else f"Person{number % 97}"


def _employee(account: LuccaAccount, number: int, people: int, now: datetime) -> DirectoryEmployee:
    email = f"person{number % 97}.{number}@acme.example" if number % (people // NO_EMAIL) else ""
    first_name = _first_name(number, people)
    return DirectoryEmployee(
        account=account,
        lucca_id=str(number),
        first_name=first_name,
        last_name=str(number),
        email=email,
        email_key=email,
        department_lucca_id=str(number // PEOPLE_IN_A_DEPARTMENT),
        department_name=_department(number // PEOPLE_IN_A_DEPARTMENT, people),
        search_key=search_key(first_name, str(number), email),
        sort_key=search_key(str(number), first_name),
        first_seen_at=now,
    )


def _receipt(account: LuccaAccount, compound: str, lucca_id: str, training: int, now: datetime) -> Receipt:
    return Receipt(
        space_id=account.space_id, host=account.host, compound=compound, lucca_id=lucca_id, training_id=training + 1,
        title=f"Training {training}", link="https://acme.example/", progress="50", is_proven=True,
        sent_at=now, seen_at=now,
    )  # fmt: skip


def _user(space: Space, number: int, people: int) -> User:
    user = User(
        space=space,
        email=f"person{number % 97}.{number}@acme.example",
        first_name=_first_name(number, people),
        last_name=str(number),
        password="!",  # noqa: S106 - nobody signs in with it
    )
    user.set_keys()
    return user


if __name__ == "__main__":
    sys.exit(main())
