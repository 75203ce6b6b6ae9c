"""The tab of collaborators: who is in Lucca, how each stands with Cards, and importing them."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cards.integrations.lucca import directory, sync, words
from cards.integrations.lucca.counters import counters_of
from cards.integrations.lucca.directory import IMPORTABLE, Filters, RowState
from cards.integrations.lucca.doubt_words import question_about
from cards.integrations.lucca.forms import ImportOptionsForm
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.views.entry import connected
from cards.integrations.lucca.views.options import chosen_options, remembered_options
from cards.people.access import SpaceRequest
from cards.runs.models import ENDED, Run
from cards.ui.keyset import page_of


@require_safe
@connected
def users(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """The collaborators in Lucca, with their state, and what can be done with them (R14 to R29)."""
    refresh = sync.reading_for_a_tab(account)
    template = "lucca/users.html#directory" if request.htmx.target == "directory" else "lucca/users.html"
    return render(request, template, _users_page(request, account, refresh))


def _users_page(request: SpaceRequest, account: LuccaAccount, refresh: Run | None) -> dict[str, Any]:
    filters = Filters(
        search=request.GET.get("search", ""),
        state=request.GET.get("state", ""),
        department=request.GET.get("department", ""),
    )
    page = page_of(directory.matching(account, filters), directory.rows_of(account), request.GET)
    counters = counters_of(account)
    figures = counters.states
    return {
        "account": account,
        "refresh": refresh,
        "question": question_about(account),
        "problem": "" if refresh else words.problem_of(sync.last_refresh(account)),
        "run_under_way": sync.current_import(account),
        "filters": filters,
        "is_filtered": any(asdict(filters).values()),
        "page": page,
        "rows": [_row(row, shared) for shared in [directory.namesakes_by_email(page.rows)] for row in page.rows],
        "counters": counters,
        "states": [(state.value, state.label, figures[state]) for state in RowState if state in figures],
        "departments": directory.departments_of(account),
        "options_form": remembered_options(request),
    }


def _row(row: "directory.Row", shared: dict[str, list[DirectoryEmployee]] | None = None) -> dict[str, Any]:
    state = RowState(row.state)
    others = [other.name for other in (shared or {}).get(row.email_key, []) if other.pk != row.pk]
    return {
        "employee": row,
        "state": state,
        "advice": words.ROW_STATES[state],
        "others": others,
        "can_be_imported": state in IMPORTABLE,
    }


@require_POST
@connected
def refresh(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """Read Lucca again; with `believe`, whatever it shows. The reader comes back to the tab they asked from."""
    sync.refresh(account, by=request.user, believe="believe" in request.POST)
    return redirect("lucca_departments" if request.POST.get("tab") == "departments" else "lucca_users")


@require_POST
@connected
def import_users(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """Import all users: begins the plan and shows it (R18)."""
    form = chosen_options(request)
    if not form.is_valid():
        return _refuse_options(request, account, form)
    run = sync.plan_import(account, by=request.user, options=form.options)
    return redirect("lucca_run", run.pk)


@require_POST
@connected
def import_user(request: SpaceRequest, account: LuccaAccount, employee_id: int) -> HttpResponse:
    """Import one collaborator, at once (R19)."""
    employee = get_object_or_404(DirectoryEmployee, pk=employee_id, account=account)
    form = chosen_options(request)
    if not form.is_valid():
        return _refuse_options(request, account, form)
    run = sync.import_one(account, employee.lucca_id, by=request.user, options=form.options)
    if run is None:
        raise Http404
    if request.htmx:
        return _row_fragment(request, account, employee_id, run)
    messages.info(request, _("%(name)s is being imported.") % {"name": employee.name})
    return redirect("lucca_users")


@require_safe
@connected
def import_user_row(request: SpaceRequest, account: LuccaAccount, employee_id: int, run_id: int) -> HttpResponse:
    """The row of somebody who is being imported, until it is done."""
    run = get_object_or_404(Run, pk=run_id, subject=account.subject, space=request.space)
    return _row_fragment(request, account, employee_id, run)


def _row_fragment(request: SpaceRequest, account: LuccaAccount, employee_id: int, run: Run) -> HttpResponse:
    row = get_object_or_404(directory.rows_of(account), pk=employee_id)
    line = run.lines.first()
    context = {
        "row": _row(row),
        "run": run,
        "is_running": run.state not in ENDED,
        "outcome": words.outcome(line) if line and run.state in ENDED else "",
        "counters": counters_of(account),
        "account": account,
        "oob": True,
    }
    return render(request, "lucca/users.html#changed_row", context)


def _refuse_options(request: SpaceRequest, account: LuccaAccount, form: ImportOptionsForm) -> HttpResponse:
    page = _users_page(request, account, sync.current_refresh(account)) | {"options_form": form}
    return render(request, "lucca/users.html", page, status=422)
