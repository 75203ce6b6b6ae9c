"""Every address of the product, by area."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("cards.people.urls")),
    path("operator/", admin.site.urls),
]
