"""The `cards` command: Django's commands under the project's name."""

import os
import shutil
import sys
import textwrap

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, ManagementUtility, get_commands, load_command_class
from django.db import OperationalError

# Whoever hosts Cards needs these of Django's; the others are there too.
DJANGOS = ("check", "collectstatic", "migrate")
WRONG_USAGE = 2


class Cards(ManagementUtility):
    """Django's commands and ours; `cards help` tells of those that a host needs."""

    def main_help_text(self, commands_only: bool = False) -> str:  # noqa: FBT001, FBT002 - Django calls it so
        if commands_only:
            return super().main_help_text(commands_only)
        commands = get_commands()
        ours = sorted(name for name, app in commands.items() if str(app).startswith("cards"))
        width = max(map(len, ours))
        indent = " " * (width + 4)
        lines = ["cards help COMMAND tells the options of a command.", ""]
        for name in (*ours, "", *DJANGOS):
            words = f"  {name:{width}}  {_sentence(name)}" if name else ""
            lines += textwrap.wrap(words, shutil.get_terminal_size().columns, subsequent_indent=indent) or [""]
        return "\n".join(lines)

    def fetch_command(self, subcommand: str) -> BaseCommand:
        try:
            return super().fetch_command(subcommand)
        except SystemExit:
            sys.exit(WRONG_USAGE)


def _sentence(name: str) -> str:
    """The first sentence of a command's help."""
    return load_command_class(str(get_commands()[name]), name).help.partition(". ")[0].rstrip(".") + "."


def main() -> None:
    # What is written is this server's alone: SQLite makes its file, which is full of people, as the umask lets it.
    # Styles are for everybody, also for another web server on the machine.
    os.umask(0o022 if sys.argv[1:2] == ["collectstatic"] else 0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cards.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the settings
        Cards(sys.argv).execute()
    # Forty lines of Python say no more to whoever hosts Cards.
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_USAGE)
    except OperationalError as error:
        # No row is named: that is another error.
        sys.stderr.write(f"The database does not answer: {error}\n")
        sys.exit(1)
