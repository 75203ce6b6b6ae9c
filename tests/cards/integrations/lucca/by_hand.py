"""A process that makes accounts by hand while others import: `python -m … SPACE EMAIL…`.

It says when it is ready, begins when somebody works on a run, goes slowly enough for both to meet, and prints how many
accounts it made. When every run has ended there is nobody to wait for.
"""

import sys
import time
from collections.abc import Sequence

import django


def make_accounts(slug: str, emails: Sequence[str]) -> int:
    from cards.people.actions import create_user
    from cards.people.errors import Refused
    from cards.runs.models import Run, RunState
    from cards.spaces.models import Space

    space = Space.objects.get(slug=slug)
    print("ready", flush=True)
    runs = Run.objects.filter(ended_at__isnull=True)
    while runs.exists() and not runs.filter(state=RunState.RUNNING, lease_until__isnull=False).exists():
        time.sleep(0.002)
    made = 0
    for email in emails:
        time.sleep(0.005)
        try:
            create_user(space=space, by=None, email=email.upper(), first_name="By", last_name="Hand")
        except Refused:
            continue
        made += 1
    return made


if __name__ == "__main__":
    django.setup()
    print(make_accounts(sys.argv[1], sys.argv[2:]))
