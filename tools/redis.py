"""Run a command with CARDS_QUEUE_URL naming a throw-away Redis server, on a socket in a temporary folder.

python -m tools.redis pytest -q tests/cards/runs
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.postgresql import run_beside

PATIENCE_SECONDS = 20


def main(arguments: Sequence[str]) -> int:
    return run_beside(server, "CARDS_QUEUE_URL", arguments, usage=__doc__)


@contextmanager
def server() -> Iterator[str]:
    """A running server's URL; when the block ends the server is gone, and what it held with it."""
    command = shutil.which("redis-server")
    if not command:
        raise SystemExit("Redis's server is not installed (on Debian: apt install redis-server).")
    with tempfile.TemporaryDirectory(prefix="cards-redis-") as folder:
        socket = Path(folder) / "socket"
        options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", folder]
        process = subprocess.Popen([command, *options], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not socket.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("Redis's server did not start.")
                time.sleep(0.02)
            yield f"unix://{socket}"
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
