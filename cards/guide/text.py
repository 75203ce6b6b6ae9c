"""The files of the guide, one in each language, as parts of a page."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

FILES = {"en": "README.md", "fr": "README.fr.md"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Part:
    """What stands below one heading of the guide; `anchor` is its name in the page's address."""

    heading: str
    anchor: str
    html: SafeString


@cache
def parts(language: str) -> list[Part]:
    """The parts of the guide in their order, read once."""
    text = (settings.BASE_DIR / "docs" / "guide" / FILES[language]).read_text(encoding="utf-8")
    _title, *sections = text.split("\n## ")
    return [_part(*section.split("\n", 1)) for section in sections]


def _part(heading: str, text: str) -> Part:
    html = _parser.render(text).replace("<table>", '<table class="table">')
    # No line ends inside this word, however narrow the column.
    html = html.replace("e-mail", "e\u2011mail")
    return Part(heading, slugify(heading), mark_safe(html))  # noqa: S308 - our own file
