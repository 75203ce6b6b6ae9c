"""The page *Help*."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cards.guide.text import FILES, parts
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role


@open_to(Role.OWNER, Role.EDITOR)
@require_safe
def guide(request: SpaceRequest) -> HttpResponse:
    language = get_language()
    return render(request, "guide/guide.html", {"parts": parts(language if language in FILES else "en")})
