"""The identity provider of a space. Its secret is sealed; nothing here knows a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.seal import seal, unseal
from cards.spaces.models import Space


class Protocol(models.TextChoices):
    OPENID = "openid", _("OpenID Connect")
    SAML = "saml", _("SAML 2.0")


class Provider(models.Model):
    """Where the people of a space prove who they are. It counts once the space's SSO is switched on."""

    space = models.OneToOneField(Space, models.CASCADE, related_name="sso_provider", verbose_name=_("space"))
    protocol = models.CharField(_("protocol"), max_length=8, choices=Protocol.choices, default=Protocol.OPENID)
    name = models.CharField(
        _("name"), max_length=60, help_text=_("As people of the company call it; it is written on the sign-in button.")
    )
    issuer = models.CharField(
        _("issuer"), max_length=500, blank=True, help_text=_("OpenID Connect: https://… as the provider writes it.")
    )
    client_id = models.CharField(_("client id"), max_length=191, blank=True)
    encrypted_secret = models.TextField(blank=True, editable=False)
    metadata = models.TextField(_("metadata"), blank=True, help_text=_("SAML: the provider's metadata (XML)."))
    vouched_domains = models.CharField(
        _("e-mail domains it vouches for"),
        max_length=500,
        blank=True,
        help_text=_(
            "Separated by spaces (acme.example). For providers that do not say whether an e-mail is verified: "
            "their e-mails of these domains count as verified."
        ),
    )

    class Meta:
        verbose_name = _("identity provider")
        verbose_name_plural = _("identity providers")
        ordering = ["space__name"]

    def __str__(self) -> str:
        return f"{self.name} · {self.space}"

    @property
    def client_secret(self) -> str:
        """What proves to the provider that it is us; readable only with this server's keys."""
        return unseal(self.encrypted_secret) if self.encrypted_secret else ""

    @client_secret.setter
    def client_secret(self, secret: str) -> None:
        self.encrypted_secret = seal(secret)

    @property
    def subjects(self) -> str:
        """Under which name the provider's subjects are kept: a subject means something for one provider only."""
        return f"sso-{self.pk}"


class SpentAssertion(models.Model):
    """A SAML assertion that let somebody in: it lets nobody in again."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="+")
    assertion_id = models.CharField(max_length=255)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "assertion_id"], name="assertion_spent_once")]

    def __str__(self) -> str:
        return self.assertion_id
