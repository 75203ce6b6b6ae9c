"""Where the operator sets up a space's identity provider. The secret goes in and never comes out."""

from typing import Any

from allauth.socialaccount.providers.base import ProviderException
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from cards.spaces.addresses import absolute
from cards.spaces.operator_site import site
from cards.sso.actions import check, configure, remove
from cards.sso.models import Protocol, Provider
from cards.sso.outbound import Session
from cards.sso.saml import SamlRefusedError

NEEDED = {Protocol.OPENID: ("issuer", "client_id")}


class ProviderForm(forms.ModelForm):  # type: ignore[type-arg]
    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and never shown. Empty keeps the present one."),
    )
    metadata_url = forms.URLField(
        label=_("Address of the metadata"),
        required=False,
        assume_scheme="https",
        help_text=_("SAML: read once, when you save, instead of pasting the metadata."),
    )
    is_active = forms.BooleanField(
        label=_("SSO is switched on for the space"),
        required=False,
        help_text=_("Then the owner may give people the connection mode SSO. Try it with one account first."),
    )

    class Meta:
        model = Provider
        fields = ("space", "protocol", "name", "issuer", "client_id", "metadata", "vouched_domains")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["is_active"].initial = self.instance.space.sso_is_active

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        protocol = Protocol(found["protocol"])
        try:
            if found.get("metadata_url") and protocol == Protocol.SAML:
                found["metadata"] = _read(found["metadata_url"])
            for name in NEEDED.get(protocol, ()):
                if not found.get(name):
                    self.add_error(name, _("This is needed."))
            if not self.errors:
                check(Provider(**{name: found[name] for name in ("protocol", "issuer", "metadata")}))
        except SamlRefusedError:
            self.add_error("metadata", _("These are not the metadata of an identity provider."))
        except (RequestException, ProviderException, ValueError) as error:
            where = "metadata_url" if protocol == Protocol.SAML else "issuer"
            said = _("The provider did not answer as it should: %(why)s") % {"why": type(error).__name__}
            self.add_error(where, said)
        return found


def _read(url: str) -> str:
    with Session() as session:
        answer = session.get(url)
        answer.raise_for_status()
        return answer.text


@admin.register(Provider, site=site)
class ProviderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ProviderForm
    fields = (
        "space",
        "protocol",
        "name",
        "issuer",
        "client_id",
        "client_secret",
        "metadata_url",
        "metadata",
        "vouched_domains",
        "our_addresses",
        "is_active",
    )
    list_display = ("space", "name", "protocol", "is_on")
    list_select_related = ("space",)
    readonly_fields = ("our_addresses",)

    @admin.display(description=_("switched on"), boolean=True)
    def is_on(self, provider: Provider) -> bool:
        return provider.space.sso_is_active

    @admin.display(description=_("to be typed at the provider"))
    def our_addresses(self, provider: Provider) -> str:
        """What the provider's administrator needs of us."""
        if not provider.pk:
            return str(_("Shown once this is saved."))
        names = {
            Protocol.OPENID.value: ["sso_openid"],
            Protocol.SAML.value: ["sso_saml_metadata", "sso_saml"],
        }[provider.protocol]
        return format_html_join("\n", "<div>{}</div>", ((absolute(provider.space, reverse(name)),) for name in names))

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        return ("space", "our_addresses") if obj else ("our_addresses",)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """The form asks the provider, so that Django's transaction around it is left out; `configure` has its own."""
        return self._changeform_view(request, *args, **options)  # type: ignore[attr-defined,no-any-return]

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        wanted = form.cleaned_data
        obj.metadata = wanted["metadata"]
        configure(
            provider=obj,
            by=request.user,  # type: ignore[arg-type]
            client_secret=wanted["client_secret"],
            is_active=wanted["is_active"],
        )

    def delete_model(self, request: HttpRequest, obj: Provider) -> None:
        remove(provider=obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        for provider in queryset:
            self.delete_model(request, provider)
