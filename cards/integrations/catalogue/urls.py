"""The address of the catalogue."""

from django.urls import path

from cards.integrations.catalogue import views

urlpatterns = [path("integrations/", views.catalogue, name="integrations")]
