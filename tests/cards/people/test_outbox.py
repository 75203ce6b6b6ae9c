"""Which mails are due, when, and what a person may still say about them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from cards import clock
from cards.people import outbox, sender
from cards.people.models import Mail, MailKind, MailState, User
from cards.people.queries import not_invited
from cards.spaces.models import Space
from tests.conftest import a_user

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.told(NOON):
        yield


def of_a_run(users: list[User], run_number: int = 1) -> None:
    """Hold the invitations that an import makes with its accounts."""
    outbox.invite_new(space_id=users[0].space_id or 0, user_ids=[user.pk for user in users], run_number=run_number)


def test_by_itself_cards_invites_an_account_once(ada: User, lou: User) -> None:
    of_a_run([lou])
    assert outbox.invite(users=[lou, ada], by=ada) == 1
    assert outbox.invite(users=[lou, ada], by=ada) == 0
    assert list(Mail.objects.order_by("pk").values_list("user", "run_number")) == [(lou.pk, 1), (ada.pk, None)]


def test_the_mails_of_a_run_leave_together_when_its_hold_is_over(ada: User, lou: User) -> None:
    of_a_run([ada, lou])
    assert not sender.due().exists()
    outbox.release_run(1, hold_seconds=120)
    assert outbox.mails_of_run(1).leave_at == NOON + timedelta(seconds=120)
    with clock.told(NOON + timedelta(seconds=119)):
        # Ending twice does not make them wait longer.
        outbox.release_run(1, hold_seconds=120)
        assert not sender.due().exists()
    with clock.told(NOON + timedelta(seconds=120)):
        assert sender.due().count() == 2


def test_send_now_ends_the_hold(lou: User) -> None:
    of_a_run([lou])
    outbox.release_run(1, hold_seconds=86_400)
    outbox.send_now(1)
    assert sender.due().count() == 1


def test_what_is_said_of_a_run_is_said_of_its_mails_alone(ada: User, lou: User, eli: User) -> None:
    of_a_run([ada, lou])
    of_a_run([eli], run_number=2)
    Mail.objects.filter(user=ada).update(state=MailState.SENT)
    outbox.release_run(1, hold_seconds=0)
    assert [mail.user for mail in sender.due()] == [lou]
    assert outbox.withdraw_run(2) == 1
    outbox.send_now(2)
    assert dict(Mail.objects.values_list("user", "state")) == {
        ada.pk: MailState.SENT,
        lou.pk: MailState.HELD,
        eli.pk: MailState.WITHDRAWN,
    }


def test_withdrawn_mails_never_leave_and_their_people_count_as_not_invited(ada: User, lou: User) -> None:
    of_a_run([lou])
    assert outbox.withdraw_run(1) == 1
    outbox.send_now(1)
    assert not sender.due().exists()
    assert outbox.invite(users=[lou], by=ada) == 1
    assert sender.due().count() == 1


@pytest.mark.requirement("R21")
def test_who_could_not_be_written_to_is_invited_with_the_others_the_next_time(ada: User, lou: User) -> None:
    outbox.invite(users=[lou], by=ada)
    Mail.objects.update(state=MailState.FAILED)
    assert lou in not_invited(lou.space)
    assert outbox.invite(users=[lou], by=ada) == 1
    assert sender.due().count() == 1
    assert lou not in not_invited(lou.space)


def test_inviting_somebody_anew_leaves_all_other_mails_that_reached_nobody(ada: User, lou: User, eli: User) -> None:
    outbox.invite(users=[lou, eli], by=ada)
    outbox.tell(users=[lou], kind=MailKind.NIGHTS_STOPPED)
    Mail.objects.update(state=MailState.FAILED)
    assert outbox.invite(users=[lou], by=ada) == 1
    assert sorted(Mail.objects.values_list("user", "kind", "state")) == sorted(
        [
            (lou.pk, MailKind.INVITATION, MailState.HELD),
            (lou.pk, MailKind.NIGHTS_STOPPED, MailState.FAILED),
            (eli.pk, MailKind.INVITATION, MailState.FAILED),
        ]
    )


@pytest.mark.parametrize("say", ["release", "send now", "no run"])
def test_who_arrives_later_is_invited_on_the_morning_of_their_first_day(acme: Space, ada: User, say: str) -> None:
    arriving = a_user(acme, "Ines", starts_on=date(2026, 12, 1))
    arrived = a_user(acme, "Noé", starts_on=date(2026, 11, 20))
    users = [arriving, arrived, ada]
    if say == "no run":
        outbox.invite(users=users, by=ada)
    else:
        of_a_run(users)
        outbox.release_run(1, hold_seconds=0)
    if say == "send now":
        outbox.send_now(1)
    assert set(sender.due().values_list("user", flat=True)) == {arrived.pk, ada.pk}
    # 07:00 in Paris.
    assert Mail.objects.get(user=arriving).release_at == datetime(2026, 12, 1, 6, tzinfo=UTC)


def test_the_mails_of_a_run_are_counted_by_what_became_of_them(acme: Space) -> None:
    users = [a_user(acme, name) for name in ("Bo", "Cy", "Di", "Ed")] + [
        a_user(acme, "Fay", starts_on=date(2027, 1, 4))
    ]
    of_a_run(users)
    for user, state in zip(users, (MailState.SENDING, MailState.SENT, MailState.FAILED, MailState.HELD), strict=False):
        Mail.objects.filter(user=user).update(state=state)
    mails = outbox.mails_of_run(1)
    assert (mails.perhaps_sent, mails.sent, mails.failed, mails.held, mails.arriving_later) == (1, 1, 1, 1, 1)


def test_sending_again_is_a_persons_act_whatever_became_of_the_former_mail(ada: User, lou: User) -> None:
    outbox.send_again(user=lou, by=ada)
    for state in MailState.values:
        Mail.objects.update(state=state, attempts=3, last_error="later", release_at=NOON + timedelta(hours=1))
        outbox.send_again(user=lou, by=ada)
        mail = Mail.objects.get()
        assert (mail.state, mail.attempts, mail.last_error, mail.release_at) == (MailState.HELD, 0, "", NOON)


def test_even_sent_again_an_invitation_waits_for_the_first_day(acme: Space, ada: User) -> None:
    arriving = a_user(acme, "Ines", starts_on=date(2026, 12, 1))
    for _ in range(2):
        outbox.send_again(user=arriving, by=ada)
        assert Mail.objects.get().release_at == datetime(2026, 12, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize("kind", [MailKind.FIRST_VISIT, MailKind.PASSWORD_RESET])
def test_asking_for_a_link_costs_the_same_whether_the_account_exists_or_not(
    acme: Space, lou: User, kind: MailKind, django_assert_num_queries
) -> None:
    for typed in (lou.email, f"  {lou.email.upper()} ", "nobody@acme.example"):
        # A savepoint and its release around the mail and its task.
        with django_assert_num_queries(4):
            outbox.request(space=acme, typed_email=typed, kind=kind)
    assert DBTaskResult.objects.count() == 3


def test_a_typed_address_is_looked_up_in_its_own_space_when_the_mail_leaves(
    acme: Space, birch: Space, lou: User
) -> None:
    for space in (acme, birch):
        outbox.request(space=space, typed_email=lou.email.upper(), kind=MailKind.FIRST_VISIT)
    found = [sender.recipient_of(mail) for mail in Mail.objects.order_by("pk")]
    assert found == [lou, None]


def test_typed_addresses_are_forgotten_after_a_day_and_invitations_are_kept(acme: Space, lou: User) -> None:
    of_a_run([lou])
    for _ in range(2):
        outbox.request(space=acme, typed_email="nobody@acme.example", kind=MailKind.FIRST_VISIT)
    Mail.objects.filter(pk__in=Mail.objects.filter(user=None)[:1]).update(state=MailState.WITHDRAWN)
    Mail.objects.filter(user=lou).update(state=MailState.SENT)
    with clock.told(NOON + timedelta(days=1, seconds=1)):
        outbox.forget_typed_addresses()
    # One was never looked up and still waits.
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["held", "sent"]
