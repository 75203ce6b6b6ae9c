"""`make statistics-smoke`: the founding document's chapter of statistics without a browser, against a fresh simulator.

Under both readings of what Lucca does with an array, statistics are sent twice and read back over the API. Prints one
line of figures; the exit status says whether a row was missing, doubled or touched, or the second push wrote.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from cryptography.fernet import Fernet

from demo.smoke import SmokeError
from lucca_simulator import running


def main() -> int:
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _set_up(Path(folder))
            from demo.statistics_chapter import chapter  # noqa: PLC0415 - models need Django to be set up

            with running() as simulator:
                seen = [chapter(simulator, hypothesis) for hypothesis in ("replace", "upsert")]
    except SmokeError as error:
        print(f"STATISTICS SMOKE FAILED: {error}", file=sys.stderr)
        return 1
    print(f"STATISTICS SMOKE OK: {'; '.join(seen)}; in {time.monotonic() - began:.0f} s.")
    return 0


def _set_up(folder: Path) -> None:
    """A database of its own, gone afterwards."""
    os.environ.update(
        {
            "CARDS_ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "cards.settings",
            "DATABASE_URL": f"sqlite:///{folder / 'cards.sqlite3'}",
            "SECRET_KEY": Fernet.generate_key().decode(),
            "CARDS_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "CARDS_ALLOWED_LUCCA_HOSTS": "127.0.0.1",
            "CARDS_CALLS_PER_MINUTE": "100000",
        }
    )
    import django  # noqa: PLC0415 - needs the environment set
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
