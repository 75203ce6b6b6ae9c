"""`cards serve`: the web application and its workers, as one thing to start and stop."""

from argparse import ArgumentParser

from cards.runs.management.commands import web
from cards.runs.starting import number


class Command(web.Command):
    help = "Serve the web application and work on what is due, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--workers", type=number, default=1, help="how many worker processes (default: 1)")
