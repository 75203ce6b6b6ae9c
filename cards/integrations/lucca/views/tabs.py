"""What the two tabs have in common: what stands above and below their lists, and how importing one row is answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cards.integrations.lucca import run_words, sync, words
from cards.integrations.lucca.counters import counters_of
from cards.integrations.lucca.doubt_words import question_about
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.views.options import remembered_options
from cards.people.access import SpaceRequest
from cards.runs.models import ENDED, Run


def tab_of(request: SpaceRequest, account: LuccaAccount, refresh: Run | None, kind: str) -> dict[str, Any]:
    """What both tabs show around their lists; `kind` is that of importing everything of the tab."""
    return {
        "account": account,
        "refresh": refresh,
        "silent_until": sync.silent_until(refresh),
        "question": question_about(account),
        "problem": "" if refresh else words.problem_of(sync.last_refresh(account)),
        **under_way_of(sync.current_import(account, kind)),
        "counters": counters_of(account),
        "options_form": remembered_options(request),
    }


def under_way_of(run: Run | None) -> dict[str, Any]:
    """What the notice says of the run that is under way, if one is."""
    return {"run_under_way": run, "under_way": run_words.under_way(run) if run else ""}


def row_of(account: LuccaAccount, run: Run) -> dict[str, Any]:
    """What the row of somebody or something shows while it is imported, and once when it is done."""
    return {
        "run": run,
        "is_running": run.state not in ENDED,
        "counters": counters_of(account),
        "account": account,
        "oob": True,
    }


def answer_import(
    request: SpaceRequest, run: Run | None, name: object, back: str, fragment: Callable[[Run], HttpResponse]
) -> HttpResponse:
    """One row is being imported: its `fragment` where the page asks for that, else the page `back`, with a word."""
    if run is None:
        raise Http404
    if request.htmx:
        return fragment(run)
    messages.info(request, _("%(name)s is being imported.") % {"name": name})
    return redirect(back)
