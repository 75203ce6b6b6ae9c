"""`cards send_test_mail EMAIL`: whether the mail server takes what Cards sends, before anybody is invited."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Send a test mail at once, to see that the mail server of EMAIL_URL takes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **_options: Any) -> None:
        server = f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        try:
            send_mail("A test mail of Cards", "Cards can send mails.", from_email=None, recipient_list=[email])
        except OSError as error:  # smtplib's are, those of TLS too
            raise CommandError(f"{server} did not take it: {error}") from error
        self.stdout.write(f"{server} took a mail for {email} from {settings.DEFAULT_FROM_EMAIL}.")
