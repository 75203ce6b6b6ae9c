"""The people of the demo, made once through the product's own actions."""

from django.db import transaction

from cards.integrations.catalogue.actions import activate
from cards.people.actions import create_user
from cards.people.models import Role, User
from cards.spaces.models import Language, Space
from demo.content import fill
from lucca_simulator import Options, Simulator

# Collaborators of the pretend Lucca who already have an account and have learned: linking them can be seen, and
# after it their statistics in Lucca.
ALREADY_HERE = 12


@transaction.atomic
def seed(*, password: str, employees: int, seed_of_company: int) -> None:
    """Make the space Acme with its cast, unless it is there already."""
    if Space.objects.exists():
        return
    oscar = User.objects.create_superuser(
        email="oscar@cards.example", password=password, first_name="Oscar", last_name="Lenoir", language="en"
    )
    acme = Space.objects.create(slug="acme", name="Acme", host="127.0.0.1", language=Language.FRENCH)
    activate(space=acme, integration="lucca", by=oscar)
    cast = {}
    for first_name, last_name, role, language in (
        ("Ada", "Morel", Role.OWNER, "en"),
        ("Eli", "Perrin", Role.EDITOR, "fr"),
        ("Lou", "Garnier", Role.LEARNER, "fr"),
    ):
        cast[first_name] = create_user(
            space=acme,
            by=None,
            email=f"{first_name.lower()}@acme.example",
            first_name=first_name,
            last_name=last_name,
            role=role,
            language=language,
            password=password,
        )
    company = Simulator(Options(employees=employees, seed=seed_of_company)).company
    reachable = [employee for employee in company.employees.values() if employee.mail]
    for number, employee in enumerate(reachable[:ALREADY_HERE]):
        create_user(
            space=acme,
            by=None,
            # One was typed in capitals once: the same e-mail to Cards.
            email=str(employee.mail) if number else str(employee.mail).upper(),
            first_name=employee.first_name,
            last_name=employee.last_name,
        )
    fill(acme, cast["Eli"])
