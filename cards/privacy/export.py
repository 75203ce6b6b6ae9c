"""Everything that Cards keeps of one person, to hand over: one archive with a JSON file and tables for spreadsheets.

Of others it says nothing: whoever did something to the person is “somebody else”.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from cards.audit.actions import record
from cards.audit.models import Entry, by_or_about
from cards.identity.models import RecoveryCode, SecondFactor
from cards.identity.sessions import sessions_of
from cards.integrations.lucca.models import DirectoryEmployee, Link
from cards.people.models import Mail, Membership, User
from cards.privacy.person import lines_about, lucca_people_of, receipts_about
from cards.runs.kinds import label_of
from cards.statistics.queries import statistics_of
from cards.trainings.models import Answer, Attempt, ChapterCompletion, Training
from cards.ui.spreadsheet import lines

Row = dict[str, Any]


def export(*, user: User, by: User) -> bytes:
    """The archive of everything about `user`, and an entry in the log that `by` had it made."""
    with transaction.atomic():
        action = "privacy.own_data_exported" if by.pk == user.pk else "privacy.person_exported"
        record(action, space=user.space, by=by, target=f"user {user.pk}")
        return archive_of(everything_about(user))


def everything_about(user: User) -> dict[str, list[Row]]:
    """Each part of what is kept of `user`, as rows of plain values."""
    return {name: [_plain(row) for row in part(user)] for name, part in PARTS.items()}


def archive_of(parts: Mapping[str, list[Row]]) -> bytes:
    """`everything.json`, and one CSV file for each part that has rows."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", json.dumps(parts, ensure_ascii=False, indent=2))
        for name, rows in parts.items():
            if rows:
                table = lines(list(rows[0]), [[_cell(value) for value in row.values()] for row in rows])
                archive.writestr(f"{name}.csv", "".join(table))
    return file.getvalue()


def _account(user: User) -> Iterator[Row]:
    kept_back = {"password", "login_key", "email_key", "is_operator"}
    yield {name: value for name, value in _fields(user).items() if name not in kept_back}


def _groups(user: User) -> Iterator[Row]:
    for one in Membership.objects.filter(user=user).select_related("group").order_by("pk"):
        yield {"group": one.group.name, "origin": one.origin, "since": one.added_at}


def _sso(user: User) -> Iterator[Row]:
    for one in SocialAccount.objects.filter(user=user).order_by("pk"):
        yield {"provider": one.provider, "subject": one.uid, "said": one.extra_data, "since": one.date_joined}


def _second_factor(user: User) -> Iterator[Row]:
    for one in SecondFactor.objects.filter(user=user):
        yield {"set_up_at": one.confirmed_at, "recovery_codes": RecoveryCode.objects.filter(user=user).count()}


def _sessions(user: User) -> Iterator[Row]:
    for one in sessions_of(user):
        row: Row = {"device": one.device, "address": one.address}
        yield row | {"started_at": one.started_at, "seen_at": one.seen_at, "ends_at": one.expire_date}


def _attempts(user: User) -> Iterator[Row]:
    for one in Attempt.objects.filter(user=user).select_related("training").order_by("pk"):
        yield {"training_title": one.training.title} | _fields(one)


def _chapters(user: User) -> Iterator[Row]:
    done = ChapterCompletion.objects.filter(attempt__user=user).select_related("chapter")
    for one in done.order_by("pk"):
        yield {"attempt": one.attempt_id, "chapter": one.chapter.title, "completed_at": one.completed_at}


def _answers(user: User) -> Iterator[Row]:
    given = Answer.objects.filter(attempt__user=user).select_related("question").prefetch_related("question__choices")
    for one in given.order_by("pk"):
        chosen = [choice.words for choice in one.question.choices.all() if choice.pk in one.chosen]
        row: Row = {"attempt": one.attempt_id, "question": one.question.words, "chosen": chosen}
        yield row | {"is_right": one.is_right, "answered_at": one.answered_at}


def _statistics(user: User) -> Iterator[Row]:
    if user.space is None:
        return
    standings = statistics_of(user.space, [user.pk]).get(user.pk, {})
    titles = dict(Training.objects.filter(space=user.space, pk__in=standings).values_list("pk", "title"))
    for training_id, standing in standings.items():
        yield {
            "training": titles[training_id],
            "progress": standing.progress,
            "score": standing.score,
            "last_completed_at": standing.last_completed_at,
        }


def _mails(user: User) -> Iterator[Row]:
    typed = Q(space=user.space, user=None, typed_email_key=user.email_key)
    for one in Mail.objects.filter(Q(user=user) | typed).order_by("pk"):
        yield _fields(one)


def _links(user: User) -> Iterator[Row]:
    yield from _each(Link.objects.filter(user=user))


def _directory(user: User) -> Iterator[Row]:
    people = lucca_people_of(user).rows("account__host")
    yield from _each(DirectoryEmployee.objects.filter(people, account__space=user.space))


def _receipts(user: User) -> Iterator[Row]:
    yield from _each(receipts_about(user))


def _runs(user: User) -> Iterator[Row]:
    for line in lines_about(user).select_related("run").order_by("pk"):
        yield {"what": label_of(line.run.kind), "at": line.run.created_at} | _fields(line)


def _log(user: User) -> Iterator[Row]:
    for one in Entry.objects.filter(by_or_about(user.pk), space=user.space).order_by("happened_at", "pk"):
        is_own = one.actor_id == user.pk
        by = "you" if is_own else "somebody else" if one.actor_id else "Cards"
        address = one.address if is_own or one.actor_id is None else None
        # Whoever else it was done to is not theirs to know.
        is_of_several = not is_own and "users" in one.details
        details = one.details | {"users": [user.pk]} if is_of_several else one.details
        row: Row = {"at": one.happened_at, "by": by, "action": one.action, "target": one.target}
        yield row | {"details": details, "address": address}


def _each(rows: "QuerySet[Any]") -> Iterator[Row]:
    yield from (_fields(row) for row in rows.order_by("pk"))


def _fields(row: Model) -> Row:
    """Every column of a row but those that lists are searched and sorted by."""
    fields = (field for field in row._meta.concrete_fields if field.name not in ("search_key", "sort_key"))
    return {field.name: field.value_from_object(row) for field in fields}


def _plain(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in row.items()}


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


PARTS: Mapping[str, Callable[[User], Iterator[Row]]] = {
    "account": _account,
    "groups": _groups,
    "sign_in_by_sso": _sso,
    "second_factor": _second_factor,
    "sessions": _sessions,
    "attempts": _attempts,
    "chapters_completed": _chapters,
    "answers": _answers,
    "statistics": _statistics,
    "mails": _mails,
    "links_to_lucca": _links,
    "directory_of_lucca": _directory,
    "receipts_of_lucca": _receipts,
    "lines_of_reports": _runs,
    "audit_log": _log,
}
