"""The page of a run: its plan while it is a draft, its progress while it works, its report when it has ended."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cards import clock
from cards.ids import id_of
from cards.integrations.lucca import nights, run_words, sync, ticks, words
from cards.integrations.lucca.doubt_words import question_about
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import Action
from cards.integrations.lucca.sides import today_of
from cards.integrations.lucca.views.entry import connected
from cards.integrations.lucca.views.live import live_of
from cards.integrations.lucca.views.run_lines import GROUPS, LineFilters, summary
from cards.people import outbox
from cards.people.access import SpaceRequest
from cards.people.letters import letter
from cards.people.models import Mail, MailKind, User
from cards.runs import actions
from cards.runs.kinds import kind_of
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.ui.keyset import page_of
from cards.ui.spreadsheet import as_csv

PUSHES = (*nights.PUSHES, nights.REMOVE)


def _runs_of(account: LuccaAccount) -> QuerySet[Run]:
    runs = Run.objects.filter(space=account.space_id, subject=account.subject)
    return runs.select_related("created_by", "space")


def _run_of(account: LuccaAccount, run_id: int) -> Run:
    """A run that is shown here. Those that write to Lucca have pages, words and roles of their own (`pushes`)."""
    return get_object_or_404(_runs_of(account).exclude(kind__in=PUSHES), pk=run_id)


@require_safe
@connected
def run(request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponse:
    """One run. Its live part asks for itself; when the state changes, the whole page is loaded anew."""
    run = get_object_or_404(_runs_of(account), pk=run_id)
    if run.kind in PUSHES:
        return redirect("lucca_push", run.pk)
    if request.htmx.target == "live":
        if run.state != request.GET.get("state"):
            return HttpResponseClientRefresh()
        return render(request, "lucca/run.html#live", _live(run))
    lines = run.lines.all()
    chosen = LineFilters.of(request.GET)
    page = page_of(chosen.matching(run), lines, request.GET, by="position")
    mails = outbox.mails_of_run(run.pk)
    return render(
        request,
        "lucca/run.html",
        _live(run)
        | summary(run)
        | {
            "account": account,
            "question": question_about(account) if run.state == RunState.DRAFT and not _is_undo(run) else None,
            "page": page,
            "lines": [(line, words.outcome(line), words.remedy(line)) for line in page.rows],
            "can_tick": any(line.state in (LineState.PLANNED, LineState.UNTICKED) for line in page.rows),
            "filters": chosen,
            "sample": _sample_of(run),
            "arriving": _arriving(run, account),
            "placed_by": _placed_by(run, account),
            "mails": mails,
            "mails_leave": mails.leave_at is not None and mails.leave_at <= clock.now(),
        },
    )


def _is_undo(run: Run) -> bool:
    return run.kind == sync.UNDO


def _tab_of(run: Run) -> str:
    """The tab that a run was begun on."""
    if _is_undo(run):
        return "lucca_history"
    return "lucca_departments" if run.kind in sync.OF_DEPARTMENTS else "lucca_users"


def _sample_of(run: Run) -> EmailMultiAlternatives | None:
    """The invitation as the first person to be invited would get it, its link left out."""
    line = run.lines.filter(GROUPS["create"]).first() if run.options.get("notify") else None
    if line is None or run.state != RunState.DRAFT or "email" not in line.facts:
        return None
    reader = User(
        space=run.space,
        email=line.facts["email"],
        first_name=line.facts["first_name"],
        last_name=line.facts["last_name"],
        language=line.facts["language"],
        connection_mode=run.options["connection_mode"],
    )
    sample = letter(Mail(space=run.space, kind=MailKind.INVITATION), reader)
    sample.body = re.sub(r"https?://\S+/account/password/\S+", "https://…", str(sample.body))
    return sample


def _arriving(run: Run, account: LuccaAccount) -> int:
    """How many of the plan's invitations will wait for a first day."""
    if run.state != RunState.DRAFT or not run.options.get("notify"):
        return 0
    planned = run.lines.filter(action=Action.CREATE, state=LineState.PLANNED).exclude(facts__starts_on=None)
    return planned.filter(facts__starts_on__gt=today_of(account).isoformat()).count()


def _placed_by(run: Run, account: LuccaAccount) -> list[tuple[Run, object]]:
    """The imports that an undo must follow, so that those whom they placed in groups are not kept; with their names."""
    if not run.memory.get("placed_by"):
        return []
    return [(each, kind_of(each).label) for each in _runs_of(account).filter(pk__in=run.memory["placed_by"])]


def _live(run: Run) -> dict[str, Any]:
    return live_of(run, run_words.heading(run)) | {
        "stop": words.STOPS.get(run.reason, ""),
        "tab_address": reverse(_tab_of(run)),
        "as_of": datetime.fromisoformat(run.memory["as_of"]) if run.memory.get("as_of") else None,
        "is_of_departments": run.kind in sync.OF_DEPARTMENTS,
        "is_undo": _is_undo(run),
    }


@require_POST
@connected
def tick(request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponse:
    """Tick or untick one line of the plan, or all that the filters show."""
    run = _run_of(account, run_id)
    chosen = LineFilters.of(request.POST)
    line = request.POST.get("line", "")
    lines = run.lines.filter(pk=id_of(line)) if line else chosen.matching(run)
    try:
        ticks.tick(run=run, lines=lines, ticked=request.POST.get("ticked") == "yes")
    except actions.NotPossible as hindrance:
        messages.warning(request, str(hindrance.reason.label))
    return redirect(f"{reverse('lucca_run', args=[run.pk])}?{request.POST.get('back', chosen.as_query)}")


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
    except sync.UnderWay as other:
        who = other.run.created_by.full_name if other.run.created_by else _("Somebody")
        messages.info(
            request, _("%(name)s has just started this import. This is it; yours was not started.") % {"name": who}
        )
        return redirect("lucca_run", other.run.pk)
    run.refresh_from_db(fields=["started_at"])
    if wish == "cancel" and run.started_at is None:
        messages.success(request, _("Nothing was undone.") if _is_undo(run) else _("Nothing was imported."))
        return redirect(_tab_of(run))
    return redirect("lucca_run", run.pk)


@require_POST
@connected
def again(request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponse:
    """Read Lucca again, make the plan of an import anew, and show it."""
    try:
        run = sync.plan_again(account, _run_of(account, run_id), by=request.user)
    except actions.NotPossible as hindrance:
        messages.warning(request, str(hindrance.reason.label))
        return redirect("lucca_run", run_id)
    return redirect("lucca_run", run.pk)


@require_POST
@connected
def undo(request: SpaceRequest, account: LuccaAccount, run_id: int) -> HttpResponse:
    """Begin the plan of undoing an import, and show it."""
    try:
        run = sync.plan_undo_of(_run_of(account, run_id), by=request.user)
    except actions.NotPossible as hindrance:
        messages.warning(request, str(hindrance.reason.label))
        return redirect("lucca_run", run_id)
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
