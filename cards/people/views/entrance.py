"""The pages before somebody is signed in. They never tell whether an account exists."""

from typing import TYPE_CHECKING, Any, cast

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cards.audit.actions import record
from cards.identity.sessions import end_sessions
from cards.people import outbox
from cards.people.access import EVERYBODY, declared_open_to
from cards.people.forms.entrance import AddressForm, NewPasswordForm, OperatorSignInForm, SignInForm
from cards.people.models import ConnectionMode, MailKind, User
from cards.spaces.models import Space

if TYPE_CHECKING:
    from cards.spaces.middleware import HostRequest

TOKEN_IN_SESSION = "_password_reset_token"  # noqa: S105 - where PasswordResetConfirmView keeps it


class SignIn(LoginView):  # type: ignore[misc]
    """E-mail and password. Allauth's own page, so that a second factor and SSO find their places in it."""

    form_class = SignInForm
    template_name = "people/entrance/sign_in.html"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _space(request)
        return cast("HttpResponseBase", super().dispatch(request, *args, **kwargs))

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return render(self.request, self.template_name, self.get_context_data(form=form), status=422)


class OperatorSignIn(SignIn):
    """The same for operators, who belong to no space."""

    form_class = OperatorSignInForm
    template_name = "people/entrance/operator_sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.is_operator:
            raise PermissionDenied
        return super(SignIn, self).dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


@declared_open_to(*EVERYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def first_visit(request: HttpRequest) -> HttpResponse:
    """For people whose account was made for them and who have no password yet."""
    return _ask_for_a_link(
        request,
        MailKind.FIRST_VISIT,
        heading=_("First visit"),
        words=_("Your account was opened for you. Type your work e-mail: we send you a link to choose your password."),
    )


@declared_open_to(*EVERYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def lost_password(request: HttpRequest) -> HttpResponse:
    return _ask_for_a_link(
        request,
        MailKind.PASSWORD_RESET,
        heading=_("Lost password"),
        words=_("Type your work e-mail: we send you a link to choose a new password."),
    )


@declared_open_to(*EVERYBODY)
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """The same answer for everybody who asked for a link."""
    _space(request)
    return render(request, "people/entrance/link_sent.html")


@never_cache
def _ask_for_a_link(request: HttpRequest, kind: MailKind, *, heading: Promise, words: Promise) -> HttpResponse:
    space = _space(request)
    form = AddressForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed_email = form.cleaned_data["email"]
            # Counted per address that asks, so that nobody's asking keeps somebody else from asking.
            key = f"{get_ip(request)} {space.pk} {typed_email.casefold()}"
            if ratelimit.consume(request, action="reset_password", key=key):
                outbox.request(space=space, typed_email=typed_email, kind=kind)
                return redirect("link_sent")
            form.add_error(None, _("You asked several times. Look into your mails, or try again in a few minutes."))
            status = 429
    context = {"form": form, "heading": heading, "words": words}
    return render(request, "people/entrance/ask_for_a_link.html", context, status=status)


class SetPassword(PasswordResetConfirmView):
    """Where a mailed link leads: a password is chosen, and its owner is signed in.

    The link counts in its own space only, for accounts that are active and sign in by password; setting the password
    ends it, and so does any sign-in.
    """

    template_name = "people/entrance/set_password.html"
    form_class = NewPasswordForm

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        fits = (
            isinstance(user, User)
            and user.is_active
            and user.space_id == _space(self.request).pk
            and user.connection_mode == ConnectionMode.PASSWORD
        )
        return user if fits else None

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.save()
        record("password_changed", space=user.space, by=user, target=f"user {user.pk}")
        end_sessions(user, by=user)
        del self.request.session[TOKEN_IN_SESSION]
        return cast("HttpResponse", perform_login(self.request, user, email_verification="none"))

    def form_invalid(self, form: Any) -> HttpResponse:
        return render(self.request, self.template_name, self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"address_form": AddressForm()}


def _space(request: HttpRequest) -> Space:
    space = cast("HostRequest", request).space
    if space is None:
        raise Http404
    return space
