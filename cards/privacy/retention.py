"""What is kept for a time only: runs, mails and the audit log, for as many months as the settings say."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from cards import clock
from cards.audit import actions as audit
from cards.people import outbox
from cards.runs import retention as runs


@dataclass(frozen=True)
class Rule:
    """One kind of thing: the setting that says how long it is kept, what is older, and what deletes a batch of it."""

    setting: str
    older_than: Callable[[datetime], QuerySet[Any]]
    prune: Callable[[datetime], int]


def prune_runs(moment: datetime) -> int:
    """Delete a batch of runs; how many. Nobody then waits for a word about the mails of one that is gone."""
    outbox.withdraw_undecided(runs.ended_before(moment))
    return runs.prune(moment)


RULES: Mapping[str, Rule] = {
    "runs": Rule("CARDS_KEEP_RUNS_MONTHS", runs.ended_before, prune_runs),
    "mails": Rule("CARDS_KEEP_MAILS_MONTHS", outbox.of_no_more_use, outbox.prune),
    "audit": Rule("CARDS_KEEP_AUDIT_MONTHS", audit.older_than, audit.prune),
}


def months_before(moment: datetime, months: int) -> datetime:
    """The beginning of the day, in UTC, that is so many months before `moment`; the last of a shorter month."""
    years, month = divmod(moment.month - 1 - months, 12)
    year, month = moment.year + years, month + 1
    return datetime(year, month, min(moment.day, monthrange(year, month)[1]), tzinfo=UTC)


def boundary_of(rule: Rule) -> datetime | None:
    """The moment before which things are deleted; None where they are kept for ever."""
    months = getattr(settings, rule.setting)
    return months_before(clock.now().astimezone(UTC), months) if months > 0 else None


def planned() -> dict[str, int]:
    """How many of each kind would be deleted now."""
    boundaries = {name: boundary_of(rule) for name, rule in RULES.items()}
    return {name: RULES[name].older_than(at).count() if at else 0 for name, at in boundaries.items()}


def prune(*, batches: int | None = None) -> dict[str, int]:
    """Delete what is too old, of each kind all of it or at most so many batches; how many of each."""
    deleted = dict.fromkeys(RULES, 0)
    for name, rule in RULES.items():
        at = boundary_of(rule)
        done = 0
        while at and (batches is None or done < batches) and (number := rule.prune(at)):
            deleted[name] += number
            done += 1
    return deleted


def prune_a_little() -> None:
    """What a tick has time for; what is left comes next."""
    prune(batches=1)
