"""Who may enter a page: every view says so, here or nowhere. It never looks at what the page shows.

What views say is the table of docs/roles.md, and a test walks every address as everybody in it.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from cards.identity import second_factor
from cards.people.models import ConnectionMode, Role, User
from cards.spaces.models import Space

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from cards.spaces.middleware import HostRequest

P = ParamSpec("P")
AnyView = TypeVar("AnyView", bound=Callable[..., object])

# Beside the roles of a space: who is not signed in (there), and who runs the server.
STRANGER = "stranger"
OPERATOR = "operator"
EVERYBODY = (STRANGER, *Role, OPERATOR)
# Who manages trainings, users and groups.
MANAGERS = (Role.OWNER, Role.EDITOR)


class SpaceRequest(HttpRequest):
    """A request that `open_to` let in: somebody is signed in, in the space that the host names."""

    space: Space
    user: User
    htmx: "HtmxDetails"


View = Callable[Concatenate[SpaceRequest, P], HttpResponseBase]
OpenView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def open_to(*roles: Role) -> Callable[[View[P]], OpenView[P]]:
    """Let in the users of this space who have one of `roles`.

    Whoever is not signed in goes to the sign-in page and comes back afterwards; another role gets 403; a host
    without a space gets 404. That the user belongs to this space is `people.middleware`'s doing.
    """

    def decorate(view: View[P]) -> OpenView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            space = cast("HostRequest", request).space
            if space is None:
                raise Http404
            if not request.user.is_authenticated:
                return _to_sign_in(cast("SpaceRequest", request))
            if request.user.space_id != space.pk or request.user.role not in roles:
                raise PermissionDenied
            return view(cast("SpaceRequest", request), *args, **kwargs)

        guarded.open_to = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def declared_open_to(*who: str) -> Callable[[AnyView], AnyView]:
    """Say who may enter a view that sees to it by itself: the sign-in pages and what is for everybody.

    Nothing is checked here; that it is so is checked by the test that walks every address.
    """

    def declare(view: AnyView) -> AnyView:
        view.open_to = frozenset(who)  # type: ignore[attr-defined]
        return view

    return declare


def open_to_account(view: View[P]) -> OpenView[P]:
    """Let in whoever is signed in, on the page about their own account: the users of this space, and operators."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(cast("SpaceRequest", request), *args, **kwargs)
        if cast("HostRequest", request).space is None:
            return redirect_to_login(_page_of(request), reverse("operator_sign_in"))
        return _to_sign_in(cast("SpaceRequest", request))

    guarded.open_to = frozenset((*Role, OPERATOR))  # type: ignore[attr-defined]
    return guarded


def may_use_second_factor(user: User) -> bool:
    """Whom a second factor is offered: operators, owners and editors who sign in here by password."""
    return user.connection_mode == ConnectionMode.PASSWORD and (user.is_operator or user.role in MANAGERS)


def must_set_up_second_factor(user: AbstractBaseUser | AnonymousUser, space: Space | None) -> bool:
    """Whether the host (for operators) or the owner of `space` asks for a second factor that `user` has not."""
    if not isinstance(user, User) or not may_use_second_factor(user):
        return False
    if user.is_operator:
        is_asked_for = bool(settings.CARDS_OPERATORS_NEED_SECOND_FACTOR)
    else:
        is_asked_for = space is not None and space.second_factor_is_required
    return is_asked_for and not second_factor.has_one(user)


def _page_of(request: HttpRequest) -> str:
    """Where to come back to: of a form that was sent, the page it stood on, because its own address may show none."""
    sent_from = request.headers.get("Referer", "") if request.method == "POST" else ""
    if not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        return request.get_full_path()
    page = urlsplit(sent_from)
    return urlunsplit(("", "", page.path, page.query, ""))


def _to_sign_in(request: SpaceRequest) -> HttpResponse:
    """The sign-in page, and back. A fragment that is asked for moves the whole page, not only the fragment.

    What a page sends by itself moves nothing, because what was typed there would be lost: 401, and cards.js says it.
    Whoever comes with a session that has ended is told why they are there.
    """
    if request.htmx and request.method == "POST":
        return HttpResponse(status=401)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        messages.info(request, _("You were signed out. Sign in to go on where you were."))
    if not request.htmx:
        return redirect_to_login(_page_of(request))
    page = request.htmx.current_url_abs_path or request.get_full_path()
    return HttpResponseClientRedirect(redirect_to_login(page).url)
