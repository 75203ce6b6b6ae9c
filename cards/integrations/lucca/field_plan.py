"""What should stand on the files in Lucca, as values: rows of text, and who needs one written. Pure.

It never reads the rows that others put there: those are sent back as they were (`lucca.writing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from cards.integrations.lucca.schedule import paris_day
from cards.statistics.compute import TrainingStatistic
from lucca import WantedRow

NO_BREAK_SPACE = "\u00a0"
# Each night re-reads one part in thirty of the linked people, to find what was edited or removed by hand.
REREAD_IN_NIGHTS = 30


class PushAction(StrEnum):
    """What a line of a push does about one collaborator."""

    SEND = "send"
    REREAD = "reread"
    REMOVE = "remove"


class PushReason(StrEnum):
    """Why nothing was sent for a collaborator, or why it is not certain to be there."""

    LEFT = "left"
    NIGHT_OVER = "night_over"
    UNLINKED = "unlinked"
    NOT_SHOWN = "not_shown"
    NOT_READ = "not_read"
    NO_RIGHT = "no_right"
    REJECTED = "rejected"
    MISSING = "missing"
    DIFFERENT = "different"
    FOREIGN = "foreign"
    STILL_THERE = "still_there"
    OUTCOME_UNKNOWN = "outcome_unknown"


# What can be the fault of one file or of the whole connection.
PERHAPS_FOR_ALL = (PushReason.NOT_READ, PushReason.NO_RIGHT, PushReason.REJECTED, PushReason.MISSING)


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """What a row says of the training itself. One that is not published is not sent; what was sent of it stays."""

    title: str
    link: str
    is_published: bool = True


@dataclass(frozen=True, slots=True)
class Sent:
    """What Lucca was last seen to hold for a training; not proven when a write could not be verified, or when it was
    sent for another user."""

    row: WantedRow
    is_proven: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """One linked collaborator: what should be in Lucca and what was sent, by training id."""

    lucca_id: str
    wanted: Mapping[int, WantedRow] = field(default_factory=dict)
    sent: Mapping[int, Sent] = field(default_factory=dict)
    user_id: int | None = None

    @property
    def is_changed(self) -> bool:
        """Whether something must be written: what is wanted differs from the last receipt."""
        return any(not self.is_in_lucca(training) for training in self.wanted)

    def is_in_lucca(self, training: int) -> bool:
        """Whether Lucca was last seen to hold exactly what is wanted for this training."""
        sent = self.sent.get(training)
        return sent is not None and sent.is_proven and sent.row == self.wanted[training]


def wanted_rows(
    standings: Mapping[int, TrainingStatistic],
    trainings: Mapping[int, TrainingFacts],
    sent: Mapping[int, Sent],
    *,
    language: str,
) -> dict[int, WantedRow]:
    """The rows of one person by training id: what was begun, and what was ever sent, as it is now (R59 to R63).

    Each carries what its receipt told, so that it is found again when its title and link have changed.
    """
    rows = {}
    for training, standing in sorted(standings.items()):
        facts = trainings.get(training)
        if facts is None or not facts.is_published or not (standing.progress or training in sent):
            continue
        row = wanted_row(standing, facts, language=language)
        before = sent.get(training)
        if before:
            told = before.row
            row = replace(row, occurrence_id=told.occurrence_id, former_title=told.title, former_link=told.link)
        rows[training] = row
    return rows


def wanted_row(standing: TrainingStatistic, training: TrainingFacts, *, language: str) -> WantedRow:
    """One row as Lucca shows it: “60 %” in both languages, no score where there is none, the day in Paris."""
    completed = standing.last_completed_at
    return WantedRow(
        title=training.title,
        link=training.link,
        progress=per_cent(standing.progress),
        score="" if standing.score is None else per_cent(standing.score),
        completed_on=day_in_words(completed, language) if completed else "",
    )


def per_cent(value: int) -> str:
    return f"{value}{NO_BREAK_SPACE}%"


def day_in_words(moment: datetime, language: str) -> str:
    return paris_day(moment).strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")


def reread_on(night: date, *, linked: int) -> slice:
    """Which of the linked people, in their order, are read again on this night: each once in thirty nights."""
    size = -(-linked // REREAD_IN_NIGHTS)
    start = night.toordinal() % REREAD_IN_NIGHTS * size
    return slice(start, start + size)
