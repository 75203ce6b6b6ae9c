"""`cards lucca_import_departments`: import the departments of a space, all or one."""

from cards.integrations.lucca import sync
from cards.integrations.lucca.commands import ImportCommand


class Command(ImportCommand):
    help = "Import departments as groups of their people. Exit status 0 only when the run finished and nothing failed."
    kind = sync.IMPORT_DEPARTMENTS
    one = "department"
