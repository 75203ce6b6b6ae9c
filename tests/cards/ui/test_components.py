"""Figures, times, icons and avatars, as pages write them."""

import re
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from cards.ui.icons import icon
from cards.ui.templatetags.ui import avatar, number, percent, person, time_left


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234,567 60% –"), ("fr", "1\u00a0234\u00a0567 60\u00a0% –")],
)
def test_figures_are_written_as_the_reader_writes_them(language: str, written: str) -> None:
    with translation.override(language):
        assert f"{number(1234567)} {percent(60)} {number(None)}" == written


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (4, "less than a minute left"),
        (65, "about 1 minute left"),
        (780, "about 13 minutes left"),
        (5400, "about 2 hours left"),
    ],
)
def test_a_remaining_time_is_rounded_so_that_it_does_not_jitter(seconds: float | None, words: str) -> None:
    assert time_left(seconds) == words


def test_an_icon_is_decoration() -> None:
    assert 'aria-hidden="true"' in icon("users")


def test_an_icon_that_does_not_exist_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_what_is_written_in_a_badge_is_escaped() -> None:
    page = Template("{% load ui %}{% badge words 'success' %}").render(Context({"words": "<b>"}))
    assert "&lt;b&gt;" in page
    assert "tone-success" in page


@pytest.mark.parametrize(
    ("name", "initials"), [("Ada Martin", "AM"), ("Zoé", "Z"), ("Jean de La Fontaine", "JF"), ("", "")]
)
def test_an_avatar_shows_the_first_letters_of_the_first_and_last_word(name: str, initials: str) -> None:
    assert f">{initials}</span>" in avatar(name)


def test_a_name_has_always_the_same_colour() -> None:
    assert avatar("Ada Martin") == avatar("Ada Martin")
    assert len({re.sub(">.*", "", avatar(f"Person {number}")) for number in range(50)}) == 8


def test_somebody_in_a_list_is_escaped_and_their_e_mail_breaks_behind_its_at_sign() -> None:
    shown = person("<i>", "a&b@acme.example", "/users/7/")
    assert '<a href="/users/7/">&lt;i&gt;</a><small>a&amp;b@<wbr>acme.example</small>' in shown
    assert "<strong>Ada</strong><small>—</small>" in person("Ada", None)


def test_dates_are_european_in_both_languages() -> None:
    template = Template("{{ day|date }}")
    day = Context({"day": date(2026, 11, 22)})
    with translation.override("en"):
        assert template.render(day) == "22 November 2026"
    with translation.override("fr"):
        assert template.render(day) == "22 novembre 2026"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1 March 2021 · 1 March 2021, 09:05 · 01/03/2021 · 11 March 2021"),
        ("fr", "1er mars 2021 · 1er mars 2021 09:05 · 01/03/2021 · 11 mars 2021"),
    ],
)
def test_french_calls_the_first_of_a_month_premier_where_the_month_is_written_out(language: str, written: str) -> None:
    template = Template(
        "{% load i18n %}{% blocktranslate with day=first|date %}{{ day }}{% endblocktranslate %}"
        ' · {{ first|date:"DATETIME_FORMAT" }} · {{ first|date:"SHORT_DATE_FORMAT" }}'
        " · {{ eleventh|date }}{{ none|date }}"
    )
    context = Context({"first": datetime(2021, 3, 1, 9, 5, tzinfo=UTC), "eleventh": date(2021, 3, 11), "none": None})
    with translation.override(language):
        assert template.render(context) == written


def test_the_first_of_a_month_is_the_one_of_the_reader() -> None:
    late = Context({"moment": datetime(2021, 2, 28, 23, 30, tzinfo=UTC)})
    with translation.override("fr"), timezone.override("Europe/Paris"):
        assert Template("{{ moment|date }}").render(late) == "1er mars 2021"
