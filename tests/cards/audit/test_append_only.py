"""The audit log is only ever added to; pruning and forgetting addresses are the two named ways out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cards import clock
from cards.audit.actions import forget_addresses, prune, reaches_back_to, record
from cards.audit.models import AppendOnlyError, Entry
from cards.people.models import User
from cards.spaces.models import Space

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.update(action="other"),
        lambda: Entry.objects.filter(action="signed_in").delete(),
        lambda: Entry.objects.get().delete(),
        lambda: Entry.objects.get().save(),
        lambda: Entry.objects.bulk_update(Entry.objects.all(), ["action"]),
        lambda: Entry.objects.update_or_create(action="signed_in", defaults={"target": "x"}),
    ],
)
def test_what_was_recorded_is_neither_changed_nor_deleted(acme: Space, ada: User, change: Callable[[], object]) -> None:
    record("signed_in", space=acme, by=ada, target=f"user {ada.pk}")
    before = Entry.objects.values().get()
    with pytest.raises(AppendOnlyError):
        change()
    assert Entry.objects.values().get() == before


def test_who_did_it_stays_known_by_their_number_when_their_account_is_gone(acme: Space, lou: User) -> None:
    record("signed_in", space=acme, by=lou, target=f"user {lou.pk}", address="203.0.113.7")
    number = lou.pk
    lou.delete()
    entry = Entry.objects.select_related("actor").get()
    assert (entry.actor_id, entry.actor, entry.address) == (number, None, "203.0.113.7")
    forget_addresses(number)
    assert Entry.objects.get().address is None


def test_pruning_deletes_what_is_older_to_the_moment_and_says_how_far_the_log_reaches_back(acme: Space) -> None:
    for moment in (NOON - timedelta(microseconds=1), NOON, NOON + timedelta(days=1)):
        with clock.told(moment):
            record("space_changed", space=acme, by=None)
    assert reaches_back_to(NOON - timedelta(days=400))
    with clock.told(NOON + timedelta(days=2)):
        assert [prune(NOON), prune(NOON)] == [1, 0]
    kept = Entry.objects.filter(action="space_changed").values_list("happened_at", flat=True)
    assert list(kept) == [NOON + timedelta(days=1), NOON]
    assert reaches_back_to(NOON)
    assert not reaches_back_to(NOON - timedelta(microseconds=1))
