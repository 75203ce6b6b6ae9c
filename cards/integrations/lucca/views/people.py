"""One collaborator: why they stand as they do, and setting it right. And what is wrong in the company's data."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cards.ids import id_of
from cards.integrations.lucca import directory, nights, quality, repair, sync, words
from cards.integrations.lucca.directory import IMPORTABLE, RowState, namesakes_by_email, rows_of
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.plan import Reason
from cards.integrations.lucca.repair import CannotRepair
from cards.integrations.lucca.sides import links_of, today_of
from cards.integrations.lucca.undo import AFTER_THE_PEOPLE
from cards.integrations.lucca.views.entry import connected
from cards.integrations.lucca.views.options import remembered_options
from cards.integrations.lucca.wanted import removable
from cards.people.access import SpaceRequest
from cards.people.errors import Refused
from cards.people.models import User
from cards.people.queries import memberships_of
from cards.runs.models import RunLine
from cards.ui.spreadsheet import as_csv

# Users offered at once when somebody searches for whom to link, and acts told of a person.
OFFERED = 8
TOLD = 20


@require_safe
@connected
def person(request: SpaceRequest, account: LuccaAccount, employee_id: int) -> HttpResponse:
    """Why this collaborator stands as they do: the link, the groups, what was done about them, and what can be done.

    While they are being imported the page asks whether that is over, and then comes anew.
    """
    row = get_object_or_404(rows_of(account), pk=employee_id)
    page = _page(request, account, row)
    if request.htmx:
        return HttpResponse(status=204) if page["is_running"] else HttpResponseClientRefresh()
    return render(request, "lucca/person.html", page)


def _page(request: SpaceRequest, account: LuccaAccount, row: "directory.Row") -> dict[str, Any]:
    link = repair.link_of(account, row)
    state = RowState(row.state)
    wanted = request.GET.get("link", "").strip()
    lines = RunLine.objects.filter(run__subject=account.subject, run__memory__host=account.host, lucca_id=row.lucca_id)
    of_imports = lines.filter(run__kind__in=(*sync.IMPORTS, sync.UNDO)).exclude(action__endswith="_group")
    of_groups = {"run__kind": sync.UNDO, "position__gte": AFTER_THE_PEOPLE}
    told = list(of_imports.exclude(**of_groups).select_related("run__created_by").order_by("-pk")[:TOLD])
    is_running = any(line.run.kind == sync.IMPORT_USER and not line.run.has_ended for line in told)
    is_taken = state is RowState.TAKEN
    former = repair.former_link(account, row) if is_taken else None
    why, advice = words.WHY[state], words.REMEDIES[Reason.ACCOUNT_TAKEN] if is_taken else words.ROW_STATES[state]
    if former:
        why, advice = words.WHY_FORMER_FILE, words.FORMER_FILE_ADVICE
    holders = links_of(account).filter(user=row.same_email_user_id).values("lucca_id")
    shared = namesakes_by_email([row]).get(row.email_key, [])
    return {
        "account": account,
        "employee": row,
        "state": state,
        "why": why,
        "advice": advice,
        "former": former,
        "holder": account.employees.filter(lucca_id__in=holders).first() if is_taken else None,
        "others": [other for other in shared if other.pk != row.pk],
        "link": link,
        "has_left": row.has_left(today_of(account)),
        "email_differs": link is not None and row.has_another_email_than(link.user.email_key),
        "memberships": memberships_of(request.space, link.user) if link else [],
        "told": [(line, words.outcome(line)) for line in told],
        "wanted": wanted,
        "candidates": repair.may_be_linked(account, wanted)[:OFFERED] if wanted and not link else [],
        "file": account.file_of(row.lucca_id),
        "is_running": is_running,
        "options_form": remembered_options(request) if state in IMPORTABLE and not is_running else None,
        "of_others": removable(account, row.lucca_id).select_related("user").order_by("compound", "title", "pk"),
    }


@require_POST
@connected
def mend(request: SpaceRequest, account: LuccaAccount, employee_id: int, wish: str) -> HttpResponse:
    """Do one of the WISHES for this collaborator; what is not possible is said."""
    employee = get_object_or_404(DirectoryEmployee, pk=employee_id, account=account)
    act, said = WISHES[wish]
    more: dict[str, Any] = {}
    if wish == "link":
        more["user"] = get_object_or_404(User, pk=id_of(request.POST.get("user")), space=request.space)
    try:
        act(account=account, employee=employee, by=request.user, **more)
    except CannotRepair as hindrance:
        messages.warning(request, str(hindrance.obstacle.label))
    except Refused as hindrance:
        messages.warning(request, str(hindrance))
    else:
        messages.success(request, str(said))
    return redirect("lucca_person", employee.pk)


WISHES: dict[str, tuple[Callable[..., None], object]] = {
    "unlink": (repair.unlink, words.UNLINKED),
    "link": (repair.link_by_hand, words.LINKED),
    "move-link": (repair.move_link, words.LINK_MOVED),
    "take-over-email": (repair.take_over_email, words.EMAIL_TAKEN_OVER),
    "check-again": (repair.check_again, words.CHECKED_AGAIN),
}


@require_POST
@connected
def remove_rows(request: SpaceRequest, account: LuccaAccount, employee_id: int) -> HttpResponse:
    """Take from this collaborator's file the rows that show somebody else's results, as the page listed them."""
    employee = get_object_or_404(DirectoryEmployee, pk=employee_id, account=account)
    return redirect("lucca_push", nights.remove_from_one(account, employee.lucca_id, by=request.user).pk)


@require_safe
@connected
def data_quality(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """What is wrong in the files of the company, defect by defect, each with the way to the file in Lucca."""
    by_defect: dict[quality.Defect, list[quality.Finding]] = {}
    for finding in quality.findings(account):
        by_defect.setdefault(finding.defect, []).append(finding)
    defects = [
        (defect, words.DEFECT_REMEDIES[defect], len(found), _with_files(account, found[:MOST_SHOWN]))
        for defect, found in by_defect.items()
    ]
    refresh = sync.current_refresh(account)
    page = {"account": account, "defects": defects, "refresh": refresh, "silent_until": sync.silent_until(refresh)}
    template = "lucca/quality.html#directory" if request.htmx.target == "directory" else "lucca/quality.html"
    return render(request, template, page)


def _with_files(account: LuccaAccount, found: list[quality.Finding]) -> list[tuple[quality.Finding, str]]:
    return [(finding, account.file_of(finding.lucca_id) if finding.is_person else "") for finding in found]


# Of one defect; the file holds all of them.
MOST_SHOWN = 100


@require_safe
@connected
def data_quality_csv(_request: SpaceRequest, account: LuccaAccount) -> HttpResponseBase:
    """The same, all of it, for whoever keeps the files."""
    head = [_("What is wrong"), _("Name"), _("Detail"), _("Lucca id"), _("What to do")]
    rows = (
        [finding.defect.label, finding.name, finding.detail, finding.lucca_id, words.DEFECT_REMEDIES[finding.defect]]
        for finding in quality.findings(account)
    )
    return as_csv("cards-lucca-data", head, rows)
