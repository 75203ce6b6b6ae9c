"""`cards web`: the web application alone, for installations whose workers are elsewhere."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards.runs.management.commands.serve import web_command
from cards.runs.starting import check_styles, check_tables, number, port
from cards.runs.supervise import Children, port_is_free


class Command(BaseCommand):
    help = "Serve the web application alone, until SIGTERM or Ctrl-C; `cards worker` does the work, here or elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1)")
        parser.add_argument("--port", type=port, default=8000, help="the port to listen at (default: 8000)")
        parser.add_argument("--threads", type=number, default=4, help="how many requests at once (default: 4)")

    def handle(self, *, host: str, port: int, threads: int, **_options: Any) -> None:
        if not port_is_free(host, port):
            raise CommandError(f"Port {port} is taken: stop what listens there, or choose another with --port.")
        self.check(databases=["default"], tags=["database"])
        check_tables()
        check_styles()
        self.stdout.write(f"Cards starts at http://{host}:{port}/ and serves until SIGTERM or Ctrl-C.")
        self.stdout.flush()
        with Children(self.stderr.write) as children:
            children.start("web", web_command(host=host, port=port, threads=threads))
            children.watch()
