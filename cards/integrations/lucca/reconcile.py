"""From the two sides to the plan: who is created, linked, unchanged or left out, and why. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from unicodedata import normalize

from msgspec.structs import replace

from cards.integrations.lucca.plan import Action, CardsSide, Change, Employee, Plan, Reason

LANGUAGES = ("en", "fr")
LONGEST_EMAIL = 254
_ATOM = r"[-!#$%&'*+/=?^_`{|}~0-9A-Za-z]+"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[^\W_](?:[^\W_]|-){{0,61}}[^\W_]")


def reconcile(employees: Iterable[Employee], cards: CardsSide, *, today: date, into_groups: bool = False) -> Plan:
    """What importing `employees` into Cards should do (R14 to R29), and `into_groups` also into those of their
    departments (R34, R35).

    The order of the employees is kept; it decides who is created when places are short.
    """
    places_left = cards.places_left
    changes = []
    for employee in employees:
        change = change_of(employee, cards, today=today)
        if into_groups:
            change = placed(change, cards, today=today)
        if change.action is Action.CREATE and places_left is not None:
            if places_left == 0:
                change = Change(Action.SKIP, employee, Reason.QUOTA_REACHED)
            else:
                places_left -= 1
        changes.append(change)
    return Plan(changes)


def placed(change: Change, cards: CardsSide, *, today: date) -> Change:
    """The same change, with the way into the group of the person's department."""
    employee = change.employee
    if change.action is Action.SKIP:
        return change
    if employee.has_left(today):
        return Change(Action.SKIP, employee, Reason.LEFT)
    if not employee.department_id:
        return Change(Action.SKIP, employee, Reason.NO_DEPARTMENT)
    if change.user_id in cards.members.get(employee.department_id, frozenset()):
        return change
    action = Action.JOIN if change.action is Action.UNCHANGED else change.action
    return replace(change, action=action, joins=employee.department_id)


def change_of(employee: Employee, cards: CardsSide, *, today: date) -> Change:
    """What should be done about one person, places aside. The link counts before the e-mail, always."""
    user_id = cards.linked.get(employee.lucca_id)
    if user_id is not None:
        return Change(Action.UNCHANGED, employee, user_id=user_id)
    reason = reason_to_skip(employee, today=today)
    if reason is not None:
        return Change(Action.SKIP, employee, reason)
    account = cards.accounts.get(employee.email_key)
    if account is None:
        return Change(Action.CREATE, employee, language=language_of(employee, cards.language))
    if account.linked_to is not None:
        reason = Reason.FORMER_FILE if account.is_of_former_file else Reason.ACCOUNT_TAKEN
        return Change(Action.SKIP, employee, reason, user_id=account.user_id)
    return Change(Action.LINK, employee, None if account.is_active else Reason.DEACTIVATED, user_id=account.user_id)


def reason_to_skip(employee: Employee, *, today: date) -> Reason | None:
    """Why somebody not linked yet cannot be imported, whatever Cards knows (R16, R17)."""
    if employee.has_left(today):
        return Reason.LEFT
    if not employee.email_key:
        return Reason.BAD_EMAIL if employee.email else Reason.NO_EMAIL
    if employee.is_doubled:
        return Reason.DOUBLED_EMAIL
    return None


def is_an_address(email: str) -> bool:
    """Whether somebody could sign in by it: what passes here passes the forms of Cards too (RFC 5321, dot-atoms)."""
    return len(email) <= LONGEST_EMAIL and ADDRESS.fullmatch(normalize("NFC", email)) is not None


def language_of(employee: Employee, default: str) -> str:
    """The language of a new account: Lucca's culture when Cards speaks it, else the space's."""
    return employee.culture if employee.culture in LANGUAGES else default
