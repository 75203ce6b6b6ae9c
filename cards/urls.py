"""Every address of the product, by area."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("operator/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
]
