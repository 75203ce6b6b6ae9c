from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "cards.privacy"
