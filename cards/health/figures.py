"""The figures of the operator's health page: numbers and times, never whom they are about. Never writes."""

import platform
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version

import django
from django.db import connection
from django.db.models import Count, Q

from cards import clock
from cards.integrations.lucca.models import Night, StatisticsSettings
from cards.integrations.lucca.statistics_words import run_outcome, standing_of
from cards.people.models import Mail, MailState
from cards.runs import lease
from cards.runs.models import ACTIVE, Run, RunState, WorkerBeat

# A worker says that it is there every ten seconds; one that has not for this long is taken to be gone.
SILENT = timedelta(minutes=1)
# Nights shown of each space.
NIGHTS = 3


@dataclass(frozen=True)
class Worker:
    name: str
    started_at: datetime
    seen_at: datetime
    is_there: bool


@dataclass(frozen=True)
class Queue:
    """Runs whose time has come and that no worker has taken, and since when the oldest of them waits."""

    due: int
    oldest_since: datetime | None
    later: int
    taken: int


@dataclass(frozen=True)
class Mails:
    """The outbox; of those held, some are put off because the mail server did not take them yet."""

    due: int
    oldest_since: datetime | None
    held: int
    put_off: int
    perhaps_sent: int
    failed: int


@dataclass(frozen=True)
class SpaceNights:
    """The nights of a space whose statistics are switched on; `sentence` says why they are held, if they are."""

    space: str
    tone: str
    sentence: str
    nights: list[tuple[date, str, int, int]]


def workers() -> list[Worker]:
    gone = clock.shared() - SILENT
    return [
        Worker(beat.name, beat.started_at, beat.seen_at, beat.seen_at > gone)
        for beat in WorkerBeat.objects.order_by("-seen_at", "name")
    ]


def queue() -> Queue:
    """By the runs themselves: whatever the doorbell is made of, what nobody works on in time is what counts."""
    now = clock.shared()
    worked_on = Run.objects.filter(state__in=lease.WORKED_ON)
    due = worked_on.filter(lease_until=None, next_at__lte=now).order_by("next_at")
    return Queue(
        due=due.count(),
        oldest_since=due.values_list("next_at", flat=True).first(),
        later=worked_on.filter(lease_until=None, next_at__gt=now).count(),
        taken=worked_on.exclude(lease_until=None).count(),
    )


def runs() -> list[tuple[str, int]]:
    """How many runs are under way, by state."""
    counted = dict(Run.objects.filter(state__in=ACTIVE).order_by().values_list("state").annotate(Count("pk")))
    return [(str(RunState(state).label), counted.get(state, 0)) for state in ACTIVE]


def mails() -> Mails:
    now = clock.now()
    due = Mail.objects.filter(state=MailState.HELD, release_at__lte=now).order_by("release_at")
    later = Q(state=MailState.HELD) & ~Q(release_at__lte=now)
    counted = Mail.objects.aggregate(
        due=Count("pk", filter=Q(state=MailState.HELD, release_at__lte=now)),
        held=Count("pk", filter=later & Q(last_error="")),
        put_off=Count("pk", filter=later & ~Q(last_error="")),
        perhaps_sent=Count("pk", filter=Q(state=MailState.SENDING)),
        failed=Count("pk", filter=Q(state=MailState.FAILED)),
    )
    return Mails(oldest_since=due.values_list("release_at", flat=True).first(), **counted)


def nights() -> list[SpaceNights]:
    """The last nights of every space that sends statistics."""
    sending = StatisticsSettings.objects.filter(is_on=True).select_related("account__space")
    return [_nights_of(settings) for settings in sending.order_by("account__space__name")]


def software() -> list[tuple[str, str]]:
    return [
        ("Cards", version("cards")),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        (connection.display_name, ".".join(map(str, connection.get_database_version()))),
    ]


def _nights_of(settings: StatisticsSettings) -> SpaceNights:
    tone, sentence = standing_of(settings)
    last = Night.objects.filter(account=settings.account_id).select_related("run")[:NIGHTS]
    return SpaceNights(
        space=settings.account.space.name,
        tone=tone,
        sentence=sentence,
        nights=[(night.on, run_outcome(night.run), night.run.done, night.run.total) for night in last if night.run],
    )
