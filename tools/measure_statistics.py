"""Measures the statistics pages, and the lists of users, groups and deeds, with a space of many users and trainings.

In an empty database that DATABASE_URL names. Whole pages are timed as a signed-in owner gets them, each the best of
three.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client

from cards.audit.models import Entry
from cards.people.models import Group, Membership, Role, User
from cards.spaces.models import Space
from cards.statistics.queries import statistics_of
from cards.trainings.models import Training

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
GROUPS = 500
# However many users there are, so many of them are called Zoe.
ZOES = 100
# Three in four people started each training, and two in three of them completed it, on one of 360 days: millions of
# rows, made by the database itself.
ATTEMPTS = """
INSERT INTO trainings_attempt (user_id, training_id, number, started_at, completed_at, completed_on, is_counted,
                               chapters, chapters_done, points, maximum_points)
SELECT u.id, t.id, 1, d.moment, CASE WHEN d.number % 3 > 0 THEN d.moment END, CASE WHEN d.number % 3 > 0 THEN d.day END,
       d.number >= 0, 5, CASE WHEN d.number % 3 > 0 THEN 5 ELSE d.number % 5 END, d.number % 11, 10
FROM people_user u CROSS JOIN trainings_training t
JOIN measured_day d ON d.number = (u.id * 7 + t.id * 13) % 360
WHERE (u.id + t.id) % 4 > 0 AND u.role = 'learner'
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--trainings", type=int, default=50)
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    if Space.objects.exists():
        print("This database is in use. Name an empty one in DATABASE_URL.", file=sys.stderr)
        return 1
    began = time.perf_counter()
    space = fill(arguments.users, arguments.trainings)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    print(f"{connection.vendor}: {arguments.users:,} users, {arguments.trainings} trainings, {_since(began):.0f} s")
    for name, ask in questions(space).items():
        print(f"{min(_timed(ask) for _ in range(3)) * 1000:8.0f} ms  {name}", flush=True)
    return 0


def fill(users: int, trainings: int) -> Space:
    """A space with GROUPS; every other training is given to everyone, the others to half of the groups."""

    space = Space.objects.create(slug="measured", name="Measured", host="measured.example")
    owner = User(space=space, email="owner@measured.example", first_name="O", last_name="Wner", role=Role.OWNER)
    owner.save()
    in_batches(User, (_user(space, number, users) for number in range(users)))
    people = list(User.objects.filter(space=space).order_by("pk").values_list("pk", flat=True))
    groups = [Group.objects.create(space=space, name=f"Group {number:03}") for number in range(GROUPS)]
    everybody = Group.objects.create(space=space, name="All of us")
    in_batches(
        Membership, (Membership(group=everybody, user_id=user, added_at=NOW, origin="by_hand") for user in people)
    )
    in_batches(
        Entry,
        (
            Entry(space=space, actor_id=user, action="signed_in", happened_at=NOW - timedelta(minutes=place))
            for place, user in enumerate(people)
        ),
    )
    in_batches(
        Membership,
        (
            Membership(group=groups[place % GROUPS], user_id=user, added_at=NOW, origin="by_hand")
            for place, user in enumerate(people)
        ),
    )
    made = [
        Training.objects.create(
            space=space,
            title=f"Training {number}",
            position=number,
            status="published",
            is_for_everyone=number % 2 == 0,
            created_at=NOW,
        )
        for number in range(trainings)
    ]
    for training in made[1::2]:
        training.groups.set(groups[: GROUPS // 2])
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE measured_day (number integer, moment timestamp with time zone, day date)"
        )
        days = [(number, NOW - timedelta(days=number), (NOW - timedelta(days=number)).date()) for number in range(360)]
        cursor.executemany("INSERT INTO measured_day VALUES (%s, %s, %s)", days)
        cursor.execute(ATTEMPTS)
    return space


def _user(space: Space, number: int, users: int) -> Any:

    first_name = f"First{number}" if number % (users // ZOES) else "Zoe"
    user = User(space=space, email=f"p{number}@measured.example", first_name=first_name, last_name=f"L{number}")
    user.set_keys()
    return user


def in_batches(model: Any, rows: Iterable[Any]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, 20_000)):
        model.objects.bulk_create(batch)


def questions(space: Space) -> dict[str, Callable[[], object]]:
    """What is asked, by the name it is reported under: whole pages as a signed-in owner gets them."""

    client = Client(SERVER_NAME=space.host)
    client.force_login(User.objects.get(space=space, role=Role.OWNER))
    everyone, some = Training.objects.filter(space=space).order_by("position")[:2]
    everybody, group = Group.objects.filter(space=space).order_by("name_key")[:2]
    person = User.objects.filter(space=space, role=Role.LEARNER)[0]
    addresses = {
        "overview of every training": "/statistics/",
        "overview for one group": f"/statistics/?group={group.pk}",
        "one training, given to everyone": f"/statistics/trainings/{everyone.pk}/",
        "one training, given to 250 groups": f"/statistics/trainings/{some.pk}/",
        "who has not started it": f"/statistics/trainings/{everyone.pk}/?standing=not_started",
        "the last page of who completed it": f"/statistics/trainings/{everyone.pk}/?standing=completed&last=1",
        "the groups": "/statistics/groups/",
        "the people": "/statistics/people/",
        "one person": f"/statistics/people/{person.pk}/",
        "users": "/users/",
        "users, last page": "/users/?last=1",
        "users, searched": "/users/?q=zoe+measured",
        "users, searched, nobody found": "/users/?q=nobody+at+all",
        "groups": "/groups/",
        "a group of everybody": f"/groups/{everybody.pk}/",
        "a group of everybody, last page": f"/groups/{everybody.pk}/?last=1",
        "audit log": "/settings/audit-log/",
        "audit log, last page": "/settings/audit-log/?last=1",
        "home": "/",
    }

    def page(address: str) -> Callable[[], object]:
        def ask() -> object:
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.status_code} at {address}")
            return answer

        return ask

    def csv() -> object:
        answer: Any = client.get(f"/statistics/trainings/{everyone.pk}/csv/")
        return sum(1 for _ in answer.streaming_content)

    return {name: page(address) for name, address in addresses.items()} | {
        "CSV of one training, all its people": csv,
        "statistics_of 1,000 users (the nightly push)": _push(space),
    }


def _push(space: Space) -> Callable[[], object]:

    ids = list(User.objects.filter(space=space).values_list("pk", flat=True)[:1000])
    return lambda: statistics_of(space, ids)


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return _since(began)


def _since(began: float) -> float:
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
