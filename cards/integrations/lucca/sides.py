"""Both sides as values for the plan: what the directory says of people, and what Cards knows of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from cards import clock
from cards.integrations.lucca import plan
from cards.integrations.lucca.models import DirectoryEmployee, Link, LuccaAccount
from cards.people.models import Role, User


def today_of(account: LuccaAccount) -> date:
    """The day it is where the space is."""
    return clock.today(account.space.time_zone)


def links_of(account: LuccaAccount) -> QuerySet[Link]:
    return Link.objects.filter(space_id=account.space_id, host=account.host)


def importable(account: LuccaAccount) -> QuerySet[DirectoryEmployee]:
    """Everybody whom the last reading showed, in Lucca's order as we learned of them."""
    return DirectoryEmployee.objects.filter(account=account, absences=0).order_by("pk")


def lucca_side(rows: Iterable[DirectoryEmployee]) -> list[plan.Employee]:
    return [
        plan.Employee(
            lucca_id=row.lucca_id,
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            email_key=row.email_key,
            is_doubled=row.is_doubled,
            contract_start_on=row.contract_start_on,
            contract_end_on=row.contract_end_on,
            culture=row.culture,
        )
        for row in rows
    ]


def cards_side(account: LuccaAccount, employees: Sequence[plan.Employee], *, places_left: int | None) -> plan.CardsSide:
    """What Cards knows about these people: three queries, however many they are (at most a few thousand)."""
    links = links_of(account)
    linked = dict(
        links.filter(lucca_id__in=[employee.lucca_id for employee in employees]).values_list("lucca_id", "user_id")
    )
    accounts = dict(
        User.objects.filter(
            space_id=account.space_id,
            email_key__in=[employee.email_key for employee in employees if employee.email_key],
        ).values_list("email_key", "pk")
    )
    linked_to = dict(links.filter(user_id__in=accounts.values()).values_list("user_id", "lucca_id"))
    return plan.CardsSide(
        linked=linked,
        accounts={key: plan.Account(user_id, linked_to.get(user_id)) for key, user_id in accounts.items()},
        places_left=places_left,
        language=account.space.language,
    )


def places_left(account: LuccaAccount) -> int | None:
    """How many learners the space may still have; None without a quota."""
    quota = account.space.learner_quota
    if quota is None:
        return None
    learners = User.objects.filter(space_id=account.space_id, role=Role.LEARNER, is_active=True).count()
    return max(0, quota - learners)
