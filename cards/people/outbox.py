"""The outbox: mails are written here, in the transaction that makes them due, and leave later (`sender`).

By itself Cards invites an account once; sending an invitation again is a person's act.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from cards import bulk, clock
from cards.audit.actions import record
from cards.people.models import REACHED_NOBODY, Mail, MailKind, MailState, User, email_key
from cards.people.sender import deliver
from cards.spaces.models import Space

# When the invitation of somebody who arrives later leaves on their first day, in the time zone of their space.
MORNING = time(7)
# What a typed address was asked for is forgotten after this long.
TYPED_LASTS = timedelta(days=1)
PRUNED_AT_ONCE = 2000


@dataclass(frozen=True)
class RunMails:
    """The mails of a run: how many are in each state, and when the held ones leave.

    Of those held now or for a first day, the undecided ones wait for the run's end or a person's word.
    """

    held: int
    arriving_later: int
    undecided: int
    perhaps_sent: int
    sent: int
    failed: int
    withdrawn: int
    leave_at: datetime | None


def invite(*, users: Iterable[User], run_number: int | None = None, by: User | None = None) -> int:
    """Hold an invitation for each of `users` who was not invited yet; how many.

    With a run, they leave when it lets them (`release_run`); else now. Those who arrive later get theirs on the
    morning of their first day.
    """
    users = list(users)
    now = clock.now()
    with transaction.atomic():
        invitations = Mail.objects.filter(kind=MailKind.INVITATION, user__in=[user.pk for user in users])
        invitations.filter(state__in=REACHED_NOBODY).delete()
        invited = set(invitations.values_list("user_id", flat=True))
        mails = [
            Mail(
                space_id=user.space_id,
                user=user,
                kind=MailKind.INVITATION,
                run_number=run_number,
                release_at=None if run_number is not None else max(now, _morning_of(user) or now),
                created_at=now,
            )
            for user in users
            if user.space_id is not None and user.pk not in invited
        ]
        # The unique key decides, should somebody have invited one of them since.
        Mail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
        if mails and run_number is None:
            record("users_invited", space=users[0].space, by=by, number=len(mails))
    return len(mails)


def invite_new(*, space_id: int, user_ids: Iterable[int], run_number: int) -> None:
    """Hold an invitation for each of these accounts, made in this very transaction: nobody can have invited them yet.

    They leave when the run lets them (`release_run`).
    """
    now = clock.now()
    columns = [
        "space_id",
        "user_id",
        "typed_email_key",
        "kind",
        "state",
        "run_number",
        "attempts",
        "last_error",
        "created_at",
    ]
    kind, state = MailKind.INVITATION.value, MailState.HELD.value
    rows = ((space_id, user_id, "", kind, state, run_number, 0, "", now) for user_id in user_ids)
    bulk.insert(Mail, columns, rows)


def tell(*, users: Iterable[User], kind: MailKind) -> None:
    """Write to each of `users` about something that has just happened; the mails leave now."""
    now = clock.now()
    Mail.objects.bulk_create(
        Mail(space_id=user.space_id, user=user, kind=kind, release_at=now, created_at=now)
        for user in users
        if user.space_id is not None
    )


def request(*, space: Space, typed_email: str, kind: MailKind) -> None:
    """Somebody typed an address to get a link. Whether it belongs to an account is looked up when the mail leaves."""
    now = clock.now()
    with transaction.atomic():
        mail = Mail.objects.create(
            space=space, typed_email_key=email_key(typed_email), kind=kind, release_at=now, created_at=now
        )
        deliver.using(run_after=now).enqueue(mail.pk)


def release_run(run_number: int, *, hold_seconds: float) -> None:
    """Let the run's mails leave after the hold; those of people who arrive later, on their first day."""
    _release(_held(run_number).filter(release_at=None), clock.now() + timedelta(seconds=hold_seconds))


def send_now(run_number: int) -> None:
    """A person's word: let the run's mails leave without waiting any longer."""
    _release(_held(run_number), clock.now())


def withdraw_run(run_number: int) -> int:
    """A person's word: send none of the run's mails that have not left; how many."""
    return _held(run_number).update(state=MailState.WITHDRAWN)


def withdraw_undecided(runs: QuerySet[Any]) -> None:
    """Withdraw the mails of `runs` that wait for a person's word, as nobody can say it any more."""
    undecided = Mail.objects.filter(run_number__in=runs.values("pk"), state=MailState.HELD, release_at=None)
    undecided.update(state=MailState.WITHDRAWN)


def withdraw_from(space: Space, user_ids: Collection[int]) -> None:
    """Withdraw the invitations, not sent yet, of users who will not come."""
    mails = Mail.objects.filter(space=space, kind=MailKind.INVITATION, state=MailState.HELD, user__in=user_ids)
    for user_id in mails.values_list("user_id", flat=True):
        record("invitation_withdrawn", space=space, by=None, target=f"user {user_id}")
    mails.update(state=MailState.WITHDRAWN)


def change_first_days(space: Space, days: Mapping[int, date | None]) -> None:
    """On which days these users arrive, by id: an invitation that waits leaves on the morning of the new one."""
    now = clock.now()
    known = User.objects.filter(space=space, pk__among=list(days))
    users = [user for user in known if user.starts_on != days[user.pk]]
    for user in users:
        user.starts_on = days[user.pk]
    User.objects.bulk_update(users, ["starts_on"], batch_size=500)
    # Those whose run waits for its end or a word learn their day from it.
    mails = Mail.objects.filter(
        user__pk__among=[user.pk for user in users],
        kind=MailKind.INVITATION,
        state=MailState.HELD,
        release_at__isnull=False,
    )
    changed = list(mails.select_related("user__space"))
    for mail in changed:
        mail.release_at = max(now, (mail.user and _morning_of(mail.user)) or now)
    Mail.objects.bulk_update(changed, ["release_at"], batch_size=500)


def send_again(*, user: User, by: User) -> None:
    """A person's word: send the user an invitation, whatever became of the former one; never before their first day."""
    if user.space_id is None:
        raise ValueError("Operators belong to no space and are not invited.")
    now = clock.now()
    release_at = max(now, _morning_of(user) or now)
    with transaction.atomic():
        Mail.objects.update_or_create(
            user=user,
            kind=MailKind.INVITATION,
            defaults={
                "state": MailState.HELD,
                "release_at": release_at,
                "run_number": None,
                "attempts": 0,
                "last_error": "",
                "sent_at": None,
            },
            create_defaults={"space_id": user.space_id, "release_at": release_at, "created_at": now},
        )
        record("user_invited", space=user.space, by=by, target=f"user {user.pk}")


def mails_of_run(run_number: int) -> RunMails:
    """What became of the run's mails."""
    held = Q(state=MailState.HELD)
    later = held & Q(user__starts_on__gt=clock.now().date())
    counts = Mail.objects.filter(run_number=run_number).aggregate(
        held=Count("pk", filter=held & ~later),
        arriving_later=Count("pk", filter=later),
        undecided=Count("pk", filter=held & Q(release_at=None)),
        perhaps_sent=Count("pk", filter=Q(state=MailState.SENDING)),
        sent=Count("pk", filter=Q(state=MailState.SENT)),
        failed=Count("pk", filter=Q(state=MailState.FAILED)),
        withdrawn=Count("pk", filter=Q(state=MailState.WITHDRAWN)),
        leave_at=Min("release_at", filter=held & ~later),
    )
    return RunMails(**counts)


def forget_typed_addresses() -> None:
    """Delete what was asked for typed addresses, once it is of no more use: it may name people we do not know."""
    Mail.objects.filter(user=None, created_at__lt=clock.now() - TYPED_LASTS).exclude(state=MailState.HELD).delete()


def of_no_more_use(moment: datetime) -> QuerySet[Mail]:
    """Mails that were written before `moment` and have left or will not leave.

    That somebody was invited is kept until they have signed in: they would else count as not invited.
    """
    is_still_of_use = Q(kind=MailKind.INVITATION, user__last_login=None) & ~Q(state=MailState.WITHDRAWN)
    return Mail.objects.filter(created_at__lt=moment).exclude(state=MailState.HELD).exclude(is_still_of_use)


def prune(moment: datetime) -> int:
    """Delete a batch of them, the oldest first; how many."""
    old = list(of_no_more_use(moment).order_by("created_at").values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    Mail.objects.filter(pk__in=old).delete()
    return len(old)


def _held(run_number: int) -> QuerySet[Mail]:
    return Mail.objects.filter(run_number=run_number, state=MailState.HELD)


def _release(mails: QuerySet[Mail], at: datetime) -> None:
    # A day earlier than `at` in UTC it may still be the morning before, somewhere.
    day = at.astimezone(UTC).date() - timedelta(days=1)
    with transaction.atomic():
        later = list(mails.filter(user__starts_on__gte=day).select_related("user__space"))
        mails.update(release_at=at)
        for mail in later:
            mail.release_at = max(at, _morning_of(mail.user) or at) if mail.user else at
        Mail.objects.bulk_update(later, ["release_at"], batch_size=500)


def _morning_of(user: User) -> datetime | None:
    """The morning of the day on which the user arrives, if that is known."""
    if user.starts_on is None or user.space is None:
        return None
    return datetime.combine(user.starts_on, MORNING, ZoneInfo(user.space.time_zone))
