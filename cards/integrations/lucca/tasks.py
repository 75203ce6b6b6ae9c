"""The kinds of run of this integration, made known to the engine."""

from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca import sync
from cards.runs.kinds import Kind, register


def register_kinds() -> None:
    register(Kind(name=sync.REFRESH, label=_("Reading Lucca"), work=sync.work_refresh))
    register(
        Kind(name=sync.IMPORT_USERS, label=_("Import of all users"), work=sync.work_import, on_end=sync.end_import)
    )
    register(Kind(name=sync.IMPORT_USER, label=_("Import of one user"), work=sync.work_import, on_end=sync.end_import))
