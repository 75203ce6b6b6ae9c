"""Whom and what the audit log speaks of, by their present names. Never writes; what is gone is called by its number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from cards.audit.models import Entry
from cards.integrations.lucca.models import DirectoryEmployee
from cards.people.models import Group, User
from cards.spaces.models import Space
from cards.trainings.models import Chapter, Question, Training

SHOWN = 60


@dataclass(frozen=True)
class Named:
    """A thing or a person: words, and the address of its page if it has one."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class Noun:
    """One kind of thing that targets name ("user 12"): where its names are, and its page."""

    rows: "models.QuerySet[models.Model]"
    in_space: str
    label: str
    page: str = ""
    key: str = "pk"


NOUNS: Mapping[str, Noun] = {
    "user": Noun(User.objects.all(), "space", "full_name", "user"),
    "group": Noun(Group.objects.all(), "space", "name", "group"),
    "training": Noun(Training.objects.all(), "space", "title", "training"),
    "chapter": Noun(Chapter.objects.all(), "training__space", "title"),
    "question": Noun(Question.objects.all(), "chapter__training__space", "words"),
    "employee": Noun(DirectoryEmployee.objects.all(), "account__space", "name", "lucca_person", "lucca_id"),
}


def names_of(space: Space, entries: Iterable[Entry]) -> dict[str, Named]:
    """The names of all that `entries` were done to, by target: as many queries as there are kinds of things."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        noun, _blank, number = entry.target.partition(" ")
        if noun in NOUNS and (number.isdecimal() or NOUNS[noun].key != "pk"):
            wanted[noun].add(number)
    found: dict[str, Named] = {}
    for word, numbers in wanted.items():
        noun_ = NOUNS[word]
        for row in noun_.rows.filter(**{noun_.in_space: space, f"{noun_.key}__in": numbers}):
            target = f"{word} {getattr(row, noun_.key)}"
            found[target] = Named(_quoted(word, str(getattr(row, noun_.label))), _page(noun_, row))
    return found


def named(target: str, found: Mapping[str, Named]) -> Named:
    """What a target is called: by its name, or by its number when it is no longer there."""
    if target in found:
        return found[target]
    noun, _blank, number = target.partition(" ")
    if target.isdecimal() or (noun == "run" and number.isdecimal()):
        number = number or target
        return Named(_("history no. %(number)s") % {"number": number}, _address("lucca_run", number))
    if noun in NOUNS and number.isdecimal():
        return Named(_("no. %(number)s, no longer there") % {"number": number})
    return Named(target or _("an unknown account"))


def _quoted(noun: str, words: str) -> str:
    shown = words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
    return shown if noun in ("user", "employee") else _("“%(name)s”") % {"name": shown}


def _page(noun: Noun, row: models.Model) -> str:
    return _address(noun.page, row.pk) if noun.page else ""


def _address(name: str, number: object) -> str:
    try:
        return reverse(name, args=[number])
    except NoReverseMatch:
        return ""
