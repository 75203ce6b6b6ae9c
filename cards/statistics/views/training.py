"""Statistics of one training: over time, by score, person by person."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cards.people.access import SpaceRequest
from cards.people.models import User
from cards.people.queries import holding
from cards.statistics import charts, figures, periods
from cards.statistics.views.filters import Filters, editors, filters_of, groups_to_choose, standings, today
from cards.trainings.models import Attempt, Training
from cards.ui.keyset import page_of
from cards.ui.spreadsheet import as_csv

# How many people of a CSV file are looked up at a time.
CHUNK = 2000


@require_safe
@editors
def training(request: SpaceRequest, training_id: int) -> HttpResponse:
    """The figures of a training, and everybody whom it concerns."""
    shown = _training(request, training_id)
    filters = filters_of(request)
    found = figures.figures_by_training([shown.pk], filters.group)[shown.pk]
    steps = periods.steps(filters.period, today(request), found.completed_on, found.scores_on)
    every = figures.concerned(shown)
    page = page_of(_people(shown, filters), every, request.GET)
    attempts = _attempts(shown, page.rows)
    not_started = figures.not_started(shown, filters.group).count()
    context = {
        "training": shown,
        "filters": filters,
        "groups": groups_to_choose(request),
        "standings": standings(),
        "figures": found,
        "not_started": not_started,
        "people": found.started + not_started,
        "charts": [
            charts.completions(steps, filters.period),
            charts.distribution(periods.bands(figures.scores(shown, filters.group))),
        ],
        "page": page,
        "rows": [(user, attempts.get(user.pk)) for user in page.rows],
    }
    return render(request, "statistics/training.html", context)


@require_safe
@editors
def training_csv(request: SpaceRequest, training_id: int) -> HttpResponseBase:
    """Everybody whom the filters leave, in the order of the page."""
    shown = _training(request, training_id)
    head = [
        _("Last name"),
        _("First name"),
        _("E-mail"),
        _("Status"),
        _("Progress (%)"),
        _("Score (%)"),
        _("Last completion"),
    ]
    people = _people(shown, filters_of(request))
    return as_csv(f"cards-statistics-training-{shown.pk}", head, _cells(shown, people))


def _training(request: SpaceRequest, training_id: int) -> Training:
    return get_object_or_404(Training.objects.select_related("space"), pk=training_id, space=request.space)


def _people(training: Training, filters: Filters) -> QuerySet[User]:
    people = figures.concerned(training, filters.group)
    return holding(figures.with_standing(people, training, filters.standing), filters.text)


def _attempts(training: Training, users: list[User]) -> dict[int, Attempt]:
    attempts = Attempt.objects.filter(training=training, is_counted=True, user__in=[user.pk for user in users])
    return {attempt.user_id: attempt for attempt in attempts.order_by()}


def _cells(training: Training, people: QuerySet[User]) -> Iterator[list[Any]]:
    words = dict(standings())
    rows = people.order_by("sort_key", "pk").iterator(chunk_size=CHUNK)
    while users := list(islice(rows, CHUNK)):
        attempts = _attempts(training, users)
        for user in users:
            yield [user.last_name, user.first_name, user.email, *standing_cells(attempts.get(user.pk), words)]


def standing_cells(attempt: Attempt | None, words: dict[str, str]) -> list[Any]:
    """Status, progress, score and last completion, as figures that a spreadsheet can count with."""
    if attempt is None:
        return [words["not_started"], 0, None, None]
    status = words["completed" if attempt.completed_on else "in_progress"]
    return [status, attempt.progress, attempt.score, attempt.completed_on]
