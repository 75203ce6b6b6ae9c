"""The tab of departments: the tree of Lucca, the group of each department, importing them, and who has moved on."""

from dataclasses import asdict
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cards.integrations.lucca import departments as queries
from cards.integrations.lucca import directory, sync, words
from cards.integrations.lucca.counters import counters_of
from cards.integrations.lucca.departments import DepartmentFilters, DepartmentState
from cards.integrations.lucca.directory import Filters, RowState, matching
from cards.integrations.lucca.forms import ImportOptionsForm
from cards.integrations.lucca.grouping import is_renamed_by_hand
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.plan import GroupAction, GroupChange
from cards.integrations.lucca.sides import due_groups
from cards.integrations.lucca.views.entry import connected
from cards.integrations.lucca.views.options import chosen_options
from cards.integrations.lucca.views.tabs import answer_import, row_of, tab_of
from cards.people import actions
from cards.people.access import SpaceRequest
from cards.runs.models import Run
from cards.ui.keyset import page_of


@require_safe
@connected
def departments(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """The departments in Lucca, as a tree as far as it is proven, with their state (R30)."""
    refresh = sync.reading_for_a_tab(account)
    template = "lucca/departments.html#directory" if request.htmx.target == "directory" else "lucca/departments.html"
    return render(request, template, _page(request, account, refresh))


def _page(request: SpaceRequest, account: LuccaAccount, refresh: Run | None) -> dict[str, Any]:
    tab = tab_of(request, account, refresh, sync.IMPORT_DEPARTMENTS)
    filters = DepartmentFilters(search=request.GET.get("search", ""), state=request.GET.get("state", ""))
    rows = queries.department_rows(account)
    page = page_of(queries.matching_departments(rows, filters), rows, request.GET, by="position")
    due = due_groups(account)
    figures = tab["counters"].departments
    return tab | {
        "filters": filters,
        "is_filtered": any(asdict(filters).values()),
        "page": page,
        "rows": [_row(row, due.get(row.lucca_id)) for row in page.rows],
        "states": [(state.value, state.label, figures[state]) for state in DepartmentState if state in figures],
    }


def _row(row: "queries.DepartmentRow", due: GroupChange | None) -> dict[str, Any]:
    """A department with what can be said and done about it; `due` is what importing it would do about its group."""
    state = DepartmentState(row.state)
    is_linked = row.group_id is not None
    return {
        "department": row,
        "state": state,
        "advice": words.DEPARTMENT_STATES.get(state, ""),
        "group_to_be": due.name if due and not is_linked and due.name != row.name else "",
        "is_reused": bool(due and due.action is GroupAction.REUSE_GROUP),
        "renamed_to": due.name if due and due.action is GroupAction.RENAME_GROUP else "",
        "is_renamed_by_hand": is_linked and is_renamed_by_hand(row.group_name or "", row.given_name or ""),
        "can_be_imported": state in (DepartmentState.NOT_IMPORTED, DepartmentState.TO_COMPLETE)
        or bool(due and due.action is GroupAction.RENAME_GROUP),
    }


@require_POST
@connected
def import_departments(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """Import all departments: begins the plan and shows it (R31)."""
    form = chosen_options(request)
    if not form.is_valid():
        return _refuse_options(request, account, form)
    run = sync.plan_import(account, by=request.user, options=form.options, kind=sync.IMPORT_DEPARTMENTS)
    return redirect("lucca_run", run.pk)


@require_POST
@connected
def import_department(request: SpaceRequest, account: LuccaAccount, department_id: int) -> HttpResponse:
    """Import one department, at once (R32)."""
    department = get_object_or_404(DirectoryDepartment, pk=department_id, account=account)
    form = chosen_options(request)
    if not form.is_valid():
        return _refuse_options(request, account, form)
    run = sync.import_department(account, department.lucca_id, by=request.user, options=form.options)
    return answer_import(
        request, run, department, "lucca_departments", partial(_row_fragment, request, account, department_id)
    )


@require_safe
@connected
def import_department_row(
    request: SpaceRequest, account: LuccaAccount, department_id: int, run_id: int
) -> HttpResponse:
    """The row of a department that is being imported, until it is done."""
    run = get_object_or_404(Run, pk=run_id, subject=account.subject, space=request.space, kind__in=sync.IMPORTS)
    return _row_fragment(request, account, department_id, run)


def _row_fragment(request: SpaceRequest, account: LuccaAccount, department_id: int, run: Run) -> HttpResponse:
    # Counting comes first: it notes on each department who is to be added.
    context = row_of(account, run)
    row = get_object_or_404(queries.department_rows(account), pk=department_id)
    context["row"] = _row(row, due_groups(account).get(row.lucca_id))
    return render(request, "lucca/departments.html#changed_row", context)


def _refuse_options(request: SpaceRequest, account: LuccaAccount, form: ImportOptionsForm) -> HttpResponse:
    page = _page(request, account, sync.current_refresh(account)) | {"options_form": form}
    return render(request, "lucca/departments.html", page, status=422)


# --- one department ---------------------------------------------------------------------------------


@require_safe
@connected
def department(request: SpaceRequest, account: LuccaAccount, department_id: int) -> HttpResponse:
    """One department: its people in Lucca, and who is still in its group though Lucca shows them elsewhere."""
    counters_of(account)
    row = get_object_or_404(queries.department_rows(account), pk=department_id)
    people = matching(account, Filters(department=row.lucca_id))
    page = page_of(people, people, request.GET)
    moved = list(
        queries.moved_on(account)
        .filter(department_id=row.lucca_id)
        .select_related("user")
        .order_by("user__sort_key", "pk")[:MOST_MOVED_SHOWN]
    )
    elsewhere = {
        employee.lucca_id: employee
        for employee in DirectoryEmployee.objects.filter(
            account=account, lucca_id__in=[membership.employee_id for membership in moved]
        )
    }
    return render(
        request,
        "lucca/department.html",
        _row(row, due_groups(account).get(row.lucca_id))
        | {
            "account": account,
            "page": page,
            "people": [_person(employee) for employee in page.rows],
            "moved": [(membership, elsewhere[membership.employee_id]) for membership in moved],
        },
    )


def _person(row: "directory.Row") -> tuple["directory.Row", str]:
    return row, str(RowState(row.state).label)


# Taken out one by one, they make room for the next.
MOST_MOVED_SHOWN = 200


@require_POST
@connected
def remove_from_group(
    request: SpaceRequest, account: LuccaAccount, department_id: int, membership_id: int
) -> HttpResponse:
    """A person's word: take somebody who has moved on out of the group (nothing else ever does)."""
    department = get_object_or_404(DirectoryDepartment, pk=department_id, account=account)
    moved = queries.moved_on(account).filter(department_id=department.lucca_id)
    membership = get_object_or_404(moved.select_related("group", "user"), pk=membership_id)
    actions.remove_member(group=membership.group, by=request.user, user=membership.user)
    said = _("%(name)s is no longer in the group %(group)s.")
    messages.success(request, said % {"name": membership.user.full_name, "group": membership.group.name})
    return redirect("lucca_department", department.pk)
