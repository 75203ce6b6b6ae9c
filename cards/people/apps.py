from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "cards.people"
    verbose_name = _("Owners and editors")

    def ready(self) -> None:
        from cards.people.todo import ask_also, invitations_to_send

        ask_also(invitations_to_send)
