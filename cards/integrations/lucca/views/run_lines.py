"""The lines of a run as its page shows them: which of them, how many of which group, and why some are left out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards.integrations.lucca import run_words, words
from cards.integrations.lucca.plan import Reason
from cards.integrations.lucca.sync import OF_DEPARTMENTS, UNDO
from cards.people.queries import holding
from cards.runs.models import LineState, Run, RunLine
from cards.runs.report import report
from cards.runs.tallied import tallied
from cards.ui.templatetags.ui import number

# The lines of a plan or report by what became of them, in the order they are shown.
CARRIED_OUT = ("groups", "create", "link", "join", "remove_account", "unlink", "leave")
GROUPS = {
    name: Q(state__in=[LineState.PLANNED, LineState.DONE])
    & (Q(action__endswith="_group") if name == "groups" else Q(action=name))
    for name in CARRIED_OUT
} | {
    "skipped": Q(state__in=[LineState.SKIPPED, LineState.UNTICKED]),
    "unticked": Q(state=LineState.UNTICKED),
    "not_done": Q(state=LineState.PLANNED),
    "stale": Q(state=LineState.STALE),
    "failed": Q(state=LineState.FAILED),
}
# How fast lines are carried out, for saying beforehand how long it will take (docs/performance.md).
LINES_A_SECOND = 500


class Counter(NamedTuple):
    """A number at the head of the page; its address shows the lines that it counts."""

    label: object
    number: int
    address: str = ""
    hint: str = ""


@dataclass(frozen=True)
class LineFilters:
    """Which lines of a run the reader asked to see: those of one of the GROUPS, or left out for one reason."""

    show: str = ""
    search: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "LineFilters":
        return cls(show=query.get("show", ""), search=query.get("search", ""))

    def matching(self, run: Run) -> QuerySet[RunLine]:
        lines = run.lines.all()
        if self.show in GROUPS:
            lines = lines.filter(GROUPS[self.show])
        elif self.show in words.REASONS:
            lines = lines.filter(state=LineState.SKIPPED, reason=self.show)
        if run.has_ended and self.show in CARRIED_OUT:
            lines = lines.exclude(GROUPS["not_done"])
        return holding(lines, self.search)

    @property
    def as_query(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value})


def summary(run: Run) -> dict[str, Any]:
    """How many lines each group has, and why lines were left out."""
    counted = dict.fromkeys(GROUPS, 0)
    reasons: dict[str, int] = {}
    deactivated = 0
    tallies = tallied(run)
    for tally in tallies:
        is_not_done = run.has_ended and tally.state == LineState.PLANNED
        counted["not_done" if is_not_done else _group_of(tally.action, tally.state)] += tally.count
        if tally.state == LineState.SKIPPED:
            reasons[tally.reason] = reasons.get(tally.reason, 0) + tally.count
        elif tally.reason == Reason.DEACTIVATED and tally.state in (LineState.PLANNED, LineState.DONE):
            deactivated += tally.count
    left_out = [
        (words.REASONS[reason], words.REMEDIES.get(reason, ""), count, _address_of(reason))
        for reason, count in sorted(reasons.items(), key=lambda each: -each[1])
    ]
    by_hand = counted["unticked"]
    if by_hand:
        of_them = words.LINE_STATES[LineState.UNTICKED], words.LEFT_OUT_BY_HAND
        left_out.append((*of_them, by_hand, _address_of("unticked")))
        counted["skipped"] += by_hand
    labels = run_words.line_groups(run)
    outcomes = [(name, labels[name]) for name in GROUPS if counted[name]]
    return {
        "counted": counted,
        "counters": _counters(run, counted, labels),
        "outcomes": outcomes + [(reason, words.REASONS[reason]) for reason in reasons],
        "deactivated": deactivated,
        "left_out": left_out,
        "headline": run_words.headline(run, report(run, tallies)["counts"]),
        "start_words": run_words.start_words(run, counted),
        "does_nothing": not any(counted[name] for name in (*CARRIED_OUT, "unticked")),
        **_duration(sum(counted[name] for name in CARRIED_OUT)),
    }


def _address_of(show: str) -> str:
    return f"?{LineFilters(show).as_query}#lines-title"


def _counters(run: Run, counted: Mapping[str, int], labels: Mapping[str, object]) -> list[Counter]:
    """The numbers at the head of the page: those of its kind always, the others when there are any."""
    always, unchanged = ["create", "link"], [Counter(_("Already imported"), run.unchanged)]
    if run.kind == UNDO:
        always, unchanged = ["remove_account", "unlink"], []
    elif run.kind in OF_DEPARTMENTS:
        always, unchanged = ["groups", *always, "join"], [Counter(_("Already in their group"), run.unchanged)]
    done = [name for name in CARRIED_OUT if name in always or counted[name]]
    not_done = ["skipped", *(name for name in ("not_done", "stale", "failed") if counted[name])]
    by_hand = ngettext("%(number)s by hand", "%(number)s by hand", counted["unticked"])
    hints = {"skipped": by_hand % {"number": number(counted["unticked"])}} if counted["unticked"] else {}
    told = {
        name: Counter(labels[name], counted[name], _address_of(name), hints.get(name, ""))
        for name in (*done, *not_done)
    }
    return [*(told[name] for name in done), *unchanged, *(told[name] for name in not_done)]


def _duration(lines: int) -> dict[str, float]:
    seconds = lines / LINES_A_SECOND
    return {"seconds": seconds, "minutes": round(seconds / 60)}


def _group_of(action: str, state: str) -> str:
    if state in (LineState.SKIPPED, LineState.UNTICKED, LineState.STALE, LineState.FAILED):
        return state
    return action if action in GROUPS else "groups"
