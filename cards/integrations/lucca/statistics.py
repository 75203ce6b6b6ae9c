"""What the owner decides about sending statistics: the switch and the codes, kept and checked at once."""

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction

from cards.audit.actions import record
from cards.integrations.lucca import field_check
from cards.integrations.lucca.codes import NAMES
from cards.integrations.lucca.models import LuccaAccount, Receipt, StatisticsSettings
from cards.people.models import User


def settings_of(account: LuccaAccount) -> StatisticsSettings:
    """The account's settings; switched off and with default codes until somebody saved others."""
    return StatisticsSettings.objects.filter(account=account).first() or StatisticsSettings(account=account)


def save_settings(account: LuccaAccount, *, is_on: bool, codes: Mapping[str, str], by: User) -> StatisticsSettings:
    """Keep the switch and the codes as typed, whatever Lucca says of them; then, if it is on, check the fields (R76).

    A person saving also lets nights begin again that refusals had stopped.
    """
    with transaction.atomic():
        settings = settings_of(account)
        before, was_on = settings.codes, settings.is_on
        settings.is_on = is_on
        for name in NAMES:
            setattr(settings, name, codes.get(name, ""))
        settings.refused_nights, settings.stopped_at = 0, None
        if settings.codes != before:
            settings.faults, settings.unchecked, settings.checked_at = [], [], None
        settings.save()
        if settings.codes.subfields != before.subfields:
            # What was sent, under whatever compound, stands in other fields now: it must be sent anew.
            receipts = Receipt.objects.filter(space_id=account.space_id, host=account.host)
            receipts.update(is_proven=False)
        if was_on != is_on:
            action = "lucca.statistics_switched_on" if is_on else "lucca.statistics_switched_off"
            record(action, space=account.space, by=by, target=account.host)
        if settings.codes != before:
            former, now = asdict(before), asdict(settings.codes)
            changed = [name for name in NAMES if former[name] != now[name]]
            record(
                "lucca.statistics_changed",
                space=account.space,
                by=by,
                target=account.host,
                former={name: former[name] for name in changed},
                now={name: now[name] for name in changed},
            )
    if is_on:
        field_check.check(account, settings)
    return settings
