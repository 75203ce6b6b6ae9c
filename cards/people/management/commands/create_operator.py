"""`cards create_operator`: somebody who runs the server. No secret is printed, and none is an argument."""

import getpass
import json
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from cards.audit.actions import record
from cards.people.models import User, login_key


class Command(BaseCommand):
    help = "Make an operator, who signs in at /operator/. An operator who exists stays as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--first-name", default="", help="(default: the beginning of the e-mail)")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--password-env", metavar="VAR", help="the environment variable that holds the password")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *, email: str, first_name: str, last_name: str, **options: Any) -> None:
        is_new = not User.objects.filter(login_key=login_key(None, email)).exists()
        if is_new:
            operator = User(email=email, first_name=first_name or email.partition("@")[0], last_name=last_name)
            try:
                validate_email(email)
                password = password_of(options["password_env"])
                validate_password(password, operator)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=2) from None
            made = User.objects.create_superuser(
                email=email, password=password, first_name=operator.first_name, last_name=last_name
            )
            record("operator_created", space=None, by=None, target=f"user {made.pk}")
        if options["json"]:
            self.stdout.write(json.dumps({"operator": email, "created": is_new}))
        else:
            self.stdout.write(f"{email} is an operator." if is_new else f"{email} was an operator already.")


def password_of(variable: str | None) -> str:
    """The password out of an environment variable, or typed; never an argument, which others could read."""
    if variable:
        if variable not in os.environ:
            raise CommandError(f"The environment variable {variable} is not set.", returncode=2)
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise CommandError("Name the variable that holds the password with --password-env.", returncode=2)
    return getpass.getpass("Password: ")
