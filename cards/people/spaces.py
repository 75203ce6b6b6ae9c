"""Opening a space with its first owner, and changing its settings. (Here, because a space knows no users.)"""

from django.db import transaction

from cards.audit.actions import record
from cards.people import actions, outbox
from cards.people.models import Role, User
from cards.spaces.models import Space


@transaction.atomic
def open_space(
    *, by: User | None, space: Space, email: str, first_name: str, last_name: str, password: str | None = None
) -> User:
    """Save the new `space` with its owner, who is invited unless they have a password already."""
    space.save()
    record("space_opened", space=space, by=by, target=space.slug)
    owner = actions.create_user(
        space=space,
        by=by,
        email=email,
        first_name=first_name,
        last_name=last_name,
        role=Role.OWNER,
        password=password,
    )
    if password is None:
        outbox.invite(users=[owner], by=by)
    return owner


@transaction.atomic
def change_space(*, space: Space, by: User | None, **wanted: object) -> None:
    """Give fields of `space` other values; the audit log keeps both."""
    former = {name: getattr(space, name) for name, value in wanted.items() if getattr(space, name) != value}
    if not former:
        return
    for name in former:
        setattr(space, name, wanted[name])
    space.save(update_fields=sorted(former))
    record("space_changed", space=space, by=by, target=space.slug, former=former, now={n: wanted[n] for n in former})
