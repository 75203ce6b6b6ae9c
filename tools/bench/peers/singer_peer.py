"""Singer: tap | target, each a process as its makers run it; counted from the tap's first call."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).parent


def main(url: str, key: str, database: str, folder: str) -> None:
    place = Path(folder)
    tap_config, target_config = place / "tap.json", place / "target.json"
    tap_config.write_text(json.dumps({"url": url, "key": key}))
    if database.startswith("postgres"):
        target = [str(Path(sys.executable).with_name("target-postgres"))]
        where = urlsplit(database)
        config = {
            "host": where.hostname, "port": where.port, "user": where.username, "password": where.password or "none",
            "database": where.path[1:], "default_target_schema": "public", "batch_size_rows": 10_000,
            "use_copy": True,
        }  # fmt: skip
    else:
        target = [sys.executable, str(HERE / "singer_target.py")]
        config = {"sqlalchemy_url": database}
    target_config.write_text(json.dumps(config))
    tap = [sys.executable, str(HERE / "singer_tap.py")]
    began, log = place / "began", (place / "log").open("wb")
    known = {**os.environ, "BENCH_BEGAN": str(began)}
    with (
        subprocess.Popen([*tap, "--config", tap_config], stdout=subprocess.PIPE, stderr=log, env=known) as said,
        subprocess.Popen(
            [*target, "--config", target_config], stdin=said.stdout, stdout=subprocess.DEVNULL, stderr=log
        ) as heard,
    ):
        said.stdout.close()
        statuses = (said.wait(), heard.wait())
    ended = time.time()
    if any(statuses):
        sys.exit((place / "log").read_text()[-2000:])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"seconds": ended - float(began.read_text()), "peak": peak}))


if __name__ == "__main__":
    Path(sys.argv[4]).mkdir(exist_ok=True)
    main(*sys.argv[1:])
