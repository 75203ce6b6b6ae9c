"""The page of a push: its plan or progress while it works, its report when it has ended."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cards.integrations.lucca import nights, statistics_words
from cards.integrations.lucca.field_plan import PushAction
from cards.integrations.lucca.models import Link, LuccaAccount
from cards.integrations.lucca.sides import links_of
from cards.integrations.lucca.statistics import settings_of
from cards.integrations.lucca.views.entry import connected
from cards.integrations.lucca.views.live import live_of
from cards.people.access import SpaceRequest
from cards.people.models import Role
from cards.people.queries import holding
from cards.runs import actions
from cards.runs.models import LineState, Run, RunLine
from cards.runs.tallied import tallied
from cards.ui.keyset import page_of
from cards.ui.spreadsheet import as_csv

GROUPS = {
    "done": Q(state=LineState.DONE),
    "planned": Q(state=LineState.PLANNED),
    "skipped": Q(state__in=[LineState.SKIPPED, LineState.STALE]),
    "failed": Q(state=LineState.FAILED),
}


def _push_of(account: LuccaAccount, run_id: int) -> Run:
    runs = Run.objects.select_related("created_by", "space").filter(kind__in=[*nights.PUSHES, nights.REMOVE])
    return get_object_or_404(runs, pk=run_id, space_id=account.space_id, subject=account.subject)


@require_safe
@connected
def push(request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponse:
    """One push. Its live part asks for itself; when the state changes, the whole page is loaded anew."""
    run = _push_of(account, run_id)
    if request.htmx.target == "live":
        if run.state != request.GET.get("state"):
            return HttpResponseClientRefresh()
        return render(request, "lucca/push.html#live", _live(run))
    lines = run.lines.all()
    group, search = request.GET.get("show", ""), request.GET.get("search", "")
    matching = lines.filter(GROUPS[group]) if group in GROUPS else lines
    page = page_of(holding(matching, search), lines, request.GET, by="position")
    links = _links(account, page.rows)
    shown = [
        (line, links.get(line.lucca_id), statistics_words.outcome(line), statistics_words.remedy(line))
        for line in page.rows
    ]
    filters = {"show": group, "search": search}
    outcomes = statistics_words.line_groups(run)
    context = {
        "account": account,
        "page": page,
        "lines": shown,
        "filters": filters,
        "outcomes": outcomes.items(),
        "groups": outcomes,
        "compound": settings_of(account).codes.compound,
    }
    return render(request, "lucca/push.html", _live(run) | _counted(run) | context)


def _links(account: LuccaAccount, lines: list[RunLine]) -> dict[str, Link]:
    links = links_of(account).filter(lucca_id__in=[line.lucca_id for line in lines])
    return {link.lucca_id: link for link in links}


def _live(run: Run) -> dict[str, Any]:
    return live_of(run, statistics_words.heading(run)) | {
        "is_removal": run.kind == nights.REMOVE,
        "stop": statistics_words.stop_of(run),
    }


def _counted(run: Run) -> dict[str, Any]:
    """How many lines there are of each group, and how many of the people were only read again."""
    counted = dict.fromkeys(GROUPS, 0)
    for state, count in _by_state(run):
        counted[{LineState.SKIPPED: "skipped", LineState.STALE: "skipped"}.get(LineState(state), state)] += count
    reread = sum(tally.count for tally in tallied(run) if tally.action == PushAction.REREAD)
    return {"counted": counted, "reread": reread, "headline": statistics_words.headline(run, counted["done"])}


def _by_state(run: Run) -> Iterable[tuple[str, int]]:
    """How many lines are in each state. Of a removal, how many files: one with rows under two codes has two lines."""
    if run.kind != nights.REMOVE:
        return [(tally.state, tally.count) for tally in tallied(run)]
    return run.lines.values_list("state").annotate(files=Count("lucca_id", distinct=True)).order_by()


WISHES = {
    "start": nights.start_removing,
    "pause": actions.pause,
    "resume": actions.resume,
    "cancel": actions.cancel,
}


@require_POST
@connected
def change(request: SpaceRequest, account: LuccaAccount, run_id: int, wish: str) -> HttpResponse:
    """Do one of the WISHES; what is no longer possible is said. Removing everything is the owner's alone."""
    run = _push_of(account, run_id)
    if run.kind == nights.REMOVE and "only" not in run.options and request.user.role != Role.OWNER:
        raise PermissionDenied
    try:
        WISHES[wish](run=run, by=request.user)
    except actions.NotPossible as hindrance:
        messages.warning(request, str(hindrance.reason.label))
    if wish == "cancel" and run.started_at is None:
        return redirect("lucca_statistics")
    return redirect("lucca_push", run.pk)


@require_safe
@connected
def push_csv(_request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponseBase:
    """Every line of the push, in the reader's language, for a spreadsheet."""
    run = _push_of(account, run_id)
    head = [_("Collaborator"), _("Lucca id"), _("Outcome"), _("What to do")]
    return as_csv(f"cards-lucca-{run.pk}", head, map(_cells, run.lines.iterator(chunk_size=1000)))


def _cells(line: RunLine) -> list[object]:
    return [line.label, line.lucca_id, statistics_words.outcome(line), statistics_words.remedy(line)]
