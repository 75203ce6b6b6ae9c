"""What the pages of users, groups and settings show and do."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cards import clock
from cards.audit.models import Entry
from cards.people import actions
from cards.people.letters import password_link
from cards.people.models import Group, Mail, MailKind, MailState, Membership, Origin, Role, User
from cards.spaces.models import Space
from cards.trainings.models import Training
from tests.conftest import PASSWORD, a_user

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

INES = {"first_name": "Inès", "last_name": "Roy", "email": "ines@acme.example", "role": "learner", "language": "fr"}


def names_on(page: str) -> list[str]:
    """Who is listed, in order."""
    return re.findall(r'<a href="/users/\d+/">([^<]+)</a>', page)


def invited(user: User, state: str = MailState.SENT) -> None:
    Mail.objects.create(
        space_id=user.space_id, user=user, kind=MailKind.INVITATION, state=state, created_at=clock.now()
    )


def many(space: Space, number: int) -> list[User]:
    """So many people, in several groups each."""
    groups = [actions.create_group(space=space, by=space.users.first(), name=f"G{each}") for each in range(4)]
    people = []
    for each in range(number):
        user = User(space=space, email=f"p{each:04}@acme.example", first_name=f"P{each:04}", last_name="Roy")
        user.set_keys()
        people.append(user)
    User.objects.bulk_create(people)
    for group in groups:
        actions.add_members(group=group, by=space.users.first(), users=people)
    return people


# --- the list of users ------------------------------------------------------------------------------


def test_users_are_listed_by_name_whatever_their_accents(acme: Space, ada: User, client_of: ClientOf) -> None:
    for last_name in ("Zola", "Émile", "Eluard", "Fabre"):
        User.objects.create(space=acme, email=f"{last_name}@acme.example", first_name="A", last_name=last_name)
    page = client_of(ada).get("/users/").content.decode()
    assert names_on(page) == ["A Eluard", "A Émile", "A Fabre", "Ada Martin", "A Zola"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=ZOELIE", ["Zoélie Martin"]),
        ("q=martin+zoe", ["Zoélie Martin"]),
        ("q=eli@acme", ["Eli Martin"]),
        ("q=%25", []),
        ("role=editor", ["Eli Martin"]),
        ("standing=signed_in", ["Ada Martin"]),
        ("standing=invited", ["Lou Martin"]),
        ("standing=not_invited", ["Eli Martin", "Zoélie Martin"]),
        ("standing=inactive", ["Max Martin"]),
        (
            "role=nonsense&standing=nonsense&group=x",
            ["Ada Martin", "Eli Martin", "Lou Martin", "Max Martin", "Zoélie Martin"],
        ),
    ],
)
def test_the_list_is_narrowed_by_what_is_asked(
    query: str, expected: list[str], acme: Space, ada: User, eli: User, lou: User, client_of: ClientOf
) -> None:
    a_user(acme, "Zoélie")
    a_user(acme, "Max", is_active=False)
    invited(lou)
    User.objects.filter(pk=ada.pk).update(last_login=clock.now())
    client = client_of(ada)
    User.objects.exclude(pk=ada.pk).update(last_login=None)
    assert names_on(client.get(f"/users/?{query}").content.decode()) == expected


def test_the_list_is_narrowed_by_group_and_connection_mode(
    acme: Space, ada: User, lou: User, client_of: ClientOf
) -> None:
    acme.sso_is_active = True
    acme.save()
    User.objects.filter(pk=lou.pk).update(connection_mode="sso")
    group = actions.create_group(space=acme, by=ada, name="Sales")
    actions.add_members(group=group, by=ada, users=[ada])
    client = client_of(ada)
    assert names_on(client.get(f"/users/?group={group.pk}").content.decode()) == ["Ada Martin"]
    assert names_on(client.get("/users/?mode=sso").content.decode()) == ["Lou Martin"]


@pytest.mark.parametrize("state", [MailState.WITHDRAWN, MailState.FAILED])
def test_an_invitation_that_reached_nobody_counts_as_none(
    acme: Space, ada: User, lou: User, client_of: ClientOf, state: MailState
) -> None:
    invited(lou, state)
    assert "Lou Martin" in names_on(client_of(ada).get("/users/?standing=not_invited").content.decode())


def test_a_page_of_users_costs_the_same_however_many_there_are(
    acme: Space, ada: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(ada)
    many(acme, 120)
    for address in ("/users/", "/users/?q=p0&role=learner&standing=not_invited", "/users/?last=1"):
        with django_assert_num_queries(8):  # space, session, user, groups, page, memberships, found, not invited
            client.get(address)
    middle = User.objects.get(email="p0060@acme.example")
    with django_assert_num_queries(9):  # and the row where the page begins
        assert len(names_on(client.get(f"/users/?after={middle.pk}").content.decode())) == 50


def test_pages_of_users_follow_each_other_without_gap_or_repetition(
    acme: Space, ada: User, client_of: ClientOf
) -> None:
    many(acme, 120)
    client, address, seen = client_of(ada), "", []
    while address is not None:
        page = client.get(f"/users/{address}").content.decode()
        seen += names_on(page)
        found = re.search(r'href="(\?[^"]*after=\d+[^"]*)"', page)
        address = found[1] if found else None
    assert seen == ["Ada Martin"] + [f"P{each:04} Roy" for each in range(120)]


# --- one user ---------------------------------------------------------------------------------------


def test_a_user_s_page_says_where_each_membership_came_from(
    acme: Space, ada: User, lou: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, origin in enumerate((Origin.BY_HAND, Origin.LUCCA)):
        group = actions.create_group(space=acme, by=ada, name=f"Group {number}")
        Membership.objects.create(group=group, user=lou, origin=origin, added_by=ada, added_at="2026-03-03T12:00:00Z")
    client = client_of(ada)
    # space, session, user, the user shown, memberships, other groups, second factor, the connection to Lucca
    with django_assert_num_queries(8):
        page = client.get(f"/users/{lou.pk}/").content.decode()
    assert "added by Ada on 3 March 2026" in page
    assert "from Lucca, on 3 March 2026" in page
    assert f'href="/statistics/people/{lou.pk}/"' in page


@pytest.mark.parametrize(
    ("first_day", "is_shown"), [("2026-03-01", False), ("2026-03-02", False), ("2026-03-03", True)]
)
def test_a_first_day_is_shown_while_it_is_to_come(
    first_day: str, is_shown: bool, ada: User, lou: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=lou.pk).update(starts_on=first_day)
    with clock.told(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
        assert ("Arrives on" in client_of(ada).get(f"/users/{lou.pk}/").content.decode()) is is_shown


def test_an_e_mail_that_somebody_has_is_marked_and_leads_to_them(ada: User, lou: User, client_of: ClientOf) -> None:
    answer = client_of(ada).post("/users/add/", INES | {"email": lou.email.upper(), "connection_mode": "password"})
    assert answer.status_code == 422
    page = answer.content.decode()
    field = next(tag for tag in re.findall(r"<input[^>]*>", page) if 'name="email"' in tag)
    assert "is-invalid" in field
    assert f'This e-mail is that of <a href="/users/{lou.pk}/">{lou.full_name}</a>.' in page


def test_somebody_is_added_by_hand_with_an_invitation(acme: Space, ada: User, client_of: ClientOf) -> None:
    answer = client_of(ada).post("/users/add/", INES | {"invite": "on"})
    added = User.objects.get(email_key="ines@acme.example")
    assert (answer.status_code, answer["Location"]) == (302, f"/users/{added.pk}/")
    assert list(added.mails.values_list("kind", "state")) == [("invitation", "held")]


def test_somebody_is_added_by_hand_without_an_invitation(acme: Space, ada: User, client_of: ClientOf) -> None:
    client_of(ada).post("/users/add/", INES)
    assert not Mail.objects.exists()


def test_adding_beyond_the_quota_is_refused_in_a_sentence(
    acme: Space, ada: User, lou: User, client_of: ClientOf
) -> None:
    acme.learner_quota = 1
    acme.save()
    answer = client_of(ada).post("/users/add/", INES | {"invite": "on"})
    assert answer.status_code == 422
    assert "The space has reached its learner quota (1)." in answer.content.decode()
    assert not Mail.objects.exists()


@pytest.mark.requirement("R24")
def test_sso_is_neither_offered_nor_accepted_where_it_is_not_set_up(ada: User, lou: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert 'value="sso"' not in client.get(f"/users/{lou.pk}/edit/").content.decode()
    answers = {"first_name": "Lou", "last_name": "Martin", "email": lou.email, "role": "learner", "language": "en"}
    client.post(f"/users/{lou.pk}/edit/", answers | {"connection_mode": "sso"})
    lou.refresh_from_db()
    assert lou.connection_mode == "password"
    Space.objects.update(sso_is_active=True)
    assert 'value="sso"' in client.get(f"/users/{lou.pk}/edit/").content.decode()


def test_a_form_changes_nothing_it_does_not_show(
    acme: Space, birch: Space, ada: User, lou: User, client_of: ClientOf
) -> None:
    answers = {"first_name": "Lou", "last_name": "Roy", "email": lou.email, "role": "learner", "language": "en"}
    more = {"is_operator": "on", "space": birch.pk, "password": "x", "login_key": "operator:lou", "is_active": ""}
    assert client_of(ada).post(f"/users/{lou.pk}/edit/", answers | more).status_code == 302
    changed = User.objects.get(pk=lou.pk)
    assert (changed.last_name, changed.space, changed.is_operator, changed.is_active) == ("Roy", acme, False, True)


def test_an_editor_is_neither_offered_nor_given_the_owner_role(eli: User, lou: User, client_of: ClientOf) -> None:
    client = client_of(eli)
    assert 'value="owner"' not in client.get(f"/users/{lou.pk}/edit/").content.decode()
    answers = {"first_name": "Lou", "last_name": "Martin", "email": lou.email, "role": "owner", "language": "en"}
    assert client.post(f"/users/{lou.pk}/edit/", answers).status_code == 422
    lou.refresh_from_db()
    assert lou.role == Role.LEARNER


def test_a_refused_change_changes_nothing_at_all(ada: User, client_of: ClientOf) -> None:
    answers = {"first_name": "Adèle", "last_name": "Martin", "email": ada.email, "role": "learner", "language": "en"}
    answer = client_of(ada).post(f"/users/{ada.pk}/edit/", answers)
    assert answer.status_code == 422
    assert "A space keeps at least one owner." in answer.content.decode()
    ada.refresh_from_db()
    assert (ada.first_name, ada.role, Entry.objects.count()) == ("Ada", Role.OWNER, 0)


def test_deactivating_asks_first_and_can_be_taken_back(ada: User, lou: User, client_of: ClientOf) -> None:
    client, lous = client_of(ada), client_of(lou)
    page = client.get(f"/users/{lou.pk}/deactivate/").content.decode()
    assert "Deactivate the account of Lou Martin?" in page
    client.post(f"/users/{lou.pk}/deactivate/")
    assert lous.get("/").status_code == 302
    client.post(f"/users/{lou.pk}/activate/")
    lou.refresh_from_db()
    assert lou.is_active


def test_an_account_that_somebody_else_got_into_is_taken_back(ada: User, lou: User, client_of: ClientOf) -> None:
    client, intruder = client_of(ada), client_of(lou)
    User.objects.filter(pk=lou.pk).update(last_login=clock.now())
    form = {"first_name": "Lou", "last_name": "Martin", "email": "lou.martin@acme.example"}
    form |= {"language": "en", "role": "learner", "connection_mode": "password"}
    page = client.post(f"/users/{lou.pk}/edit/", form, follow=True).content.decode()
    assert "If somebody else used this account until now, reset its sign-in." in page
    assert intruder.get("/").status_code == 200
    link = password_link(lou.space, User.objects.get(pk=lou.pk)).removeprefix("https://acme.example")
    assert "no longer valid" not in client.get(link, follow=True).content.decode()
    asked = client.get(f"/users/{lou.pk}/sign-in/reset/").content.decode()
    assert "Reset how Lou Martin signs in?" in asked
    assert "mailed to lou.martin@acme.example" in asked
    page = client.post(f"/users/{lou.pk}/sign-in/reset/", follow=True).content.decode()
    assert "Send an invitation" in page
    assert intruder.get("/").status_code == 302
    intruder.post("/account/login/", {"login": "lou.martin@acme.example", "password": PASSWORD})
    assert intruder.get("/").status_code == 302
    assert "no longer valid" in intruder.get(link, follow=True).content.decode()
    assert Entry.objects.get(action="sign_in_reset").actor == ada


def test_one_s_own_sign_in_is_not_reset_from_one_s_page_nor_an_owner_s_by_an_editor(
    ada: User, eli: User, client_of: ClientOf
) -> None:
    for actor, page in ((ada, client_of(ada)), (eli, client_of(eli))):
        page.post(f"/users/{ada.pk}/sign-in/reset/")
        assert User.objects.get(pk=ada.pk).check_password(PASSWORD), actor


# --- invitations ------------------------------------------------------------------------------------


def test_those_not_yet_invited_are_invited_once_after_a_question(
    acme: Space, ada: User, eli: User, lou: User, client_of: ClientOf
) -> None:
    invited(eli)
    a_user(acme, "Max", is_active=False)
    client = client_of(ada)
    User.objects.filter(pk=ada.pk).update(last_login=clock.now())
    assert "1 person has an account" in client.get("/users/invite/").content.decode()
    client.post("/users/invite/")
    assert list(Mail.objects.filter(state=MailState.HELD).values_list("user", flat=True)) == [lou.pk]
    client.post("/users/invite/")
    assert Mail.objects.count() == 2
    assert "Everybody has been invited" in client.get("/users/invite/").content.decode()


def test_an_invitation_is_sent_again_as_a_person_s_act(ada: User, lou: User, client_of: ClientOf) -> None:
    invited(lou)
    client_of(ada).post(f"/users/{lou.pk}/invite/")
    assert Mail.objects.get(user=lou).state == MailState.HELD


def test_a_deactivated_account_is_not_invited(ada: User, lou: User, client_of: ClientOf) -> None:
    User.objects.filter(pk=lou.pk).update(is_active=False)
    client_of(ada).post(f"/users/{lou.pk}/invite/")
    assert not Mail.objects.exists()


# --- groups -----------------------------------------------------------------------------------------


def test_the_pages_of_groups_cost_the_same_however_many_there_are(
    acme: Space, ada: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(ada)
    many(acme, 60)
    with django_assert_num_queries(5):  # space, session, user, page, found
        client.get("/groups/")
    group = acme.groups.first()
    assert group
    with django_assert_num_queries(9):  # space, session, user, group, page, found, candidates, trainings, for everyone
        client.get(f"/groups/{group.pk}/?add=a")


@pytest.mark.parametrize("address", ["/groups/", "/statistics/groups/"])
@pytest.mark.parametrize("text", ["ÉQUIPE", "equipe", unicodedata.normalize("NFD", "équipe"), "vente  équipe", " "])
def test_a_group_is_searched_by_words_of_its_name_as_people_are(
    address: str, text: str, acme: Space, ada: User, client_of: ClientOf
) -> None:
    for name in ("Équipe de vente", "Support"):
        actions.create_group(space=acme, by=ada, name=name)
    page = client_of(ada).get(address, {"q": text}).content.decode()
    assert "Équipe de vente" in page
    assert ("Support" in page) == (not text.strip())


def test_a_group_shows_what_is_given_to_it_and_how_much_to_everyone(
    acme: Space, ada: User, client_of: ClientOf
) -> None:
    sales, support = (actions.create_group(space=acme, by=ada, name=name) for name in ("Sales", "Support"))
    client = client_of(ada)
    assert "No training is given to this group." in client.get(f"/groups/{sales.pk}/").content.decode()

    for position, title in enumerate(("Pricing", "Ticketing", "Security")):
        training = Training.objects.create(space=acme, title=title, position=position, created_at=clock.now())
        training.groups.set([support] if title == "Ticketing" else [sales])
    Training.objects.filter(title="Security").update(is_for_everyone=True)

    page = client.get(f"/groups/{sales.pk}/").content.decode()
    assert [title in page for title in ("Pricing", "Ticketing", "Security")] == [True, False, False]
    assert "1 training is given to everyone in the space." in page


def test_who_is_in_the_group_already_is_not_offered_again(
    acme: Space, ada: User, lou: User, client_of: ClientOf
) -> None:
    group = actions.create_group(space=acme, by=ada, name="Sales")
    client = client_of(ada)
    assert "Add Lou Martin" in client.get(f"/groups/{group.pk}/?add=lou").content.decode()
    client.post(f"/groups/{group.pk}/members/{lou.pk}/add/")
    assert "Add Lou Martin" not in client.get(f"/groups/{group.pk}/?add=lou").content.decode()


def test_somebody_joins_and_leaves_a_group_from_its_page_and_from_their_own(
    acme: Space, ada: User, eli: User, lou: User, client_of: ClientOf
) -> None:
    group, other = (actions.create_group(space=acme, by=ada, name=name) for name in ("Sales", "Support"))
    actions.add_members(group=other, by=ada, users=[eli, lou])
    client = client_of(ada)
    ways = [
        (f"/groups/{group.pk}/members/{lou.pk}/add/", f"/groups/{group.pk}/members/{lou.pk}/remove/"),
        (f"/users/{lou.pk}/groups/", f"/users/{lou.pk}/groups/{group.pk}/leave/"),
    ]
    for join, leave in ways:
        client.post(join, {"group": group.pk})
        (membership,) = group.memberships.all()
        assert (membership.user, membership.added_by) == (lou, ada)
        client.post(leave)
        assert not group.memberships.exists()
    assert other.memberships.count() == 2


def test_a_deleted_group_takes_nobody_with_it(acme: Space, ada: User, lou: User, client_of: ClientOf) -> None:
    group, other = (actions.create_group(space=acme, by=ada, name=name) for name in ("Sales", "Support"))
    group.lucca_department = "Commerce"
    group.save()
    actions.add_members(group=group, by=ada, users=[lou])
    given = Training.objects.create(space=acme, title="Security", position=1, created_at=clock.now())
    given.groups.add(group)
    client, where = client_of(ada), f"/groups/{group.pk}/delete/"
    assert f'href="{where}"' in client.get(f"/groups/{group.pk}/").content.decode()
    question = client.get(where).content.decode()
    assert "1 training is given to it" in question
    assert "It is the group of the department Commerce" in question
    assert client.post(where)["Location"] == "/groups/"
    assert [*Group.objects.all()] == [other]
    assert User.objects.filter(pk=lou.pk).exists()
    assert Training.objects.filter(pk=given.pk).exists()
    told = Entry.objects.get(action="group_deleted")
    assert (told.actor, told.details) == (ada, {"name": "Sales", "members": 1})


def test_a_group_gets_another_name_and_description(acme: Space, ada: User, client_of: ClientOf) -> None:
    group = actions.create_group(space=acme, by=ada, name="Sales", description="All of them")
    client, where = client_of(ada), f"/groups/{group.pk}/edit/"
    assert "All of them" in client.get(where).content.decode()
    assert client.post(where, {"name": "Support", "description": ""}).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.description) == ("Support", "")
    assert client.post(where, {"name": ""}).status_code == 422


def test_a_taken_group_name_is_refused_in_a_sentence(acme: Space, ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert client.post("/groups/add/", {"name": "Sales"}).status_code == 302
    answer = client.post("/groups/add/", {"name": " SALES "})
    assert answer.status_code == 422
    assert "There is already a group of this name." in answer.content.decode()


# --- the space, and home ----------------------------------------------------------------------------


def test_an_owner_renames_the_space_and_the_log_keeps_both_names(acme: Space, ada: User, client_of: ClientOf) -> None:
    client_of(ada).post("/settings/", {"name": "Acme & Co", "language": "fr"})
    acme.refresh_from_db()
    assert (acme.name, acme.language) == ("Acme & Co", "fr")
    entry = Entry.objects.get()
    assert entry.details == {
        "former": {"name": "Acme", "language": "en"},
        "now": {"name": "Acme & Co", "language": "fr"},
    }


def test_home_shows_an_owner_where_the_space_stands_and_a_learner_nothing_of_it(
    acme: Space, ada: User, lou: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(ada)
    with django_assert_num_queries(9):  # space, session, user, users, groups, not invited; trainings, integration
        page = client.get("/").content.decode()
    assert "People with an account" in page
    assert "1 person has an account and no invitation yet." in page
    page = client_of(lou).get("/").content.decode()
    assert "No training yet" in page
    assert "People with an account" not in page


def test_the_language_is_chosen_under_my_account_too(lou: User, client_of: ClientOf) -> None:
    client = client_of(lou)
    page = client.get("/account/").content.decode()
    assert 'name="language" value="fr"' in page[page.index("<main") : page.index("</main>")]
    client.post("/language/", {"language": "fr", "next": "/account/"})
    assert "Appareils connectés" in client.get("/account/").content.decode()
