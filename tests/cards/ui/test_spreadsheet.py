"""Lists as files for spreadsheets."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from cards.ui.spreadsheet import lines


def test_days_and_moments_are_written_as_spreadsheets_sort_them_in_every_language() -> None:
    row = [date(2026, 3, 1), datetime(2026, 3, 1, 13, 2, 59, tzinfo=UTC), None]
    with timezone.override(ZoneInfo("Europe/Paris")):
        for language in ("en", "fr"):
            with translation.override(language):
                assert list(lines(["day", "moment", "none"], [row]))[1] == "2026-03-01;2026-03-01 14:02;\r\n"
