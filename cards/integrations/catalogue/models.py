"""What the operator lets a space use."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.spaces.models import Space


class Activation(models.Model):
    """The operator lets `space` use an integration. No row: it may not (R5)."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="activations", verbose_name=_("space"))
    # The slug of a registered integration.
    integration = models.CharField(_("integration"), max_length=32)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("activated by")
    )
    activated_at = models.DateTimeField(_("activated"))

    class Meta:
        verbose_name = _("activation")
        verbose_name_plural = _("activations")
        ordering = ["space__name", "integration"]
        constraints = [models.UniqueConstraint(fields=["space", "integration"], name="integration_active_once")]

    def __str__(self) -> str:
        return f"{self.integration} · {self.space}"
