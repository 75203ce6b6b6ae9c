"""The operator's health page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cards.health import figures
from cards.spaces.operator_site import site


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Workers, queue, mails, nights, versions."""
    workers = figures.workers()
    context = {
        **site.each_context(request),
        "title": _("Health"),
        "workers": workers,
        "is_worked": any(worker.is_there for worker in workers),
        "queue": figures.queue(),
        "runs": figures.runs(),
        "mails": figures.mails(),
        "nights": figures.nights(),
        "software": figures.software(),
    }
    return render(request, "health/health.html", context)


page = site.admin_view(health)
# As the admin marks its own views: it guards the page.
page.admin_site = site  # type: ignore[attr-defined]
