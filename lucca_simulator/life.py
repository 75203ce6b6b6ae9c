"""What happens in a company while somebody reads it: people join, leave and move, departments are renamed."""

from datetime import date, timedelta
from random import Random

from lucca_simulator import names
from lucca_simulator.clock import Clock
from lucca_simulator.company import Company, Employee
from lucca_simulator.generate import FRENCH, MAIL_DOMAIN


def hire(company: Company, clock: Clock, **known: object) -> Employee:
    """Someone new, with sensible values for whatever is not said; they start today."""
    number = company.next_employee_id()
    first = str(known.get("first_name") or "Nouvelle")
    last = str(known.get("last_name") or f"Recrue{number}")
    local = f"{names.without_accents(first) or 'collab'}.{names.without_accents(last) or number}"
    taken = {each.login for each in company.employees.values()}
    login = local if local not in taken else f"{local}{number}"
    department_id = next((each.id for each in company.departments.values() if each.is_active), 1)
    defaults: dict[str, object] = {
        "id": number,
        "first_name": first,
        "last_name": last,
        "mail": f"{login}@{MAIL_DOMAIN}",
        "login": login,
        "employee_number": f"N{number:05d}",
        "department_id": department_id,
        "establishment_id": min(company.establishments, default=1),
        "manager_id": None,
        "starts_on": clock.today(),
        "ends_on": None,
        "culture_id": FRENCH,
        "gender": "Female",
        "job_title": None,
        "birth_on": date(1990, 1, 1),
        "modified_at": clock.local(),
    }
    return company.add(Employee(**(defaults | known)))  # type: ignore[arg-type]  # values checked by the caller


def something_happens(company: Company, chance: Random, clock: Clock) -> None:
    """One person joins, one leaves, one moves, one department gets another name."""
    today, at = clock.today(), clock.local()
    present = [each for each in company.employees.values() if not each.has_left(today)]
    places = [each for each in company.departments.values() if each.is_active]
    hire(company, clock)
    if present and places:
        company.end(chance.choice(present), today - timedelta(days=1), at)
        company.move(chance.choice(present), chance.choice(places).id, at)
        renamed = chance.choice(places)
        renamed.name = f"{renamed.name.removesuffix(' (nouveau nom)')} (nouveau nom)"
