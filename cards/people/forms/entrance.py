"""Forms for whoever is not signed in yet."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from cards.people.forms import fields_only
from cards.people.models import login_key


class EmailField(forms.EmailField):
    """An e-mail that the browser fills in as the sign-in name."""

    def __init__(self, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
        super().__init__(label=_("E-mail"), widget=widget, **options)


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail and password, for an account of the space that the host names."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(label=_("Stay signed in on this device"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()
        self.order_fields(["login", "password", "remember"])
        self.helper = fields_only(_("Sign-in did not work."))

    def space_id(self) -> int | None:
        return int(self.request.space.pk)

    def user_credentials(self) -> dict[str, str]:
        return {
            "username": login_key(self.space_id(), self.cleaned_data["login"]),
            "password": self.cleaned_data["password"],
        }


class OperatorSignInForm(SignInForm):
    """E-mail and password of an operator, on any host."""

    def space_id(self) -> int | None:
        return None


class AddressForm(forms.Form):
    """The address to which a link is mailed, if it belongs to an account."""

    email = EmailField()

    helper = fields_only(_("Nothing was sent yet."))


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A password typed twice, by the rules of the settings."""

    helper = fields_only(_("The password is not set yet."))
