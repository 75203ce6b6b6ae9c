"""The address of the guide."""

from django.urls import path

from cards.guide.views import guide

urlpatterns = [path("", guide, name="guide")]
