"""Statistics by training: the whole space, or one group."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cards.people.access import SpaceRequest
from cards.statistics import charts, periods
from cards.statistics.figures import Figures, figures_by_training
from cards.statistics.views.filters import Filters, editors, filters_of, groups_to_choose, today
from cards.trainings.models import Training
from cards.trainings.queries import audience_sizes, trainings_of
from cards.ui.spreadsheet import as_csv


@require_safe
@editors
def overview(request: SpaceRequest) -> HttpResponse:
    """Every training with its figures, and completions over time."""
    filters = filters_of(request)
    rows = _rows(request, filters)
    together = _together([figures for _training, figures, _given in rows])
    steps = periods.steps(filters.period, today(request), together.completed_on, together.scores_on)
    context = {
        "filters": filters,
        "groups": groups_to_choose(request),
        "rows": rows,
        "together": together,
        "charts": [charts.completions(steps, filters.period)],
    }
    return render(request, "statistics/overview.html", context)


@require_safe
@editors
def overview_csv(request: SpaceRequest) -> HttpResponseBase:
    head = [
        _("Training"),
        _("Given to"),
        pgettext("people", "Started"),
        pgettext("people", "In progress"),
        pgettext("people", "Completed"),
        _("Average score (%)"),
    ]
    return as_csv("cards-statistics-trainings", head, (_cells(*row) for row in _rows(request, filters_of(request))))


def _rows(request: SpaceRequest, filters: Filters) -> list[tuple[Training, Figures, int]]:
    trainings = list(trainings_of(request.space))
    figures = figures_by_training([training.pk for training in trainings], filters.group)
    given = audience_sizes(request.space, filters.group)
    return [(training, figures[training.pk], given.get(training.pk, 0)) for training in trainings]


def _cells(training: Training, figures: Figures, given: int) -> list[Any]:
    return [
        training.title,
        given,
        figures.started,
        figures.in_progress,
        figures.completed,
        figures.average_score,
    ]


def _together(every: list[Figures]) -> Figures:
    """The figures of several trainings as one."""
    together = Figures()
    for figures in every:
        together.add(None, figures.in_progress, 0, 0)
        for day, number in figures.completed_on.items():
            together.add(day, number, *figures.scores_on[day])
    return together
