"""Cards in the bench: one import of everybody, in a process of its own, as a worker alone does it.

`python -m tools.bench.cards_side prepare|first|unchanged|changed URL`, with the database in DATABASE_URL.
"""

import json
import sys

from tools.measure_import import connected_to, measured
from tools.simulator_speed import peak_megabytes


def main(phase: str, url: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by measure_import

    from cards.integrations.lucca.models import LuccaAccount  # noqa: PLC0415

    if phase == "prepare":
        call_command("migrate", verbosity=0)
        connected_to(url)
        return
    account = LuccaAccount.objects.get()
    at_rest = peak_megabytes("self")
    figures = measured(account, None)
    figures["at rest MB"] = at_rest
    print(
        json.dumps(
            {
                "seconds": figures["seconds"],
                "waited": figures["  of which Lucca"],
                "peak": figures["peak MB"] * 1024,
                "phases": figures,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
