"""What the page of a run shows while the run works, whatever its kind."""

from typing import Any

from cards.integrations.lucca.sync import silent_until
from cards.runs.models import ENDED, Run, RunState
from cards.runs.queries import progress
from cards.ui.templatetags.ui import percent

# While a run is in one of these states its page asks for news.
LIVE = (RunState.PREPARING, RunState.WAITING, RunState.RUNNING)


def live_of(run: Run, heading: str) -> dict[str, Any]:
    """The progress to be seen, and in tens of per cent to be heard."""
    how_far = progress(run)
    tens = 10 * (10 * how_far.done // how_far.total) if how_far.total else 0
    return {
        "run": run,
        "is_live": run.state in LIVE,
        "has_ended": run.state in ENDED,
        "progress": how_far,
        "silent_until": silent_until(run),
        "heading": heading,
        "said": f"{heading}, {percent(tens)}" if tens else heading,
    }
