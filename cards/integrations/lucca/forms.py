"""The forms of the integration: the connection, the sending of statistics, and the options of an import."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.address import Address, BadAddressError, address_of
from cards.integrations.lucca.codes import DEFAULTS, NAMES, codes_of, faults_of
from cards.integrations.lucca.models import LuccaAccount, StatisticsSettings
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.sides import is_known
from cards.integrations.lucca.statistics_words import CODE_FAULTS, FIELD_NAMES
from cards.integrations.lucca.words import ADDRESS_FAULTS
from cards.people.models import ConnectionMode
from cards.people.queries import connection_modes
from cards.spaces.models import Space


class ConnectionForm(forms.Form):
    """Url and key (R7 to R9). The saved key is never shown; an empty field keeps it, for the same Lucca only."""

    url = forms.CharField(
        label=_("Url"),
        max_length=255,
        required=False,
        help_text=_("The address of your Lucca account, for example https://acme.ilucca.net."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    key = forms.CharField(
        label=_("Lucca key"),
        max_length=255,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    other_lucca = forms.BooleanField(
        label=_("Yes, connect this other Lucca account"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, account: LuccaAccount | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.address: Address | None = None
        # Whether a Lucca that somebody has worked with is given up for another.
        self.leaves_lucca = False
        # Not where the operator lost what opened it.
        self.has_key = bool(account and account.encrypted_key)
        self.fields["key"].help_text = (
            _("A key is saved. Leave empty to keep it.") if self.has_key else _("The API key that Lucca provides you.")
        )
        if self.has_key:
            self.fields["key"].widget.attrs["placeholder"] = "••••••••••••"

    def clean_url(self) -> str:
        try:
            self.address = address_of(self.cleaned_data["url"], also_allowed=settings.CARDS_ALLOWED_LUCCA_HOSTS)
        except BadAddressError as error:
            raise forms.ValidationError(ADDRESS_FAULTS[error.fault]) from error
        return self.address.url

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        return key.strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.address is None:
            return cleaned
        is_other = self.account is not None and self.account.host != self.address.host
        self.leaves_lucca = bool(is_other and self.account and is_known(self.account))
        if is_other:
            self["key"].help_text = _("The saved key is that of another Lucca account: type the key of this one.")
            self.fields["key"].widget.attrs.pop("placeholder", None)
        if not cleaned.get("key") and (not self.has_key or is_other):
            # A saved key must never travel to a host it was not given for.
            self.add_error("key", _("Type the key that Lucca provides you for this account."))
        if self.leaves_lucca and not cleaned.get("other_lucca"):
            self.fields["other_lucca"].widget = forms.CheckboxInput()
            self.add_error(
                "other_lucca",
                _(
                    "This is another Lucca account than the present one. Its collaborators start without any link to "
                    "Cards users, and no statistics are sent to it until you activate that again; if you come back "
                    "to the present account, its links will be found again. Tick the box to go on."
                ),
            )
        return cleaned


class StatisticsForm(forms.Form):
    """The right column (R10 to R12, R72 to R75): the switch, and the codes of the six fields in Lucca."""

    is_on = forms.BooleanField(
        label=_("Activate synchronization"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch", "class": "form-check-input"}),
    )

    def __init__(self, *args: Any, settings: StatisticsSettings | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings:
            self.initial = {"is_on": settings.is_on, **settings.typed_codes}
        for name in NAMES:
            self.fields[name] = forms.CharField(
                label=FIELD_NAMES[name],
                max_length=255,
                required=False,
                widget=forms.TextInput(
                    attrs={
                        "placeholder": getattr(DEFAULTS, name),
                        "class": "form-control code",
                        "autocomplete": "off",
                        "autocapitalize": "none",
                        "spellcheck": "false",
                    }
                ),
            )

    @property
    def codes(self) -> list[forms.BoundField]:
        return [self[name] for name in NAMES]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, fault in faults_of(codes_of(cleaned)).items():
            self.add_error(name, CODE_FAULTS[fault])
        return cleaned


class ImportOptionsForm(forms.Form):
    """The panel on the right (R20 to R24): what an import does besides importing."""

    notify = forms.TypedChoiceField(
        label=_("Notify created users"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        initial="no",
        help_text=_(
            "Yes: whoever gets an account receives an e-mail to choose a password or to sign in. "
            "Who already had one gets nothing."
        ),
        widget=forms.RadioSelect,
    )
    connection_mode = forms.ChoiceField(
        label=_("Connection mode"),
        initial=ConnectionMode.PASSWORD,
        help_text=_("How the accounts that are created will sign in."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mode = self.fields["connection_mode"]
        mode.choices = connection_modes(space)  # type: ignore[attr-defined]
        mode.error_messages["invalid_choice"] = _(
            "This space has no SSO, so accounts cannot use it. Choose another connection mode."
        )

    @property
    def options(self) -> ImportOptions:
        return ImportOptions(**self.cleaned_data)
