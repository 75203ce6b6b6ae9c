from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LuccaConfig(AppConfig):
    name = "cards.integrations.lucca"

    def ready(self) -> None:
        from cards.integrations.catalogue.registry import Integration, register
        from cards.integrations.lucca.about import collaborator_page
        from cards.integrations.lucca.nights import begin_nights, prune_nights
        from cards.integrations.lucca.statistics_words import nights_stopped
        from cards.integrations.lucca.tasks import register_kinds
        from cards.integrations.lucca.todo import lucca_todo
        from cards.people.about import tell_also
        from cards.people.letters import write_with
        from cards.people.models import MailKind
        from cards.people.todo import ask_also
        from cards.runs.tick import register_chore

        register(
            Integration(
                slug="lucca",
                name="Lucca",
                description=_(
                    "Import your collaborators and departments, and find their training results on their Lucca files."
                ),
                icon="users-group",
                url_name="lucca_home",
            )
        )
        register_kinds()
        ask_also(lucca_todo)
        tell_also(collaborator_page)
        register_chore("nights", begin_nights)
        register_chore("old nights", prune_nights, every=timedelta(hours=1))
        write_with(MailKind.NIGHTS_STOPPED, nights_stopped)
