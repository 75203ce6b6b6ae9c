"""What the home page asks of owners and editors: each sentence while it is true, and only of those who can act."""

from collections.abc import Callable

import pytest

from cards import clock
from cards.integrations.lucca import nights, sync
from cards.integrations.lucca.models import AccountState, LuccaAccount, StatisticsSettings
from cards.integrations.lucca.todo import lucca_todo
from cards.people.models import User
from cards.people.todo import todo_of
from cards.runs import actions
from cards.runs.models import Run
from cards.spaces.models import Space
from cards.trainings.models import Training
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import planned, reading
from tests.cards.integrations.lucca.learning import World
from tests.cards.integrations.lucca.test_departments import department_of, hire

ImportAll = Callable[..., Run]


def words(space: Space, user: User) -> list[str]:
    return [todo.words for todo in lucca_todo(space, user)]


@pytest.mark.django_db
def test_nothing_is_asked_where_the_integration_is_not_activated(acme: Space, ada: User) -> None:
    assert words(acme, ada) == []


@pytest.mark.django_db
def test_connecting_is_asked_of_owners_alone(activated: Space, ada: User, eli: User) -> None:
    assert words(activated, ada) == ["Your collaborators can come from Lucca."]
    assert words(activated, eli) == []


def test_importing_is_asked_until_somebody_is_imported_and_again_when_somebody_arrives(
    directory: LuccaAccount, import_all: ImportAll, simulator: Simulator, ada: User, eli: User
) -> None:
    assert words(directory.space, eli) == ["Nobody has been imported from Lucca yet."]
    import_all(directory)
    assert words(directory.space, eli) == []
    hire(simulator, department_of(simulator, "COM"))
    reading(directory, ada)
    assert words(directory.space, eli) == ["1 new person in Lucca since the last import."]


def test_what_keeps_results_from_lucca_is_urgent_and_comes_first(directory: LuccaAccount, ada: User, eli: User) -> None:
    statistics = StatisticsSettings.objects.create(account=directory, is_on=True, faults=[["e_x", "missing"]])
    assert todo_of(directory.space, ada)[0].words.startswith("Results are not sent: a field")
    statistics.stopped_at = clock.now()
    statistics.save()
    assert todo_of(directory.space, ada)[0].words.startswith("Lucca refused the results three nights in a row")
    directory.state = AccountState.REFUSED
    directory.save()
    assert [todo.is_urgent for todo in todo_of(directory.space, ada)[:3]] == [True, True, False]
    assert not any(todo.is_urgent for todo in todo_of(directory.space, eli))


def test_results_that_did_not_reach_lucca_are_told_until_they_do(world: World, ada: User, eli: User) -> None:
    refused, other = world.learn(world.training(), people=2)
    world.send()
    assert words(world.account.space, eli) == []
    world.learn(Training.objects.get(), people=2, done=4)
    fault = {"kind": "error", "status": 403, "method": "PUT"}
    for lucca_id in (refused, other):
        world.simulator.faults(**fault, route=f"/api/v3/users/{lucca_id}")
    world.send()
    assert words(world.account.space, eli) == ["The results of 2 collaborators did not reach Lucca."]
    world.simulator.clear_faults()
    world.see_through(nights.send_one(world.account, refused, by=ada))
    assert words(world.account.space, eli) == ["The results of 1 collaborator did not reach Lucca."]
    StatisticsSettings.objects.update(is_on=False)
    assert words(world.account.space, eli) == []
    StatisticsSettings.objects.update(is_on=True)
    world.send()
    assert words(world.account.space, eli) == []


def test_an_import_that_is_set_aside_waits_for_a_word(directory: LuccaAccount, ada: User, eli: User) -> None:
    run = planned(directory, ada)
    sync.start_import(run=run, by=ada)
    assert "An import is paused." not in words(directory.space, eli)
    actions.pause(run=run, by=ada)
    assert "An import is paused." in words(directory.space, eli)


def test_an_answer_that_is_not_believed_is_asked_about(directory: LuccaAccount, eli: User) -> None:
    directory.doubt = {"resource": "employees", "seen": 3, "known": 40}
    directory.save()
    assert words(directory.space, eli)[0] == "Lucca showed far less than before. Is that right?"
