from django.urls import path

from cards.health import views

urlpatterns = [path("operator/health/", views.page, name="operator_health")]
