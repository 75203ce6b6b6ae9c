"""One entry of the audit log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """Somebody did something to something. Rows are only ever added."""

    space = models.ForeignKey("spaces.Space", models.CASCADE, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=64)
    target = models.CharField(_("target"), max_length=255, blank=True)
    details = models.JSONField(_("details"), default=dict)
    address = models.GenericIPAddressField(_("from address"), null=True)
    happened_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["space", "-happened_at"], name="entry_of_space")]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"
