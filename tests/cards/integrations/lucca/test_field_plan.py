"""What should stand on a file, and who needs something written: tables of cases, no database."""

from datetime import UTC, date, datetime

import pytest

from cards.integrations.lucca.field_plan import (
    REREAD_IN_NIGHTS,
    Person,
    Sent,
    TrainingFacts,
    reread_on,
    wanted_row,
    wanted_rows,
)
from cards.statistics.compute import TrainingStatistic
from lucca import WantedRow

FIRE = TrainingFacts("Fire safety", "https://cards.example/t/1/")
SIXTY = WantedRow("Fire safety", "https://cards.example/t/1/", "60\u00a0%")
LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


@pytest.mark.requirement("R59", "R60", "R61", "R62", "R63")
@pytest.mark.parametrize(
    ("standing", "language", "texts"),
    [
        (TrainingStatistic(60, None, None), "fr", ("60\u00a0%", "", "")),
        (TrainingStatistic(60, 0, None), "en", ("60\u00a0%", "0\u00a0%", "")),
        (TrainingStatistic(100, 80, LATE), "fr", ("100\u00a0%", "80\u00a0%", "21/11/2026")),
        (TrainingStatistic(100, 80, LATE), "en", ("100\u00a0%", "80\u00a0%", "2026-11-21")),
    ],
)
def test_a_row_says_title_link_progress_score_and_the_paris_day(
    standing: TrainingStatistic, language: str, texts: tuple[str, str, str]
) -> None:
    assert wanted_row(standing, FIRE, language=language) == WantedRow(FIRE.title, FIRE.link, *texts)


def test_what_was_begun_is_wanted_and_what_was_sent_is_kept_up_to_date() -> None:
    standings = {1: TrainingStatistic(60, None, None), 2: TrainingStatistic(0, None, None)}
    trainings = {1: FIRE, 2: TrainingFacts("GDPR", "https://cards.example/t/2/")}
    assert wanted_rows(standings, trainings, {}, language="fr") == {1: SIXTY}
    sent = {2: Sent(WantedRow("GDPR", "https://cards.example/t/2/", "20\u00a0%", occurrence_id="7"))}
    rows = wanted_rows(standings, trainings, sent, language="fr")
    assert rows[2] == WantedRow("GDPR", "https://cards.example/t/2/", "0\u00a0%", occurrence_id="7")


def test_a_row_tells_what_stood_there_so_that_it_is_found_again() -> None:
    sent = {1: Sent(WantedRow("Fire", "https://cards.example/old/1/", "40\u00a0%", occurrence_id="7"))}
    (row,) = wanted_rows({1: TrainingStatistic(60, None, None)}, {1: FIRE}, sent, language="fr").values()
    assert (row.title, row.link) == (FIRE.title, FIRE.link)
    assert (row.occurrence_id, row.former_title, row.former_link) == ("7", "Fire", "https://cards.example/old/1/")


def test_what_is_withdrawn_or_deleted_is_not_wanted_any_more() -> None:
    standings = {training: TrainingStatistic(60, None, None) for training in (1, 9, 10)}
    hidden = TrainingFacts("Fire safety", FIRE.link, is_published=False)
    assert wanted_rows(standings, {1: hidden, 10: FIRE}, {1: Sent(SIXTY)}, language="fr") == {10: SIXTY}


@pytest.mark.requirement("R40", "R78")
@pytest.mark.parametrize(
    ("sent", "is_changed"),
    [
        ({}, True),
        ({1: Sent(SIXTY)}, False),
        ({1: Sent(SIXTY, is_proven=False)}, True),
        ({1: Sent(WantedRow("Fire safety", FIRE.link, "40\u00a0%"))}, True),
        ({1: Sent(WantedRow("Old title", FIRE.link, "60\u00a0%"))}, True),
        ({1: Sent(SIXTY), 2: Sent(WantedRow("Gone", "https://cards.example/t/2/"))}, False),
    ],
)
def test_changed_means_other_than_the_last_proven_receipt(sent: dict[int, Sent], is_changed: bool) -> None:
    assert Person("416", {1: SIXTY}, sent).is_changed is is_changed
    assert Person("416", {1: SIXTY, 3: SIXTY}, {**sent, 3: Sent(SIXTY)}).is_changed is is_changed


@pytest.mark.parametrize("linked", [0, 1, 29, 30, 31, 599, 600, 601, 12_345])
def test_thirty_nights_read_everybody_again_once(linked: int) -> None:
    people = list(range(linked))
    nights = [date.fromordinal(date(2026, 11, 22).toordinal() + number) for number in range(REREAD_IN_NIGHTS)]
    read = [person for night in nights for person in people[reread_on(night, linked=linked)]]
    assert sorted(read) == people
    assert max((len(people[reread_on(night, linked=linked)]) for night in nights), default=0) <= -(-linked // 30)
