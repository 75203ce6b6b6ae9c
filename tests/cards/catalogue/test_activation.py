"""The operator decides which space may use an integration."""

import pytest

from cards.audit.models import Entry
from cards.integrations.catalogue import registry
from cards.integrations.catalogue.actions import activate, deactivate
from cards.integrations.catalogue.models import Activation
from cards.integrations.catalogue.queries import is_active
from cards.integrations.catalogue.registry import Integration
from cards.people.models import User
from cards.spaces.models import Space

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R5")
def test_an_integration_is_active_only_in_the_space_it_was_activated_for(
    acme: Space, birch: Space, oscar: User, payroll: Integration
) -> None:
    assert not is_active(acme, "payroll")
    activate(space=acme, integration="payroll", by=oscar)
    assert (is_active(acme, "payroll"), is_active(birch, "payroll")) == (True, False)


def test_it_is_kept_who_activated_it_and_when_and_activating_twice_changes_nothing(
    acme: Space, oscar: User, payroll: Integration
) -> None:
    assert activate(space=acme, integration="payroll", by=oscar)
    first = Activation.objects.get()
    assert not activate(space=acme, integration="payroll", by=None)
    assert Activation.objects.get().activated_by == oscar
    entry = Entry.objects.get()
    assert (entry.action, entry.target, entry.space, entry.actor) == ("integration_activated", "payroll", acme, oscar)
    assert first.activated_at <= entry.happened_at


def test_deactivating_is_audited(acme: Space, oscar: User, payroll: Integration) -> None:
    activate(space=acme, integration="payroll", by=oscar)
    assert deactivate(space=acme, integration="payroll", by=oscar)
    assert not is_active(acme, "payroll")
    assert Entry.objects.latest("pk").action == "integration_deactivated"


def test_deactivating_what_is_not_active_does_nothing(acme: Space, oscar: User, payroll: Integration) -> None:
    assert not deactivate(space=acme, integration="payroll", by=oscar)
    assert not Entry.objects.exists()


def test_an_integration_that_nobody_declared_cannot_be_activated(acme: Space, payroll: Integration) -> None:
    with pytest.raises(KeyError):
        activate(space=acme, integration="nothing", by=None)


def test_two_integrations_cannot_have_one_name(payroll: Integration) -> None:
    with pytest.raises(ValueError, match="Two integrations are called payroll"):
        registry.register(Integration("payroll", "Other", "Other.", "coin", "home"))
