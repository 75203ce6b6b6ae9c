from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    name = "cards.spaces"
    verbose_name = _("Spaces")

    def ready(self) -> None:
        from cards.spaces import checks  # noqa: F401 - importing them registers them
