"""The sidebar: which areas there are, who sees them, which one a page belongs to.

An area whose address does not exist is left out; whether somebody may enter is decided by the page itself.
"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEARNERS = frozenset({"learner"})
EDITORS = frozenset({"editor", "owner"})
OWNERS = frozenset({"owner"})
OPERATORS = frozenset({"operator"})


@dataclass(frozen=True)
class Area:
    """One entry of the sidebar; `url_name` is the name of the area's first page."""

    url_name: str
    label: Promise
    icon: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """An area as one person sees it on one page."""

    label: Promise
    icon: str
    address: str
    is_current: bool


AREAS = (
    Area("home", _("Home"), "home", EDITORS),
    Area("home", _("My trainings"), "book", LEARNERS),
    Area("my_trainings", _("My trainings"), "book", EDITORS),
    Area("trainings", _("Trainings"), "school", EDITORS),
    Area("users", _("Users"), "users", EDITORS),
    Area("groups", _("Groups"), "users-group", EDITORS),
    Area("statistics", _("Statistics"), "chart-bar", EDITORS),
    Area("integrations", _("Integrations"), "plug-connected", EDITORS),
    Area("space_settings", _("Settings"), "settings", OWNERS),
    Area("guide", _("Help"), "help-circle", EDITORS),
    Area("admin:index", _("Operator’s pages"), "server", OPERATORS),
)


def entries(role: str, path: str, areas: tuple[Area, ...] = AREAS) -> list[Entry]:
    """The sidebar for `role` on the page at `path`. The current area is the one with the longest fitting address."""
    addresses = {area.url_name: _address(area.url_name) for area in areas if role in area.roles}
    current = max((address for address in addresses.values() if address and _holds(address, path)), key=len, default="")
    return [
        Entry(area.label, area.icon, address, address == current)
        for area in areas
        if role in area.roles and (address := addresses.get(area.url_name))
    ]


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _holds(address: str, path: str) -> bool:
    """A page belongs to the area whose address its own begins with; the front page holds only itself."""
    return path == address if address == "/" else path.startswith(address)
