from datetime import timedelta

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "cards.health"

    def ready(self) -> None:
        from cards.identity import sessions, throttles
        from cards.runs.tick import register_chore

        register_chore("sessions", sessions.forget_expired, every=timedelta(hours=1))
        register_chore("counts", throttles.forget_expired, every=timedelta(hours=1))
