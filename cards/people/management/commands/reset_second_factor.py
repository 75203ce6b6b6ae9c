"""`cards reset_second_factor`: for an operator who lost their phone and their recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards.identity import second_factor
from cards.people.models import User, login_key


class Command(BaseCommand):
    help = "Take the second factor of an operator away, so that the password alone lets them in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **_options: Any) -> None:
        operator = User.objects.filter(login_key=login_key(None, email)).first()
        if operator is None:
            raise CommandError(f"{email} is no operator.", returncode=2)
        had_one = second_factor.take_away(operator, by=None)
        self.stdout.write(f"{email} signs in with the password alone." if had_one else f"{email} had none.")
