"""Fills the SQLite database of DATABASE_URL: the demo after its first imports, and what one database takes easily only.

python -m tests.cards.moving.filled
"""

from datetime import UTC, date, datetime
from typing import Any

import django
from django.core.management import call_command
from django.db.models import JSONField, Value

EMPLOYEES = 40


def fill() -> None:
    from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount
    from cards.people.models import User
    from cards.runs.models import Budget
    from cards.spaces.models import Space
    from cards.trainings.models import Picture, Training
    from demo.seed import seed

    seed(password="correct horse battery", employees=EMPLOYEES, seed_of_company=1)
    space, ada = Space.objects.get(), User.objects.get(first_name="Ada")
    account = import_all(space, ada)
    first_seconds = datetime(1969, 7, 20, 20, 17, 40, 1, UTC)
    User.objects.filter(pk=ada.pk).update(first_name="Ådå 🌊 “'\\\n\t", last_login=first_seconds)
    LuccaAccount.objects.filter(pk=account.pk).update(
        doubt={"é": [1, 1.5, 1.0, 1e22, True, None, {"b": 1, "a": "\\u00e9 \N{SNOWMAN}"}]},
        counters=Value(None, JSONField()),
    )
    one = DirectoryEmployee.objects.order_by("pk")[:1].values("pk")
    DirectoryEmployee.objects.filter(pk__in=one).update(
        contract_start_on=date(1, 1, 1), contract_end_on=date(9999, 12, 31)
    )
    Picture.objects.create(space=space, content=bytes(range(256)) * 400, width=1, height=1)
    Budget.objects.create(host="acme.ilucca.example", calls=[1763812345.123456, 0.1 + 0.2])
    # A number that was given and is free again is not given a second time.
    Training.objects.create(pk=4711, space=space, title="Gone", position=9, created_at=ada.created_at).delete()


def import_all(space: Any, ada: Any) -> Any:
    """Connect the space to a pretend Lucca, import everybody with invitations and every department."""
    from cards.integrations.lucca import connect, sync
    from cards.integrations.lucca.address import address_of
    from cards.integrations.lucca.models import LuccaAccount
    from cards.runs.foreground import see_through
    from lucca_simulator import running

    with running() as simulator:
        simulator.reset(employees=EMPLOYEES, with_faults=True, calls_per_minute=1000, seed=1)
        address = address_of(simulator.url, also_allowed=["127.0.0.1"])
        assert connect.save(space, None, address, simulator.key, by=ada) is connect.Connection.WORKS
        account = LuccaAccount.objects.get(space=space)
        for kind in (sync.IMPORT_USERS, sync.IMPORT_DEPARTMENTS):
            run = sync.plan_import(account, by=ada, options=sync.ImportOptions(notify=True), kind=kind)
            see_through(run)
            sync.start_import(run=run, by=ada)
            see_through(run)
            assert run.state == "finished"
    return account


if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    fill()
