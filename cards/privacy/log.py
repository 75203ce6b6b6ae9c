"""The audit log of a space as its owners read it: sentences, their details in words, and what narrows the list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cards.audit.models import Entry, by_or_about
from cards.audit.words import ACTS
from cards.people.models import User
from cards.people.queries import holding
from cards.privacy.detail_words import details_in_words
from cards.privacy.names import Named, named, names_of
from cards.spaces.models import Space


@dataclass(frozen=True)
class LogFilters:
    """Which entries the reader asked to see; what is empty does not narrow."""

    text: str = ""
    person: int | None = None
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """One entry as it is shown."""

    entry: Entry
    sentence: SafeString
    details: list[str]


def entries_of(space: Space, filters: LogFilters = LogFilters()) -> QuerySet[Entry]:
    """The log of `space`, narrowed: by or about a person, about a subject, between two days of the space."""
    entries = Entry.objects.filter(space=space)
    if filters.text or filters.person is not None:
        entries = entries.filter(_by_or_about(space, filters))
    if filters.subject:
        entries = entries.filter(action__in=[action for action, act in ACTS.items() if act.subject == filters.subject])
    zone = ZoneInfo(space.time_zone)
    if filters.since:
        entries = entries.filter(happened_at__gte=datetime.combine(filters.since, time(), zone))
    if filters.until:
        end = datetime.combine(filters.until + timedelta(days=1), time(), zone)
        entries = entries.filter(happened_at__lt=end)
    return entries


def _by_or_about(space: Space, filters: LogFilters) -> Q:
    if filters.person is not None:
        return by_or_about(filters.person)
    users = holding(User.objects.filter(space=space), filters.text)
    target = Concat(Value("user "), Cast(F("pk"), CharField()))
    return Q(actor__in=users.values("pk")) | Q(target__in=users.annotate(target=target).values("target"))


def lines_of(space: Space, entries: Iterable[Entry]) -> Iterator[Line]:
    """`entries` in words; their actors have been fetched with them."""
    rows = list(entries)
    found = names_of(space, rows)
    for entry in rows:
        what = named(entry.target, found)
        # The name of a run says already of which kind it is.
        details = {name: value for name, value in entry.details.items() if name != "kind" or not what.address}
        yield Line(entry, sentence_of(entry, what), details_in_words(details))


def sentence_of(entry: Entry, thing: Named) -> SafeString:
    """What happened to `thing`, with links to whoever and whatever has a page."""
    what = _linked(thing)
    act = ACTS.get(entry.action)
    if act is None:
        return format_html("{} · {} · {}", actor_of(entry), entry.action, what)
    return format_html(str(act.sentence), who=format_html("<strong>{}</strong>", actor_of(entry)), what=what)


def actor_of(entry: Entry) -> str:
    """Who did it: a person, somebody who is gone, or Cards itself. The operator belongs to no space and has no name."""
    actor: Any = entry.actor if entry.actor_id else None
    if actor is not None:
        return _("The operator") if actor.is_operator else actor.full_name
    return _("Account no. %(number)d, no longer there") % {"number": entry.actor_id} if entry.actor_id else "Cards"


def _linked(thing: Named) -> SafeString:
    template = '<a href="{address}">{words}</a>' if thing.address else "{words}"
    return format_html(template, address=thing.address, words=thing.words)
