"""The configuration tab: url and key, and beside them the sending of statistics."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.integrations.catalogue.access import for_activated
from cards.integrations.lucca import connect, field_check, statistics, statistics_words, sync, words
from cards.integrations.lucca.codes import NAMES
from cards.integrations.lucca.connect import Connection
from cards.integrations.lucca.field_check import SUBFIELDS, Standing
from cards.integrations.lucca.forms import ConnectionForm, StatisticsForm
from cards.integrations.lucca.models import LuccaAccount, StatisticsSettings
from cards.integrations.lucca.views.entry import account_of
from cards.integrations.lucca.wanted import number_of_files, receipts_of
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role
from cards.seal import SealBrokenError


@require_safe
@open_to(Role.OWNER, Role.EDITOR)
@for_activated("lucca")
def home(request: SpaceRequest) -> HttpResponse:
    """Where the block of the catalogue leads: the configuration for an owner, the collaborators for an editor."""
    if request.user.role == Role.OWNER:
        return redirect("lucca_configuration")
    if account_of(request) is None:
        messages.info(request, _("Lucca is not connected yet. The owner of the space can do it."))
        return redirect("integrations")
    return redirect("lucca_users")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.OWNER)
@for_activated("lucca")
def configuration(request: SpaceRequest) -> HttpResponse:
    """Url, key and statistics; saving tests the connection, then the fields, and says what came of it (R7 to R13)."""
    account = account_of(request)
    initial = {"url": account.url} if account else None
    settings = statistics.settings_of(account) if account else None
    form = ConnectionForm(request.POST or None, initial=initial, account=account)
    statistics_form = StatisticsForm(request.POST or None, settings=settings)
    # Both are judged, so that all that is wrong is said at once.
    is_valid = form.is_valid() & statistics_form.is_valid()
    if request.method == "POST" and is_valid and form.address:
        key = form.cleaned_data["key"] or None
        try:
            outcome = connect.save(request.space, account, form.address, key, by=request.user)
        except SealBrokenError:
            form.add_error("key", str(words.STOPS[sync.StopReason.KEY_UNREADABLE]))
        else:
            access_stays = account is not None and key is None and account.url == form.address.url
            if outcome in connect.STATE_AFTER or access_stays:
                chosen = statistics_form.cleaned_data
                _saved(request, outcome, chosen, is_first=account is None, may_be_on=not form.leaves_lucca)
                return redirect("lucca_configuration")
            form.add_error("key" if outcome is Connection.REFUSED else "url", words.CONNECTIONS[outcome])
    status = 422 if form.errors or statistics_form.errors else 200
    page = {
        "form": form,
        "statistics_form": statistics_form,
        # What the summary of errors reads: one for the whole page.
        "both_forms": {
            "errors": form.errors or statistics_form.errors,
            "visible_fields": [*form.visible_fields(), *statistics_form.visible_fields()],
        },
        "account": account,
    } | _check_of(account, settings)
    if account is not None and settings is not None and not settings.is_on:
        page["files_with_rows"] = number_of_files(receipts_of(account))
    return render(request, "lucca/configuration.html", page, status=status)


def _saved(
    request: SpaceRequest, outcome: Connection, chosen: dict[str, Any], *, is_first: bool, may_be_on: bool
) -> None:
    """The connection is kept: keep the statistics too, read the directory, and say how all of it stands.

    Another Lucca than before starts without statistics, so that nobody's results reach another company's files.
    """
    level = messages.SUCCESS if outcome is Connection.WORKS else messages.WARNING
    said = str((words.CONNECTIONS | words.SAVED_NEVERTHELESS)[outcome])
    if is_first:
        said = format_html('{} <a href="{}">{}</a>', said, reverse("lucca_users"), _("Go to the collaborators"))
    messages.add_message(request, level, said)
    account = account_of(request)
    if account is None:
        return
    codes = {name: chosen[name] for name in NAMES}
    settings = statistics.save_settings(account, is_on=chosen["is_on"] and may_be_on, codes=codes, by=request.user)
    _say_check(request, settings)
    sync.refresh(account, by=request.user)


def _say_check(request: SpaceRequest, settings: StatisticsSettings) -> None:
    """What the check of the fields came to, in one sentence."""
    if not settings.is_on:
        return
    if settings.faults:
        sentence = ngettext(
            "One point is not ready in Lucca. Nothing is sent until it is mended; what to do is said below.",
            "%(number)s points are not ready in Lucca. Nothing is sent until that is mended; what to do is said below.",
            len(settings.faults),
        )
        messages.warning(request, sentence % {"number": len(settings.faults)})
    elif settings.unchecked:
        messages.info(
            request,
            _("Lucca does not let the key look at all of the fields; sending will show whether they are ready."),
        )
    else:
        messages.success(request, _("The fields are ready in Lucca. Statistics are sent every night."))


@require_POST
@open_to(Role.OWNER)
@for_activated("lucca")
def check_fields(request: SpaceRequest) -> HttpResponse:
    """Ask Lucca again whether the fields are ready."""
    account = account_of(request)
    if account is not None:
        settings = statistics.settings_of(account)
        if settings.is_on:
            field_check.check(account, settings)
            _say_check(request, settings)
    return redirect("lucca_configuration")


def _check_of(account: LuccaAccount | None, settings: StatisticsSettings | None) -> dict[str, Any]:
    """The last check for the page: the lines that need words, and for the guide how each step stands."""
    if account is None or settings is None or settings.checked_at is None or not settings.is_on:
        return {"steps": {}}
    lines = field_check.lines_of(account, settings)
    steps: dict[str, Standing] = {line.subject.value: line.standing for line in lines}
    of_subfields = {steps.get(subject) for subject in SUBFIELDS}
    return {
        "settings": settings,
        "steps": steps,
        "subfields_are_right": of_subfields == {Standing.RIGHT},
        "check_lines": [
            (line, statistics_words.CHECK_SUBJECTS[line.subject], statistics_words.check_advice(line)) for line in lines
        ],
        "is_ready": all(line.standing is not Standing.WRONG for line in lines),
    }
