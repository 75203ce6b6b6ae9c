"""The first page after signing in."""

from django.http import HttpResponse
from django.shortcuts import render

from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role


@open_to(Role.OWNER, Role.EDITOR, Role.LEARNER)
def home(request: SpaceRequest) -> HttpResponse:
    return render(request, "people/home.html")
