"""The first page after signing in."""

from django.http import HttpResponse
from django.shortcuts import render

from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role
from cards.people.queries import groups_of, learners_left, not_invited, users_of
from cards.people.todo import todo_of


@open_to(Role.OWNER, Role.EDITOR)
def overview(request: SpaceRequest) -> HttpResponse:
    """What owners and editors find first; learners find their trainings (`trainings.views.home`)."""
    context = {
        "number_of_users": users_of(request.space).filter(is_active=True).count(),
        "number_of_groups": groups_of(request.space).count(),
        "number_not_invited": not_invited(request.space).count(),
        "learners_left": learners_left(request.space),
        "todo": todo_of(request.space, request.user),
    }
    return render(request, "people/home.html", context)
