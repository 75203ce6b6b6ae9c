"""The pages of people in the browser: they obey the content security policy and everybody can use them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cards import clock
from cards.people import actions
from cards.people.letters import letter
from cards.people.models import Mail, MailKind, MailState, Origin, Role, User
from cards.spaces.models import Space
from tests.browser.watch import assert_accessible, look
from tests.conftest import a_user

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ["Adam", "Zoélie", "Inès", "Léo", "Chloé", "Ève", "Paul"]


@pytest.fixture
def company(acme: Space, ada: User, eli: User, lou: User) -> Space:
    """Acme with some people, groups and invitations in every state."""
    people = [a_user(acme, f"{name}{number}") for number in range(9) for name in NAMES]
    sales = actions.create_group(space=acme, by=ada, name="Sales – South-West", description="Stores and the road.")
    support = actions.create_group(space=acme, by=ada, name="Customer support")
    actions.add_members(group=sales, by=ada, users=[*people[:40], lou])
    actions.add_members(group=support, by=ada, users=[lou])
    support.memberships.update(origin=Origin.LUCCA)
    now = clock.now()
    for person, state in zip(people, [*MailState] * 3, strict=False):
        Mail.objects.create(space=acme, user=person, kind=MailKind.INVITATION, state=state, created_at=now)
    User.objects.filter(pk__in=[ada.pk, lou.pk, people[2].pk]).update(last_login=now)
    User.objects.filter(pk=people[3].pk).update(is_active=False)
    acme.learner_quota = 100
    acme.save()
    return acme


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("home", "/"),
        ("users", "/users/"),
        ("users-nobody", "/users/?q=nobody+at+all"),
        ("user", "/users/{lou}/"),
        ("user-add", "/users/add/"),
        ("user-deactivate", "/users/{lou}/deactivate/"),
        ("user-reset-sign-in", "/users/{lou}/sign-in/reset/"),
        ("users-invite", "/users/invite/"),
        ("groups", "/groups/"),
        ("group", "/groups/{sales}/?add=a"),
        ("group-edit", "/groups/{sales}/edit/"),
        ("settings", "/settings/"),
        ("integrations", "/integrations/"),
        ("help", "/help/"),
    ],
)
def test_the_owners_pages_are_accessible(
    name: str, address: str, company: Space, ada: User, lou: User, page_of: Callable[..., Page]
) -> None:
    page = page_of(ada)
    page.goto(address.format(lou=lou.pk, sales=company.groups.get(name__startswith="Sales").pk))
    look(page, f"people-{name}")
    assert_accessible(page)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("sign-in", "/account/login/"),
        ("first-visit", "/account/first-visit/"),
        ("lost-password", "/account/password/lost/"),
        ("link-sent", "/account/password/link-sent/"),
        ("link-dead", "/account/password/MQ/dead/"),
        ("operator-sign-in", "/operator/login/"),
    ],
)
def test_the_pages_before_signing_in_are_accessible(
    name: str, address: str, acme: Space, page_at: Callable[..., Page]
) -> None:
    page = page_at(acme)
    page.goto(address)
    look(page, f"people-{name}")
    assert_accessible(page)


def test_a_learner_chooses_a_password_from_the_mail_and_arrives_home(acme: Space, page_at: Callable[..., Page]) -> None:
    learner = User.objects.create(
        space=acme, email="new@acme.example", first_name="New", last_name="Roy", language="en"
    )
    link = letter(Mail(space=acme, user=learner, kind=MailKind.INVITATION), learner).body
    path = next(line for line in link.splitlines() if "/account/password/" in line).removeprefix("https://acme.example")
    page = page_at(acme, expect=(422,))
    page.goto(path)
    look(page, "people-set-password")
    assert_accessible(page)
    page.locator("[name=new_password1]").fill("short")
    page.locator("[name=new_password2]").fill("short")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("too short")
    page.locator("[name=new_password1]").fill("a brand new secret")
    page.locator("[name=new_password2]").fill("a brand new secret")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello New")
    look(page, "people-home-learner")
    assert_accessible(page)


def test_a_wrong_password_says_so_and_keeps_what_was_typed(
    acme: Space, lou: User, page_at: Callable[..., Page]
) -> None:
    page = page_at(acme, expect=(422,))
    page.goto("/account/login/")
    page.get_by_label("E-mail").fill("lou@acme.example")
    page.locator("[name=password]").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This e-mail and this password do not go together.")
    expect(page.get_by_label("E-mail")).to_have_value("lou@acme.example")


def test_the_list_narrows_while_one_types(company: Space, ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada)
    page.goto("/users/")
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("searchbox").fill("zoelie3")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Zoélie3 Martin")


def test_somebody_is_found_and_added_to_a_group(
    company: Space, ada: User, eli: User, page_of: Callable[..., Page]
) -> None:
    group = company.groups.get(name="Customer support")
    page = page_of(ada)
    page.goto(f"/groups/{group.pk}/")
    page.locator("[name=add]").fill("eli")
    page.get_by_role("button", name="Add Eli Martin").click()
    expect(page.locator("tbody")).to_contain_text("Eli Martin")
    assert group.memberships.get(user=eli).added_by == ada
    assert eli.role == Role.EDITOR


def test_an_owner_switches_everybody_to_sso(acme: Space, ada: User, lou: User, page_of: Callable[..., Page]) -> None:
    Space.objects.filter(pk=acme.pk).update(sso_is_active=True)
    page = page_of(ada)
    page.goto("/users/")
    page.get_by_role("link", name="Connection mode").click()
    assert_accessible(page)
    look(page, "users-connection-mode")
    page.get_by_label("SSO").check()
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_text("1 user has another connection mode now.")).to_be_visible()
    page.goto("/settings/")
    assert_accessible(page)
    look(page, "settings")
