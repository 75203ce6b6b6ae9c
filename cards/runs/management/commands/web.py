"""`cards web`: the web application alone, for installations whose workers are elsewhere."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cards.keys import keys_to_seal_with
from cards.runs.starting import check_styles, check_tables, number, port, wait_for_database
from cards.runs.supervise import Children, port_is_free


class Command(BaseCommand):
    help = "Serve the web application alone, until SIGTERM or Ctrl-C; `cards worker` does the work, here or elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1)")
        parser.add_argument("--port", type=port, default=8000, help="the port to listen at (default: 8000)")
        parser.add_argument("--threads", type=number, default=4, help="how many requests at once (default: 4)")

    def handle(self, *, host: str, port: int, threads: int, workers: int = 0, **_options: Any) -> None:
        if not port_is_free(host, port):
            raise CommandError(f"Port {port} is taken: stop what listens there, or choose another with --port.")
        # A wrong key must be known before people type new secrets, not when the night fails.
        wait_for_database()
        self.check(databases=["default"], tags=["database"])
        check_tables()
        check_styles()
        if workers:
            keys_to_seal_with()
        self.stdout.write(f"Cards starts at http://{host}:{port}/ and goes on until SIGTERM or Ctrl-C.")
        self.stdout.flush()
        with Children(self.stderr.write) as children:
            for each in range(1, workers + 1):
                children.start(f"worker {each}", [sys.executable, "-m", "cards", "worker"])
            children.start("web", _web_server(host=host, port=port, threads=threads))
            children.watch()


def _web_server(*, host: str, port: int, threads: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        # Without the last one granian hangs when it is told to stop while it starts.
        *("--blocking-threads", str(threads), "--workers-kill-timeout", "5"),
        *("--log-level", "warning", "--log-config", str(settings.BASE_DIR / "cards" / "web_server_log.json")),
        "cards.wsgi:application",
    ]
