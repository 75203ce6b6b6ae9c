"""The formulas of docs/statistics.md, as tables and as properties."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.statistics.compute import AttemptFigures, TrainingStatistic, progress, score, statistic

MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.requirement("R61")
@pytest.mark.parametrize(
    ("done", "chapters", "per_cent"), [(0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100), (199, 200, 99), (0, 0, 0)]
)
def test_progress_is_floored(done: int, chapters: int, per_cent: int) -> None:
    assert progress(done, chapters) == per_cent


@pytest.mark.requirement("R62")
@pytest.mark.parametrize(
    ("points", "maximum", "per_cent"), [(0, 0, None), (0, 4, 0), (2, 3, 66), (999, 1000, 99), (7, 7, 100)]
)
def test_score_is_floored_and_empty_when_nothing_was_answered(points: int, maximum: int, per_cent: int | None) -> None:
    assert score(points, maximum) == per_cent


def figures(number: int, done: int, chapters: int, points: int, maximum: int, *, complete: bool) -> AttemptFigures:
    done = chapters if complete else done
    moment = MOMENT + timedelta(hours=number) if complete else None
    return AttemptFigures(number, done, chapters, points, maximum, moment)


@st.composite
def attempts(draw: st.DrawFn) -> list[AttemptFigures]:
    """What somebody may have made of a training: completed attempts, then perhaps an open one."""
    completed = draw(st.integers(0, 4))
    is_open = draw(st.booleans())
    made = []
    for number in range(1, completed + is_open + 1):
        chapters, maximum = draw(st.integers(1, 40)), draw(st.integers(0, 300))
        done, points = draw(st.integers(0, chapters - 1)), draw(st.integers(0, maximum))
        made.append(figures(number, done, chapters, points, maximum, complete=number <= completed))
    return made


def test_who_never_started_has_no_statistic() -> None:
    assert statistic([]) is None


@pytest.mark.requirement("R61", "R62", "R63")
def test_the_last_completed_attempt_counts_even_when_it_went_worse() -> None:
    made = [figures(1, 0, 4, 9, 10, complete=True), figures(2, 0, 4, 5, 10, complete=True)]
    assert statistic(made) == TrainingStatistic(100, 50, MOMENT + timedelta(hours=2))


@given(attempts())
def test_progress_and_score_stay_within_their_limits(made: list[AttemptFigures]) -> None:
    found = statistic(made)
    assert found is None or (0 <= found.progress <= 100 and (found.score is None or 0 <= found.score <= 100))


@given(attempts())
def test_a_hundred_per_cent_means_completed(made: list[AttemptFigures]) -> None:
    found = statistic(made)
    assert found is None or (found.progress == 100) == (found.last_completed_at is not None)


@given(st.integers(1, 500), st.data())
def test_progress_never_falls_as_chapters_are_completed(chapters: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, chapters - 1))
    assert progress(done, chapters) <= progress(done + 1, chapters) <= 100


@given(attempts().flatmap(lambda made: st.tuples(st.just(made), st.permutations(made))))
def test_the_order_in_which_attempts_are_read_changes_nothing(
    orders: tuple[list[AttemptFigures], list[AttemptFigures]],
) -> None:
    made, shuffled = orders
    assert statistic(made) == statistic(shuffled)


@given(attempts(), st.integers(1, 40), st.integers(0, 300))
def test_starting_again_never_lowers_what_was_completed(
    made: list[AttemptFigures], chapters: int, maximum: int
) -> None:
    before = [attempt for attempt in made if attempt.completed_at]
    again = AttemptFigures(len(before) + 1, 0, chapters, 0, maximum, None)
    after = statistic([*before, again])
    assert after == (statistic(before) or TrainingStatistic(0, 0 if maximum else None, None))
