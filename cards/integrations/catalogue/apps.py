from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "cards.integrations.catalogue"
    verbose_name = _("Integrations")

    def ready(self) -> None:
        """Tie the outbox to the tick: people and runs do not know each other."""
        from cards.people import outbox, sender
        from cards.runs.tick import register_chore

        register_chore("outbox", sender.send_due)
        register_chore("typed addresses", outbox.forget_typed_addresses, every=timedelta(hours=1))
