from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "cards.integrations.catalogue"
