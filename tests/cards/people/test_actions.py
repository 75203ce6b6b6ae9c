"""The rules about accounts, roles, groups and the quota."""

from typing import Any

import pytest
from django.db.models import CharField
from django.db.models.signals import pre_save

from cards.audit.models import Entry
from cards.people import actions, outbox
from cards.people.errors import Refused
from cards.people.models import ConnectionMode, Group, Mail, MailKind, Membership, Origin, Role, User
from cards.people.queries import learners_left
from cards.people.sender import recipient_of
from cards.spaces.models import Space
from tests.conftest import a_user

pytestmark = pytest.mark.django_db


def create(space: Space, by: User, **wanted: Any) -> User:
    return actions.create_user(
        **{"space": space, "by": by, "email": "ines@acme.example", "first_name": "Inès", "last_name": "Roy"} | wanted
    )


def change(user: User, by: User, **wanted: Any) -> None:
    same = {name: getattr(user, name) for name in ("email", "first_name", "last_name", "language", "connection_mode")}
    actions.change_user(user=user, by=by, **same | wanted)


def last_entry() -> tuple[str, str, dict[str, Any]]:
    entry = Entry.objects.latest("pk")
    return entry.action, entry.target, entry.details


def test_an_account_made_by_hand_is_a_learner_in_the_language_of_the_space_without_a_password(
    acme: Space, eli: User
) -> None:
    user = create(acme, eli)
    assert (user.role, user.language, user.has_usable_password()) == (Role.LEARNER, "en", False)
    assert last_entry() == ("user_created", f"user {user.pk}", {"role": "learner"})


def test_an_e_mail_is_one_account_in_a_space_however_it_is_written(acme: Space, ada: User, lou: User) -> None:
    with pytest.raises(Refused, match="Another account of this space has this e-mail"):
        create(acme, ada, email=" LOU@Acme.Example ")


def test_the_same_e_mail_in_two_spaces_is_two_accounts(acme: Space, ada: User, zoe: User) -> None:
    assert create(acme, ada, email=zoe.email).pk != zoe.pk


def test_an_account_cannot_take_the_e_mail_of_another(ada: User, eli: User, lou: User) -> None:
    with pytest.raises(Refused, match="Another account of this space has this e-mail"):
        change(lou, ada, email=eli.email.upper())


def test_only_an_owner_gives_the_owner_role(acme: Space, ada: User, eli: User, lou: User) -> None:
    with pytest.raises(Refused, match="Only an owner can give the owner role"):
        actions.change_role(user=lou, by=eli, role=Role.OWNER)
    with pytest.raises(Refused, match="Only an owner can give the owner role"):
        create(acme, eli, role=Role.OWNER)
    actions.change_role(user=lou, by=ada, role=Role.OWNER)
    assert last_entry() == ("role_changed", f"user {lou.pk}", {"former": "learner", "role": "owner"})


def test_an_editor_does_not_touch_owners(ada: User, eli: User) -> None:
    for act in (
        lambda: change(ada, eli, first_name="Adèle"),
        lambda: actions.change_role(user=ada, by=eli, role=Role.LEARNER),
        lambda: actions.deactivate_user(user=ada, by=eli),
    ):
        with pytest.raises(Refused, match="Only an owner can change the account of an owner"):
            act()


def test_the_last_owner_of_a_space_stays_one(acme: Space, ada: User, zoe: User) -> None:
    with pytest.raises(Refused, match="keeps at least one owner"):
        actions.change_role(user=ada, by=ada, role=Role.EDITOR)
    second = a_user(acme, "Bo", Role.OWNER)
    actions.change_role(user=ada, by=second, role=Role.EDITOR)
    with pytest.raises(Refused, match="keeps at least one owner"):
        actions.change_role(user=second, by=second, role=Role.EDITOR)


def test_a_deactivated_owner_does_not_count_as_an_owner(acme: Space, ada: User) -> None:
    second = a_user(acme, "Bo", Role.OWNER)
    actions.deactivate_user(user=second, by=ada)
    with pytest.raises(Refused, match="keeps at least one owner"):
        actions.change_role(user=ada, by=ada, role=Role.EDITOR)


def test_nobody_deactivates_themselves(acme: Space, ada: User) -> None:
    a_user(acme, "Bo", Role.OWNER)
    with pytest.raises(Refused, match="your own account"):
        actions.deactivate_user(user=ada, by=ada)


def test_nobody_changes_accounts_of_another_space(lou: User, zoe: User) -> None:
    with pytest.raises(Refused, match="another space"):
        actions.deactivate_user(user=lou, by=zoe)


@pytest.mark.requirement("R24")
def test_sso_is_refused_where_it_is_not_set_up(acme: Space, ada: User, lou: User) -> None:
    with pytest.raises(Refused, match="SSO is not set up"):
        change(lou, ada, connection_mode=ConnectionMode.SSO)
    with pytest.raises(Refused, match="SSO is not set up"):
        create(acme, ada, connection_mode=ConnectionMode.SSO)
    acme.sso_is_active = True
    acme.save()
    assert create(acme, ada, connection_mode=ConnectionMode.SSO).connection_mode == "sso"


def test_learners_beyond_the_quota_are_refused_whichever_way_they_come(
    acme: Space, birch: Space, ada: User, eli: User
) -> None:
    acme.learner_quota = 1
    acme.save()
    # Those of another space count there.
    a_user(birch, "Learner")
    learner = create(acme, ada)
    assert learners_left(acme) == 0
    with pytest.raises(Refused, match="learner quota"):
        create(acme, ada, email="other@acme.example")
    with pytest.raises(Refused, match="learner quota"):
        actions.change_role(user=eli, by=ada, role=Role.LEARNER)
    create(acme, ada, email="editor@acme.example", role=Role.EDITOR)
    actions.deactivate_user(user=learner, by=ada)
    create(acme, ada, email="other@acme.example")
    with pytest.raises(Refused, match="learner quota"):
        actions.activate_user(user=learner, by=ada)


def test_a_change_is_audited_by_the_names_of_what_changed(ada: User, lou: User) -> None:
    change(lou, ada, first_name="Louise", language="fr")
    assert last_entry() == ("user_changed", f"user {lou.pk}", {"changed": ["first_name", "language"]})
    lou.refresh_from_db()
    assert lou.search_key == "louise martin lou@acme.example"


def test_changing_nothing_leaves_no_trace(ada: User, lou: User) -> None:
    change(lou, ada)
    assert not Entry.objects.exists()


def test_a_group_name_designates_one_group_of_a_space(acme: Space, birch: Space, ada: User, zoe: User) -> None:
    actions.create_group(space=acme, by=ada, name="Sales")
    with pytest.raises(Refused, match="already a group of this name"):
        actions.create_group(space=acme, by=ada, name="  sales ")
    actions.create_group(space=birch, by=zoe, name="Sales")


def test_two_who_give_groups_one_name_at_the_same_moment_make_one_group(acme: Space, ada: User) -> None:
    old = actions.create_group(space=acme, by=ada, name="Paris")

    def somebody_else_is_quicker(**_signal: object) -> None:
        Group.objects.bulk_create([Group(space=acme, name="Sales", name_key="sales")], ignore_conflicts=True)

    pre_save.connect(somebody_else_is_quicker, sender=Group)
    try:
        with pytest.raises(Refused, match="already a group"):
            actions.create_group(space=acme, by=ada, name="Sales")
        with pytest.raises(Refused, match="already a group"):
            actions.rename_group(group=old, by=ada, name="Sales")
    finally:
        pre_save.disconnect(somebody_else_is_quicker, sender=Group)
    assert not Entry.objects.filter(action="group_changed").exists()


def test_names_and_e_mails_that_folding_makes_longer_are_kept(acme: Space, ada: User) -> None:
    """PostgreSQL refuses a text that is longer than its column; SQLite takes any."""
    group = actions.create_group(space=acme, by=ada, name="ß" * 255)
    long_email = f"a@{'.'.join(['ß' * 30] * 7)}.fr"
    user = actions.create_user(space=acme, by=ada, email=long_email, first_name="ΐ" * 190, last_name="ﷺ" * 190)
    outbox.request(space=acme, typed_email=long_email, kind=MailKind.FIRST_VISIT)
    for row in (group, user, Mail.objects.get()):
        for field in row._meta.concrete_fields:
            if isinstance(field, CharField):
                assert len(getattr(row, field.name)) <= (field.max_length or 0), field.name
    assert recipient_of(Mail.objects.get()) == user


def test_a_group_can_be_renamed_in_another_case(acme: Space, ada: User) -> None:
    group = actions.create_group(space=acme, by=ada, name="sales")
    actions.rename_group(group=group, by=ada, name="Sales")
    assert last_entry() == ("group_changed", f"group {group.pk}", {"former": "sales", "name": "Sales"})


def test_adding_somebody_twice_keeps_the_first_membership(acme: Space, ada: User, eli: User, lou: User) -> None:
    group = actions.create_group(space=acme, by=ada, name="Sales")
    assert actions.add_members(group=group, by=ada, users=[lou]) == 1
    assert actions.add_members(group=group, by=eli, users=[lou, eli]) == 1
    membership = Membership.objects.get(group=group, user=lou)
    assert (membership.added_by, membership.origin) == (ada, Origin.BY_HAND)
    assert last_entry() == ("members_added", f"group {group.pk}", {"users": [eli.pk]})


def test_a_group_takes_nobody_from_another_space(acme: Space, ada: User, zoe: User) -> None:
    group = actions.create_group(space=acme, by=ada, name="Sales")
    assert actions.add_members(group=group, by=ada, users=[zoe]) == 0


def test_a_membership_from_lucca_can_be_removed_by_hand(acme: Space, ada: User, lou: User) -> None:
    group = actions.create_group(space=acme, by=ada, name="Sales")
    Membership.objects.create(group=group, user=lou, origin=Origin.LUCCA, added_at=group.created_at)
    actions.remove_member(group=group, by=ada, user=lou)
    assert not group.memberships.exists()
    assert last_entry() == ("member_removed", f"group {group.pk}", {"users": [lou.pk]})
