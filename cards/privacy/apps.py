from datetime import timedelta

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "cards.privacy"

    def ready(self) -> None:
        from cards.privacy.retention import prune_a_little
        from cards.runs.tick import register_chore

        register_chore("retention", prune_a_little, every=timedelta(minutes=5))
