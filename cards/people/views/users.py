"""The users of a space: the list, one user, and what owners and editors do with them."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards import clock
from cards.identity import second_factor
from cards.ids import id_of
from cards.people import actions, outbox
from cards.people.about import pages_about
from cards.people.access import MANAGERS, SpaceRequest, open_to
from cards.people.errors import EmailTaken, Refused
from cards.people.forms.users import NewUserForm, UserFilterForm, UserForm
from cards.people.invitations import invite_those_not_yet_invited
from cards.people.models import ConnectionMode, MailState, Membership, Role, User, login_key
from cards.people.queries import connection_modes, groups_of, memberships_of, not_invited, switchable, users_of
from cards.spaces.models import Space
from cards.ui.keyset import page_of

ACCOUNT = ("email", "first_name", "last_name", "language", "connection_mode")


@open_to(*MANAGERS)
@require_safe
def users(request: SpaceRequest) -> HttpResponse:
    """Everybody with an account, 50 a page, narrowed by name, role, group, status and connection mode."""
    form = UserFilterForm(request.GET, space=request.space)
    filters = form.filters()
    everybody = users_of(request.space)
    found = users_of(request.space, filters) if request.GET else everybody
    in_groups = Prefetch("memberships", Membership.objects.select_related("group").order_by("group__name_key"))
    page = page_of(found.prefetch_related(in_groups), everybody, request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": [(user, standing_of(user)) for user in page.rows],
        "number_found": found.count(),
        "is_somebody_not_invited": not_invited(request.space).exists(),
        "is_filtered": any((filters.text, filters.role, filters.group, filters.standing, filters.connection_mode)),
    }
    return render(request, "people/users.html", context)


@open_to(*MANAGERS)
@require_safe
def user(request: SpaceRequest, user_id: int) -> HttpResponse:
    shown = _user(request, user_id)
    memberships = list(memberships_of(request.space, shown))
    is_in = [membership.group_id for membership in memberships]
    may_change = shown.role != Role.OWNER or request.user.role == Role.OWNER
    must_choose = shown.connection_mode == ConnectionMode.PASSWORD and not shown.has_usable_password()
    may_invite = shown.is_active and (must_choose or not shown.last_login)
    is_to_come = shown.starts_on is not None and shown.starts_on > clock.today(request.space.time_zone)
    may_deactivate = shown.is_active and may_change and shown.pk != request.user.pk
    context = {
        "shown": shown,
        "standing": standing_of(shown),
        "is_to_come": is_to_come,
        "memberships": memberships,
        "other_groups": request.space.groups.exclude(pk__in=is_in).order_by("name_key"),
        "may_change": may_change,
        "may_invite": may_invite,
        "may_deactivate": may_deactivate,
        "may_reset_sign_in": may_deactivate and shown.last_login,
        "may_activate": may_change and not shown.is_active,
        "has_second_factor": second_factor.has_one(shown),
        "may_reset": request.user.role == Role.OWNER and shown.pk != request.user.pk,
        "pages": pages_about(request.space, shown),
    }
    return render(request, "people/user.html", context)


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def user_add(request: SpaceRequest) -> HttpResponse:
    form = NewUserForm(request.POST or None, space=request.space, by=request.user)
    if request.method == "POST" and form.is_valid():
        wants_invitation = form.cleaned_data.pop("invite")
        try:
            with transaction.atomic():
                added = actions.create_user(space=request.space, by=request.user, **form.cleaned_data)
                if wants_invitation:
                    outbox.invite(users=[added], by=request.user)
        except Refused as refusal:
            _say_refusal(form, request.space, refusal)
        else:
            messages.success(request, _("%(name)s now has an account.") % {"name": added.full_name})
            return redirect("user", added.pk)
    return render(request, "people/user_form.html", {"form": form}, status=422 if form.is_bound else 200)


def _say_refusal(form: UserForm, space: Space, refusal: Refused) -> None:
    """Above the form; an e-mail that is taken beside its field, with the way to whose it is."""
    if not isinstance(refusal, EmailTaken):
        form.add_error(None, str(refusal))
        return
    other = User.objects.get(login_key=login_key(space.pk, form.cleaned_data["email"]))
    link = format_html('<a href="{}">{}</a>', reverse("user", args=[other.pk]), other.full_name)
    form.add_error("email", format_html(_("This e-mail is that of {person}."), person=link))


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def user_edit(request: SpaceRequest, user_id: int) -> HttpResponse:
    shown = _user(request, user_id)
    form = UserForm(request.POST or None, space=request.space, by=request.user, user=shown)
    if request.method == "POST" and form.is_valid():
        account = {name: form.cleaned_data[name] for name in ACCOUNT}
        former_key = shown.email_key
        try:
            with transaction.atomic():
                actions.change_user(user=shown, by=request.user, **account)
                actions.change_role(user=shown, by=request.user, role=form.cleaned_data["role"])
        except Refused as refusal:
            _say_refusal(form, request.space, refusal)
        else:
            messages.success(request, _("Saved."))
            if shown.last_login and shown.email_key != former_key:
                messages.info(request, _("If somebody else used this account until now, reset its sign-in."))
            return redirect("user", shown.pk)
    context = {"form": form, "shown": shown}
    return render(request, "people/user_form.html", context, status=422 if form.is_bound else 200)


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def user_deactivate(request: SpaceRequest, user_id: int) -> HttpResponse:
    shown = _user(request, user_id)
    if request.method == "POST":
        return _act(
            request,
            shown,
            lambda: actions.deactivate_user(user=shown, by=request.user),
            _("%(name)s can no longer sign in.") % {"name": shown.full_name},
        )
    context = {
        "question": _("Deactivate the account of %(name)s?") % {"name": shown.full_name},
        "consequences": [
            _("%(name)s is signed out at once and can no longer sign in.") % {"name": shown.full_name},
            _("Groups and results stay as they are."),
            _("You can activate the account again at any time."),
        ],
        "action": _("Deactivate"),
        "back": reverse("user", args=[shown.pk]),
    }
    return render(request, "ui/confirm.html", context)


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def user_reset_sign_in(request: SpaceRequest, user_id: int) -> HttpResponse:
    """For an account that somebody else got into, or whose device is lost."""
    shown = _user(request, user_id)
    names = {"name": shown.full_name, "email": shown.email}
    if request.method == "POST":
        said = _("Nobody is signed in as %(name)s any more.") % names
        return _act(request, shown, lambda: actions.reset_sign_in(user=shown, by=request.user), said)
    if shown.connection_mode == ConnectionMode.SSO:
        afterwards = _("The next person who signs in by SSO with the e-mail %(email)s has the account.") % names
    else:
        afterwards = _(
            "The password no longer works. A new one is chosen through the link of an invitation or of “Lost "
            "password”, mailed to %(email)s."
        )
        afterwards %= names
    context = {
        "question": _("Reset how %(name)s signs in?") % names,
        "consequences": [
            _("%(name)s is signed out everywhere at once.") % names,
            afterwards,
            _("Groups and results stay as they are."),
        ],
        "action": _("Reset"),
        "back": reverse("user", args=[shown.pk]),
    }
    return render(request, "ui/confirm.html", context)


@open_to(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def user_reset_second_factor(request: SpaceRequest, user_id: int) -> HttpResponse:
    """For whoever lost their phone and their recovery codes."""
    shown = _user(request, user_id)
    if request.method == "POST":
        return _act(
            request,
            shown,
            lambda: actions.reset_second_factor(user=shown, by=request.user),
            _("%(name)s signs in with the password alone.") % {"name": shown.full_name},
        )
    context = {
        "question": _("Reset two-step sign-in of %(name)s?") % {"name": shown.full_name},
        "consequences": [
            _("Do this only if you are sure that it is %(name)s who asks you.") % {"name": shown.full_name},
            _("The password alone lets %(name)s in until two-step sign-in is set up again.")
            % {"name": shown.full_name},
        ],
        "action": _("Reset"),
        "back": reverse("user", args=[shown.pk]),
    }
    return render(request, "ui/confirm.html", context)


@open_to(*MANAGERS)
@require_POST
def user_activate(request: SpaceRequest, user_id: int) -> HttpResponse:
    shown = _user(request, user_id)
    said = _("%(name)s can sign in again.") % {"name": shown.full_name}
    return _act(request, shown, lambda: actions.activate_user(user=shown, by=request.user), said)


@open_to(*MANAGERS)
@require_POST
def user_invite(request: SpaceRequest, user_id: int) -> HttpResponse:
    """Send an invitation, the first or another one."""
    shown = _user(request, user_id)
    if not shown.is_active:
        messages.error(request, _("This account is deactivated. Activate it first."))
    else:
        outbox.send_again(user=shown, by=request.user)
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": shown.email})
    return redirect("user", shown.pk)


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def users_invite(request: SpaceRequest) -> HttpResponse:
    """Ask, then invite everybody who was not invited yet."""
    if request.method == "POST":
        number = invite_those_not_yet_invited(space=request.space, by=request.user)
        said = ngettext("%(number)d invitation is on its way.", "%(number)d invitations are on their way.", number)
        messages.success(request, said % {"number": number})
        return redirect("users")
    number = not_invited(request.space).count()
    return render(request, "people/users_invite.html", {"number": number})


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def users_connection_mode(request: SpaceRequest) -> HttpResponse:
    """Say how many of those whom the list shows would change their way in, ask which one, then change it."""
    modes = connection_modes(request.space)
    found = users_of(request.space, UserFilterForm(request.GET, space=request.space).filters())
    if request.method == "POST" and request.POST.get("connection_mode") in dict(modes):
        wanted = request.POST["connection_mode"]
        number = actions.change_connection_modes(
            space=request.space, by=request.user, users=found, connection_mode=wanted
        )
        said = ngettext(
            "%(number)d user has another connection mode now.",
            "%(number)d users have another connection mode now.",
            number,
        )
        messages.success(request, said % {"number": number})
        return redirect("users")
    among = switchable(request.space, request.user, found)
    counted = [(mode, label, among.exclude(connection_mode=mode).count()) for mode, label in modes]
    context = {"choices": [choice for choice in counted if choice[2]], "is_filtered": bool(request.GET)}
    status = 422 if request.method == "POST" else 200
    return render(request, "people/users_connection_mode.html", context, status=status)


@open_to(*MANAGERS)
@require_POST
def user_join(request: SpaceRequest, user_id: int) -> HttpResponse:
    """Put the user in a group, from the user's page."""
    shown = _user(request, user_id)
    group = get_object_or_404(groups_of(request.space), pk=id_of(request.POST.get("group")))
    actions.add_members(group=group, by=request.user, users=[shown])
    messages.success(request, _("Added to “%(group)s”.") % {"group": group.name})
    return redirect("user", shown.pk)


@open_to(*MANAGERS)
@require_POST
def user_leave(request: SpaceRequest, user_id: int, group_id: int) -> HttpResponse:
    """Take the user out of a group, from the user's page."""
    shown = _user(request, user_id)
    group = get_object_or_404(groups_of(request.space), pk=group_id)
    actions.remove_member(group=group, by=request.user, user=shown)
    messages.success(request, _("Removed from “%(group)s”.") % {"group": group.name})
    return redirect("user", shown.pk)


def standing_of(user: User) -> tuple[str, str, str]:
    """How far somebody has come, as a badge: words, tone, icon. `user` comes from `queries.users_of`."""
    if not user.is_active:
        return _("Deactivated"), "neutral", "user-off"
    if user.last_login:
        return _("Has signed in"), "success", ""
    invited = {
        MailState.HELD: (_("Invitation waiting"), "info", "clock"),
        MailState.SENDING: (_("Invitation perhaps sent"), "warning", "mail-question"),
        MailState.SENT: (_("Invited"), "info", "mail"),
        MailState.FAILED: (_("Invitation not sent"), "error", "mail-x"),
    }
    state = user.invitation_state  # type: ignore[attr-defined]
    return invited.get(state, (_("Not invited yet"), "neutral", ""))


def _user(request: SpaceRequest, user_id: int) -> User:
    return get_object_or_404(users_of(request.space), pk=user_id)


def _act(request: SpaceRequest, shown: User, act: Callable[[], None], said: str) -> HttpResponse:
    """Do it and say so, or say why not; either way back to the user's page."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("user", shown.pk)
