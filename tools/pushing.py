"""Spaces full of people who have learned something, and workers that send it to pretend Luccas: for measurements.

Rows are written straight into the database: what is measured is the push, not what leads to it.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cards import clock
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca.models import AccountState, Link, LuccaAccount, StatisticsSettings
from cards.people.models import Role, User
from cards.seal import seal
from cards.spaces.models import Space
from cards.trainings.models import Attempt, Status, Training

CHAPTERS = 100


def connected_space(slug: str, *, url: str, key: str) -> tuple[LuccaAccount, User]:
    """A space whose owner may use this Lucca, statistics switched on."""
    now = clock.now()
    space = Space.objects.create(slug=slug, name=slug.title(), host=f"{slug}.example", language="en")
    Activation.objects.create(space=space, integration="lucca", activated_at=now)
    owner = _user(space, "ada", Role.OWNER)
    owner.save()
    account = LuccaAccount.objects.create(
        space=space,
        url=url,
        host=url.removeprefix("http://"),
        encrypted_key=seal(key),
        state=AccountState.CONNECTED,
        checked_at=now,
        refreshed_at=now,
    )
    StatisticsSettings.objects.create(account=account, is_on=True, checked_at=now)
    return account, owner


def linked_people(account: LuccaAccount, lucca_ids: Sequence[str]) -> list[User]:
    """A user for each collaborator, linked."""
    space, now = account.space, clock.now()
    users = User.objects.bulk_create([_user(space, f"p{lucca_id}") for lucca_id in lucca_ids], batch_size=1000)
    Link.objects.bulk_create(
        [
            Link(space=space, host=account.host, lucca_id=lucca_id, user=user, linked_at=now)
            for lucca_id, user in zip(lucca_ids, users, strict=True)
        ],
        batch_size=1000,
    )
    return users


def begun_training(space: Space, users: Sequence[User]) -> Training:
    """A training of many chapters in which each of them has completed the first."""
    now = clock.now()
    training = Training.objects.create(
        space=space, title="Fire safety", position=0, status=Status.PUBLISHED, is_for_everyone=True, created_at=now
    )
    Attempt.objects.bulk_create(
        [
            Attempt(
                user=user,
                training=training,
                number=1,
                started_at=now,
                is_counted=True,
                chapters=CHAPTERS,
                chapters_done=1,
            )
            for user in users
        ],
        batch_size=1000,
    )
    return training


@contextmanager
def workers(count: int) -> Iterator[Sequence["subprocess.Popen[bytes]"]]:
    """So many `cards worker` processes with this process's environment, stopped at the end."""
    command = [sys.executable, "-m", "cards", "worker"]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            # Closing a SQLite database on a busy disk may take its time.
            process.wait(120)


def _user(space: Space, name: str, role: Role = Role.LEARNER) -> User:
    user = User(
        space=space,
        email=f"{name}@{space.slug}.example",
        first_name=name.title(),
        last_name="Martin",
        role=role,
        password="!",  # noqa: S106 - nobody signs in with it
    )
    user.set_keys()
    return user
