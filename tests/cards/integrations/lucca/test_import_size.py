"""What an import costs the database grows with batches of people, never with people."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca.models import Link
from cards.people.models import Mail
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import connected_to
from tests.conftest import a_user

ImportAll = Callable[..., Run]


def imported_twice(simulator: Simulator, people: int, import_all: ImportAll) -> list[int]:
    """The queries of the first import of so many, with a mail for each, and those of an unchanged second."""
    simulator.reset(employees=people, departments=14, with_faults=False, calls_per_minute=1000, seed=1)
    space = Space.objects.create(slug=f"s{people}", name="S", host=f"s{people}.example")
    Activation.objects.create(space=space, integration="lucca", activated_at=space.created_at)
    account = connected_to(simulator, space, a_user(space, "Ida", "owner"))
    numbers = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            run = import_all(account, notify=True)
        assert run.state == RunState.FINISHED
        # Tables are counted anew when they have grown tenfold: now and then, whoever filled them.
        numbers.append(sum(not query["sql"].startswith(("ANALYZE", "PRAGMA")) for query in queries))
        account.refreshed_at = None
        account.save()
    assert Link.objects.filter(space=space).count() == Mail.objects.filter(space=space).count() == people
    return numbers


def test_an_import_of_four_times_the_people_takes_no_more_queries_while_they_fit_a_batch(
    simulator: Simulator, db: None, import_all: ImportAll
) -> None:
    assert imported_twice(simulator, 200, import_all) == imported_twice(simulator, 800, import_all)


@pytest.mark.long
def test_each_further_thousand_people_take_the_same_number_of_queries(
    simulator: Simulator, db: None, import_all: ImportAll
) -> None:
    one, two, four = (imported_twice(simulator, thousands * 1000, import_all) for thousands in (1, 2, 4))
    for less, more, most in zip(one, two, four, strict=True):
        # A slice more or less, when the machine is busy.
        assert abs((most - more) - 2 * (more - less)) < 0.2 * most
