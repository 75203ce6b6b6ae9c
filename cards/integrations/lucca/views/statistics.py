"""What is sent to Lucca: how the nights went, where each collaborator stands, and sending by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards import clock
from cards.integrations.lucca import nights, statistics, statistics_words, wanted
from cards.integrations.lucca.connect import client_of, respect
from cards.integrations.lucca.models import DirectoryEmployee, Link, LuccaAccount, Night, StatisticsSettings
from cards.integrations.lucca.schedule import next_due, paris_day
from cards.integrations.lucca.sides import links_of
from cards.integrations.lucca.views.entry import connected
from cards.integrations.lucca.views.tabs import under_way_of
from cards.integrations.lucca.wanted import number_of_files, receipts_of, removable
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role, User
from cards.people.queries import holding
from cards.runs.models import LineState, Run, RunLine
from cards.seal import SealBrokenError
from cards.ui.keyset import page_of
from lucca import EmployeeRows, LuccaError, Throttled

RUNS_SHOWN = 10


@require_safe
@connected
def overview(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """The nights, the figures, and the linked collaborators with what was sent for each (R40, R77, R78)."""
    settings = statistics.settings_of(account)
    receipts = receipts_of(account).filter(compound=settings.codes.compound)
    # Their space too, so that they are read in the order of their names, as many as the page shows.
    people = User.objects.filter(space=account.space_id, lucca_links__host=account.host)
    search = request.GET.get("search", "")
    show = request.GET.get("show", "")
    with_rows = links_of(account).filter(lucca_id__in=receipts.values("lucca_id")).values("user")
    shown = people.filter(pk__in=with_rows) if show == "sent" else people
    page = page_of(holding(shown, search), people, request.GET)
    last = _last_runs(account)
    files = nights.files_of(last)
    context = {
        "account": account,
        "settings": settings,
        "notice": statistics_words.standing_of(settings),
        "next_night": next_night(account, settings),
        **under_way_of(nights.current_push(account) or nights.current_removal(account)),
        "linked": links_of(account).count(),
        "sent": receipts.aggregate(rows=Count("pk"), last=Max("sent_at")),
        "files_with_rows": number_of_files(receipts),
        "has_rows": receipts_of(account).exists(),
        "runs": [
            (run, statistics_words.run_outcome(run), files[run.pk], statistics_words.failed_at(files[run.pk]))
            for run in last
        ],
        "page": page,
        "rows": _rows(account, settings, page.rows, last),
        "search": search,
        "show": show,
    }
    return render(request, "lucca/statistics.html", context)


def _last_runs(account: LuccaAccount) -> list[Run]:
    return list(Run.objects.filter(subject=account.subject, kind__in=[*nights.PUSHES, nights.REMOVE])[:RUNS_SHOWN])


def _rows(
    account: LuccaAccount, settings: StatisticsSettings, users: Sequence[User], runs: Sequence[Run]
) -> list[dict[str, Any]]:
    """Linked users, each with the link, how they stand (`known`), when a row of theirs was sent `last`, and why the
    last of these `runs` sent none."""
    links = {link.user_id: link for link in links_of(account).filter(user__in=users)}
    compound, lucca_ids = settings.codes.compound, [link.lucca_id for link in links.values()]
    known = wanted.people_of(account, compound, lucca_ids, wanted.trainings_of(account.space))
    sent = receipts_of(account).filter(compound=compound, lucca_id__in=lucca_ids).values("lucca_id")
    last = dict(sent.annotate(last=Max("sent_at")).values_list("lucca_id", "last"))
    waiting = [lucca_id for lucca_id, person in known.items() if person.is_changed]
    not_sent = nights.not_sent(runs, waiting)
    return [
        {
            "user": user,
            "link": link,
            "known": known[link.lucca_id],
            "last": last.get(link.lucca_id),
            "not_sent": _why(not_sent.get(link.lucca_id)),
        }
        for user, link in ((user, links.get(user.pk)) for user in users)
        if link and link.lucca_id in known
    ]


def _why(line: RunLine | None) -> dict[str, Any] | None:
    """Why nothing was sent, and what to do about it."""
    if line is None:
        return None
    words = f"{statistics_words.outcome(line)} {statistics_words.remedy(line)}"
    return {"words": words, "is_failure": line.state == LineState.FAILED}


def next_night(account: LuccaAccount, settings: StatisticsSettings) -> datetime | None:
    """When the next nightly push is due; None while the nights do not go on."""
    if not settings.nights_go_on:
        return None
    now = clock.now()
    begun = Night.objects.filter(account=account, on=paris_day(now)).exists()
    return next_due(account.pk, now, is_begun_today=begun)


@require_POST
@connected
def send(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """Send now to everybody whose results changed."""
    if not _is_on(request, account):
        return redirect("lucca_statistics")
    return redirect("lucca_push", nights.send_now(account, by=request.user).pk)


def _is_on(request: SpaceRequest, account: LuccaAccount) -> bool:
    """Whether statistics are sent; when they are not, the next page says who can change that."""
    if statistics.settings_of(account).is_on:
        return True
    messages.warning(request, _("The synchronization of statistics is off. The owner of the space can activate it."))
    return False


# --- one person -------------------------------------------------------------------------------------


@require_safe
@connected
def person(request: SpaceRequest, account: LuccaAccount, link_id: int) -> HttpResponse:
    """What Cards knows of one collaborator beside what Lucca shows; with `?read`, what it shows at this moment."""
    link = _link(account, link_id)
    settings = statistics.settings_of(account)
    compound = settings.codes.compound
    known = wanted.people_of(account, compound, [link.lucca_id], wanted.trainings_of(account.space))[link.lucca_id]
    read, problem = _read(account, settings, link) if "read" in request.GET else (None, "")
    receipts = receipts_of(account).filter(compound=compound, lucca_id=link.lucca_id)
    waiting = [link.lucca_id] if known.is_changed else []
    context = {
        "account": account,
        "settings": settings,
        "link": link,
        "in_cards": wanted.compared(known, read, settings.codes),
        "in_lucca": wanted.shown(known, read, settings.codes) if read else wanted.receipts_shown(known),
        "is_live": read is not None,
        "problem": problem,
        "not_sent": _why(nights.not_sent(_last_runs(account), waiting).get(link.lucca_id)),
        "with_rows_of_others": _employee_with_rows_of_others(account, link),
        "as_of": receipts.aggregate(seen=Max("seen_at"))["seen"],
        "file_address": account.file_of(link.lucca_id),
    }
    return render(request, "lucca/statistics_person.html", context)


def _employee_with_rows_of_others(account: LuccaAccount, link: Link) -> DirectoryEmployee | None:
    """The collaborator, if the file shows results of another user than the linked one."""
    is_so = Exists(removable(account, link.lucca_id))
    return DirectoryEmployee.objects.filter(is_so, account=account, lucca_id=link.lucca_id).first()


def _link(account: LuccaAccount, link_id: int) -> Link:
    return get_object_or_404(links_of(account).select_related("user"), pk=link_id)


def _read(account: LuccaAccount, settings: StatisticsSettings, link: Link) -> tuple[EmployeeRows | None, str]:
    """One person's rows as Lucca shows them at this moment, or why they could not be read."""
    try:
        with client_of(account) as client:
            found = client.rows([link.lucca_id], settings.codes).get(link.lucca_id)
    except Throttled as error:
        respect(account.host, error)
        return None, _("Lucca takes no more calls for the moment. Try again in a minute.")
    except (LuccaError, SealBrokenError):
        return None, _("The file could not be read in Lucca. Try again later.")
    return found, "" if found else _("Lucca does not show this collaborator to the key.")


@require_POST
@connected
def send_one(request: SpaceRequest, account: LuccaAccount, link_id: int) -> HttpResponse:
    """Send for this person only."""
    link = _link(account, link_id)
    if not _is_on(request, account):
        return redirect("lucca_statistics_person", link.pk)
    return redirect("lucca_push", nights.send_one(account, link.lucca_id, by=request.user).pk)


# --- taking everything back -------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.OWNER)
@connected
def remove(request: SpaceRequest, account: LuccaAccount) -> HttpResponse:
    """Remove everything Cards wrote: asked first, then planned, then a person's word. The owner's alone."""
    if request.method == "POST":
        return redirect("lucca_push", nights.plan_removing(account, by=request.user).pk)
    people = number_of_files(receipts_of(account))
    return render(request, "lucca/statistics_remove.html", {"account": account, "people": people})
