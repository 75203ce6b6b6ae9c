"""The commands of whoever hosts Cards: they may be repeated, print no secret, and end with 2 when used wrongly."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from cards.integrations.catalogue.queries import is_active
from cards.people.models import Mail, Role, User
from cards.spaces.models import Space

pytestmark = pytest.mark.django_db

SECRET = "a well kept secret"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDS_SECRET", SECRET)
    monkeypatch.setenv("CARDS_WEAK", "12345")


def run(*words: str) -> str:
    """What the command prints, on both streams."""
    said = io.StringIO()
    call_command(*words, stdout=said, stderr=said)
    assert SECRET not in said.getvalue()
    return said.getvalue()


def create_space(*more: str) -> str:
    return run(
        *(
            "create_space",
            "cedar",
            "--name",
            "Cedar",
            "--host",
            "cedar.example",
            "--owner-email",
            "chloe@cedar.example",
        ),
        *more,
    )


def test_an_operator_is_made_once() -> None:
    words = ("create_operator", "oscar@cards.example", "--password-env", "CARDS_SECRET", "--json")
    assert json.loads(run(*words)) == {"operator": "oscar@cards.example", "created": True}
    assert json.loads(run(*words)) == {"operator": "oscar@cards.example", "created": False}
    operator = User.objects.get()
    assert (operator.is_operator, operator.space, operator.first_name) == (True, None, "oscar")
    assert operator.check_password(SECRET)


def test_a_space_is_opened_once_with_an_owner_who_has_the_password() -> None:
    words = ("--password-env", "CARDS_SECRET", "--language", "en", "--learner-quota", "9", "--json")
    assert json.loads(create_space(*words)) == {"space": "cedar", "host": "cedar.example", "created": True}
    assert json.loads(create_space(*words))["created"] is False
    owner = User.objects.get()
    assert (owner.role, owner.language, owner.check_password(SECRET)) == (Role.OWNER, "en", True)
    assert (Space.objects.get().learner_quota, Mail.objects.count()) == (9, 0)


def test_an_owner_without_a_password_is_invited() -> None:
    create_space()
    assert Mail.objects.get().user == User.objects.get()


@pytest.mark.requirement("R5")
def test_an_integration_is_activated_and_deactivated(acme: Space) -> None:
    words = ("activate", "lucca", "--space", "acme", "--json")
    assert json.loads(run(*words)) == {"integration": "lucca", "space": "acme", "active": True, "changed": True}
    assert json.loads(run(*words))["changed"] is False
    assert is_active(acme, "lucca")
    assert json.loads(run(*words, "--off")) == {
        "integration": "lucca",
        "space": "acme",
        "active": False,
        "changed": True,
    }
    assert not is_active(acme, "lucca")


@pytest.mark.parametrize(
    "words",
    [
        ("create_operator", "oscar@cards.example", "--password-env", "NOT_SET"),
        ("create_operator", "oscar@cards.example", "--password-env", "CARDS_WEAK"),
        ("create_operator", "oscar", "--password-env", "CARDS_SECRET"),
        ("create_operator", "oscar@cards.example"),
        ("activate", "lucca", "--space", "nowhere"),
    ],
)
def test_wrong_use_ends_with_2_and_changes_nothing(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert refused.value.returncode == 2
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--host", "https://cedar.example"),
        ("--owner-email", "chloe"),
        ("--password-env", "NOT_SET"),
        ("--password-env", "CARDS_WEAK"),
    ],
)
def test_a_space_that_could_not_work_is_not_opened(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        create_space(*words)
    assert refused.value.returncode == 2
    assert not Space.objects.exists()


def test_what_is_wrong_is_said_of_the_option_that_it_is_about() -> None:
    with pytest.raises(CommandError, match="learner_quota: Ensure this value"):
        create_space("--learner-quota", "-4")


def test_a_host_at_which_cards_does_not_answer_yet_is_said(settings) -> None:
    settings.ALLOWED_HOSTS = ["other.example"]
    assert "cedar.example is not in ALLOWED_HOSTS yet" in create_space()


def test_two_spaces_cannot_answer_at_one_host(acme: Space) -> None:
    with pytest.raises(CommandError, match="already exists") as refused:
        create_space("--host", "acme.example")
    assert refused.value.returncode == 2
