"""The statistics pages: what they count, that tables, charts and CSV agree, and what they cost."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cards import clock
from cards.people.models import Group, Membership, User
from cards.spaces.models import Space
from cards.statistics import figures, periods
from cards.trainings import learning
from cards.trainings.models import Question, Training
from tests.cards.trainings.conftest import MORNING, a_training, choice_of
from tests.conftest import a_user

ClientOf = Callable[[User], Client]
TODAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.told(TODAY):
        yield


def go_through(training: Training, user: User, day: datetime, *, right: int | None = None, done: int = 99) -> None:
    """One attempt of `user`: the first `done` chapters, with the first `right` questions answered right."""
    with clock.told(day):
        number = user.attempts.filter(training=training).count() + 1
        attempt = learning.start(training=training, by=user, number=number)
        for place, question in enumerate(Question.objects.filter(chapter__training=training).order_by("pk")):
            is_right = right is None or place < right
            learning.answer(attempt=attempt, question=question, chosen=choice_of(question, right=is_right))
        for chapter in list(training.chapters.all())[:done]:
            learning.complete_chapter(attempt=attempt, chapter=chapter)


@pytest.fixture
def sales(acme: Space) -> Group:
    return Group.objects.create(space=acme, name="Sales")


@pytest.fixture
def people(acme: Space, sales: Group, training: Training) -> list[User]:
    """Four at Acme: one completed well, one badly, one in the middle, one who has not started. The first two sell."""
    everybody = [a_user(acme, name) for name in ("Alma", "Bea", "Carl", "Dan")]
    Membership.objects.bulk_create(Membership(group=sales, user=user, added_at=MORNING) for user in everybody[:2])
    go_through(training, everybody[0], datetime(2026, 10, 5, 9, tzinfo=UTC))
    go_through(training, everybody[1], datetime(2026, 11, 18, 9, tzinfo=UTC), right=0)
    go_through(training, everybody[2], datetime(2026, 11, 19, 9, tzinfo=UTC), done=1)
    return everybody


def lines_of(client: Client, address: str) -> list[list[str]]:
    text = client.get(address).getvalue().decode().removeprefix("\ufeff")
    return list(csv.reader(text.splitlines(), delimiter=";"))[1:]


def counters_of(client: Client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(?:<a[^>]*>)?([^<]*)", page)
    return {label.strip(): value.strip() for label, value in found}


def test_a_training_counts_who_did_what(training: Training, people: list[User], eli: User, client_of: ClientOf) -> None:
    assert counters_of(client_of(eli), f"/statistics/trainings/{training.pk}/") == {
        "People": "5",
        "Not started": "2",
        "In progress": "1",
        "Completed": "2",
        "Average score": "50%",
    }


def test_a_group_narrows_every_figure(
    training: Training, people: list[User], sales: Group, eli: User, client_of: ClientOf
) -> None:
    client = client_of(eli)
    found = counters_of(client, f"/statistics/trainings/{training.pk}/?group={sales.pk}")
    assert (found["People"], found["Not started"], found["Completed"]) == ("2", "0", "2")
    assert counters_of(client, f"/statistics/?group={sales.pk}")["Trainings completed"] == "2"
    assert lines_of(client, f"/statistics/csv/?group={sales.pk}") == [["Fire safety", "2", "2", "0", "2", "50"]]


def test_the_group_of_another_space_narrows_nothing(
    training: Training, people: list[User], birch: Space, eli: User, client_of: ClientOf
) -> None:
    foreign = Group.objects.create(space=birch, name="Sales")
    assert counters_of(client_of(eli), f"/statistics/?group={foreign.pk}")["Trainings started"] == "3"


@pytest.mark.parametrize(
    ("standing", "names"),
    [
        ("completed", ["Alma", "Bea"]),
        ("in_progress", ["Carl"]),
        ("not_started", ["Dan", "Eli"]),
        ("", ["Alma", "Bea", "Carl", "Dan", "Eli"]),
        ("nonsense", ["Alma", "Bea", "Carl", "Dan", "Eli"]),
    ],
)
def test_the_list_and_its_csv_show_who_stands_where(
    standing: str, names: list[str], training: Training, people: list[User], eli: User, client_of: ClientOf
) -> None:
    client = client_of(eli)
    page = client.get(f"/statistics/trainings/{training.pk}/?standing={standing}").context["rows"]
    assert [user.first_name for user, _attempt in page] == names
    lines = lines_of(client, f"/statistics/trainings/{training.pk}/csv/?standing={standing}")
    assert [line[1] for line in lines] == names


def test_every_csv_says_the_same_of_a_person(
    training: Training, people: list[User], eli: User, client_of: ClientOf
) -> None:
    client = client_of(eli)
    bea = people[1]
    expected = ["Completed", "100", "0", "2026-11-18"]
    whole = [line for line in lines_of(client, "/statistics/everything/csv/") if line[2] == bea.email]
    of_training = [line for line in lines_of(client, f"/statistics/trainings/{training.pk}/csv/") if line[1] == "Bea"]
    of_person = lines_of(client, f"/statistics/people/{bea.pk}/csv/")
    assert [line[-4:] for line in (*whole, *of_training, *of_person)] == [expected] * 3
    assert lines_of(client, "/statistics/groups/csv/") == [["Sales", "2", "2", "0", "2", "50"]]


def test_names_in_a_csv_are_no_formulas(training: Training, acme: Space, eli: User, client_of: ClientOf) -> None:
    User.objects.filter(pk=a_user(acme, "Mallory").pk).update(last_name='=HYPERLINK("https://evil.example")')
    lines = lines_of(client_of(eli), f"/statistics/trainings/{training.pk}/csv/")
    assert [line[0] for line in lines if line[1] == "Mallory"] == ['\'=HYPERLINK("https://evil.example")']


def test_a_chart_draws_the_figures_of_its_table(
    training: Training, people: list[User], eli: User, client_of: ClientOf
) -> None:
    answer = client_of(eli).get(f"/statistics/trainings/{training.pk}/")
    completions, scores = answer.context["charts"]
    drawn = re.search(r'<script id="completions" type="application/json">(.*?)</script>', answer.content.decode())
    assert drawn
    assert json.loads(drawn[1])["series"] == completions["series"]
    assert completions["labels"][-2:] == ["Oct. 2026", "Nov. 2026"]
    assert [series["values"][-2:] for series in completions["series"]] == [[1, 1], [100, 0]]
    assert scores["series"][0]["values"] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert completions["lines"][-1] == ("Nov. 2026", ((1, None), (0, "%")))


def test_months_are_shortened_as_each_language_does(
    training: Training, people: list[User], eli: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=eli.pk).update(language="fr")
    completions, _scores = client_of(eli).get(f"/statistics/trainings/{training.pk}/").context["charts"]
    assert completions["labels"][-6:-2] == ["juin 2026", "juil. 2026", "août 2026", "sept. 2026"]


def test_weeks_begin_on_monday_and_end_with_this_one() -> None:
    monday, tuesday = date(2026, 11, 16), date(2026, 11, 17)
    days = {date(2026, 11, 15): 2, monday: 3, tuesday: 1, date(2026, 8, 1): 9}
    steps = periods.steps(periods.Period.WEEKS, date(2026, 11, 20), days, {monday: (2, 151), tuesday: (1, 30)})
    assert [step.first for step in steps[-2:]] == [date(2026, 11, 9), monday]
    assert [step.completed for step in steps] == [0] * 10 + [2, 4]
    # 181 by 3.
    assert [step.average_score for step in steps[-2:]] == [None, 60]


def test_months_are_the_last_twelve() -> None:
    steps = periods.steps(periods.Period.MONTHS, date(2026, 3, 31), {date(2025, 4, 1): 1, date(2025, 3, 31): 1}, {})
    assert (steps[0].first, steps[-1].first, steps[0].completed) == (date(2025, 4, 1), date(2026, 3, 1), 1)


def test_bands_of_scores_hold_all_of_them() -> None:
    assert periods.bands({0: 1, 9: 1, 10: 1, 89: 1, 90: 1, 100: 1}) == [2, 1, 0, 0, 0, 0, 0, 0, 1, 2]


def test_somebody_in_two_groups_is_given_a_training_once(acme: Space, sales: Group, lou: User, eli: User) -> None:
    from cards.trainings.queries import audience_of, audience_sizes

    training = a_training(acme)
    Training.objects.update(is_for_everyone=False)
    training.refresh_from_db()
    stores = Group.objects.create(space=acme, name="Stores")
    for group in (sales, stores):
        training.groups.add(group)
        Membership.objects.create(group=group, user=lou, added_at=MORNING)
    assert audience_sizes(acme) == {training.pk: 1} == {training.pk: audience_of(training).count()}
    assert audience_sizes(acme, sales) == {training.pk: 1}


def test_who_left_the_group_keeps_counting_as_having_started(
    acme: Space, sales: Group, people: list[User], training: Training
) -> None:
    Training.objects.update(is_for_everyone=False)
    training.refresh_from_db()
    assert [user.first_name for user in figures.concerned(training)] == ["Alma", "Bea", "Carl"]
    assert not figures.not_started(training).exists()


ADDRESSES = [
    "/",
    "/my-trainings/",
    "/trainings/",
    "/statistics/",
    "/statistics/groups/",
    "/statistics/people/",
    "/statistics/trainings/{training}/",
    "/statistics/people/{person}/",
    "/statistics/csv/",
    "/statistics/groups/csv/",
    "/statistics/everything/csv/",
    "/statistics/trainings/{training}/csv/",
    "/t/{training}/",
    "/t/{training}/chapters/{chapter}/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_more_people_trainings_and_groups_cost_no_more_queries(
    address: str, acme: Space, sales: Group, training: Training, people: list[User], ada: User, client_of: ClientOf
) -> None:
    go_through(training, ada, TODAY, done=1)
    where = address.format(training=training.pk, person=people[0].pk, chapter=training.chapters.all()[0].pk)
    client = client_of(ada)
    before = queries(client, where)
    for number in range(4):
        another = a_training(acme, f"Training {number}", quizzes=((), (1,), (1, 1), ()))
        another.groups.add(Group.objects.create(space=acme, name=f"Group {number}"))
        Membership.objects.create(group=Group.objects.get(name=f"Group {number}"), user=people[0], added_at=MORNING)
        go_through(another, a_user(acme, f"Person{number}"), TODAY)
        go_through(another, people[0], TODAY)
        go_through(training, people[0], TODAY)
    assert queries(client, where) == before


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).getvalue()
    return len(captured)
