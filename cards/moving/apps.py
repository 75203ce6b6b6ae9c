from django.apps import AppConfig


class MovingConfig(AppConfig):
    name = "cards.moving"

    def ready(self) -> None:
        from cards.moving import checks  # noqa: F401 - importing them registers them
