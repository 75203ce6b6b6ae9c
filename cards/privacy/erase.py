"""Erasing a person: their account and everything about them goes; what must stay, stays without name or e-mail.

What stays: in the audit log and in reports a number, in receipts which trainings were sent, so that these rows can
still be taken back from Lucca.
"""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from cards.audit.actions import forget_addresses, record
from cards.integrations.lucca.connect import forget_values
from cards.integrations.lucca.models import DirectoryEmployee, RefreshPage, Resource
from cards.integrations.lucca.read import people_without
from cards.people.errors import Refused
from cards.people.models import Mail, Role, User
from cards.privacy.person import LuccaPeople, lines_about, lucca_people_of, receipts_about
from cards.runs.models import Run, RunLine, RunState
from cards.spaces.models import Space

# What a line says besides the person: how many rows, of which line it is the undoing, whether somebody was mailed.
IMPERSONAL = frozenset({"rows", "compound", "written", "line", "mailed", "joins"})
AT_WORK = (RunState.PREPARING, RunState.RUNNING)


@transaction.atomic
def erase(*, user: User, by: User) -> None:
    """Erase `user` for good. Refused for oneself, for the last owner, and while a run of the space is at work."""
    space = Space.objects.select_for_update().get(users=user)
    _check(space, user, by)
    people = lucca_people_of(user)
    _strip_lines(list(lines_about(user)))
    forget_values(receipts_about(user))
    _forget_at_lucca(space, people)
    Mail.objects.filter(space=space, user=None, typed_email_key=user.email_key).delete()
    of_accounts = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=of_accounts, object_id=str(user.pk)).delete()
    number = user.pk
    # With it go its groups, attempts, mails, links, sessions and second factor.
    user.delete()
    record("privacy.person_erased", space=space, by=by, target=f"user {number}")
    forget_addresses(number)


def _check(space: Space, user: User, by: User) -> None:
    if by.space_id != space.pk or by.role != Role.OWNER:
        raise Refused(_("Only an owner of the space can erase a person."))
    if user.pk == by.pk:
        raise Refused(_("You cannot erase yourself. Ask another owner."))
    if user.role == Role.OWNER:
        others = User.objects.filter(space=space, role=Role.OWNER, is_active=True).exclude(pk=user.pk)
        if not others.exists():
            raise Refused(_("A space keeps at least one owner. Give the role to somebody else first."))
    if Run.objects.filter(space=space, state__in=AT_WORK).exists():
        raise Refused(
            _("Cards and Lucca are at work on something at this moment. Wait until it ends, or pause it, then erase.")
        )


def _strip_lines(lines: list[RunLine]) -> None:
    """Leave of each line what was done, and Lucca's number in place of the name."""
    for line in lines:
        line.label = line.search_key = line.lucca_id
        line.facts = {name: value for name, value in line.facts.items() if name in IMPERSONAL}
        line.user = None
    RunLine.objects.bulk_update(lines, ["label", "search_key", "facts", "user"], batch_size=200)


def _forget_at_lucca(space: Space, people: LuccaPeople) -> None:
    DirectoryEmployee.objects.filter(people.rows("account__host"), account__space=space).delete()
    lucca_ids = frozenset[str]().union(*people.by_host.values())
    for page in RefreshPage.objects.filter(run__space=space, resource=Resource.EMPLOYEES):
        kept = people_without(page.items, lucca_ids)
        if kept != page.items:
            page.items = kept
            page.save(update_fields=["items"])
