from django.apps import AppConfig


class LuccaConfig(AppConfig):
    name = "cards.integrations.lucca"
