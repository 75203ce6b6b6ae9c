"""Finds the texts to translate in code and templates, without gettext: Babel reads Python, and Django turns a
template into something that Babel reads.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract
from django.utils.translation.template import templatize

CARDS = Path(__file__).resolve().parent.parent / "cards"
# Texts of files that belong to no app (settings) are translated with the pages' own.
HOME = CARDS / "ui"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


class Text(NamedTuple):
    """One text as a catalogue knows it: its context, its words, its plural ("" where there is none)."""

    context: str
    words: str
    plural: str


def apps() -> list[Path]:
    """The folders of our apps."""
    return sorted(path.parent for path in CARDS.rglob("apps.py"))


def texts() -> dict[Path, dict[Text, set[str]]]:
    """For each app: its texts, each with the files it stands in."""
    found: dict[Path, dict[Text, set[str]]] = {app: {} for app in apps()}
    for path in sorted(CARDS.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        app = _app_of(path, found)
        for text in texts_of(path):
            found[app].setdefault(text, set()).add(path.relative_to(CARDS.parent).as_posix())
    return found


def _app_of(path: Path, known: dict[Path, dict[Text, set[str]]]) -> Path:
    return next((folder for folder in path.parents if folder in known), HOME)


def texts_of(path: Path) -> Iterator[Text]:
    """The texts to translate of one file: Python, or else a template."""
    source = path.read_text()
    if path.suffix != ".py":
        # Indentation means nothing in a template, and would mean something to Python's tokenizer.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _line, words, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        singular, plural = (words, "") if isinstance(words, str) else (words[0], words[1])
        if singular:
            yield Text(context or "", singular, plural)
