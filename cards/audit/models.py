"""One entry of the audit log. Entries are added; only `audit.actions` takes any away."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what was recorded."""


def by_or_about(user_id: int) -> Q:
    """What somebody did, and what was done to them alone or to several people at once (`details["users"]`)."""
    return Q(actor=user_id) | Q(target=f"user {user_id}") | Q(details__users__regex=rf"\D{user_id}\D")


class Entries(models.QuerySet["Entry"]):
    """Entries to read and to add to."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The audit log is only ever added to.")

    update = bulk_update = update_or_create = delete = _refuse


class Entry(models.Model):
    """Somebody did something to something. Whoever did it may be gone since: their number stays."""

    space = models.ForeignKey("spaces.Space", models.CASCADE, null=True, related_name="+", verbose_name=_("space"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    action = models.CharField(_("action"), max_length=64)
    target = models.CharField(_("target"), max_length=255, blank=True)
    details = models.JSONField(_("details"), default=dict)
    address = models.GenericIPAddressField(_("from address"), null=True)
    happened_at = models.DateTimeField(_("when"))

    objects = Entries.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["space", "-happened_at"], name="entry_of_space"),
            models.Index(fields=["happened_at"], name="entry_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("The audit log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The audit log is only ever added to.")
