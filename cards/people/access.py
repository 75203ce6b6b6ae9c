"""Who may enter a page: every view says so, here or nowhere. It never looks at what the page shows.

What views say is the table of docs/roles.md, and a test walks every address as everybody in it.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect

from cards.people.models import Role, User
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


def _to_sign_in(request: SpaceRequest) -> HttpResponse:
    """The sign-in page, and back. A fragment's request moves the whole page, not only the fragment."""
    if not request.htmx:
        return redirect_to_login(request.get_full_path())
    page = request.htmx.current_url_abs_path or request.get_full_path()
    return HttpResponseClientRedirect(redirect_to_login(page).url)
