"""What the reading of templates refuses, and what it lets through."""

import pytest

from tools.templates import refused


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("\n<p style='color: red'>", "line 2: a style attribute"),
        ('<button onclick="go()">', "line 1: an event attribute"),
        ("<script>go()</script>", "line 1: an inline script"),
        ("<style>p {}</style>", "line 1: an inline style sheet"),
        ('<a href="javascript:go()">', "line 1: a javascript: address"),
        ('<img src="https://elsewhere.example/x.png">', "line 1: a foreign file"),
        ('<div hx-on:click="go()">', "line 1: an htmx event attribute"),
    ],
)
def test_what_the_browser_would_refuse_is_named_with_its_line(source: str, fault: str) -> None:
    assert list(refused(source)) == [fault]


@pytest.mark.parametrize(
    "source",
    [
        "<script src=\"{% static 'ui/cards.js' %}\" defer></script>",
        '<script type="application/json" id="series">[1]</script>',
        '<a href="https://elsewhere.example/">Their site</a>',
        '<p class="one">This once = true</p>',
    ],
)
def test_what_the_browser_accepts_passes(source: str) -> None:
    assert list(refused(source)) == []
