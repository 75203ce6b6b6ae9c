"""What is counted, of whom and of which training: by hand, against the database's own sums."""

from datetime import UTC, date, datetime

import pytest

from cards.people import actions
from cards.people.models import Group, User
from cards.spaces.models import Space
from cards.statistics.figures import Figures, concerned, figures_by_group, figures_by_user, scores
from cards.trainings.models import Attempt, Training
from tests.cards.trainings.conftest import a_training
from tests.conftest import a_user

MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = date(2026, 11, 20)


def attempted(user: User, training: Training, points: int, maximum: int, **how: object) -> None:
    fields: dict[str, object] = {"number": 2, "is_counted": True, "completed_at": MOMENT, "completed_on": DAY}
    fields |= {"chapters": 2, "chapters_done": 2, "points": points, "maximum_points": maximum}
    Attempt.objects.create(user=user, training=training, started_at=MOMENT, **(fields | how))


@pytest.fixture
def fire(acme: Space) -> Training:
    return a_training(acme)


@pytest.fixture
def nat(acme: Space) -> User:
    return a_user(acme, "Nat")


@pytest.fixture
def sales(acme: Space, ada: User, lou: User, nat: User, fire: Training) -> Group:
    """Lou did well, and worse before, and is within another training. Eva had nothing to answer. Nat is no member."""
    data, eva = a_training(acme, "Data"), a_user(acme, "Eva")
    sales = actions.create_group(space=acme, by=ada, name="Sales")
    actions.add_members(group=sales, by=ada, users=[lou, eva])
    attempted(lou, fire, 3, 4)
    attempted(lou, fire, 1, 4, number=1, is_counted=False)
    attempted(lou, data, 1, 2, chapters_done=1, completed_at=None, completed_on=None)
    attempted(eva, fire, 0, 0)
    attempted(nat, fire, 2, 4)
    return sales


def test_a_group_counts_the_last_attempts_of_its_members_and_the_scores_of_those_who_finished(sales: Group) -> None:
    assert figures_by_group([sales.pk]) == {sales.pk: Figures(started=3, completed=2, scored=1, score_total=75)}


def test_a_person_counts_over_all_trainings(sales: Group, lou: User, nat: User) -> None:
    eva = sales.memberships.exclude(user=lou).get().user
    found = figures_by_user([lou.pk, eva.pk])
    assert found == {
        lou.pk: Figures(2, 1, 1, 75, {DAY: 1}, {DAY: (1, 75)}),
        eva.pk: Figures(1, 1, 0, 0, {DAY: 1}, {DAY: (0, 0)}),
    }


def test_scores_are_those_of_one_training_and_of_who_finished_it(sales: Group, fire: Training) -> None:
    data = Training.objects.exclude(pk=fire.pk).get()
    assert (scores(fire), scores(fire, sales), scores(data)) == ({75: 1, 50: 1}, {75: 1}, {})


def test_a_training_for_everyone_concerns_nobody_of_another_space(fire: Training, lou: User, zoe: User) -> None:
    assert lou in concerned(fire)
    assert zoe not in concerned(fire)
