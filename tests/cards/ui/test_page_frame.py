"""The frame around every page: the sidebar, the language, the theme, the files it needs."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client, override_settings

from cards.people.models import User
from cards.spaces.models import Space
from cards.ui.navigation import entries
from cards.ui.staticfiles import VENDOR_FILES

ClientOf = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.cards.ui.guide")]


def test_editors_see_every_area_and_learners_only_their_home() -> None:
    assert [entry.address for entry in entries("editor", "/")] == [
        "/", "/my-trainings/", "/trainings/", "/users/", "/groups/", "/statistics/", "/integrations/", "/help/",
    ]  # fmt: skip
    assert [(entry.address, str(entry.label)) for entry in entries("learner", "/")] == [("/", "My trainings")]


def test_the_area_of_a_page_is_marked_and_the_front_page_marks_only_itself() -> None:
    def current(path: str) -> list[str]:
        return [entry.address for entry in entries("owner", path) if entry.is_current]

    assert current("/users/12/") == ["/users/"]
    assert current("/") == ["/"]
    assert current("/elsewhere/") == []


@pytest.mark.urls("django.conf.urls.i18n")
def test_an_area_without_an_address_is_left_out() -> None:
    assert entries("owner", "/") == []


def test_the_theme_is_remembered_on_the_device(ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert b'data-bs-theme="auto"' in client.get("/").content
    answer = client.post("/theme/", {"theme": "dark", "next": "/users/"})
    assert (answer.status_code, answer["Location"]) == (302, "/users/")
    assert b'data-bs-theme="dark"' in client.get("/").content


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_theme_leads_nowhere_else(elsewhere: str, ada: User, client_of: ClientOf) -> None:
    assert client_of(ada).post("/theme/", {"theme": "purple", "next": elsewhere})["Location"] == "/"


def test_a_chosen_language_is_kept_on_the_account(ada: User, client_of: ClientOf) -> None:
    client_of(ada).post("/language/", {"language": "fr", "next": "/"})
    ada.refresh_from_db()
    assert ada.language == "fr"
    assert client_of(ada).get("/", headers={"Accept-Language": "en"})["Content-Language"] == "fr"


def test_whoever_is_not_signed_in_gets_the_chosen_else_the_browsers_else_the_spaces_language(acme: Space) -> None:
    client = Client(SERVER_NAME=acme.host)
    assert client.get("/guide/centered/")["Content-Language"] == "en"
    assert client.get("/guide/centered/", headers={"Accept-Language": "de, fr;q=0.5"})["Content-Language"] == "fr"
    Space.objects.update(language="fr")
    assert client.get("/guide/centered/", headers={"Accept-Language": "de"})["Content-Language"] == "fr"
    client.post("/language/", {"language": "en"})
    assert client.get("/guide/centered/", headers={"Accept-Language": "fr"})["Content-Language"] == "en"


@pytest.mark.parametrize("name", VENDOR_FILES)
def test_every_listed_file_is_installed(name: str) -> None:
    assert finders.find(name), "run make setup"


def test_an_unlisted_file_of_a_package_is_not_served() -> None:
    assert not finders.find("vendor/tabler.css")
    assert not finders.find("@tabler/core/dist/css/tabler.min.css")


@pytest.mark.parametrize("name", ["ui/cards.css", "vendor/tabler.min.css", "django_htmx/htmx-2.min.js"])
def test_published_files_carry_a_hash_of_their_content(name: str, published: Path) -> None:
    listed = json.loads((published / "staticfiles.json").read_text())["paths"]
    assert listed[name] != name
    assert (published / listed[name]).is_file()


def test_published_styles_lead_to_the_published_font(published: Path) -> None:
    listed = json.loads((published / "staticfiles.json").read_text())["paths"]
    styles = (published / listed["ui/cards.css"]).read_text()
    assert Path(listed["vendor/inter-latin.woff2"]).name in styles


def test_published_styles_are_compressed_too(published: Path) -> None:
    name = json.loads((published / "staticfiles.json").read_text())["paths"]["vendor/tabler.min.css"]
    plain, compressed = (published / name).read_bytes(), (published / f"{name}.gz").read_bytes()
    assert gzip.decompress(compressed) == plain
    assert len(compressed) * 5 < len(plain)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as `cards collectstatic` publishes them in production."""
    folder = tmp_path_factory.mktemp("static")
    storages = {"staticfiles": {"BACKEND": "cards.ui.staticfiles.HashedStaticFiles"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder
