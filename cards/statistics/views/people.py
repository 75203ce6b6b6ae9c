"""Statistics by person: everybody, and one person training by training."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cards.people.access import SpaceRequest
from cards.people.models import User
from cards.people.queries import UserFilters, users_of
from cards.spaces.models import Space
from cards.statistics.figures import figures_by_user
from cards.statistics.views.filters import editors, filters_of, groups_to_choose, standings
from cards.statistics.views.training import standing_cells
from cards.trainings.models import Attempt
from cards.trainings.queries import given_to
from cards.ui.keyset import page_of
from cards.ui.spreadsheet import as_csv


@require_safe
@editors
def people(request: SpaceRequest) -> HttpResponse:
    """Everybody by name, with what they have started and completed."""
    filters = filters_of(request)
    every = users_of(request.space)
    found = users_of(request.space, UserFilters(text=filters.text, group=filters.group.pk if filters.group else None))
    page = page_of(found, every, request.GET)
    figures = figures_by_user([user.pk for user in page.rows])
    context = {
        "filters": filters,
        "groups": groups_to_choose(request),
        "page": page,
        "rows": [(user, figures[user.pk]) for user in page.rows],
    }
    return render(request, "statistics/people.html", context)


@require_safe
@editors
def person(request: SpaceRequest, user_id: int) -> HttpResponse:
    """One person: the trainings that are given to them or that they have started, with every attempt."""
    shown = get_object_or_404(User, pk=user_id, space=request.space)
    context = {
        "shown": shown,
        "rows": _trainings(shown),
        "figures": figures_by_user([shown.pk])[shown.pk],
    }
    return render(request, "statistics/person.html", context)


@require_safe
@editors
def person_csv(request: SpaceRequest, user_id: int) -> HttpResponseBase:
    shown = get_object_or_404(User, pk=user_id, space=request.space)
    words = dict(standings())
    head = [_("Training"), _("Status"), _("Progress (%)"), _("Score (%)"), _("Last completion")]
    rows = ([training.title, *standing_cells(counted, words)] for training, counted, _attempts in _trainings(shown))
    return as_csv(f"cards-statistics-person-{shown.pk}", head, rows)


@require_safe
@editors
def everything_csv(request: SpaceRequest) -> HttpResponseBase:
    """A line for each person and training that was started: the whole space in one file."""
    head = [
        _("Last name"),
        _("First name"),
        _("E-mail"),
        _("Training"),
        _("Status"),
        _("Progress (%)"),
        _("Score (%)"),
        _("Last completion"),
    ]
    return as_csv("cards-statistics", head, _everything(request.space))


def _everything(space: Space) -> Iterator[list[Any]]:
    words = dict(standings())
    users = User.objects.filter(space=space).order_by("sort_key", "pk").iterator(chunk_size=500)
    while some := list(islice(users, 500)):
        attempts: dict[int, list[Attempt]] = {user.pk: [] for user in some}
        counted = Attempt.objects.filter(is_counted=True, user__in=attempts).select_related("training")
        for attempt in counted.order_by("training__position", "training"):
            attempts[attempt.user_id].append(attempt)
        for user in some:
            who = [user.last_name, user.first_name, user.email]
            yield from ([*who, made.training.title, *standing_cells(made, words)] for made in attempts[user.pk])


def _trainings(user: User) -> list[tuple[Any, Attempt | None, list[Attempt]]]:
    """Training, the attempt that counts, all attempts; in the order of the space."""
    made: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(user=user).select_related("training").order_by("number"):
        made.setdefault(attempt.training_id, []).append(attempt)
    trainings = {training.pk: training for training in given_to(user)} if user.is_active else {}
    trainings |= {attempts[0].training_id: attempts[0].training for attempts in made.values()}
    rows = []
    for training in sorted(trainings.values(), key=lambda training: (training.position, training.pk)):
        attempts = made.get(training.pk, [])
        rows.append((training, next((each for each in attempts if each.is_counted), None), attempts))
    return rows
