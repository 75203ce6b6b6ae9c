"""The pages of personal data and of the audit log in the browser: everybody can use them, on a desk and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from cards import clock
from cards.audit.actions import record
from cards.people import actions
from cards.people.models import User
from cards.spaces.models import Space
from tests.browser.watch import assert_accessible, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(acme: Space, ada: User, eli: User, lou: User) -> Space:
    """A space in which something of each kind has happened."""
    sales = actions.create_group(space=acme, by=ada, name="Sales – South-West")
    actions.add_members(group=sales, by=eli, users=[lou])
    actions.change_role(user=lou, by=ada, role="editor")
    actions.change_role(user=lou, by=ada, role="learner")
    acts = [
        ("signed_in", lou, f"user {lou.pk}", {"way": "password"}),
        ("sign_in_failed", None, f"user {lou.pk}", {}),
        ("lucca.configured", ada, "acme.ilucca.net", {"former_url": "", "key_changed": True}),
        ("lucca.import_started", ada, "run 8", {"notify": True, "connection_mode": "password"}),
        ("lucca.statistics_switched_on", ada, "acme.ilucca.net", {}),
        ("space_changed", ada, "acme", {"former": {"name": "Ac"}, "now": {"name": "Acme"}}),
        ("user_changed", eli, "user 999", {"changed": ["email", "last_name"]}),
        ("lucca.nights_stopped", None, "acme.ilucca.net", {}),
        ("privacy.person_erased", ada, "user 999", {}),
    ]
    for hours, (action, by, target, details) in enumerate(acts):
        with clock.told(clock.now() - timedelta(hours=3 * hours)):
            record(action, space=acme, by=by, target=target, address="203.0.113.7", **details)  # type: ignore[arg-type]
    return acme


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("audit-log", "/settings/audit-log/"),
        ("personal-data", "/settings/personal-data/"),
        ("person-data", "/users/{lou}/personal-data/"),
        ("erase", "/users/{lou}/personal-data/erase/"),
        ("my-data", "/my-data/"),
        ("user", "/users/{lou}/"),
        ("settings", "/settings/"),
    ],
)
def test_everybody_can_use_the_pages_of_personal_data(
    busy: Space, ada: User, lou: User, page_of: Callable[..., Page], name: str, address: str
) -> None:
    page = page_of(ada)
    page.goto(address.format(lou=lou.pk))
    assert_accessible(page)
    look(page, f"privacy-{name}")


def test_an_owner_erases_somebody_and_reads_of_it_in_the_log(
    busy: Space, ada: User, lou: User, page_of: Callable[..., Page]
) -> None:
    page = page_of(ada)
    page.goto(f"/users/{lou.pk}/")
    page.get_by_role("link", name="Export or erase").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the archive").click()
    assert download.value.suggested_filename == f"cards-person-{lou.pk}.zip"
    page.get_by_role("link", name="Erase…").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Lou Martin was erased.")).to_be_visible()
    page.goto("/settings/audit-log/?subject=privacy")
    expect(page.get_by_text("Ada Martin erased a person").first).to_be_visible()
    expect(page.get_by_text("Lou Martin")).to_have_count(0)
