"""Pages of other apps about a user: each app names its own, and the user's page leads there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cards.people.models import User
from cards.spaces.models import Space


@dataclass(frozen=True)
class AboutPage:
    """A page for owners and editors, and the icon and words of the link to it."""

    words: str
    url: str
    icon: str


Source = Callable[[Space, User], Iterable[AboutPage]]

_sources: list[Source] = []


def tell_also(source: Source) -> None:
    """Let `source` name its pages about a user; called by apps when Django is ready."""
    if source not in _sources:
        _sources.append(source)


def pages_about(space: Space, user: User) -> list[AboutPage]:
    return [page for source in _sources for page in source(space, user)]
