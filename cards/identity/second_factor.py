"""The second factor of an account: set up, asked for at sign-in, taken away. Each code counts once.

Every change is audited. Whether somebody may do it is decided by the page.
"""

from enum import Enum
from typing import Any

import structlog
from django.db import transaction

from cards import clock
from cards.audit.actions import record
from cards.identity import codes
from cards.identity.models import RecoveryCode, SecondFactor
from cards.seal import SealBrokenError, seal, unseal

log = structlog.get_logger()


class Proof(Enum):
    """What somebody proved to be there with."""

    PHONE = "phone"
    RECOVERY_CODE = "recovery_code"


def has_one(user: Any) -> bool:
    """Whether the account asks for a code at sign-in."""
    return SecondFactor.objects.filter(user=user.pk, confirmed_at__isnull=False).exists()


def in_preparation(user: Any) -> SecondFactor | None:
    """What is being set up and was not confirmed by a code yet."""
    # Without a secret where the key that opened it was lost.
    return SecondFactor.objects.filter(user=user.pk, confirmed_at__isnull=True).exclude(encrypted_secret="").first()


@transaction.atomic
def begin(user: Any) -> None:
    """Prepare a second factor with a new secret. One that is in use stays as it is."""
    SecondFactor.objects.filter(user=user.pk, confirmed_at__isnull=True).delete()
    SecondFactor.objects.get_or_create(user_id=user.pk, defaults={"encrypted_secret": seal(codes.new_secret())})


@transaction.atomic
def confirm(user: Any, code: str) -> list[str]:
    """Put what was prepared to use, if `code` is what the phone shows: the recovery codes, or nothing."""
    prepared = in_preparation(user)
    step = codes.step_of(unseal(prepared.encrypted_secret), code, now=clock.now()) if prepared else None
    if prepared is None or step is None:
        return []
    waiting = SecondFactor.objects.filter(pk=prepared.pk, confirmed_at__isnull=True)
    if not waiting.update(confirmed_at=clock.now(), last_step=step):
        return []
    record("second_factor_set_up", space=user.space, by=user, target=f"user {user.pk}")
    return _new_recovery_codes(user)


@transaction.atomic
def renew_recovery_codes(user: Any) -> list[str]:
    """Other recovery codes; the former ones count no more."""
    record("recovery_codes_renewed", space=user.space, by=user, target=f"user {user.pk}")
    return _new_recovery_codes(user)


def accepts(user: Any, code: str) -> Proof | None:
    """Whether `code` proves that it is this user, now. It is used up: shown again, it proves nothing."""
    if _accepts_phone(user, code):
        return Proof.PHONE
    used, _of = RecoveryCode.objects.filter(user=user.pk, digest=codes.digest(code)).delete()
    return Proof.RECOVERY_CODE if used else None


@transaction.atomic
def take_away(user: Any, *, by: Any) -> bool:
    """Ask `user` for no code any more; whether there was one. `by` None: a command's doing."""
    RecoveryCode.objects.filter(user=user.pk).delete()
    deleted, _of = SecondFactor.objects.filter(user=user.pk).delete()
    if deleted and by is not None and by.pk == user.pk:
        record("second_factor_turned_off", space=user.space, by=by, target=f"user {user.pk}")
    elif deleted:
        record("second_factor_reset", space=user.space, by=by, target=f"user {user.pk}")
    return bool(deleted)


def _accepts_phone(user: Any, code: str) -> bool:
    factor = SecondFactor.objects.filter(user=user.pk, confirmed_at__isnull=False).first()
    try:
        step = codes.step_of(unseal(factor.encrypted_secret), code, now=clock.now()) if factor else None
    except SealBrokenError:
        # `cards serve` says at its start that a key is missing; a recovery code still lets in.
        log.error("second_factor_sealed_with_another_key", user=user.pk)  # noqa: TRY400 - the reason is said
        return False
    if factor is None or step is None:
        return False
    # One statement, so that of two who show the same code at once only one comes in.
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))


def _new_recovery_codes(user: Any) -> list[str]:
    RecoveryCode.objects.filter(user=user.pk).delete()
    made = codes.new_recovery_codes()
    RecoveryCode.objects.bulk_create([RecoveryCode(user_id=user.pk, digest=codes.digest(code)) for code in made])
    return made
