"""Somebody in the web while something else is at work: opens a page and renames a group, over and over.

`python -m tools.visitor`, with a database in DATABASE_URL that has a space and its owner. When its input ends it prints
what each took, in milliseconds, as JSON. It makes requests as a web process does, without a network.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.test import Client

from cards.people.models import Group, Role, User

# A person does not click more often.
PAUSE = 0.05


def main() -> None:
    owner = User.objects.get(role=Role.OWNER)
    if owner.space is None:
        raise SystemExit("The owner belongs to no space.")
    client = Client(SERVER_NAME=owner.space.host)
    client.force_login(owner)
    group = Group.objects.create(space=owner.space, name="Visitors")
    is_over = threading.Event()
    threading.Thread(target=wait_for_the_end, args=(is_over,), daemon=True).start()
    reads: list[float] = []
    writes: list[float] = []
    while not is_over.is_set():
        reads.append(timed(lambda: client.get("/groups/")))
        new_name = {"name": f"Visitors {len(writes)}"}
        writes.append(timed(lambda name=new_name: client.post(f"/groups/{group.pk}/edit/", name)))  # type: ignore[misc]
        if len(writes) == 1:
            # The first of a process takes longer, whatever else is at work.
            print("ready", flush=True)
        time.sleep(PAUSE)
    print(json.dumps({"read": summary(reads[1:]), "write": summary(writes[1:])}))


def wait_for_the_end(is_over: threading.Event) -> None:
    sys.stdin.read()
    is_over.set()


def timed(request: Callable[[], Any]) -> float:
    began = time.perf_counter()
    answer = request()
    if answer.status_code not in (200, 302):
        raise SystemExit(f"The page answered {answer.status_code}.")
    return (time.perf_counter() - began) * 1000


def summary(times: list[float]) -> dict[str, float]:
    ascending = sorted(times)
    at = {"median": 0.5, "95 %": 0.95, "99 %": 0.99, "most": 1}
    return {"times": len(times)} | {
        name: round(ascending[int((len(times) - 1) * share)], 1) for name, share in at.items()
    }


if __name__ == "__main__":
    main()
