"""The audit log of the space, for its owners: on screen and as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cards.audit.export import as_table, member_of
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role, User
from cards.privacy.forms import LogFilterForm
from cards.privacy.log import LogFilters, entries_of, lines_of
from cards.ui.keyset import page_of


@open_to(Role.OWNER)
@require_safe
def audit_log(request: SpaceRequest) -> HttpResponse:
    """Who did what, the latest first, 50 a page."""
    form = LogFilterForm(request.GET)
    filters = form.filters()
    entries = entries_of(request.space, filters).select_related("actor")
    page = page_of(entries, entries_of(request.space), request.GET, by="happened_at", is_descending=True)
    context = {
        "form": form,
        "page": page,
        "lines": list(lines_of(request.space, page.rows)),
        "person": User.objects.filter(space=request.space, pk=filters.person or 0).first(),
        "is_filtered": filters != LogFilters(),
    }
    return render(request, "privacy/audit_log.html", context)


@open_to(Role.OWNER)
@require_safe
def audit_log_csv(request: SpaceRequest) -> StreamingHttpResponse:
    """The same as a table, narrowed in the same way."""
    return as_table(entries_of(request.space, LogFilterForm(request.GET).filters()), who=member_of)
