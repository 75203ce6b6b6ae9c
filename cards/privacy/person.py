"""Who somebody is at Lucca, and which lines of reports are about them. Never writes."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from cards.integrations.lucca.models import DirectoryEmployee, Link, LuccaAccount, Receipt
from cards.people.models import User
from cards.runs.models import RunLine


@dataclass(frozen=True)
class LuccaPeople:
    """The ids under which a person is known at each Lucca host."""

    by_host: dict[str, frozenset[str]]

    def rows(self, host: str) -> Q:
        """Rows of these people, where the column `host` says whose their `lucca_id` is."""
        found = Q(pk=None)
        for name, lucca_ids in self.by_host.items():
            found |= Q(**{host: name, "lucca_id__in": lucca_ids})
        return found


def lucca_people_of(user: User) -> LuccaPeople:
    """By the links of the account, the lines of runs that made or named it, and the e-mail while nobody else has it."""
    found: dict[str, set[str]] = {}
    for host, lucca_id in Link.objects.filter(user=user).values_list("host", "lucca_id"):
        found.setdefault(host, set()).add(lucca_id)
    account = LuccaAccount.objects.filter(space=user.space_id).first()
    if account is not None:
        of_others = Link.objects.filter(space=user.space_id, host=account.host, lucca_id=OuterRef("lucca_id"))
        is_somebody_else = Exists(of_others.exclude(user=user))
        named = RunLine.objects.filter(~is_somebody_else, user=user, run__memory__host=account.host)
        same_email = DirectoryEmployee.objects.filter(~is_somebody_else, account=account, email_key=user.email_key)
        here = found.setdefault(account.host, set())
        here.update(named.values_list("lucca_id", flat=True))
        here.update(same_email.values_list("lucca_id", flat=True))
    return LuccaPeople({host: frozenset(ids) for host, ids in found.items()})


def receipts_about(user: User) -> QuerySet[Receipt]:
    """What was sent of this person, on whatever file, and what stands on their own files and is nobody else's."""
    is_theirs = Q(user=user) | Q(lucca_people_of(user).rows("host"), user=None)
    return Receipt.objects.filter(is_theirs, space=user.space_id)


def lines_about(user: User) -> QuerySet[RunLine]:
    """The lines of runs that name the account or its collaborator. Departments have numbers of their own."""
    of_others = Q(user__isnull=False) & ~Q(user=user)
    of_person = Q(user=user) | (lucca_people_of(user).rows("run__memory__host") & ~of_others)
    return RunLine.objects.filter(of_person, run__space=user.space_id).exclude(facts__has_key="department_name")
