"""A space: the area of one customer."""

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone of this name. (Europe/Paris is one.)"))


class Space(models.Model):
    """One customer's area. Everything that belongs to a customer has a foreign key to it."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=190)
    host = models.CharField(
        _("host"),
        max_length=255,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", _("Write it like acme.cards.example."))
        ],
        help_text=_("The address under which the space answers, without https:// (acme.cards.example)."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris", validators=[validate_time_zone])
    learner_quota = models.PositiveIntegerField(
        _("learner quota"), null=True, blank=True, help_text=_("Empty means without limit.")
    )
    sso_is_active = models.BooleanField(_("SSO is active"), default=False)
    second_factor_is_required = models.BooleanField(_("owners and editors must use two-step sign-in"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # On one line: it names the sender of every mail.
        self.name = " ".join(self.name.split())
        super().save(*args, **kwargs)
