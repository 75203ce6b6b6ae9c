"""What the charts draw, and their tables say: the same figures, in the reader's language. Never counts."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cards.statistics.periods import BANDS, Period, Step

Chart = dict[str, Any]


def completions(steps: list[Step], period: Period) -> Chart:
    """Completions as bars with the average score as a line."""
    chart = {
        "id": "completions",
        "title": _("Completions over time"),
        "column": _("Month") if period is Period.MONTHS else _("Week from"),
        "labels": [_label(step, period) for step in steps],
        "series": [
            {"label": pgettext("people", "Completed"), "kind": "bar", "values": [step.completed for step in steps]},
            {
                "label": _("Average score"),
                "kind": "line",
                "unit": "%",
                "values": [step.average_score for step in steps],
            },
        ],
        "is_empty": not any(step.completed for step in steps),
    }
    return _with_lines(chart)


def distribution(bands: list[int]) -> Chart:
    """How many people came to which score."""
    edges = [(10 * band, 100 if band == BANDS - 1 else 10 * band + 9) for band in range(BANDS)]
    chart = {
        "id": "scores",
        "title": _("Scores"),
        "column": _("Score"),
        "labels": [_("%(from)d–%(to)d%%") % {"from": low, "to": high} for low, high in edges],
        "series": [{"label": _("People"), "kind": "bar", "values": bands}],
        "is_empty": not any(bands),
    }
    return _with_lines(chart)


def _with_lines(chart: Chart) -> Chart:
    """The chart with its table: for each label, every series' value with its unit."""
    columns = [[(value, series.get("unit")) for value in series["values"]] for series in chart["series"]]
    return chart | {"lines": list(zip(chart["labels"], zip(*columns, strict=True), strict=True))}


def _label(step: Step, period: Period) -> str:
    return date_format(step.first, "N Y" if period is Period.MONTHS else "SHORT_DATE_FORMAT")
