"""docs/interfaces.md: what others rely on, written from the code itself so that it cannot differ from it.

`write` renews the page, `check` fails when it is not what the code says. Sentences come from the code's own help
texts and docstrings.
"""

import argparse
import ast
import os
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import django
from django.core.management import get_commands, load_command_class

from tools.roles import addresses

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "interfaces.md"
HEAD = """# Interfaces

What automation, tests from outside and other programs may rely on. This page is written from the code
(`make interfaces`) and `make check` fails when the two differ.

Every command is `.venv/bin/cards NAME`; `cards help` lists them. With `--json` a command prints one JSON object a line.
Exit status: 0 when it did what was asked (a run: it finished and nothing failed), 1 when it did not, 2 for wrong usage:
nothing was done.
"""
# Django's own options, the same for every command, say nothing about ours.
COMMON = {
    "help",
    "version",
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
}
RUN_FIELDS = {
    "run": "the run's number",
    "kind": "what it does",
    "state": "one of the states below",
    "counts": "lines by outcome: created, linked, unchanged, skipped, failed, stale; of a draft, as planned",
    "reasons": "how many lines, or the run itself, for each reason below",
    "lucca_calls": "calls made to Lucca",
    "seconds": "seconds of work, waiting not counted",
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    page = HEAD + "\n".join(sections())
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(page)
        return 0
    if not PAGE.exists() or PAGE.read_text() != page:
        print("docs/interfaces.md is not what the code says: make interfaces")
        return 1
    return 0


def sections() -> Iterator[str]:
    yield "\n## Commands\n"
    yield from commands()
    yield "\n## JSON of a run\n"
    yield from table(("field", "what"), RUN_FIELDS.items())
    yield "\n## Environment\n"
    yield "Read at start, also from the file that `CARDS_ENV_FILE` names (`.env` if it names none).\n"
    yield from table(("variable", "kind", "if absent", "what"), environment())
    yield "\n## States and reasons\n"
    yield from enumerations()
    yield "\n## Addresses\n"
    yield "Names are what templates and tests use; a name stays when its address moves.\n"
    # Those of Django's admin are Django's.
    ours = [each for each in addresses() if each.name and not each.name.startswith("admin:")]
    yield from table(("name", "address"), sorted((each.name, f"`{each.route}`".replace("|", "\\|")) for each in ours))
    yield ""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for first, *others in rows:
        yield f"| `{first}` | {' | '.join(others)} |"


def commands() -> Iterator[str]:
    ours = sorted(name for name, app in get_commands().items() if str(app).startswith("cards"))
    for name in ours:
        command = load_command_class(str(get_commands()[name]), name)
        parser = command.create_parser("cards", name)
        yield f"### {name}\n\n{command.help}\n"
        options = [action for action in parser._actions if action.dest not in COMMON]
        if options:
            yield from table(("option", "what"), [(_option(each), _sentence(each)) for each in options])
            yield ""
    yield "`migrate` is Django's own: it brings the tables of the database to the present version."


def _option(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar or action.dest.upper())
    name = max(action.option_strings, key=len)
    if action.nargs == 0:
        return name
    values = "|".join(map(str, action.choices)) if action.choices else action.metavar or action.dest.upper()
    return f"{name} {values}".replace("|", "\\|")


def _sentence(action: argparse.Action) -> str:
    return (action.help or "") + (" (required)" if action.required and action.option_strings else "")


def environment() -> Iterator[tuple[str, ...]]:
    """Every `env.kind("NAME", default=…)` of the settings; the comment above the line says what it is for."""
    source = (ROOT / "cards" / "settings.py").read_text()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "env" and node.func.attr != "read_env"):
            continue
        name = ast.literal_eval(node.args[0])
        default = next((ast.unparse(word.value) for word in node.keywords if word.arg == "default"), "required")
        above = lines[node.lineno - 2].strip()
        yield name, node.func.attr, f"`{default}`", above.removeprefix("# ") if above.startswith("# ") else ""


def enumerations() -> Iterator[str]:
    for module, name in (
        ("cards.runs.models", "RunState"),
        ("cards.runs.models", "LineState"),
        ("cards.integrations.lucca.plan", "Action"),
        ("cards.integrations.lucca.plan", "Reason"),
        ("cards.integrations.lucca.sync", "StopReason"),
        ("cards.integrations.lucca.connect", "Connection"),
        ("cards.integrations.lucca.directory", "RowState"),
        ("cards.people.models", "MailState"),
    ):
        kind = getattr(import_module(module), name)
        yield f"- **{name}** ({kind.__module__}): " + ", ".join(f"`{each.value}`" for each in kind)


if __name__ == "__main__":
    sys.exit(main())
