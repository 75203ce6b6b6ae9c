"""The guide: the same in both languages, in the words that are on the screens, and a page of the product."""

import re
from collections.abc import Callable

import polib
import pytest
from django.test import Client

from cards.guide.text import FILES, parts
from cards.people.models import User
from tools.extraction import CARDS
from tools.french import faults

ClientOf = Callable[[User], Client]
GUIDE = CARDS.parent / "docs" / "guide"
EMPHASIZED = re.compile(r"\*\*?([^*]+)\*\*?")


def text_of(language: str) -> str:
    return (GUIDE / FILES[language]).read_text(encoding="utf-8")


def on_screen() -> list[tuple[str, str]]:
    """What pages say, in English and in French."""
    catalogues = (polib.pofile(str(path)) for path in CARDS.rglob("django.po"))
    return [(entry.msgid, entry.msgstr) for catalogue in catalogues for entry in catalogue]


@pytest.mark.parametrize("language", FILES)
def test_what_the_guide_emphasizes_is_on_the_screens_word_for_word(language: str) -> None:
    known = {words[list(FILES).index(language)] for words in on_screen()}
    named = {re.sub("[ \n]+", " ", found) for found in EMPHASIZED.findall(text_of(language))}
    assert named - known == set()


@pytest.mark.parametrize("language", FILES)
def test_what_is_on_the_screens_looks_alike_throughout_the_guide(language: str) -> None:
    assert [part.heading for part in parts(language) if "<em>" in part.html] == []


@pytest.mark.parametrize("language", FILES)
def test_no_line_ends_at_the_hyphen_of_an_e_mail(language: str) -> None:
    text = "".join(part.html for part in parts(language))
    assert text.count("e\u2011mail") == text_of(language).count("e-mail") > 5
    assert "e-mail" not in text


def test_both_guides_are_built_alike() -> None:
    """As many parts, and in each as many paragraphs, points of lists and rows of tables."""
    shapes = [
        [[len(re.findall(tag, part.html)) for tag in ("<p>", "<li>", "<tr>", "<code>")] for part in parts(language)]
        for language in FILES
    ]
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) > 5


def test_the_french_guide_is_set_as_print_sets_french() -> None:
    # Addresses and dots that stand for a day are not sentences.
    assert list(faults(re.sub(r"`[^`]*`|^\|---.*$", "", text_of("fr"), flags=re.MULTILINE))) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "heading"), [("en", "Connecting Lucca"), ("fr", "Connecter Lucca")])
def test_help_is_in_the_language_of_the_reader(
    language: str, heading: str, ada: User, eli: User, client_of: ClientOf
) -> None:
    for reader in (ada, eli):
        User.objects.filter(pk=reader.pk).update(language=language)
        page = client_of(User.objects.get(pk=reader.pk)).get("/help/").content.decode()
        anchor = heading.lower().replace(" ", "-")
        assert f'<a href="#{anchor}">{heading}</a>' in page
        assert f'id="{anchor}">{heading}</h2>' in page
        assert 'href="/help/" aria-current="page"' in page


@pytest.mark.django_db
def test_learners_are_offered_no_guide_for_owners(lou: User, client_of: ClientOf) -> None:
    client = client_of(lou)
    assert "/help/" not in client.get("/").content.decode()
    assert client.get("/help/").status_code == 403
