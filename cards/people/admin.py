"""Spaces and those who manage them, for the operator. Learners are not the operator's business."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cards.people import actions, outbox
from cards.people.errors import Refused
from cards.people.models import Role, User
from cards.people.spaces import change_space, open_space
from cards.spaces.models import Space
from cards.spaces.operator_site import site

SPACE = ("name", "slug", "host", "language", "time_zone", "learner_quota")


class OpenSpaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new space and its first owner, who gets an invitation."""

    owner_first_name = forms.CharField(label=_("First name of the owner"), max_length=190)
    owner_last_name = forms.CharField(label=_("Last name of the owner"), max_length=190)
    owner_email = forms.EmailField(label=_("E-mail of the owner"), max_length=254)

    class Meta:
        model = Space
        fields = SPACE


@admin.register(Space, site=site)
class SpaceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    fields = SPACE
    list_display = ("name", "host", "language", "learner_quota", "created_at")
    search_fields = ("name", "host", "slug")

    def get_form(self, request: HttpRequest, obj: Space | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else OpenSpaceForm

    def get_fields(self, request: HttpRequest, obj: Space | None = None) -> Any:
        return SPACE if obj else [*SPACE, "owner_first_name", "owner_last_name", "owner_email"]

    def save_model(self, request: HttpRequest, obj: Space, form: Any, change: bool) -> None:
        by, wanted = request.user, form.cleaned_data
        if change:
            changed = {name: wanted[name] for name in form.changed_data}
            change_space(space=Space.objects.get(pk=obj.pk), by=by, **changed)  # type: ignore[arg-type]
        else:
            open_space(
                by=by,  # type: ignore[arg-type]
                space=obj,
                email=wanted["owner_email"],
                first_name=wanted["owner_first_name"],
                last_name=wanted["owner_last_name"],
            )

    def has_delete_permission(self, request: HttpRequest, obj: Space | None = None) -> bool:
        return False


class ManagerForm(forms.ModelForm):  # type: ignore[type-arg]
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in (Role.OWNER, Role.EDITOR)])


@admin.register(User, site=site)
class ManagerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Owners and editors: who they are, which role they have, whether they may sign in."""

    form = ManagerForm
    list_display = ("email", "name", "space", "role", "is_active", "last_login")
    list_filter = ("role", "is_active", "space")
    list_select_related = ("space",)
    search_fields = ("search_key",)
    actions = ("reset_second_factor",)

    @admin.display(description=_("name"), ordering="last_name")
    def name(self, user: User) -> str:
        return user.full_name

    @admin.action(description=_("Reset two-step sign-in (for somebody who lost their phone and their codes)"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            actions.reset_second_factor(user=user, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Their passwords alone let them in until they set up a new one."))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(role__in=(Role.OWNER, Role.EDITOR), is_operator=False)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        account = ("space", "email", "first_name", "last_name", "role")
        return (*account, "is_active") if obj else account

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return ("space", "email", "first_name", "last_name") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **kwargs | {"required": True})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by: Any = request.user
        wanted = form.cleaned_data
        if not change:
            account = {name: wanted[name] for name in ("space", "email", "first_name", "last_name", "role")}
            added = actions.create_user(by=by, **account)
            outbox.invite(users=[added], by=by)
            obj.pk = added.pk
            return
        stored = User.objects.get(pk=obj.pk)
        actions.change_role(user=stored, by=by, role=wanted["role"])
        if wanted["is_active"] != stored.is_active:
            (actions.activate_user if wanted["is_active"] else actions.deactivate_user)(user=stored, by=by)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
