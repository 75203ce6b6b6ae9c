"""`cards create_space`: a space and its owner."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.http.request import validate_host

from cards.people.management.commands.create_operator import password_of
from cards.people.spaces import open_space
from cards.spaces.models import Language, Space


class Command(BaseCommand):
    help = "Open a space with its owner. A space of this short name that exists stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the short name")
        parser.add_argument("--name", required=True)
        parser.add_argument("--host", required=True, help="where it answers, without https:// (acme.cards.example)")
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-first-name", default="", help="(default: the beginning of the e-mail)")
        parser.add_argument("--owner-last-name", default="")
        parser.add_argument("--language", choices=Language.values, default=Language.FRENCH.value)
        parser.add_argument("--learner-quota", type=int, help="how many learners it may have (default: no limit)")
        parser.add_argument(
            "--password-env",
            metavar="VAR",
            help="the environment variable that holds the owner's password (default: the owner is invited by mail)",
        )
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *, slug: str, **options: Any) -> None:
        space = Space.objects.filter(slug=slug).first()
        is_new = space is None
        if space is None:
            try:
                space = self.opened(slug, **options)
            except ValidationError as error:
                raise CommandError(in_words(error), returncode=2) from None
            if not validate_host(space.host, settings.ALLOWED_HOSTS):
                self.stderr.write(f"{space.host} is not in ALLOWED_HOSTS yet: add it, and start Cards again.")
        if options["json"]:
            self.stdout.write(json.dumps({"space": slug, "host": space.host, "created": is_new}))
        else:
            self.stdout.write(f"{slug} answers at {space.host}." if is_new else f"{slug} was there already.")

    def opened(self, slug: str, **options: Any) -> Space:
        email = options["owner_email"]
        names = ("name", "host", "language", "learner_quota")
        space = Space(slug=slug, **{name: options[name] for name in names})
        space.full_clean()
        validate_email(email)
        password = password_of(options["password_env"]) if options["password_env"] else None
        if password is not None:
            validate_password(password)
        open_space(
            by=None,
            space=space,
            email=email,
            first_name=options["owner_first_name"] or email.partition("@")[0],
            last_name=options["owner_last_name"],
            password=password,
        )
        return space


def in_words(error: ValidationError) -> str:
    """What is wrong, each with the option that it is about where that is known."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
