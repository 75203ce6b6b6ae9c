"""The kinds of run of this integration, made known to the engine."""

from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca import nights, sync, undo
from cards.runs.kinds import Kind, register

IMPORTS = {
    sync.IMPORT_USERS: _("Import of all users"),
    sync.IMPORT_USER: _("Import of one user"),
    sync.IMPORT_DEPARTMENTS: _("Import of all departments"),
    sync.IMPORT_DEPARTMENT: _("Import of one department"),
}


def register_kinds() -> None:
    register(Kind(name=sync.REFRESH, label=_("Reading Lucca"), work=sync.work_refresh))
    for name, label in IMPORTS.items():
        register(Kind(name=name, label=label, work=sync.work_import, on_end=sync.end_import))
    register(Kind(name=nights.PUSH, label=_("Statistics of the night"), work=nights.work_push, on_end=nights.end_night))
    register(Kind(name=nights.PUSH_NOW, label=_("Statistics, sent at once"), work=nights.work_push))
    register(Kind(name=nights.PUSH_ONE, label=_("Statistics of one collaborator"), work=nights.work_push))
    register(Kind(name=nights.REMOVE, label=_("Removal of the statistics"), work=nights.work_removal))
    register(Kind(name=sync.UNDO, label=_("Undoing an import"), work=undo.work_undo, on_end=undo.note_counts))
