"""The second factor of an account, its recovery codes, its sessions; and what the web processes count together."""

import hashlib

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class SecondFactor(models.Model):
    """An application on somebody's phone that shows a new code every 30 seconds (TOTP, RFC 6238)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    encrypted_secret = models.TextField()
    # Empty while it is being set up: no code was typed yet, and none is asked for.
    confirmed_at = models.DateTimeField(null=True)
    # The 30 seconds whose code was used last; neither they nor any before count again.
    last_step = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of user {self.user_id}"


class RecoveryCode(models.Model):
    """A code for whoever lost their phone, good for one sign-in. Only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once_per_user")]

    def __str__(self) -> str:
        return f"recovery code of user {self.user_id}"


class Session(AbstractBaseSession):
    """A browser that is signed in, or on the way to it (then without a user)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    # What the browser says of itself, and the address it came from last.
    device = models.CharField(max_length=255, blank=True)
    address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        # Not the key, as Django's own: it would let anybody in who reads it in a log.
        return f"session of user {self.user_id}"

    @property
    def number(self) -> str:
        """What names it on a page: its key would let anybody in who sees it."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:32]


class Count(models.Model):
    """An entry of Django's cache, which keeps the counts of attempts: one table for all web processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
