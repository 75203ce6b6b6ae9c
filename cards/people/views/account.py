"""“My account”: one's own password, second factor and sessions. Operators have it too, on any host."""

from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginStageController
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.audit.actions import record
from cards.identity import codes, second_factor, sessions, throttles
from cards.people.access import (
    EVERYBODY,
    SpaceRequest,
    declared_open_to,
    may_use_second_factor,
    must_set_up_second_factor,
    open_to_account,
)
from cards.people.devices import device_of
from cards.people.forms.account import TOO_MANY, ChangePasswordForm, CodeForm, PresentPasswordForm
from cards.people.models import ConnectionMode, User
from cards.people.stages import SecondFactorStage
from cards.seal import unseal

if TYPE_CHECKING:
    from cards.spaces.middleware import HostRequest

PAGE_AND_FORM = ["GET", "HEAD", "POST"]
# So many sessions are shown, the last seen first; ending all ends the others too.
SHOWN = 50


@open_to_account
@require_safe
def account(request: SpaceRequest) -> HttpResponse:
    """What guards the account, and where it is signed in."""
    present = request.session.session_key
    context = {
        "by_password": request.user.connection_mode == ConnectionMode.PASSWORD,
        "has_second_factor": second_factor.has_one(request.user),
        "may_use_second_factor": may_use_second_factor(request.user),
        "sessions": [
            (session, device_of(session.device), session.session_key == present)
            for session in sessions.sessions_of(request.user)[:SHOWN]
        ],
    }
    return render(request, "people/account/account.html", context)


@sensitive_post_parameters()
@never_cache
@open_to_account
@require_http_methods(PAGE_AND_FORM)
def change_password(request: SpaceRequest) -> HttpResponse:
    if request.user.connection_mode != ConnectionMode.PASSWORD:
        return redirect("account")
    form = ChangePasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        user = cast("User", form.save())
        # This session goes on with the new password, under another key; the others are over.
        update_session_auth_hash(request, user)
        record("password_changed", space=user.space, by=user, target=f"user {user.pk}")
        sessions.end_sessions(user, by=user, but=request.session.session_key)
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("account")
    context = {"form": form}
    return render(request, "people/account/change_password.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@never_cache
@open_to_account
@require_http_methods(PAGE_AND_FORM)
def second_factor_page(request: SpaceRequest) -> HttpResponse:
    """What a second factor is; with the password, begin to set one up. Where there is one: how to change it."""
    if not may_use_second_factor(request.user) and not second_factor.has_one(request.user):
        return redirect("account")
    form = PresentPasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        second_factor.begin(request.user)
        return redirect("second_factor_set_up")
    context = {
        "form": form,
        "has_second_factor": second_factor.has_one(request.user),
        "codes_left": request.user.recovery_codes.count(),
        "is_demanded": must_set_up_second_factor(request.user, request.space),
    }
    return render(request, "people/account/second_factor.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@never_cache
@open_to_account
@require_http_methods(PAGE_AND_FORM)
def second_factor_set_up(request: SpaceRequest) -> HttpResponse:
    """Show the secret once to the phone, and take the first code of it."""
    prepared = second_factor.in_preparation(request.user)
    if prepared is None:
        return redirect("second_factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not throttles.allows(request, "second_factor", request.user):
            form.add_error("code", TOO_MANY)
        elif made := second_factor.confirm(request.user, form.cleaned_data["code"]):
            throttles.forgive(request, "second_factor", request.user)
            return _show_codes(request, made)
        else:
            form.add_error("code", _("This is not the code that your phone shows now."))
    secret = unseal(prepared.encrypted_secret)
    # Operators belong to no space, on whatever host they are.
    issuer = request.user.space.name if request.user.space else "Cards"
    context = {
        "form": form,
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "picture": codes.picture(codes.address_for_phones(secret, account=request.user.email, issuer=issuer)),
    }
    return render(request, "people/account/second_factor_set_up.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@never_cache
@open_to_account
@require_http_methods(PAGE_AND_FORM)
def recovery_codes(request: SpaceRequest) -> HttpResponse:
    """Other recovery codes, for whoever has used or lost theirs."""
    if not second_factor.has_one(request.user):
        return redirect("second_factor")
    form = PresentPasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        return _show_codes(request, second_factor.renew_recovery_codes(request.user))
    return _ask_for_password(
        request,
        form,
        question=_("Make new recovery codes?"),
        consequences=[_("The codes you have now no longer work.")],
        action=_("Make new codes"),
    )


@sensitive_post_parameters()
@never_cache
@open_to_account
@require_http_methods(PAGE_AND_FORM)
def second_factor_off(request: SpaceRequest) -> HttpResponse:
    if not second_factor.has_one(request.user):
        return redirect("second_factor")
    form = PresentPasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        second_factor.take_away(request.user, by=request.user)
        messages.success(request, _("Two-step sign-in is turned off."))
        return redirect("account")
    return _ask_for_password(
        request,
        form,
        question=_("Turn off two-step sign-in?"),
        consequences=[_("Your password alone lets you in from now on."), _("Your recovery codes no longer work.")],
        action=_("Turn off"),
    )


@open_to_account
@require_POST
def sessions_end(request: SpaceRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    number = sessions.end_sessions(request.user, by=request.user, but=request.session.session_key)
    said = ngettext("Signed out on %(number)d other device.", "Signed out on %(number)d other devices.", number)
    messages.success(request, said % {"number": number})
    return redirect("account")


@open_to_account
@require_POST
def session_end(request: SpaceRequest, number: str) -> HttpResponse:
    """Sign out on one other device."""
    if sessions.end_sessions(request.user, by=request.user, but=request.session.session_key, only=number):
        messages.success(request, _("Signed out on that device."))
    return redirect("account")


@sensitive_post_parameters()
@never_cache
@declared_open_to(*EVERYBODY)
@require_http_methods(PAGE_AND_FORM)
def second_factor_ask(request: HttpRequest) -> HttpResponse:
    """The second step of a sign-in: the code of the phone, or a recovery code."""
    space = cast("HostRequest", request).space
    if request.user.is_authenticated:
        return redirect(get_adapter(request).get_login_redirect_url(request))
    stage: Any = LoginStageController.enter(request, SecondFactorStage.key)
    if stage is None or not stage.holds(space):
        return redirect("account_login" if space else "operator_sign_in")
    user: User = stage.login.user
    form = CodeForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        if not _may_try(request, user):
            status = 429
            form.add_error("code", TOO_MANY)
        elif proof := second_factor.accepts(user, form.cleaned_data["code"]):
            throttles.forgive(request, "second_factor", user)
            if proof == second_factor.Proof.RECOVERY_CODE:
                record("recovery_code_used", space=user.space, by=user, target=f"user {user.pk}")
            return cast("HttpResponse", stage.exit())
        else:
            record("second_factor_failed", space=user.space, by=None, target=f"user {user.pk}")
            form.add_error("code", _("This code is wrong, or it was used already. Wait for the next one."))
    return render(request, "people/entrance/second_factor.html", {"form": form, "asked": user}, status=status)


def _may_try(request: HttpRequest, user: User) -> bool:
    return throttles.allows(request, "second_factor", user) and throttles.allows_everywhere(
        request, "second_factor_everywhere", user
    )


def _show_codes(request: SpaceRequest, made: list[str]) -> HttpResponse:
    """The recovery codes, on this page only: they are kept nowhere."""
    context = {"codes": made, "as_file": "%0A".join(made)}
    return render(request, "people/account/recovery_codes.html", context)


def _ask_for_password(request: SpaceRequest, form: PresentPasswordForm, **words: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "people/account/ask_for_password.html", {"form": form, **words}, status=status)
