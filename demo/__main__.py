"""`make demo`: starts a pretend Lucca, a mailbox, the web application and its worker, and stops them together."""

import argparse
import json
import os
import secrets
import socket
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from cards.runs.supervise import Children, port_is_free

LOOPBACK = "127.0.0.1"
EMPLOYEES, SEED = 240, 1
PATIENCE_SECONDS = 40


@dataclass(frozen=True)
class Secrets:
    """What the first start makes up and keeps beside the data: nothing secret is in the repository."""

    secret_key: str
    encryption_key: str
    password: str
    lucca_key: str


@dataclass(frozen=True)
class Ports:
    """Where the parts answer. Mail is handed in and read by program on ports that are free when the demo starts."""

    web: int
    lucca: int
    mail: int
    smtp: int
    imap: int


def main() -> int:
    arguments = _arguments()
    wanted = {"WEB_PORT": arguments.web_port, "LUCCA_PORT": arguments.lucca_port, "MAIL_PORT": arguments.mail_port}
    for name, port in wanted.items():
        if not port_is_free(LOOPBACK, port):
            print(f"Port {port} is taken. Stop what listens there, or choose another: make demo {name}={port + 10}")
            return 2
    ports = Ports(arguments.web_port, arguments.lucca_port, arguments.mail_port, smtp=_free_port(), imap=_free_port())
    folder = arguments.folder.resolve()
    known = _secrets(folder)
    environment = _environment(known, ports, folder) | {"DATABASE_URL": arguments.database or _sqlite_in(folder)}
    os.environ.update(environment)
    _prepare(known)
    with Children(say=lambda words: print(words, file=sys.stderr)) as children:
        _start(children, known, ports)
        if not _is_up(children, ports):
            return 0 if children.is_told() else 1
        if arguments.smoke:
            from demo.smoke import smoke  # noqa: PLC0415 - needs the environment set above

            status, seen = smoke(ports, known)
            # Said once everything has stopped, so that it is the last line.
            children.stop()
            print(seen)
            return status
        print(_welcome(known, ports), flush=True)
        children.watch()
        print(f"Stopped. The data stay in {arguments.folder}/; make demo goes on with them.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--web-port", type=int, default=8000)
    parser.add_argument("--lucca-port", type=int, default=8001)
    parser.add_argument("--mail-port", type=int, default=8002)
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help="where the data are (default: .demo)")
    parser.add_argument("--database", metavar="URL", help="another database than the SQLite one of that folder")
    parser.add_argument("--smoke", action="store_true", help="do the main job over HTTP and stop")
    return parser.parse_args()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _secrets(folder: Path) -> Secrets:
    path = folder / "secrets.json"
    if path.exists():
        return Secrets(**json.loads(path.read_text()))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Secrets(
        secret_key=secrets.token_urlsafe(40),
        encryption_key=Fernet.generate_key().decode(),
        password=f"demo-{secrets.token_hex(4)}",
        lucca_key=secrets.token_hex(16),
    )
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(made)))
    return made


def _environment(known: Secrets, ports: Ports, folder: Path) -> dict[str, str]:
    return {
        "CARDS_ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "cards.settings",
        "STATIC_ROOT": str(folder / "static"),
        "SECRET_KEY": known.secret_key,
        "CARDS_ENCRYPTION_KEYS": known.encryption_key,
        "CARDS_ALLOWED_LUCCA_HOSTS": f"{LOOPBACK}:{ports.lucca}",
        "CARDS_PUBLIC_URL": f"http://{LOOPBACK}:{ports.web}",
        "CARDS_MAIL_HOLD_SECONDS": "30",
        "ALLOWED_HOSTS": f"{LOOPBACK},localhost",
        "SECURE_COOKIES": "0",
        "EMAIL_URL": f"smtp://{LOOPBACK}:{ports.smtp}",
        "DEFAULT_FROM_EMAIL": "cards@cards.example",
    }


def _sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'cards.sqlite3'}"


def _prepare(known: Secrets) -> None:
    """Bring the database to the present tables, and people it the first time."""
    import django  # noqa: PLC0415 - needs the environment set
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from demo.seed import seed  # noqa: PLC0415 - models need Django to be set up

    seed(password=known.password, employees=EMPLOYEES, seed_of_company=SEED)


def _start(children: Children, known: Secrets, ports: Ports) -> None:
    python = sys.executable
    children.start(
        "Lucca",
        [python, "-m", "lucca_simulator", *("--port", str(ports.lucca)), *("--employees", str(EMPLOYEES)),
         *("--seed", str(SEED)), *("--calls-per-minute", "50"), "--with-trainings", *("--api-key", known.lucca_key)],
    )  # fmt: skip
    mailbox = [
        str(Path(python).with_name("mail_devel")), *("--host", LOOPBACK), *("--http-port", str(ports.mail)),
        *("--smtp-port", str(ports.smtp)), *("--imap-port", str(ports.imap)), *("--password", "mailbox"),
    ]  # fmt: skip
    # The mailbox tells every connection and every address; nobody wants to read that.
    children.start("mailbox", ["/bin/sh", "-c", 'exec "$@" >/dev/null 2>&1', "sh", *mailbox])
    children.start("Cards", [python, "-m", "cards", "serve", "--port", str(ports.web)])


def _is_up(children: Children, ports: Ports) -> bool:
    """Wait until every part accepts connections; say which one does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    for name, port in asdict(ports).items():
        while port_is_free(LOOPBACK, port):
            if children.is_told():
                return False
            children.watch_once()
            if time.monotonic() > deadline:
                print(f"The demo did not start: nothing answers for “{name}” at port {port}.", file=sys.stderr)
                return False
            time.sleep(0.1)
    return True


def _welcome(known: Secrets, ports: Ports) -> str:
    return f"""
Cards is running, with a pretend Lucca of {EMPLOYEES} collaborators.

  Cards            http://{LOOPBACK}:{ports.web}/
  Operator         http://{LOOPBACK}:{ports.web}/operator/
  Pretend Lucca    http://{LOOPBACK}:{ports.lucca}/
  Mailbox          http://{LOOPBACK}:{ports.mail}/

  Operator Oscar   oscar@cards.example
  Owner Ada        ada@acme.example
  Editor Eli       eli@acme.example
  Learner Lou      lou@acme.example
  Their password   {known.password}

To connect Lucca, sign in as Ada, open Integrations and applications, then Configuration, and type
  Url              http://{LOOPBACK}:{ports.lucca}
  Lucca key        {known.lucca_key}

The fields for the statistics exist in the pretend Lucca. Once collaborators are imported, turn on Activate
synchronization in the configuration and save; Send now on the tab Statistics brings the results onto their files.

Ctrl-C stops everything and keeps the data; make demo-reset forgets them.
"""


if __name__ == "__main__":
    sys.exit(main())
