"""The tab of collaborators: who is in Lucca, how each stands with Cards, and importing them."""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cards.integrations.lucca import directory, sync, words
from cards.integrations.lucca.directory import IMPORTABLE, Filters, RowState
from cards.integrations.lucca.forms import ImportOptionsForm
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.sides import today_of
from cards.integrations.lucca.views.entry import connected
from cards.integrations.lucca.views.options import chosen_options
from cards.integrations.lucca.views.tabs import answer_import, row_of, tab_of
from cards.people.access import SpaceRequest
from cards.runs.models import ENDED, Run
from cards.ui.keyset import page_of

if TYPE_CHECKING:
    from collections.abc import Sequence

WHERE_ASKED = {"departments": "lucca_departments", "quality": "lucca_quality"}


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
    tab = tab_of(request, account, refresh, sync.IMPORT_USERS)
    figures = tab["counters"].states
    return tab | {
        "filters": filters,
        "is_filtered": any(asdict(filters).values()),
        "page": page,
        "rows": _rows(account, page.rows),
        "states": [(state.value, state.label, figures[state]) for state in RowState if state in figures],
        "departments": directory.departments_of(account),
    }


def _rows(account: LuccaAccount, rows: "Sequence[directory.Row]") -> list[dict[str, Any]]:
    """The rows with what can be said and done about each."""
    shared, accounts = directory.namesakes_by_email(rows), directory.accounts_of(rows)
    today = today_of(account)
    told = []
    for row in rows:
        state, user = RowState(row.state), accounts.get(row.user_id)
        others = [other.name for other in shared.get(row.email_key, []) if other.pk != row.pk]
        told.append(
            {
                "employee": row,
                "state": state,
                "advice": words.ROW_STATES[RowState.DOUBLED if others else state],
                "others": others,
                "can_be_imported": state in IMPORTABLE,
                "has_left": row.has_left(today),
                "other_email": user.email if user and row.has_another_email_than(user.email_key) else "",
            }
        )
    return told


@require_POST
@connected
def refresh(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """Read Lucca again; with `believe`, whatever it shows. The reader comes back to the page they asked from."""
    sync.refresh(account, by=request.user, believe="believe" in request.POST)
    return redirect(WHERE_ASKED.get(request.POST.get("tab", ""), "lucca_users"))


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
    back = reverse("lucca_person", args=[employee_id])
    return answer_import(request, run, employee.name, back, partial(_row_fragment, request, account, employee_id))


@require_safe
@connected
def import_user_row(request: SpaceRequest, account: LuccaAccount, employee_id: int, run_id: int) -> HttpResponse:
    """The row of somebody who is being imported, until it is done."""
    run = get_object_or_404(Run, pk=run_id, subject=account.subject, space=request.space, kind__in=sync.IMPORTS)
    return _row_fragment(request, account, employee_id, run)


def _row_fragment(request: SpaceRequest, account: LuccaAccount, employee_id: int, run: Run) -> HttpResponse:
    row = get_object_or_404(directory.rows_of(account), pk=employee_id)
    line = run.lines.first()
    outcome = words.outcome(line) if line and run.state in ENDED else ""
    remedy = words.remedy(line) if line and run.state in ENDED else ""
    context = row_of(account, run) | {"row": _rows(account, [row])[0], "outcome": outcome, "remedy": remedy}
    return render(request, "lucca/users.html#changed_row", context)


def _refuse_options(request: SpaceRequest, account: LuccaAccount, form: ImportOptionsForm) -> HttpResponse:
    page = _users_page(request, account, sync.current_refresh(account)) | {"options_form": form}
    return render(request, "lucca/users.html", page, status=422)
