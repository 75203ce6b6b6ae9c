from datetime import timedelta

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "cards.runs"

    def ready(self) -> None:
        from cards.runs.beats import forget_lost
        from cards.runs.tick import prune, register_chore

        register_chore("prune", prune, every=timedelta(hours=1))
        register_chore("beats", forget_lost, every=timedelta(hours=1))
