"""The rules of this house that a program can check, checked on every file that git tracks."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".py", ".html", ".txt", ".toml", ".json", ".md", ".css", ".js", ".yml", ".yaml", ".cfg", ".sh", ""}
REGISTRIES = re.compile(r'registry\.npmjs|pypi\.org|pythonhosted\.org|--(extra-)?index-url \S|"resolved":')
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
PACKAGES = ("cards", "lucca", "lucca_simulator", "demo", "tools")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """Each file but this one, which has to name what it looks for."""
    files = (path for path in tracked() if path.suffix in TEXT and path != Path(__file__).resolve())
    return ((path.relative_to(ROOT).as_posix(), path.read_text()) for path in files)


def test_no_file_names_a_package_registry() -> None:
    assert [name for name, text in texts() if REGISTRIES.search(text)] == []


def test_nothing_third_party_is_copied_in() -> None:
    shipped = re.compile(r"\.min\.(js|css)$|\.(woff2?|ttf|otf|eot|map|whl|zip|tgz)$|(^|/)(node_modules|vendor)/")
    assert [path for path in tracked() if shipped.search(path.relative_to(ROOT).as_posix())] == []
    banner = re.compile(r"/\*!|@license|Copyright \(c\)", re.IGNORECASE)
    assert [name for name, text in texts() if "/static/" in name and banner.search(text)] == []


def test_no_work_is_left_for_later_in_a_remark() -> None:
    assert [
        name for name, text in texts() if name.endswith((".py", ".html", ".css", ".js")) and LATER.search(text)
    ] == []


def test_cards_has_one_html_document_and_every_page_extends_it() -> None:
    own = [name for name, text in texts() if re.match("cards/.*/templates/", name) and "<html" in text]
    assert [name for name in own if "/letters/" not in name] == ["cards/ui/templates/ui/document.html"]


def test_migrations_are_named_by_what_they_do() -> None:
    migrations = [path.name for path in tracked() if path.parent.name == "migrations"]
    assert [name for name in migrations if re.search(r"_auto_|\d{4}_initial", name)] == []


def test_what_tests_call_a_browser_is_a_real_one() -> None:
    """The name puts a test among the journeys (tests/conftest.py), out of `make test` and off PostgreSQL."""
    fixture = re.compile(r"^def browser\(", re.MULTILINE)
    named = [name for name, text in texts() if name.startswith("tests/") and fixture.search(text)]
    assert named == ["tests/browser/fixtures.py"]


def test_no_module_is_longer_than_a_sitting() -> None:
    modules = [
        path
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES and path.parent.name != "migrations"
    ]
    assert [path.name for path in modules if len(path.read_text().splitlines()) > 350] == []


def test_every_recipe_that_a_document_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    recipes = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        recipe for name, text in texts() if name.endswith(".md") for recipe in re.findall(r"`make ([a-z-]+)", text)
    }
    assert named - recipes == set()


def test_the_button_of_a_list_says_search_beside_a_search_field_and_filter_without_one() -> None:
    forms = re.compile(r'<form class="filters[^>]*method="get"(.*?)</form>', re.DOTALL)
    for name, text in texts():
        for form in forms.findall(text) if name.startswith("cards/") else ():
            word = "Search" if 'role="search"' in form else "Filter"
            assert f'{{% translate "{word}" %}}</button>' in form, name
