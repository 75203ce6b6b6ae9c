"""The French of the pages, one catalogue per app: `collect` the texts, `compile` for use, `check` that all is said.

Catalogues carry neither line numbers nor dates and are sorted, so that two branches merge.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from tools import french
from tools.extraction import CARDS, Text, apps, texts

HEADER = {
    "Language": "fr",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}


def catalogue_of(app: Path) -> Path:
    return app / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def read(app: Path) -> dict[Text, polib.POEntry]:
    """What the app's catalogue says; empty when there is none yet."""
    path = catalogue_of(app)
    if not path.exists():
        return {}
    return {
        Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""): entry for entry in polib.pofile(str(path))
    }


def said(entry: polib.POEntry) -> list[str]:
    """The translation: one text, or one for each number."""
    return [entry.msgstr_plural.get(number, "") for number in (0, 1)] if entry.msgid_plural else [entry.msgstr]


def collect() -> int:
    """Bring each catalogue up to date: new texts come in (with what another app already says), vanished ones go."""
    catalogues = {app: read(app) for app in apps()}
    known = {text: entry for entries in catalogues.values() for text, entry in entries.items() if all(said(entry))}
    for app, found in texts().items():
        file = polib.POFile(wrapwidth=110)
        file.metadata = HEADER
        for text in sorted(found):
            old = catalogues[app].get(text) or known.get(text)
            file.append(_entry(text, sorted(found[text]), said(old) if old else []))
        path = catalogue_of(app)
        if file:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(file).replace("\n\n\n", "\n\n").strip() + "\n")
        elif path.exists():
            path.unlink()
    return 0


def _entry(text: Text, files: list[str], french_words: list[str]) -> polib.POEntry:
    words = french_words or ["", ""]
    plural = dict(enumerate(words)) if text.plural else {}
    return polib.POEntry(
        msgctxt=text.context or None,
        msgid=text.words,
        msgid_plural=text.plural,
        msgstr="" if text.plural else words[0],
        msgstr_plural=plural,
        occurrences=[(file, "") for file in files],
    )


def compile_all() -> int:
    """Write beside each catalogue the file that Django reads, with sentences that break where they may."""
    for app in apps():
        if (path := catalogue_of(app)).exists():
            file = polib.pofile(str(path))
            for entry in file:
                entry.msgstr = french.bound(entry.msgstr)
                entry.msgstr_plural = {number: french.bound(words) for number, words in entry.msgstr_plural.items()}
            file.save_as_mofile(str(path.with_suffix(".mo")))
    return 0


def faults() -> Iterator[str]:
    """One line for each text that is missing, left over, not certain, or badly said."""
    first_said: dict[Text, tuple[str, list[str]]] = {}
    for app, found in texts().items():
        entries = read(app)
        name = app.relative_to(CARDS.parent).as_posix()
        for text in sorted(found.keys() | entries.keys()):
            entry = entries.get(text)
            where = f"{name}: “{text.words}”"
            if entry is None:
                yield f"{where} is not in the catalogue (make messages)"
            elif text not in found or entry.obsolete:
                yield f"{where} is in no file any more (make messages)"
            elif entry.fuzzy:
                yield f"{where} is marked uncertain"
            elif not all(said(entry)):
                yield f"{where} is not translated"
            else:
                yield from (f"{where} {fault}" for fault in _faults_of(text, entry))
                other, words = first_said.setdefault(text, (name, said(entry)))
                if words != said(entry):
                    yield f"{where} is said otherwise in {other}"


def _faults_of(text: Text, entry: polib.POEntry) -> Iterator[str]:
    yield from french.placeholder_faults(text.words, text.plural, said(entry))
    for words in said(entry):
        yield from french.faults(words)


def check() -> int:
    found = list(faults())
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    recipes = {"collect": collect, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in recipes:
        sys.exit(f"usage: python -m tools.messages {' | '.join(recipes)}")
    sys.exit(recipes[sys.argv[1]]())
