"""`cards lucca_import_users`: import the collaborators of a space, all or one."""

from cards.integrations.lucca import sync
from cards.integrations.lucca.commands import ImportCommand


class Command(ImportCommand):
    help = "Import collaborators as users. Exit status 0 only when the run finished and nothing failed."
    kind = sync.IMPORT_USERS
    one = "collaborator"
