"""A process that walks through nights: does what the tick does, a quarter of an hour at a time, as a worker would."""

import sys
from datetime import UTC, date, datetime, time, timedelta

import django


def walk(first: date, days: int) -> None:
    from cards import clock
    from cards.integrations.lucca.nights import begin_nights

    begin = datetime.combine(first, time(), UTC) - timedelta(hours=2)
    for quarter in range(days * 96):
        with clock.told(begin + quarter * timedelta(minutes=15)):
            begin_nights()


if __name__ == "__main__":
    django.setup()
    walk(date.fromisoformat(sys.argv[1]), int(sys.argv[2]))
