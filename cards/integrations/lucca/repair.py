"""Setting right by hand what an import could not know: who is whom, a changed e-mail, one person read again."""

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from cards import clock
from cards.audit.actions import record
from cards.integrations.lucca.connect import client_of, note_state, respect
from cards.integrations.lucca.models import AccountState, DirectoryEmployee, Link, LuccaAccount
from cards.integrations.lucca.read import facts_of, mark_doubled, note_first_days
from cards.integrations.lucca.sides import links_of, still_there
from cards.people import actions
from cards.people.models import User
from cards.people.queries import UserFilters, users_of
from cards.seal import SealBrokenError
from lucca import LuccaError, Refused, Throttled, Unavailable


class Obstacle(models.TextChoices):
    """Why something could not be set right."""

    LINKED_SINCE = "linked_since", _("One of the two has been linked to somebody else meanwhile.")
    NOT_FORMER = "not_former", _("The account is not linked to somebody who has left any more. Nothing was changed.")
    NOT_LINKED = "not_linked", _("This collaborator is not linked to a user any more.")
    BUSY = "busy", _("Lucca takes no more calls for the moment. Try again in a minute.")
    SILENT = "silent", _("Lucca does not answer. Try again later.")
    REFUSED = "refused", _("Lucca refuses the key. The owner of the space can enter a new one in the configuration.")
    UNREADABLE = "unreadable", _("Lucca gave an answer that cannot be read. Try again later.")
    NOT_SHOWN = "not_shown", _("Lucca does not show this collaborator to the API key. Nothing was changed.")


class CannotRepair(Exception):
    """What was asked could not be done; `obstacle` says why, in words for the page."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


def link_of(account: LuccaAccount, employee: DirectoryEmployee) -> Link | None:
    links = links_of(account).filter(lucca_id=employee.lucca_id)
    return links.select_related("user", "run__created_by").first()


def unlink(*, account: LuccaAccount, employee: DirectoryEmployee, by: User) -> None:
    """Forget that this collaborator is this user. Neither the account nor its groups change."""
    deleted, _of = links_of(account).filter(lucca_id=employee.lucca_id).delete()
    if not deleted:
        raise CannotRepair(Obstacle.NOT_LINKED)
    record("lucca.unlinked", space=account.space, by=by, target=f"employee {employee.lucca_id}")


def may_be_linked(account: LuccaAccount, text: str) -> QuerySet[User]:
    """The users whom a collaborator may be linked to by hand: not linked at this Lucca, found by name or e-mail."""
    is_linked = Exists(links_of(account).filter(user=OuterRef("pk")))
    return users_of(account.space, UserFilters(text=text)).filter(~is_linked, is_active=True)


def link_by_hand(*, account: LuccaAccount, employee: DirectoryEmployee, user: User, by: User) -> None:
    """A person's word that this collaborator is this user of the space, whatever their e-mails."""
    try:
        with transaction.atomic():
            Link.objects.create(
                space_id=account.space_id,
                host=account.host,
                lucca_id=employee.lucca_id,
                user=user,
                linked_at=clock.now(),
            )
            target = f"employee {employee.lucca_id}"
            record("lucca.linked_by_hand", space=account.space, by=by, target=target, user=user.pk)
    except IntegrityError:  # employee_linked_once, user_linked_once_per_host
        raise CannotRepair(Obstacle.LINKED_SINCE) from None


def former_link(account: LuccaAccount, employee: DirectoryEmployee) -> Link | None:
    """The link of the account with this collaborator's e-mail, if it is to the file of somebody who has left."""
    if not employee.email_key:
        return None
    is_there = Exists(still_there(account).filter(lucca_id=OuterRef("lucca_id")))
    links = links_of(account).filter(~is_there, user__email_key=employee.email_key)
    return links.exclude(lucca_id=employee.lucca_id).select_related("user").first()


def move_link(*, account: LuccaAccount, employee: DirectoryEmployee, by: User) -> None:
    """A person's word that this collaborator is who left and came back: the account goes by the new file."""
    former = former_link(account, employee)
    if former is None:
        raise CannotRepair(Obstacle.NOT_FORMER)
    try:
        with transaction.atomic():
            links = links_of(account).filter(pk=former.pk, lucca_id=former.lucca_id)
            if not links.update(lucca_id=employee.lucca_id, run=None, linked_at=clock.now()):
                raise CannotRepair(Obstacle.NOT_FORMER)
            target = f"employee {employee.lucca_id}"
            record("lucca.link_moved", space=account.space, by=by, target=target, former=former.lucca_id)
    except IntegrityError:  # employee_linked_once
        raise CannotRepair(Obstacle.LINKED_SINCE) from None


def take_over_email(*, account: LuccaAccount, employee: DirectoryEmployee, by: User) -> None:
    """Give the linked user the e-mail that Lucca shows now. `people.errors.Refused` when another account has it."""
    link = link_of(account, employee)
    if link is None or not employee.email_key:
        raise CannotRepair(Obstacle.NOT_LINKED)
    user = link.user
    actions.change_user(
        user=user,
        by=by,
        email=employee.email,
        first_name=user.first_name,
        last_name=user.last_name,
        language=user.language,
        connection_mode=user.connection_mode,
    )


def check_again(*, account: LuccaAccount, employee: DirectoryEmployee, by: User) -> None:
    """Ask Lucca about this one person, with one call, and bring the directory to what it says."""
    facts = _asked(account, employee.lucca_id)
    with transaction.atomic():
        DirectoryEmployee.objects.filter(pk=employee.pk).update(absences=0, **facts)
        mark_doubled(account)
        note_first_days(account)
        record("lucca.checked_again", space=account.space, by=by, target=f"employee {employee.lucca_id}")


def _asked(account: LuccaAccount, lucca_id: str) -> dict[str, str | None]:
    try:
        with client_of(account) as client:
            found = client.employee(lucca_id)
    except SealBrokenError:
        raise CannotRepair(Obstacle.REFUSED) from None
    except LuccaError as error:
        raise CannotRepair(_obstacle_of(account, error)) from None
    if found is None:
        raise CannotRepair(Obstacle.NOT_SHOWN)
    return facts_of(found)


def _obstacle_of(account: LuccaAccount, error: LuccaError) -> Obstacle:
    match error:
        case Throttled():
            respect(account.host, error)
            return Obstacle.BUSY
        case Unavailable():
            return Obstacle.SILENT
        case Refused():
            note_state(account, AccountState.REFUSED)
            return Obstacle.REFUSED
        case _:
            return Obstacle.UNREADABLE
