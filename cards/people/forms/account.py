"""Forms about one's own account: the password, the codes of a second factor."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cards.identity import throttles
from cards.people.forms import fields_only
from cards.people.models import User

TOO_MANY = _("Too many attempts. Wait five minutes.")


class PresentPasswordForm(forms.Form):
    """The present password, once more: whoever sits at somebody's open screen does not have it."""

    present_password = forms.CharField(
        label=_("Your present password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    helper = fields_only(_("The password was not accepted."))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_present_password(self) -> str:
        return checked_password(self.request, self.cleaned_data["present_password"])


class ChangePasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A new password typed twice, by the rules of the settings, and the present one."""

    present_password = PresentPasswordForm.base_fields["present_password"]

    helper = fields_only()

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request.user, *args, **kwargs)
        self.request = request
        self.order_fields(["present_password"])

    def clean_present_password(self) -> str:
        return checked_password(self.request, self.cleaned_data["present_password"])


class CodeForm(forms.Form):
    """What the phone shows, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )

    helper = fields_only(_("The code was not accepted."))


def checked_password(request: HttpRequest, typed: str) -> str:
    """`typed`, if it is the password of whoever is signed in; attempts are counted."""
    user = request.user
    if not throttles.allows(request, "password_again", user):
        raise forms.ValidationError(TOO_MANY)
    if not isinstance(user, User) or not user.check_password(typed):
        raise forms.ValidationError(_("This is not your present password."))
    throttles.forgive(request, "password_again", user)
    return typed
