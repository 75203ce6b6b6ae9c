"""The `cards` command: Django's commands under the project's name."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    # What is written is this server's alone: SQLite makes its file, which is full of people, as the umask lets it.
    # Styles are for everybody, also for another web server on the machine.
    os.umask(0o022 if sys.argv[1:2] == ["collectstatic"] else 0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cards.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the settings
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        # Forty lines of Python say no more to whoever hosts Cards. No row is named: that is another error.
        sys.stderr.write(f"The database does not answer: {error}\n")
        sys.exit(1)
