"""Makes a company out of a seed and a size: the same ones give the same company, on the same day.

The faults of real life come in fixed numbers whatever the size (see FAULTS); people 1 to 20 never have any,
so that a small company is a clean one.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random

from lucca_simulator import names
from lucca_simulator.company import (
    FIRST_SENTINEL,
    LAST_SENTINEL,
    Company,
    Department,
    Employee,
    Establishment,
    LegalUnit,
)
from lucca_simulator.custom_data import default_catalogue
from lucca_simulator.occurrences import Occurrence, SubValue

MAIL_DOMAIN = "acme.example"
CLEAN_PEOPLE = 20

# How many people each fault of real life concerns, in every company that is large enough. A person has one of
# these faults at most; half of the doubled e-mails differ by case only.
FAULTS = {
    "no_mail": 3,
    "empty_mail": 3,
    "doubled_mail": 4,
    "doubled_mail_in_other_case": 4,
    "left": 12,
    "to_come": 5,
    "ends_before_start": 1,
    "namesake": 6,
    "own_manager": 1,
    "starts_in_1900": 3,
    "ends_in_9999": 3,
    "non_latin": len(names.NON_LATIN_NAMES),
    "apostrophe": len(names.APOSTROPHE_NAMES),
    "hyphen": len(names.HYPHEN_NAMES),
}

# code, name, parent's code, share of the people; two bear one name, one is empty, the last is inactive.
DEPARTMENTS = (
    ("DG", "Direction générale", None, 2),
    ("RH", "Ressources humaines", "DG", 4),
    ("REC", "Recrutement", "RH", 3),
    ("FOR", "Formation", "RH", 3),
    ("FIN", "Finance", "DG", 4),
    ("CPT", "Comptabilité", "FIN", 6),
    ("SI", "Systèmes d’information", "DG", 5),
    ("DEV", "Développement", "SI", 16),
    ("SUP-SI", "Support", "DEV", 6),
    ("COM", "Commerce", "DG", 12),
    ("SUP-CL", "Support", "COM", 8),
    ("MKT", "Marketing et communication", "COM", 7),
    ("PRO", "Production & logistique", "DG", 24),
    ("INN", "Innovation", "DG", 0),
    ("TEL", "Télégraphie (ancien service)", "SI", 0),
)

FRENCH, ENGLISH, GERMAN = 1036, 1033, 1031


def generate(*, employees: int, seed: int, today: date, departments: int = 14, with_faults: bool = True) -> Company:
    """A company of that many people. Raises ValueError when there are more people than invented names."""
    most = names.FULL_NAMES - len(names.NON_LATIN_NAMES)
    if not 0 <= employees <= most:
        raise ValueError(f"the simulator can name at most {most} collaborators, not {employees}")
    if departments < 1:
        raise ValueError(f"a company has at least one department, not {departments}")
    # The generator of chance only has to be repeatable, so that a seed names one company.
    chance = Random(seed)  # noqa: S311
    company = Company(catalogue=default_catalogue())
    _found(company)
    _divide(company, departments)
    _hire(company, employees, chance, today)
    if with_faults:
        _spoil(company, chance, today)
    _name_heads(company, today)
    _fill_in(company)
    return company


def _found(company: Company) -> None:
    for unit in (LegalUnit(1, "Acme SAS", "ACME", 250, 1), LegalUnit(2, "Acme GmbH", "ACME-DE", 276, 3)):
        company.legal_units[unit.id] = unit
    for establishment in (
        Establishment(1, "Acme Paris", "PAR", 1, "00000000000018"),
        Establishment(2, "Acme Lyon", "LYO", 1, "00000000000026"),
        Establishment(3, "Acme Berlin", "BER", 2, "HRB-000000"),
    ):
        company.establishments[establishment.id] = establishment


def _divide(company: Company, departments: int) -> None:
    """The usual departments and the inactive one; further ones are a chain down to level 9, then agencies."""
    ranks: Counter[int | None] = Counter()
    ids: dict[str, int] = {}

    def add(code: str, name: str, parent: str | None, *, is_active: bool = True) -> None:
        parent_id = ids[parent] if parent else None
        ranks[parent_id] += 1
        ids[code] = len(ids) + 1
        company.departments[ids[code]] = Department(ids[code], name, code, parent_id, ranks[parent_id], is_active)

    for code, name, parent, _share in DEPARTMENTS[: min(departments, 14)]:
        add(code, name, parent)
    if departments >= 14:
        add(*DEPARTMENTS[14][:3], is_active=False)
    deepest = "SUP-SI"
    for number in range(1, departments - 13):
        # Nine levels at most [D]; SUP-SI stands on level 4. Ninety-nine children at most [D].
        if number <= 5:
            add(f"NIV-{number}", f"Cellule {number}", deepest)
            deepest = f"NIV-{number}"
        else:
            parent = "COM" if number <= 95 else f"AG-{number // 95 + 5}"
            add(f"AG-{number}", f"Agence {number}", parent)


def _hire(company: Company, employees: int, chance: Random, today: date) -> None:
    codes = {each.code: each.id for each in company.departments.values()}
    shares = [share for code, *_rest, share in DEPARTMENTS if code in codes]
    usual = [codes[code] for code, *_rest in DEPARTMENTS if code in codes]
    extra = [each.id for each in company.departments.values() if each.id > 15]
    places = usual + extra
    weights = shares + [2] * len(extra)
    picked = chance.sample(range(names.FULL_NAMES), employees)
    posts = [1, *chance.choices(places, weights, k=employees)]  # person 1 leads the company
    establishments = chance.choices((1, 2, 3), (70, 20, 10), k=employees)
    numbers: Counter[int] = Counter()
    for position in range(employees):
        first, last = divmod(picked[position], names.SURNAMES)
        first_name, gender = names.FIRST_NAMES[first]
        last_name = names.surname(last)
        establishment_id = establishments[position]
        numbers[establishment_id] += 1
        local = f"{names.without_accents(first_name)}.{names.without_accents(last_name)}"
        company.add(
            Employee(
                id=position + 1,
                first_name=first_name,
                last_name=last_name,
                mail=f"{local}@{MAIL_DOMAIN}",
                login=local,
                employee_number=f"{numbers[establishment_id]:05d}",  # unique per establishment only [D]
                department_id=posts[position],
                establishment_id=establishment_id,
                manager_id=None,
                starts_on=today - timedelta(days=chance.randrange(30, 7000)),
                ends_on=None,
                culture_id=GERMAN if establishment_id == 3 else chance.choices((FRENCH, ENGLISH), (92, 8))[0],
                gender=gender,
                job_title=chance.choice(names.JOB_TITLES),
                birth_on=date(1965, 1, 1) + timedelta(days=chance.randrange(14000)),
                modified_at=datetime.combine(today, time(6)) - timedelta(seconds=chance.randrange(1, 31_000_000)),
            )
        )


def _spoil(company: Company, chance: Random, today: date) -> None:
    """Give the faults to people spread over the company, from number 21 on."""
    wanted = [fault for fault, number in FAULTS.items() for _each in range(number)]
    chance.shuffle(wanted)
    candidates = range(CLEAN_PEOPLE + 1, len(company.employees) + 1)
    chosen = sorted(chance.sample(candidates, min(len(wanted), len(candidates))))
    bearers: dict[str, list[Employee]] = {fault: [] for fault in FAULTS}
    for fault, number in zip(wanted, chosen, strict=False):
        bearers[fault].append(company.employees[number])
    _spoil_mails(bearers)
    _spoil_dates(bearers, today)
    _spoil_names(bearers)
    for employee in bearers["own_manager"]:
        employee.manager_id = employee.id
    inactive = [each.id for each in company.departments.values() if not each.is_active]
    for employee in bearers["left"][:2]:
        # Former employees may still refer to an archived department [D]/[I].
        employee.department_id = inactive[0] if inactive else employee.department_id


def _spoil_mails(bearers: dict[str, list[Employee]]) -> None:
    for employee in bearers["no_mail"]:
        employee.mail = None
    for employee in bearers["empty_mail"]:
        employee.mail = ""
    for first, second in _pairs(bearers["doubled_mail"]):
        second.mail = first.mail
    for first, second in _pairs(bearers["doubled_mail_in_other_case"]):
        second.mail = (first.mail or "").title()


def _spoil_dates(bearers: dict[str, list[Employee]], today: date) -> None:
    for number, employee in enumerate(bearers["left"]):
        employee.ends_on = today - timedelta(days=1 + 37 * number)
        employee.starts_on = employee.ends_on - timedelta(days=400)
    for number, employee in enumerate(bearers["to_come"]):
        employee.starts_on = today + timedelta(days=1 + 13 * number)
    for employee in bearers["ends_before_start"]:
        employee.starts_on = today - timedelta(days=30)
        employee.ends_on = today - timedelta(days=60)
    for employee in bearers["starts_in_1900"]:
        employee.starts_on = FIRST_SENTINEL
    for employee in bearers["ends_in_9999"]:
        employee.ends_on = LAST_SENTINEL


def _spoil_names(bearers: dict[str, list[Employee]]) -> None:
    for first, second in _pairs(bearers["namesake"]):
        second.first_name, second.last_name, second.gender = first.first_name, first.last_name, first.gender
        second.login = f"{first.login}2"
        second.mail = f"{second.login}@{MAIL_DOMAIN}"
    for fault, written in (
        ("non_latin", names.NON_LATIN_NAMES),
        ("apostrophe", names.APOSTROPHE_NAMES),
        ("hyphen", names.HYPHEN_NAMES),
    ):
        for employee, (first_name, last_name, local) in zip(bearers[fault], written, strict=False):
            employee.first_name, employee.last_name = first_name, last_name
            employee.login, employee.mail = local, f"{local}@{MAIL_DOMAIN}"


def _pairs(people: list[Employee]) -> list[tuple[Employee, Employee]]:
    return list(zip(people[::2], people[1::2], strict=False))


def _name_heads(company: Company, today: date) -> None:
    """The lowest number of a department leads it; heads answer to the next head above."""
    heads: dict[int, int] = {}
    for employee in company.employees.values():
        if not employee.has_left(today) and not employee.is_yet_to_come(today):
            heads.setdefault(employee.department_id, employee.id)
    for department in company.departments.values():
        department.head_id = heads.get(department.id)
    above: dict[int, int | None] = {}
    for department in company.departments.values():
        line = [heads.get(each.id) for each in reversed(company.ancestry(department)[:-1])]
        above[department.id] = next((head for head in line if head), None)
    for employee in company.employees.values():
        if employee.manager_id != employee.id:
            head = heads.get(employee.department_id)
            employee.manager_id = above[employee.department_id] if head in {None, employee.id} else head


def _fill_in(company: Company) -> None:
    """Some custom data for people 1 to 20: what other tools of the customer wrote, and must stay."""
    ids = company.value_ids
    for employee in company.employees.values():
        if employee.id > CLEAN_PEOPLE:
            break
        employee.custom = {"e_nickname": [Occurrence(next(ids), employee.first_name[:3])]}
        if employee.id % 2 == 0:
            employee.custom["e_favorite_food"] = [
                Occurrence(next(ids), "soupe à l’oignon"),
                Occurrence(next(ids), "tarte aux pommes"),
            ]
        if employee.id % 3 == 0:
            employee.custom["e_eyes_color"] = [Occurrence(next(ids), 84)]
        if employee.id % 4 == 0:
            lines: dict[str, SubValue] = {
                "e_street": SubValue(next(ids), f"{employee.id} rue des Lilas"),
                "e_town": SubValue(next(ids), "Lyon"),
            }
            employee.custom["e_address"] = [Occurrence(next(ids), lines)]
        if employee.id % 5 == 0:
            item: dict[str, SubValue] = {
                "e_item": SubValue(next(ids), "Ordinateur portable"),
                "e_lent_on": SubValue(next(ids), "2025-09-01T00:00:00"),
            }
            employee.custom["e_equipment"] = [Occurrence(next(ids), item)]
