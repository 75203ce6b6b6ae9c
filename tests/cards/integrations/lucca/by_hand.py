"""A process that makes accounts by hand while others import: `python -m … SPACE EMAIL…`.

It begins when somebody works on a run, goes slowly enough for both to meet, and prints how many accounts it made.
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
    while not Run.objects.filter(state=RunState.RUNNING, lease_until__isnull=False).exists():
        time.sleep(0.001)
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
