"""Looking up users, groups and memberships of one space. Never writes."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cards.people.models import (
    REACHED_NOBODY,
    ConnectionMode,
    Group,
    Mail,
    MailKind,
    Membership,
    Role,
    User,
    search_key,
)
from cards.spaces.models import Space

# No name has more words, and databases do not bear thousands of conditions.
MOST_WORDS = 20
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


class Standing(models.TextChoices):
    """How far somebody has come on the way in."""

    SIGNED_IN = "signed_in", _("Has signed in")
    INVITED = "invited", _("Invited")
    NOT_INVITED = "not_invited", _("Not invited yet")
    INACTIVE = "inactive", _("Deactivated")


@dataclass(frozen=True)
class UserFilters:
    """Which users of a space a list shows; what is empty does not filter."""

    text: str = ""
    role: str = ""
    group: int | None = None
    standing: str = ""
    connection_mode: str = ""


def holding(rows: Rows, text: str, column: str = "search_key") -> Rows:
    """Of `rows`, those whose `column`, made by `search_key`, holds every word of `text`.

    Of a whole list that was pasted the first words count. PostgreSQL knows no null character.
    """
    for word in search_key(text.replace("\0", " ")).split()[:MOST_WORDS]:
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


def users_of(space: Space, filters: UserFilters = UserFilters()) -> QuerySet[User]:
    """The users of `space` by name, each with `invitation_state` (None when there is no invitation)."""
    users = User.objects.filter(space=space).annotate(invitation_state=Subquery(_invitations().values("state")))
    users = holding(users, filters.text)
    if filters.role:
        users = users.filter(role=filters.role)
    if filters.connection_mode:
        users = users.filter(connection_mode=filters.connection_mode)
    if filters.group is not None:
        users = users.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), group=filters.group)))
    if filters.standing:
        users = users.filter(_stands(Standing(filters.standing)))
    return users


def switchable(space: Space, by: User, users: QuerySet[User]) -> QuerySet[User]:
    """Those of `users` whose connection mode `by` may change in bulk: everybody but the owners and `by`."""
    return users.filter(space=space).exclude(role=Role.OWNER).exclude(pk=by.pk)


def not_invited(space: Space) -> QuerySet[User]:
    """Whom nobody has invited yet: active, never signed in, no invitation but one that reached nobody."""
    return User.objects.filter(_stands(Standing.NOT_INVITED), space=space)


def groups_of(space: Space) -> QuerySet[Group]:
    """The groups of `space` by name, each with `member_count`."""
    members = Membership.objects.filter(group=OuterRef("pk")).order_by().values("group")
    counted = members.annotate(number=Count("pk")).values("number")
    return Group.objects.filter(space=space).annotate(
        member_count=Coalesce(Subquery(counted), 0),
    )


def memberships_of(space: Space, user: User) -> QuerySet[Membership]:
    """The groups that `user` is in, with where each membership came from."""
    return (
        Membership.objects.filter(group__space=space, user=user)
        .select_related("group", "added_by")
        .order_by("group__name_key")
    )


def members_of(space: Space, group: Group) -> QuerySet[Membership]:
    """The members of `group` by name, with where each membership came from."""
    # The space of the users too: they are then read in the order of their names, as many as a page shows.
    return (
        Membership.objects.filter(group=group, group__space=space, user__space=space)
        .select_related("user", "group", "added_by")
        .order_by("user__sort_key", "user_id")
    )


def candidates(space: Space, group: Group, text: str) -> QuerySet[User]:
    """Active users who are not in `group` yet and whose name or e-mail holds `text`."""
    is_member = Exists(Membership.objects.filter(user=OuterRef("pk"), group=group))
    return users_of(space, UserFilters(text=text)).filter(~is_member, is_active=True)


def learners_left(space: Space) -> int | None:
    """How many learners the quota still allows; None means without limit."""
    if space.learner_quota is None:
        return None
    learners = User.objects.filter(space=space, role=Role.LEARNER, is_active=True).count()
    return max(0, space.learner_quota - learners)


def connection_modes(space: Space) -> list[tuple[str, str]]:
    """The connection modes that `space` can use: SSO only once it is set up (R24)."""
    modes = ConnectionMode if space.sso_is_active else [ConnectionMode.PASSWORD]
    return [(mode.value, str(mode.label)) for mode in modes]


def _invitations() -> QuerySet[Mail]:
    return Mail.objects.filter(user=OuterRef("pk"), kind=MailKind.INVITATION)


def _stands(standing: Standing) -> Q:
    is_invited = Exists(_invitations().exclude(state__in=REACHED_NOBODY))
    match standing:
        case Standing.SIGNED_IN:
            return Q(is_active=True, last_login__isnull=False)
        case Standing.INVITED:
            return Q(is_invited, is_active=True, last_login__isnull=True)
        case Standing.NOT_INVITED:
            return Q(~is_invited, is_active=True, last_login__isnull=True)
        case Standing.INACTIVE:
            return Q(is_active=False)
