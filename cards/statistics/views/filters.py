"""What the address of a statistics page narrows it to. A value that makes no sense does not filter."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cards import clock
from cards.ids import id_of
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Group, Role
from cards.statistics.periods import Period

editors = open_to(Role.OWNER, Role.EDITOR)


@dataclass(frozen=True)
class Filters:
    group: Group | None
    period: Period
    standing: str
    text: str


def filters_of(request: SpaceRequest) -> Filters:
    """The filters of an address; looks the group up."""
    wanted = id_of(request.GET.get("group"))
    group = Group.objects.filter(space=request.space, pk=wanted).first() if wanted else None
    period = Period.WEEKS if request.GET.get("period") == Period.WEEKS.value else Period.MONTHS
    return Filters(group, period, request.GET.get("standing", ""), request.GET.get("q", "").strip())


def groups_to_choose(request: SpaceRequest) -> QuerySet[Group]:
    return Group.objects.filter(space=request.space).order_by("name_key")


def today(request: SpaceRequest) -> date:
    return clock.today(request.space.time_zone)


def standings() -> list[tuple[str, str]]:
    return [
        ("completed", _("Completed")),
        ("in_progress", _("In progress")),
        ("not_started", _("Not started")),
    ]
