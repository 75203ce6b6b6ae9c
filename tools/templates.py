"""Compiles every template and reads it for what the content security policy would refuse in the browser.

Fails on unknown tags and filters, on inline scripts, styles and handlers, and on what djlint finds (pyproject.toml).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
REFUSED = (
    (re.compile(r"<style\b", re.IGNORECASE), "an inline style sheet"),
    (re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")", re.IGNORECASE), "an inline script"),
    (re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE), "a style attribute"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE), "an event attribute"),
    (re.compile(r"<[^>]*\shx-on[:-]", re.IGNORECASE), "an htmx event attribute"),
    (re.compile(r"javascript:", re.IGNORECASE), "a javascript: address"),
    (re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?:https?:)?//"), "a foreign file"),
)


def templates() -> Iterator[tuple[str, Path]]:
    """The name and the file of each of our templates."""
    for folder in sorted((ROOT / "cards").rglob("templates")):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path


def faults() -> Iterator[str]:
    """One line for each thing wrong with a template, djlint's own opinion left aside."""
    for name, path in templates():
        where = path.relative_to(ROOT).as_posix()
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            yield f"{where}: {error}"
        # Letters are read elsewhere, by programs that know no policy and need their styles in the text.
        if path.suffix == ".html" and "letters" not in path.parts:
            yield from (f"{where}: {fault}" for fault in refused(path.read_text()))


def refused(source: str) -> Iterator[str]:
    """What of a page's text the content security policy would refuse."""
    for pattern, fault in REFUSED:
        yield from (
            f"line {source.count(chr(10), 0, found.start()) + 1}: {fault}" for found in pattern.finditer(source)
        )


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cards.settings")
    django.setup()
    found = list(faults())
    print(*found, sep="\n", end="\n" if found else "")
    pages = [str(path) for _, path in templates() if path.suffix == ".html"]
    linted = subprocess.run([ROOT / ".venv/bin/djlint", "--lint", "--quiet", *pages], check=False, cwd=ROOT)
    return 1 if found or linted.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
