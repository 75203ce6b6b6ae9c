"""Light, dark or automatic: which theme this device asked for. A cookie, because it belongs to the device."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("auto", "light", "dark")
COOKIE = "theme"
A_YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest | None) -> str:
    """The chosen theme; automatic without a choice, or without a request (error pages)."""
    chosen = request.COOKIES.get(COOKIE, "") if request else ""
    return chosen if chosen in THEMES else "auto"


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme on this device and go back to the page it was chosen on."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(address if is_ours else "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        answer.set_cookie(COOKIE, theme, max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return answer
