"""Changing users and their invitations. Every act is checked against its actor's role and audited.

Only owners give or touch the owner role; the last owner of a space stays one.
"""

from collections.abc import Collection

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cards import clock
from cards.audit.actions import record
from cards.identity import second_factor
from cards.identity.sessions import forget_sessions
from cards.people.errors import EmailTaken, Refused
from cards.people.models import ConnectionMode, Group, Membership, Origin, Role, User, login_key, name_key
from cards.people.queries import learners_left, switchable
from cards.spaces.models import Space


@transaction.atomic
def create_user(
    *,
    space: Space,
    by: User | None,
    email: str,
    first_name: str,
    last_name: str,
    role: str = Role.LEARNER,
    language: str = "",
    connection_mode: str = ConnectionMode.PASSWORD,
    password: str | None = None,
) -> User:
    """Open an account. Without a password, its owner sets one through a mailed link. `by` None: a command's doing."""
    space = _locked(space)
    _check_role(by, role)
    _check_mode(space, connection_mode)
    if role == Role.LEARNER:
        _check_quota(space)
    user = User(
        space=space,
        email=email,
        first_name=first_name,
        last_name=last_name,
        role=role,
        language=language or space.language,
        connection_mode=connection_mode,
    )
    user.set_password(password)
    _save(user)
    record("user_created", space=space, by=by, target=f"user {user.pk}", role=role)
    return user


@transaction.atomic
def change_user(
    *, user: User, by: User, email: str, first_name: str, last_name: str, language: str, connection_mode: str
) -> None:
    """Change what an account says of its person, and how they sign in."""
    space = _locked_with(user, by)
    if connection_mode != user.connection_mode:
        _check_mode(space, connection_mode)
    wanted = {
        "email": email.strip(),
        "first_name": first_name,
        "last_name": last_name,
        "language": language,
        "connection_mode": connection_mode,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(user, name) != value)
    for name in changed:
        setattr(user, name, wanted[name])
    if not changed:
        return
    if "connection_mode" in changed:
        # Whoever comes back to SSO is found anew, by verified e-mail.
        _forget_way_in(space, [user.pk])
    _save(user)
    record("user_changed", space=space, by=by, target=f"user {user.pk}", changed=changed)


@transaction.atomic
def change_connection_modes(*, space: Space, by: User, users: QuerySet[User], connection_mode: str) -> int:
    """Give those of `users` another way to sign in who have another one now; how many.

    Owners and `by` are left out: they are changed one by one, so that somebody can always get in.
    """
    space = _locked(space)
    _check_mode(space, connection_mode)
    ids = list(switchable(space, by, users).exclude(connection_mode=connection_mode).values_list("pk", flat=True))
    User.objects.filter(space=space, pk__in=ids).update(connection_mode=connection_mode)
    _forget_way_in(space, ids)
    if ids:
        record("connection_modes_changed", space=space, by=by, connection_mode=connection_mode, users=ids)
    return len(ids)


@transaction.atomic
def change_role(*, user: User, by: User, role: str) -> None:
    """Give `user` another role."""
    space = _locked_with(user, by)
    _check_role(by, role)
    former = user.role
    if role == former:
        return
    if former == Role.OWNER:
        _check_another_owner(space, user)
    if role == Role.LEARNER:
        _check_quota(space)
    user.role = role
    user.save(update_fields=["role"])
    record("role_changed", space=space, by=by, target=f"user {user.pk}", former=former, role=role)


@transaction.atomic
def deactivate_user(*, user: User, by: User) -> None:
    """Close an account without losing anything of it: its user is out at once and can be let in again."""
    space = _locked_with(user, by)
    if user.pk == by.pk:
        raise Refused(_("You cannot deactivate your own account."))
    if user.role == Role.OWNER:
        _check_another_owner(space, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    forget_sessions([user.pk])
    record("user_deactivated", space=space, by=by, target=f"user {user.pk}")


@transaction.atomic
def reset_sign_in(*, user: User, by: User) -> None:
    """Let nobody in any more by what let them in so far: sessions, password, mailed links, the person at the provider.

    Whoever reads the mailbox of the account chooses a password anew, or is found at the provider by that e-mail.
    """
    space = _locked_with(user, by)
    if user.pk == by.pk:
        raise Refused(_("Your own password and sessions are under “My account”."))
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _forget_way_in(space, [user.pk])
    record("sign_in_reset", space=space, by=by, target=f"user {user.pk}")


@transaction.atomic
def reset_second_factor(*, user: User, by: User) -> None:
    """Let in by the password alone somebody who lost their phone and their codes. Owners do it, and operators."""
    _locked_with(user, by)
    if user.pk == by.pk:
        # There the password is asked for: an open screen is not enough.
        raise Refused(_("Turn off your own two-step sign-in under “My account”."))
    if not _may_give_owner(by):
        raise Refused(_("Only an owner can reset two-step sign-in."))
    second_factor.take_away(user, by=by)


@transaction.atomic
def activate_user(*, user: User, by: User) -> None:
    """Let a deactivated user in again."""
    space = _locked_with(user, by)
    if user.is_active:
        return
    if user.role == Role.LEARNER:
        _check_quota(space)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("user_activated", space=space, by=by, target=f"user {user.pk}")


@transaction.atomic
def create_group(*, space: Space, by: User, name: str, description: str = "") -> Group:
    """Make an empty group."""
    _check_group_name(space, name)
    group = Group(space=space, name=name, description=description)
    _save_group(group)
    record("group_created", space=space, by=by, target=f"group {group.pk}")
    return group


@transaction.atomic
def rename_group(*, group: Group, by: User, name: str, description: str = "") -> None:
    """Give `group` another name or description."""
    if (" ".join(name.split()), description) == (group.name, group.description):
        return
    _check_group_name(group.space, name, but=group)
    former, group.name, group.description = group.name, name, description
    _save_group(group)
    record("group_changed", space=group.space, by=by, target=f"group {group.pk}", former=former, name=group.name)


@transaction.atomic
def delete_group(*, group: Group, by: User) -> None:
    """Remove the group, with its place in a department of Lucca; its members and what they did stay."""
    # An import that places people in it has done so by now, or finds it gone and does that batch again.
    locked = Group.objects.select_for_update().filter(pk=group.pk).first()
    if locked is None:
        return
    members = locked.memberships.count()
    record("group_deleted", space=group.space, by=by, target=f"group {group.pk}", name=locked.name, members=members)
    locked.delete()


@transaction.atomic
def add_members(*, group: Group, by: User, users: Collection[User]) -> int:
    """Put users of the group's space in it by hand; how many were not in it yet."""
    present = set(Membership.objects.filter(group=group, user__in=users).values_list("user_id", flat=True))
    added = [user for user in users if user.space_id == group.space_id and user.pk not in present]
    now = clock.now()
    Membership.objects.bulk_create(
        [Membership(group=group, user=user, origin=Origin.BY_HAND, added_by=by, added_at=now) for user in added],
        ignore_conflicts=True,
        batch_size=500,
    )
    if added:
        ids = [user.pk for user in added]
        record("members_added", space=group.space, by=by, target=f"group {group.pk}", users=ids)
    return len(added)


@transaction.atomic
def remove_member(*, group: Group, by: User, user: User) -> None:
    """Take `user` out of `group`, wherever the membership came from."""
    deleted, _of = Membership.objects.filter(group=group, user=user).delete()
    if deleted:
        record("member_removed", space=group.space, by=by, target=f"group {group.pk}", users=[user.pk])


def _locked(space: Space) -> Space:
    """The space, held until the transaction ends: its quota and its owners are counted by one act at a time.

    `no_key`, so that an import which adds users meanwhile and this act never wait for each other.
    """
    return Space.objects.select_for_update(no_key=True).get(pk=space.pk)


def _locked_with(user: User, by: User) -> Space:
    """The space of `user`, held, and `user` as it is now; refused when `by` may not change this account."""
    space = Space.objects.select_for_update(no_key=True).get(users=user)
    user.refresh_from_db()
    if not by.is_operator and by.space_id != space.pk:
        raise Refused(_("This account belongs to another space."))
    if user.role == Role.OWNER and not _may_give_owner(by):
        raise Refused(_("Only an owner can change the account of an owner."))
    return space


def _forget_way_in(space: Space, user_ids: Collection[int]) -> None:
    """End the sessions of these users, and let the provider find them anew."""
    SocialAccount.objects.filter(user__space=space, user__in=user_ids).delete()
    forget_sessions(user_ids)


def _may_give_owner(by: User | None) -> bool:
    return by is None or by.is_operator or by.role == Role.OWNER


def _check_role(by: User | None, role: str) -> None:
    if role == Role.OWNER and not _may_give_owner(by):
        raise Refused(_("Only an owner can give the owner role."))


def _check_mode(space: Space, connection_mode: str) -> None:
    if connection_mode == ConnectionMode.SSO and not space.sso_is_active:
        raise Refused(_("SSO is not set up for this space."))


def _check_quota(space: Space) -> None:
    if learners_left(space) == 0:
        raise Refused(
            _("The space has reached its learner quota (%(quota)d). Deactivate a learner, or ask for a higher quota.")
            % {"quota": space.learner_quota or 0}
        )


def _save(user: User) -> None:
    """Refused when another account of the space has the e-mail, also one that an import makes at this moment."""
    is_taken = EmailTaken(_("Another account of this space has this e-mail."))
    if User.objects.filter(login_key=login_key(user.space_id, user.email)).exclude(pk=user.pk).exists():
        raise is_taken
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # email_once_per_space
        raise is_taken from None


def _check_another_owner(space: Space, user: User) -> None:
    owners = User.objects.filter(space=space, role=Role.OWNER, is_active=True).exclude(pk=user.pk)
    if not owners.exists():
        raise Refused(_("A space keeps at least one owner. Give the role to somebody else first."))


def _check_group_name(space: Space, name: str, but: Group | None = None) -> None:
    same = Group.objects.filter(space=space, name_key=name_key(name)).first()
    if same not in (None, but):
        raise _group_name_taken()


def _save_group(group: Group) -> None:
    """Refused when somebody else, or an import, has given the name to another group at this very moment."""
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:  # group_name_once_per_space
        raise _group_name_taken() from None


def _group_name_taken() -> Refused:
    return Refused(_("There is already a group of this name."))
