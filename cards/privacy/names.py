"""Whom and what the audit log speaks of, by their present names. Never writes; what is gone is called by its number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cards.audit.models import Entry
from cards.integrations.catalogue.registry import integrations
from cards.integrations.lucca.models import DirectoryEmployee
from cards.people.models import Group, User
from cards.runs.kinds import label_of
from cards.runs.models import Run
from cards.spaces.models import Space
from cards.trainings.models import Chapter, Question, Training
from cards.ui.dates import date

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
    "run": Noun(Run.objects.all(), "space", "kind", "lucca_run"),
}


def names_of(space: Space, entries: Iterable[Entry]) -> dict[str, Named]:
    """The names of all that `entries` were done to, by target: as many queries as there are kinds of things."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        noun, number = _parts(entry.target)
        if noun in NOUNS and (number.isdecimal() or NOUNS[noun].key != "pk"):
            wanted[noun].add(number)
    found: dict[str, Named] = {}
    for word, numbers in wanted.items():
        noun_ = NOUNS[word]
        for row in noun_.rows.filter(**{noun_.in_space: space, f"{noun_.key}__in": numbers}):
            target = f"{word} {getattr(row, noun_.key)}"
            found[target] = Named(_words(noun_, row), reverse(noun_.page, args=[row.pk]) if noun_.page else "")
    return found


def named(target: str, found: Mapping[str, Named]) -> Named:
    """What a target is called: by its name, or by its number when it is no longer there."""
    noun, number = _parts(target)
    if f"{noun} {number}" in found:
        return found[f"{noun} {number}"]
    if noun in NOUNS and number.isdecimal():
        return Named(_("no. %(number)s, no longer there") % {"number": number})
    names = {each.slug: str(each.name) for each in integrations()}
    return Named(names.get(target, target) or _("an unknown account"))


def _parts(target: str) -> tuple[str, str]:
    """The noun and the number of a target; a number alone is a run's."""
    noun, _blank, number = target.partition(" ")
    return ("run", noun) if target.isdecimal() else (noun, number)


def _words(noun: Noun, row: models.Model) -> str:
    if isinstance(row, Run):
        return f"{label_of(row.kind)} ({date(localtime(row.created_at))})"
    words = str(getattr(row, noun.label))
    shown = words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
    return shown if isinstance(row, User | DirectoryEmployee) else _("“%(name)s”") % {"name": shown}
