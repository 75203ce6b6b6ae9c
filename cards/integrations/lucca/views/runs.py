"""The page of a run: its plan while it is a draft, its progress while it works, its report when it has ended."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cards import clock
from cards.integrations.lucca import sync, words
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import Reason
from cards.integrations.lucca.views.entry import connected
from cards.people import outbox
from cards.people.access import SpaceRequest
from cards.people.models import search_key
from cards.runs import actions
from cards.runs.models import ENDED, LineState, Run, RunLine, RunState
from cards.runs.queries import progress, run_ahead_of, tallies
from cards.ui.keyset import page_of
from cards.ui.spreadsheet import as_csv

# The lines of a plan or report by what became of them, in the order they are shown.
GROUPS = {
    "groups": Q(
        action__in=["create_group", "reuse_group", "rename_group"], state__in=[LineState.PLANNED, LineState.DONE]
    ),
    "create": Q(action="create", state__in=[LineState.PLANNED, LineState.DONE]),
    "link": Q(action="link", state__in=[LineState.PLANNED, LineState.DONE]),
    "join": Q(action="join", state__in=[LineState.PLANNED, LineState.DONE]),
    "skipped": Q(state__in=[LineState.SKIPPED, LineState.UNTICKED]),
    "stale": Q(state=LineState.STALE),
    "failed": Q(state=LineState.FAILED),
}
# While a run is in one of these states its page asks for news.
LIVE = (RunState.PREPARING, RunState.WAITING, RunState.RUNNING)


def _run_of(account: LuccaAccount, run_id: int) -> Run:
    runs = Run.objects.select_related("created_by", "space")
    return get_object_or_404(runs, pk=run_id, space_id=account.space_id, subject=account.subject)


@require_safe
@connected
def run(request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponse:
    """One run. Its live part asks for itself; when the state changes, the whole page is loaded anew."""
    run = _run_of(account, run_id)
    if request.htmx.target == "live":
        if run.state != request.GET.get("state"):
            return HttpResponseClientRefresh()
        return render(request, "lucca/run.html#live", _live(run))
    lines = run.lines.all()
    group, search = request.GET.get("show", ""), request.GET.get("search", "")
    matching = lines.filter(GROUPS[group]) if group in GROUPS else lines
    for word in search_key(search).split():
        matching = matching.filter(search_key__contains=word)
    page = page_of(matching, lines, request.GET, by="position")
    mails = outbox.mails_of_run(run.pk)
    return render(
        request,
        "lucca/run.html",
        _live(run)
        | _summary(run)
        | {
            "account": account,
            "page": page,
            "lines": [(line, words.outcome(line), words.remedy(line)) for line in page.rows],
            "group": group,
            "search": search,
            "mails": mails,
            "mails_leave": mails.leave_at is not None and mails.leave_at <= clock.now(),
        },
    )


def _tab_of(run: Run) -> str:
    """The tab that a run was begun on."""
    is_of_departments = run.kind in (sync.IMPORT_DEPARTMENTS, sync.IMPORT_DEPARTMENT)
    return "lucca_departments" if is_of_departments else "lucca_users"


def _live(run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "is_live": run.state in LIVE,
        "has_ended": run.state in ENDED,
        "progress": progress(run),
        "ahead": run_ahead_of(run),
        "stop": words.STOPS.get(run.reason, ""),
        "tab_address": reverse(_tab_of(run)),
        "is_of_departments": _tab_of(run) == "lucca_departments",
    }


def _summary(run: Run) -> dict[str, Any]:
    """How many lines each group has, and why lines were left out."""
    counted = dict.fromkeys(GROUPS, 0)
    reasons: dict[str, int] = {}
    for tally in tallies(run):
        counted[_group_of(tally.action, tally.state)] += tally.count
        if tally.state == LineState.SKIPPED:
            reasons[tally.reason] = reasons.get(tally.reason, 0) + tally.count
    return {
        "counted": counted,
        "left_out": [
            (words.REASONS[Reason(reason)], words.REMEDIES[Reason(reason)], count)
            for reason, count in sorted(reasons.items(), key=lambda each: -each[1])
        ],
        "does_nothing": not any(counted[name] for name in ("groups", "create", "link", "join")),
    }


def _group_of(action: str, state: str) -> str:
    if state in (LineState.SKIPPED, LineState.UNTICKED):
        return "skipped"
    if state in (LineState.STALE, LineState.FAILED):
        return state
    return action if action in GROUPS else "groups"


# What a person may ask of a run, and of its mails, by the last part of the address.
WISHES = {
    "start": sync.start_import,
    "pause": actions.pause,
    "resume": actions.resume,
    "cancel": actions.cancel,
    "send-mails": sync.send_mails,
    "withhold-mails": sync.withhold_mails,
}


@require_POST
@connected
def change(request: SpaceRequest, account: LuccaAccount, run_id: int, wish: str) -> HttpResponse:
    """Do one of the WISHES; what is no longer possible is said."""
    run = _run_of(account, run_id)
    try:
        WISHES[wish](run=run, by=request.user)
    except actions.NotPossible as hindrance:
        messages.warning(request, str(hindrance.reason.label))
    if wish == "cancel" and run.state == RunState.DRAFT:
        return redirect(_tab_of(run))
    return redirect("lucca_run", run.pk)


@require_safe
@connected
def run_csv(_request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponseBase:
    """Every line of the run, in the reader's language, for a spreadsheet."""
    run = _run_of(account, run_id)
    head = [_("Collaborator"), _("E-mail"), _("Lucca id"), _("Outcome"), _("What to do")]
    return as_csv(f"cards-lucca-{run.pk}", head, map(_cells, run.lines.iterator(chunk_size=1000)))


def _cells(line: RunLine) -> list[object]:
    return [line.label, line.facts.get("email", ""), line.lucca_id, words.outcome(line), words.remedy(line)]
