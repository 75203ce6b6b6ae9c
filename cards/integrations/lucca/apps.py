from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LuccaConfig(AppConfig):
    name = "cards.integrations.lucca"

    def ready(self) -> None:
        from cards.integrations.catalogue.registry import Integration, register
        from cards.integrations.lucca.tasks import register_kinds

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
