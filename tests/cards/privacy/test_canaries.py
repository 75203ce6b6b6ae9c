"""Secrets and a person are planted, everything is played, and what leaves the process is searched for them."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from cards import clock
from cards.identity.models import SecondFactor
from cards.integrations.lucca import connect, nights, sync
from cards.people import outbox, sender
from cards.people.models import MailKind, User
from cards.runs.models import ACTIVE, Budget, Run, RunLine, RunState
from cards.seal import unseal
from cards.sso.actions import configure
from cards.sso.models import Provider
from cards.trainings.models import Attempt
from tests.cards.integrations.lucca.conftest import work
from tests.cards.privacy.conftest import FIRST, LAST, Planted
from tests.conftest import PASSWORD
from tools.roles import addresses

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

TYPED_KEY, WRONG_PASSWORD, NEW_PASSWORD = "canary-key-7f3a", "canary-password-2c", "canary new password 9e"
CLIENT_SECRET, SIGNING = "canary-client-secret-9b1d", "canary-signing-key-44"
FAILURES = (
    {"kind": "unauthorized"},
    {"kind": "error", "status": 500},
    {"kind": "error", "status": 403},
    {"kind": "html", "status": 200},
    {"kind": "truncated"},
    {"kind": "reset"},
    {"kind": "throttle"},
)
PERSON = (FIRST.lower(), LAST.lower(), "numbat")


@dataclass
class Played:
    """What left the process, by where it left; and the secrets that must be nowhere in it."""

    outlets: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def keep(self, outlet: str, text: str) -> None:
        self.outlets[outlet] = self.outlets.get(outlet, "") + text

    def tells(self, canaries: dict[str, str], *, but: tuple[str, ...] = ()) -> list[str]:
        """Each canary with the outlet that holds it."""
        return sorted(
            f"{name} in {outlet}"
            for outlet, text in self.outlets.items()
            if not outlet.startswith(but)
            for name, canary in canaries.items()
            if canary in text
        )


@pytest.fixture
def played(
    planted: Planted,
    oscar: User,
    lou: User,
    ada: User,
    client_of: ClientOf,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
) -> Played:
    settings.SECRET_KEY, settings.ROOT_URLCONF = SIGNING, "tests.cards.privacy.broken_urls"
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    played = Played()
    provider = Provider(space=ada.space, name="Acme account", issuer="https://127.0.0.1:1", client_id="cards")
    configure(provider=provider, by=oscar, client_secret=CLIENT_SECRET, is_active=True)
    played.secrets = {
        "the Lucca key": unseal(planted.account.encrypted_key),
        "a key that was typed": TYPED_KEY,
        "the secret of the provider": CLIENT_SECRET,
        "the encryption key": settings.CARDS_ENCRYPTION_KEYS[0],
        "the signing key": SIGNING,
        "a password": PASSWORD,
        "a wrong password": WRONG_PASSWORD,
        "a new password": NEW_PASSWORD,
        "a second factor": unseal(SecondFactor.objects.get(user=planted.user).encrypted_secret),
        "a password's hash": User.objects.get(pk=planted.user.pk).password,
        "a sealed secret": planted.account.encrypted_key,
    }
    people = {"owner": ada, "operator": oscar, "learner": lou}
    clients = {name: client_of(user) for name, user in people.items()}
    played.secrets |= {f"the session of the {name}": one.cookies["sessionid"].value for name, one in clients.items()}
    _letters(played, lou)
    _mistypes(played, clients["owner"], lou)
    _failures(played, planted, ada)
    _pages(played, clients | {"stranger": Client(SERVER_NAME="acme.example")})
    _commands(played)
    played.keep("dump of the tables", _dump())
    played.keep("repr and str", _spoken(planted))
    for call in planted.simulator.journal():
        played.keep("calls to Lucca", f"{call['path']} {call['query']} {json.dumps(call['body'])}")
    written = capsys.readouterr()
    played.keep("log", caplog.text + "".join(map(_exception, caplog.records)) + written.out + written.err)
    return played


def _exception(entry: logging.LogRecord) -> str:
    return logging.Formatter().formatException(entry.exc_info) if entry.exc_info else ""


def _letters(played: Played, lou: User) -> None:
    """The links in mails are secrets everywhere but in these mails."""
    outbox.request(space=lou.space, typed_email=lou.email, kind=MailKind.PASSWORD_RESET)  # type: ignore[arg-type]
    with clock.told(clock.now() + timedelta(days=1)):
        sender.send_due()
    for message in mail.outbox:
        played.keep("mails", f"{message.message()}")
        for token in re.findall(r"/account/password/[\w-]+/([\w-]+)/", message.body):
            played.secrets[f"a link to {message.to[0].partition('@')[0][:3]}"] = token


def _mistypes(played: Played, owner: Client, lou: User) -> None:
    """What is typed at the wrong place or wrongly is not said again."""
    typed = {"url": "https://127.0.0.1", "key": TYPED_KEY}
    for url in ("https://127.0.0.1:1", f"https://ada:{TYPED_KEY}@acme.ilucca.net", "http://acme.example"):
        answer = owner.post("/integrations/lucca/configuration/", typed | {"url": url})
        page = answer.content.decode()
        # The field that it was typed into may show an address again, in the page of whoever typed it.
        played.keep("the configuration", re.sub(r'<input[^>]*name="url"[^>]*>', "", page))
    stranger = Client(SERVER_NAME="acme.example")
    (letter,) = [message for message in mail.outbox if lou.email in message.to]
    (link,) = re.findall(r"(/account/password/\S+?/[\w-]+/)", str(letter.body))
    form = stranger.get(link)["Location"]
    for passwords in (("short", "short"), (NEW_PASSWORD, "other")):
        answer = stranger.post(form, dict(zip(("new_password1", "new_password2"), passwords, strict=True)))
        played.keep("choosing a password", answer.content.decode())
    for password in (WRONG_PASSWORD, PASSWORD):
        answer = stranger.post("/account/login/", {"login": lou.email, "password": password})
        played.keep("sign-in", answer.content.decode())
    stranger.get("/account/sso/")
    stranger.raise_request_exception = False
    played.keep("an error", stranger.get("/broken/").content.decode())


def _failures(played: Played, planted: Planted, ada: User) -> None:
    simulator = planted.simulator
    for failure in FAILURES:
        simulator.faults(**failure, count=3)
        sync.refresh(planted.account, by=ada)
        with clock.told(clock.now() + timedelta(minutes=5)):
            work()
        simulator.clear_faults()
    _calm_down()
    simulator.faults(kind="reset", method="PUT", moment="after", count=1)
    Attempt.objects.filter(user=planted.user).update(chapters_done=1)
    nights.send_one(planted.account, planted.lucca_id, by=ada)
    work()
    for run in Run.objects.all():
        played.keep("runs", f"{run.kind} {run.subject} {run.reason} {run.options} {run.memory} {run.lease_holder}")
    for line in RunLine.objects.all():
        played.keep("lines of runs", f"{line.label} {line.facts} {line.reason}")


def _calm_down() -> None:
    """Let nothing that failed wait for its next attempt, or for the minute that Lucca asked for."""
    Budget.objects.all().delete()
    Run.objects.filter(state__in=ACTIVE).update(state=RunState.CANCELLED, ended_at=clock.now())


def _pages(played: Played, clients: dict[str, Client]) -> None:
    paths = [address.filled({}) for address in addresses() if not address.parameters and "GET" in address.methods]
    paths.remove("/broken/")
    paths += [f"/integrations/lucca/runs/{pk}/" for pk in Run.objects.values_list("pk", flat=True)[:6]]
    paths.append(f"/operator/sso/provider/{Provider.objects.get().pk}/change/")
    for name, client in clients.items():
        for path in paths:
            answer = client.get(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
            played.keep(f"pages of {name}", f"{content.decode(errors='replace')}{answer.headers.get('Location', '')}")
    assert len(paths) > 40


def _commands(played: Played) -> None:
    last = str(Run.objects.latest("pk").pk)
    _calm_down()
    for command in (
        ["report", last],
        ["report", last, "--json"],
        ["lucca_refresh", "--space", "acme"],
        ["lucca_import_users", "--space", "acme", "--plan"],
        ["lucca_check_fields", "--space", "acme"],
        ["lucca_connect", "--space", "acme", "--url", "https://127.0.0.1:1"],
        ["prune", "--plan"],
        ["rotate_keys", "--check"],
        ["tick"],
        ["check"],
    ):
        out = StringIO()
        try:
            call_command(*command, stdout=out, stderr=out)
        except (CommandError, SystemExit) as error:
            played.keep("commands", f"{error}")
        played.keep("commands", out.getvalue())


def _dump() -> str:
    """A dump of all tables; what is hashed or sealed in it is of no use to anybody."""
    out = StringIO()
    call_command("dumpdata", exclude=["contenttypes", "auth.permission", "identity.session"], stdout=out)
    return out.getvalue()


def _spoken(planted: Planted) -> str:
    objects: list[object] = [row for model in apps.get_models() for row in model._default_manager.all()]
    client = connect.client_of(planted.account)
    objects += [
        client,
        client._transport,
        vars(client),
        Provider.objects.get().client_secret and Provider.objects.get(),
    ]
    return "\n".join(f"{one!r} {one}" for one in objects)


def test_nothing_that_leaves_the_process_tells_a_secret_or_names_a_person_without_need(played: Played) -> None:
    at_rest = {"a password's hash", "a sealed secret"}
    links = {name for name in played.secrets if name.startswith("a link")}
    assert links
    assert len(played.outlets) > 12
    in_clear = {name: secret for name, secret in played.secrets.items() if name not in at_rest | links}
    assert played.tells(in_clear) == []
    assert played.tells({name: played.secrets[name] for name in at_rest}, but=("dump",)) == []
    assert played.tells({name: played.secrets[name] for name in links}, but=("mails",)) == []
    assert named_without_need(played) == []


def named_without_need(played: Played) -> list[str]:
    """Where the planted person is named: not in logs or addresses, nor to whoever has no business with them."""
    canaries = {canary: canary for canary in PERSON}
    played.outlets = {outlet: text.lower() for outlet, text in played.outlets.items()}
    may = ("mails", "pages of owner", "dump", "repr", "lines of runs")
    assert len(played.tells(canaries, but=tuple(name for name in played.outlets if name not in may))) > len(may)
    return played.tells(canaries, but=may)
