"""What the charts draw is what their tables say."""

from datetime import date

from django.utils import translation

from cards.statistics import charts
from cards.statistics.figures import Figures
from cards.statistics.periods import Period, Step

DAY = date(2026, 11, 2)


def test_scores_are_counted_in_tens_and_the_last_ten_holds_the_hundred() -> None:
    chart = charts.distribution([*range(10)])
    assert (chart["labels"][0], chart["labels"][1], chart["labels"][-1]) == ("0–9%", "10–19%", "90–100%")
    assert [(label, values) for label, values in chart["lines"]][9] == ("90–100%", ((9, None),))
    assert not chart["is_empty"]
    assert charts.distribution([0] * 10)["is_empty"]


def test_a_step_is_named_by_its_month_or_by_the_day_it_begins() -> None:
    steps = [Step(DAY, 3, 80), Step(date(2026, 11, 9), 0, None)]
    with translation.override("fr"):
        months, weeks = (charts.completions(steps, period) for period in (Period.MONTHS, Period.WEEKS))
    assert (months["column"], months["labels"][0]) == ("Mois", "nov. 2026")
    assert (weeks["column"], weeks["labels"][1]) == ("Semaine du", "09/11/2026")
    assert weeks["lines"][0][1] == ((3, None), (80, "%"))
    assert not weeks["is_empty"]
    assert charts.completions(steps[1:], Period.WEEKS)["is_empty"]


def test_what_is_counted_twice_on_a_day_adds_up() -> None:
    figures = Figures()
    for scored, total in ((1, 80), (2, 90)):
        figures.add(DAY, 2, scored, total)
    figures.add(None, 5, 0, 0)
    assert (figures.started, figures.completed, figures.in_progress) == (9, 4, 5)
    assert (figures.completed_on, figures.scores_on) == ({DAY: 4}, {DAY: (3, 170)})
    assert figures.average_score == 56
