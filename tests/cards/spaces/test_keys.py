"""The keys of this server: what is missing or wrong is said at the start, and they can be changed."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from cards.audit.models import Entry
from cards.identity import second_factor
from cards.keys import KeyFileError
from cards.people.models import User
from cards.seal import SealBrokenError, seal, unseal
from cards.spaces.models import Space
from cards.sso.models import Provider

pytestmark = pytest.mark.django_db

SECRET = "canary-of-the-tests"


@pytest.fixture
def provider(acme: Space) -> Provider:
    return Provider.objects.create(space=acme, name="Acme account", encrypted_secret=seal(SECRET))


def said(**options: object) -> list[str | None]:
    return [found.id for found in run_checks(**options) if (found.id or "").startswith("cards.")]  # type: ignore[arg-type]


def test_right_keys_have_nothing_said_about_them(provider: Provider) -> None:
    assert said() == said(databases=["default"]) == []


@pytest.mark.parametrize(("keys", "fault"), [(["short"], "cards.E002"), (["é" * 44], "cards.E002")])
def test_keys_that_are_none_are_named(keys: list[str], fault: str, settings: Settings) -> None:
    settings.CARDS_ENCRYPTION_KEYS = keys
    assert said(databases=["default"]) == [fault]


def test_a_key_that_opens_nothing_is_named_and_not_shown(provider: Provider, settings: Settings) -> None:
    settings.CARDS_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    (found,) = [each for each in run_checks(databases=["default"]) if each.id == "cards.E003"]
    assert settings.CARDS_ENCRYPTION_KEYS[0] not in str(found)


def test_keys_are_changed_in_three_steps(provider: Provider, settings: Settings) -> None:
    old, new = settings.CARDS_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.CARDS_ENCRYPTION_KEYS = [new, old]
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    settings.CARDS_ENCRYPTION_KEYS = [new]
    provider.refresh_from_db()
    assert provider.client_secret == SECRET
    settings.CARDS_ENCRYPTION_KEYS = [old]
    with pytest.raises(SealBrokenError):
        unseal(provider.encrypted_secret)
    assert Entry.objects.get(action="keys_rotated").details == {"number": 1}
    assert SECRET not in out.getvalue()


def test_nothing_is_sealed_anew_while_one_secret_opens_with_no_key(provider: Provider, settings: Settings) -> None:
    before = provider.encrypted_secret
    settings.CARDS_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    for options in ({}, {"check": True}):
        with pytest.raises(CommandError, match="opens: 1 of 1"):
            call_command("rotate_keys", **options)
    provider.refresh_from_db()
    assert provider.encrypted_secret == before


def test_what_only_a_lost_key_opened_is_forgotten_and_cards_starts_again(
    provider: Provider, acme: Space, ada: User, client_of: Callable[[User], Client], settings: Settings
) -> None:
    second_factor.begin(ada)
    settings.CARDS_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    kept = Provider.objects.create(
        space=Space.objects.create(slug="zeta", name="Zeta", host="zeta.example"), encrypted_secret=seal(SECRET)
    )
    assert said(databases=["default"]) == ["cards.E003"]
    out = StringIO()
    call_command("rotate_keys", forget=True, stdout=out)
    assert said(databases=["default"]) == []
    assert out.getvalue().splitlines()[-1] == "Secrets forgotten: 2."
    assert str(provider) in out.getvalue()
    provider.refresh_from_db()
    kept.refresh_from_db()
    assert (provider.client_secret, kept.client_secret) == ("", SECRET)
    assert Entry.objects.get(action="secrets_forgotten").details == {"number": 2}
    # Who was about to set up a second factor begins anew.
    client = client_of(ada)
    assert client.get("/account/second-factor/set-up/").status_code == 302
    second_factor.begin(ada)
    assert client.get("/account/second-factor/set-up/").status_code == 200


def test_asking_whether_the_keys_are_right_changes_nothing(provider: Provider) -> None:
    before, out = provider.encrypted_secret, StringIO()
    call_command("rotate_keys", check=True, stdout=out)
    provider.refresh_from_db()
    assert (provider.encrypted_secret, out.getvalue()) == (before, "Secrets that open: 1 of 1.\n")


@pytest.fixture
def key_file(tmp_path: Path, settings: Settings) -> Path:
    """No key in the environment, and none in the file yet."""
    settings.CARDS_ENCRYPTION_KEYS, settings.CARDS_KEY_FILE = [], str(tmp_path / "encryption.key")
    return tmp_path / "encryption.key"


def test_the_first_secret_makes_a_key_that_is_this_server_s_alone(key_file: Path) -> None:
    assert said(databases=["default"]) == []
    assert not key_file.exists()
    sealed = seal(SECRET)
    assert unseal(sealed) == SECRET
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["encryption.key"]


def test_a_second_line_of_the_key_file_still_opens_what_it_sealed(key_file: Path) -> None:
    sealed = seal(SECRET)
    key_file.write_text(Fernet.generate_key().decode() + "\n" + key_file.read_text())
    assert unseal(sealed) == SECRET
    assert seal(SECRET) != sealed


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_key_file_that_others_may_read_is_refused_loudly(key_file: Path, mode: int) -> None:
    sealed = seal(SECRET)
    key_file.chmod(mode)
    assert said() == ["cards.E001"]
    for use in (seal, unseal):
        with pytest.raises(KeyFileError, match=f"{mode:04o}"):
            use(sealed)


def test_a_key_file_that_is_a_link_empty_or_a_folder_is_refused(key_file: Path) -> None:
    elsewhere = key_file.with_name("elsewhere")
    elsewhere.touch(mode=0o600)
    key_file.symlink_to(elsewhere)
    assert said() == ["cards.E001"]
    key_file.unlink()
    elsewhere.rename(key_file)
    assert said() == ["cards.E001"]
    key_file.unlink()
    key_file.mkdir(mode=0o700)
    assert said() == ["cards.E001"]


def test_a_lost_key_file_is_said_loudly_and_not_replaced(provider: Provider, key_file: Path) -> None:
    assert said(databases=["default"]) == ["cards.E003"]
    with pytest.raises(SealBrokenError):
        unseal(provider.encrypted_secret)
    assert not key_file.exists()


def test_a_key_that_cannot_be_kept_is_not_used(key_file: Path, settings: Settings) -> None:
    settings.CARDS_KEY_FILE = str(key_file.with_name("nowhere") / "encryption.key")
    with pytest.raises(KeyFileError, match="CARDS_KEY_FILE"):
        seal(SECRET)


STARTING = """
import sys
from django.conf import settings
from cards.seal import seal
settings.configure(CARDS_ENCRYPTION_KEYS=[], CARDS_KEY_FILE=sys.argv[1])
sys.stdin.readline()
print(seal("x"))
"""


def test_processes_that_start_at_once_make_one_key(key_file: Path) -> None:
    """Each waits for the word, then seals a secret of its own; one key opens all of them."""
    command = [sys.executable, "-c", STARTING, str(key_file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(command, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    for process in started:
        process.stdin.write("now\n")
        process.stdin.flush()
    assert [unseal(process.communicate()[0].strip()) for process in started] == ["x"] * 4
    assert len(key_file.read_text().split()) == 1


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    settings = {"CARDS_ENV_FILE": os.devnull, "DATABASE_URL": "sqlite://:memory:"}
    command = [sys.executable, "-m", "cards", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=clean | settings | environment)


def test_production_settings_have_nothing_said_about_them() -> None:
    signing = run("make_key", "--signing", SECRET_KEY="x").stdout.strip()
    encrypting = run("make_key", SECRET_KEY="x").stdout.strip()
    checked = run("check", "--deploy", SECRET_KEY=signing, CARDS_ENCRYPTION_KEYS=encrypting, BEHIND_PROXY="1")
    assert (checked.returncode, "no issues" in checked.stdout) == (0, True), checked.stderr


def test_nothing_starts_without_a_secret_key() -> None:
    refused = run("check", CARDS_ENCRYPTION_KEYS=Fernet.generate_key().decode())
    assert refused.returncode != 0
    assert "SECRET_KEY" in refused.stderr
