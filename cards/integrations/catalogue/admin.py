"""Where the operator activates an integration for a space, and takes it back (R5)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cards.integrations.catalogue.actions import activate, deactivate
from cards.integrations.catalogue.models import Activation
from cards.integrations.catalogue.registry import integrations
from cards.spaces.operator_site import site


class ActivationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Activation
        fields = ("space", "integration")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["integration"] = forms.ChoiceField(
            label=Activation._meta.get_field("integration").verbose_name,
            choices=[(integration.slug, integration.name) for integration in integrations()],
        )


@admin.register(Activation, site=site)
class ActivationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ActivationForm
    list_display = ("space", "integration", "activated_by", "activated_at")
    list_filter = ("integration",)
    list_select_related = ("space", "activated_by")
    search_fields = ("space__name",)

    def has_change_permission(self, request: HttpRequest, obj: Activation | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Activation, form: Any, change: bool) -> None:
        activate(space=obj.space, integration=obj.integration, by=request.user)  # type: ignore[arg-type]
        obj.pk = Activation.objects.get(space=obj.space, integration=obj.integration).pk

    def delete_model(self, request: HttpRequest, obj: Activation) -> None:
        deactivate(space=obj.space, integration=obj.integration, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Activation]) -> None:
        for activation in queryset.select_related("space"):
            self.delete_model(request, activation)
