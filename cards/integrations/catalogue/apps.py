from datetime import timedelta

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "cards.integrations.catalogue"

    def ready(self) -> None:
        """Tie the outbox to the tick: people and runs do not know each other."""
        from cards.people import outbox, sender  # noqa: PLC0415 - models can be imported only now
        from cards.runs.tick import register_chore  # noqa: PLC0415

        register_chore("outbox", sender.send_due)
        register_chore("typed addresses", outbox.forget_typed_addresses, every=timedelta(hours=1))
