"""Statistics by group: what the members of each have done, over all trainings."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cards.people.access import SpaceRequest
from cards.people.queries import groups_of, holding
from cards.spaces.models import Space
from cards.statistics.figures import figures_by_group
from cards.statistics.views.filters import editors, filters_of
from cards.ui.keyset import page_of
from cards.ui.spreadsheet import as_csv

# Groups on a page: each may have thousands of members with dozens of trainings.
ON_A_PAGE = 20


@require_safe
@editors
def groups(request: SpaceRequest) -> HttpResponse:
    """The groups by name; each leads to the trainings as its members did them."""
    every = groups_of(request.space)
    text = filters_of(request).text
    page = page_of(holding(every, text), every, request.GET, by="name_key", size=ON_A_PAGE)
    figures = figures_by_group([group.pk for group in page.rows])
    context = {"page": page, "rows": [(group, figures[group.pk]) for group in page.rows], "text": text}
    return render(request, "statistics/groups.html", context)


@require_safe
@editors
def groups_csv(request: SpaceRequest) -> HttpResponseBase:
    head = [
        _("Group"),
        _("Members"),
        _("Trainings started"),
        _("In progress"),
        _("Trainings completed"),
        _("Average score (%)"),
    ]
    return as_csv("cards-statistics-groups", head, _cells(request.space))


def _cells(space: Space) -> Iterator[list[Any]]:
    columns = ("pk", "name", "member_count")
    every = groups_of(space).order_by("name_key", "pk").values_list(*columns)
    rows = every.iterator(chunk_size=500)
    while some := list(islice(rows, ON_A_PAGE)):
        figures = figures_by_group([pk for pk, _name, _members in some])
        for pk, name, members in some:
            its = figures[pk]
            yield [name, members, its.started, its.in_progress, its.completed, its.average_score]
