"""Users, groups and memberships, and the mails that users get."""

import unicodedata
from functools import lru_cache
from itertools import filterfalse
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cards.spaces.models import Language, Space

# How much of a key is kept. Folding makes a text longer where it is full of letters such as ß, which becomes ss.
LONGEST_EMAIL_KEY = 320
LONGEST_NAME_KEY = 255


def email_key(email: str) -> str:
    """An e-mail as it is compared: trimmed and case-folded (R15)."""
    if email.isascii():
        return email.strip().lower()[:LONGEST_EMAIL_KEY]
    return unicodedata.normalize("NFC", email.strip()).casefold()[:LONGEST_EMAIL_KEY]


def name_key(name: str) -> str:
    """A name as it is compared: white space folded, case-folded."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()[:LONGEST_NAME_KEY]


def login_key(space_id: int | None, email: str) -> str:
    """The unique sign-in name: an e-mail is unique in its space, and among operators (no space)."""
    return f"{space_id or 'operator'}:{email_key(email)}"


def search_key(*texts: str) -> str:
    """Texts as they are searched: lower case, accents removed, joined by a space."""
    joined = " ".join(texts)
    if joined.isascii():
        return joined.lower()
    return " ".join([word.lower() if word.isascii() else _without_accents(word) for word in joined.split(" ")])


# Words of names repeat.
@lru_cache(maxsize=8192)
def _without_accents(text: str) -> str:
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", text.casefold())))


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    EDITOR = "editor", _("Editor")
    OWNER = "owner", _("Owner")


class ConnectionMode(models.TextChoices):
    PASSWORD = "password", _("E-mail and password")
    SSO = "sso", _("SSO")


class UserManager(BaseUserManager["User"]):
    """Makes operators; users of a space are made by `people.actions`."""

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields.pop("login_key", None)
        operator = self.model(email=email, is_operator=True, **fields)
        operator.set_password(password)
        operator.save()
        return operator


class User(AbstractBaseUser):
    """A person with an account: in one space, or an operator who belongs to none."""

    space = models.ForeignKey(
        # Under Meta stand indexes that begin with it.
        Space,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="users",
        verbose_name=_("space"),
    )
    # "<space id>:<e-mail key>"; kept by `save`. Bulk writers call `login_key` themselves.
    login_key = models.CharField(max_length=340, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=LONGEST_EMAIL_KEY, editable=False)
    first_name = models.CharField(_("first name"), max_length=190)
    last_name = models.CharField(_("last name"), max_length=190)
    search_key = models.CharField(max_length=720, editable=False)
    # "last first", as searched: lists are in this order on every database, É beside E.
    sort_key = models.CharField(max_length=420, editable=False)
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.LEARNER)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    connection_mode = models.CharField(
        _("connection mode"), max_length=8, choices=ConnectionMode.choices, default=ConnectionMode.PASSWORD
    )
    is_operator = models.BooleanField(_("operator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Given by Lucca for people who arrive later: their invitation waits for that day.
    starts_on = models.DateField(_("starts on"), null=True, blank=True)

    USERNAME_FIELD = "login_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "first_name", "last_name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_operator=True, space__isnull=True) | Q(is_operator=False, space__isnull=False),
                name="user_in_a_space_or_operator",
            ),
            models.UniqueConstraint(F("space"), F("email_key"), name="email_once_per_space"),
        ]
        indexes = [
            models.Index(fields=["space", "sort_key", "id"], name="user_of_space_by_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Derive what is compared and searched from what is shown; bulk writers call it for each row."""
        self.email = self.email.strip()
        self.email_key = email_key(self.email)
        self.login_key = login_key(self.space_id, self.email)
        self.search_key = search_key(self.first_name, self.last_name, self.email)[:720]
        self.sort_key = search_key(self.last_name, self.first_name)[:420]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """How Django's admin greets the operator."""
        return self.first_name

    @property
    def is_staff(self) -> bool:
        """Who may enter Django's admin: operators, and there they may do everything."""
        return self.is_operator

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002 - Django's own signature
        return self.is_active and self.is_operator

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002 - Django's own signature
        return self.is_active and self.is_operator


class Group(models.Model):
    """A set of users, to whom trainings are given."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="groups", verbose_name=_("space"))
    name = models.CharField(_("name"), max_length=255)
    name_key = models.CharField(max_length=LONGEST_NAME_KEY, editable=False)
    search_key = models.CharField(max_length=400, editable=False)
    description = models.TextField(_("description"), blank=True)
    # The department at Lucca whose group it is, by the name that it has there.
    lucca_department = models.CharField(max_length=255, blank=True, editable=False)
    users = models.ManyToManyField(User, through="Membership", through_fields=("group", "user"), related_name="groups")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["space", "name_key"], name="group_name_once_per_space")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = " ".join(self.name.split())
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Derive what is compared and searched from the name; bulk writers call it for each row."""
        self.name_key = name_key(self.name)
        self.search_key = search_key(self.name)[:400]


class Origin(models.TextChoices):
    BY_HAND = "by_hand", _("added by hand")
    LUCCA = "lucca", _("from Lucca")


class Membership(models.Model):
    """A user is in a group, and where that came from."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.BY_HAND)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    # The import that made it, if one did. (A number: people know no runs.)
    run_number = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"


class MailKind(models.TextChoices):
    INVITATION = "invitation", _("invitation")
    FIRST_VISIT = "first_visit", _("first visit")
    PASSWORD_RESET = "password_reset", _("new password")
    NIGHTS_STOPPED = "nights_stopped", _("statistics no longer sent")


class MailState(models.TextChoices):
    HELD = "held", _("waiting")
    SENDING = "sending", _("perhaps sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent")
    WITHDRAWN = "withdrawn", _("withdrawn")


# An invitation in one of these states reached nobody.
REACHED_NOBODY = (MailState.FAILED, MailState.WITHDRAWN)


class Mail(models.Model):
    """A mail of the outbox, written in the transaction that made it due. Links are made when it is sent.

    `user` is empty where somebody typed an address (first visit, lost password): whether an account exists is
    looked up when the mail is sent, so that asking tells nothing.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="mails")
    typed_email_key = models.CharField(max_length=LONGEST_EMAIL_KEY, blank=True)
    kind = models.CharField(max_length=16, choices=MailKind.choices)
    state = models.CharField(max_length=9, choices=MailState.choices, default=MailState.HELD)
    # The run that made it due, if any: its mails leave together, after its hold. (A number: people know no runs.)
    run_number = models.BigIntegerField(null=True, db_index=True)
    # Not before this moment; empty while the run that made it due has not ended.
    release_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # By itself, Cards invites an account once.
            models.UniqueConstraint(fields=["user"], condition=Q(kind="invitation"), name="one_invitation_per_user"),
        ]
        indexes = [
            models.Index(fields=["release_at"], condition=Q(state="held"), name="mail_to_release"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
