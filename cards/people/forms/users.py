"""Forms about users, groups and the space, for owners and editors."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cards.people.forms import fields_only
from cards.people.models import ConnectionMode, Group, Role, User
from cards.people.queries import Standing, UserFilters, connection_modes
from cards.spaces.models import Language, Space


class UserForm(forms.Form):
    """The facts of an account. It offers what its reader may give: the owner role to owners, SSO where it is set up."""

    first_name = forms.CharField(label=_("First name"), max_length=190)
    last_name = forms.CharField(label=_("Last name"), max_length=190)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("A working address: the link to choose a password goes there.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    helper = fields_only()

    def __init__(self, answers: QueryDict | None, *, space: Space, by: User, user: User | None = None) -> None:
        names = ("first_name", "last_name", "email", "role", "language", "connection_mode")
        initial = {name: getattr(user, name) for name in names} if user else {"language": space.language}
        super().__init__(answers, initial=initial)
        roles = [role for role in Role if role != Role.OWNER or by.role == Role.OWNER]
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), initial=Role.LEARNER, choices=[(role.value, role.label) for role in roles]
        )
        modes = connection_modes(space)
        kept = user.connection_mode if user else ConnectionMode.PASSWORD
        if kept not in dict(modes):
            modes.append((kept, str(ConnectionMode(kept).label)))
        only_one = len(modes) == 1
        self.fields["connection_mode"] = forms.ChoiceField(
            label=_("Connection mode"),
            choices=modes,
            initial=kept,
            disabled=only_one,
            widget=forms.HiddenInput if only_one else forms.Select,
        )
        self.order_fields(("first_name", "last_name", "email", "role", "language", "connection_mode", "invite"))


class NewUserForm(UserForm):
    """The same for a new account, with its invitation."""

    invite = forms.BooleanField(
        label=_("Send an invitation now"),
        required=False,
        initial=True,
        help_text=_("A mail with a link to choose a password or to sign in. It can also be sent later."),
    )


class UserFilterForm(forms.Form):
    """What a list of users is narrowed to. A value that makes no sense does not filter."""

    q = forms.CharField(required=False)
    role = forms.ChoiceField(required=False, choices=[("", _("All roles")), *Role.choices])
    standing = forms.ChoiceField(required=False, choices=[("", _("All statuses")), *Standing.choices])
    mode = forms.ChoiceField(required=False, choices=[("", _("All connection modes")), *ConnectionMode.choices])

    def __init__(self, wishes: QueryDict, *, space: Space) -> None:
        super().__init__(wishes)
        self.fields["group"] = forms.ModelChoiceField(
            Group.objects.filter(space=space).order_by("name_key"), required=False, empty_label=_("All groups")
        )
        self.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "class": "form-control", "placeholder": _("Search a name or an e-mail")}
        )
        labels = {"q": _("Search a name or an e-mail"), "role": _("Role"), "group": _("Group")}
        labels |= {"standing": _("Status"), "mode": _("Connection mode")}
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = labels[name]
            if name != "q":
                field.widget.attrs["class"] = "form-select"
        if not space.sso_is_active:
            del self.fields["mode"]

    def filters(self) -> UserFilters:
        self.is_valid()
        found = self.cleaned_data
        group = found.get("group")
        return UserFilters(
            text=found.get("q", ""),
            role=found.get("role", ""),
            group=group.pk if group else None,
            standing=found.get("standing", ""),
            connection_mode=found.get("mode", ""),
        )


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=255)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Learners do not see it."),
    )

    helper = fields_only()


class SpaceForm(forms.Form):
    """What an owner decides about their space."""

    name = forms.CharField(
        label=_("Name"), max_length=190, help_text=_("Shown on every page and in the mails people receive.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("For people who have not chosen one. Everybody can choose their own."),
    )
    second_factor_is_required = forms.BooleanField(
        label=_("Owners and editors must use two-step sign-in"),
        required=False,
        help_text=_(
            "Besides their password they type a code that their phone shows. "
            "Whoever has not set it up yet is asked to at once, before anything else."
        ),
    )

    helper = fields_only()
