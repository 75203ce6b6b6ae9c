"""In which language somebody is answered, and how they choose it. Signed in, the choice is kept on the account."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from cards.people.access import EVERYBODY, declared_open_to
from cards.people.models import User
from cards.spaces.models import Language

Answer = Callable[[HttpRequest], HttpResponse]


def language_of_request(get_response: Answer) -> Answer:
    """Answer in the account's language, else the cookie's, else the browser's, else the space's."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = _language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


@declared_open_to(*EVERYBODY)
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Django's own `set_language`, remembered on the account of whoever is signed in."""
    chosen = request.POST.get("language")
    if chosen in Language.values and isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return set_language(request)


def _language_of(request: HttpRequest) -> str:
    if isinstance(request.user, User):
        return request.user.language
    wishes = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    wishes += [wish for wish, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    for wish in wishes:
        try:
            return get_supported_language_variant(wish)
        except LookupError:
            continue
    space = getattr(request, "space", None)
    return space.language if space else settings.LANGUAGE_CODE
