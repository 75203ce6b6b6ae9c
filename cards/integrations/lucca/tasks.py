"""The kinds of run of this integration, made known to the engine."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca import nights, slices, sync, undo
from cards.runs.kinds import Kind, register
from cards.runs.models import Run

IMPORTS = {
    sync.IMPORT_USERS: _("Import of all users"),
    sync.IMPORT_USER: _("Import of one user"),
    sync.IMPORT_DEPARTMENTS: _("Import of all departments"),
    sync.IMPORT_DEPARTMENT: _("Import of one department"),
}


def calls_to(run: Run) -> tuple[str, int] | None:
    """Whom a run calls, and how often a minute at most."""
    account = sync.account_of(run)
    return (account.host, settings.CARDS_CALLS_PER_MINUTE) if account else None


def register_kinds() -> None:
    register(
        Kind(
            name=sync.REFRESH,
            label=_("Reading Lucca"),
            work=slices.work_refresh,
            on_end=slices.end_reading,
            calls_to=calls_to,
        )
    )
    for name, label in IMPORTS.items():
        register(Kind(name=name, label=label, work=slices.work_import, on_end=slices.end_import, calls_to=calls_to))
    register(
        Kind(
            name=nights.PUSH,
            label=_("Statistics of the night"),
            work=nights.work_push,
            on_end=nights.end_night,
            calls_to=calls_to,
        )
    )
    register(Kind(name=nights.PUSH_NOW, label=_("Statistics, sent by hand"), work=nights.work_push, calls_to=calls_to))
    register(
        Kind(name=nights.PUSH_ONE, label=_("Statistics of one collaborator"), work=nights.work_push, calls_to=calls_to)
    )
    register(
        Kind(name=nights.REMOVE, label=_("Removal of the statistics"), work=nights.work_removal, calls_to=calls_to)
    )
    register(Kind(name=sync.UNDO, label=_("Undoing an import"), work=undo.work_undo, on_end=undo.note_counts))
