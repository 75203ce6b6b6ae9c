"""What waits for an owner or editor: a sentence each, on the home page. Every app says what waits in its own part."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards.people.models import User
from cards.people.queries import not_invited
from cards.spaces.models import Space
from cards.ui.templatetags.ui import number


@dataclass(frozen=True)
class Todo:
    """A sentence, and a link to where it is done. What is urgent stops something from working."""

    words: str
    url: str
    action: str
    is_urgent: bool = False


Source = Callable[[Space, User], Iterable[Todo]]

_sources: list[Source] = []


def ask_also(source: Source) -> None:
    """Let `source` say what waits for a user, in the user's language; called by apps when Django is ready."""
    if source not in _sources:
        _sources.append(source)


def todo_of(space: Space, user: User) -> list[Todo]:
    """What waits for `user`, who owns or edits `space`: what is urgent first, then what the uppermost apps say."""
    found = [todo for source in reversed(_sources) for todo in source(space, user)]
    return sorted(found, key=lambda todo: not todo.is_urgent)


def invitations_to_send(space: Space, _user: User) -> Iterable[Todo]:
    """Whoever has an account that nobody has told them of."""
    waiting = not_invited(space).count()
    if waiting:
        words = ngettext(
            "%(number)s person has an account and no invitation yet.",
            "%(number)s people have an account and no invitation yet.",
            waiting,
        )
        yield Todo(words % {"number": number(waiting)}, reverse("users_invite"), _("Invite them"))
