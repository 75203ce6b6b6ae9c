"""The history: every run of the account, who began it, what came of it; and the same as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cards.integrations.lucca import nights, run_words, statistics_words, sync
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.views.entry import connected
from cards.people.access import SpaceRequest
from cards.people.models import ConnectionMode
from cards.runs.kinds import kind_of
from cards.runs.models import Run, RunLine, RunState
from cards.ui.keyset import page_of
from cards.ui.spreadsheet import as_csv

# Runs by what they are about. Readings happen by themselves, so they are shown only when asked for.
SHOWN = {
    "imports": (*sync.IMPORTS, sync.UNDO),
    "statistics": (*nights.PUSHES, nights.REMOVE),
    "readings": (sync.REFRESH,),
}
# Runs whose only line says whom they were about.
OF_ONE = (sync.IMPORT_USER, nights.PUSH_ONE)


@dataclass(frozen=True)
class HistoryFilters:
    """Which runs the reader asked to see."""

    show: str = ""
    state: str = ""

    def matching(self, runs: QuerySet[Run]) -> QuerySet[Run]:
        runs = runs.filter(kind__in=SHOWN[self.show]) if self.show in SHOWN else runs.exclude(kind=sync.REFRESH)
        return runs.filter(state=self.state) if self.state else runs


def _runs_of(account: LuccaAccount) -> QuerySet[Run]:
    """The runs worth telling of: not the plans that nobody started."""
    told = Run.objects.filter(space=account.space_id, subject=account.subject).exclude(state=RunState.EXPIRED)
    told = told.exclude(state=RunState.CANCELLED, started_at=None)
    # Ascending by `order` is the latest first.
    return told.select_related("created_by").annotate(order=F("pk") * -1)


@require_safe
@connected
def history(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """The runs, the latest first."""
    runs = _runs_of(account)
    filters = HistoryFilters(show=request.GET.get("show", ""), state=request.GET.get("state", ""))
    page = page_of(filters.matching(runs), runs, request.GET, by="order")
    whom = dict(
        RunLine.objects.filter(run__in=[run for run in page.rows if run.kind in OF_ONE]).values_list("run", "label")
    )
    files = nights.files_of([run for run in page.rows if run.kind in SHOWN["statistics"]])
    return render(
        request,
        "lucca/history.html",
        {
            "account": account,
            "filters": filters,
            "page": page,
            "rows": [_row(run, whom.get(run.pk, ""), files) for run in page.rows],
            "states": [state for state in RunState if state not in (RunState.EXPIRED, RunState.PREPARING)],
        },
    )


def _row(run: Run, whom: str, files: Mapping[int, nights.Files]) -> dict[str, Any]:
    began = run.started_at or run.created_at
    return {
        "run": run,
        "label": kind_of(run).label,
        "whom": whom,
        "came_of": _came_of(run, files),
        "seconds": (run.ended_at - began).total_seconds() if run.ended_at else None,
    }


def _came_of(run: Run, files: Mapping[int, nights.Files]) -> str:
    if run.kind in SHOWN["statistics"]:
        return statistics_words.came_of(run, files[run.pk])
    return run_words.came_of(run, run.memory.get("counts", {}))


@require_safe
@connected
def history_csv(request: SpaceRequest, account: LuccaAccount) -> HttpResponseBase:
    """The same runs for a spreadsheet."""
    filters = HistoryFilters(show=request.GET.get("show", ""), state=request.GET.get("state", ""))
    head = [
        _("What"), _("Who"), _("Begun"), _("Ended"), _("State"), _("Connection mode"), _("Notify created users"),
        _("Accounts"), _("Links"), _("Unchanged"), _("Left out"), _("Changed since"), _("Failed"), _("Calls to Lucca"),
    ]  # fmt: skip
    return as_csv("cards-lucca-history", head, _lines(filters.matching(_runs_of(account))))


def _lines(runs: QuerySet[Run]) -> Iterator[list[object]]:
    modes = {mode.value: mode.label for mode in ConnectionMode}
    for run in runs.order_by("-pk").iterator(chunk_size=500):
        counts = run.memory.get("counts", {})
        yield [
            kind_of(run).label,
            run.created_by.full_name if run.created_by else "",
            run.created_at,
            run.ended_at,
            run.get_state_display(),
            modes.get(run.options.get("connection_mode"), ""),
            {True: _("Yes"), False: _("No")}.get(run.options.get("notify"), ""),
            *(counts.get(name, 0) for name in ("created", "linked", "unchanged", "skipped", "stale", "failed")),
            run.lucca_calls,
        ]
