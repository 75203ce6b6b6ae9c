"""The details of an audit entry in words. What has none of its own is shown as it was recorded."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cards.people.models import ConnectionMode, Role
from cards.runs.kinds import label_of
from cards.sso.models import Protocol
from cards.sso.refusals import Refusal

# The settings and facts that entries name, as their own pages call them.
NAMES = {
    "email": gettext_lazy("e-mail"),
    "first_name": gettext_lazy("first name"),
    "last_name": gettext_lazy("last name"),
    "language": gettext_lazy("language"),
    "connection_mode": gettext_lazy("connection mode"),
    "role": gettext_lazy("role"),
    "name": gettext_lazy("name"),
    "slug": gettext_lazy("short name"),
    "host": gettext_lazy("host"),
    "time_zone": gettext_lazy("time zone"),
    "learner_quota": gettext_lazy("learner quota"),
    "sso_is_active": gettext_lazy("SSO"),
    "second_factor_is_required": gettext_lazy("two-step sign-in of owners and editors"),
    "protocol": gettext_lazy("protocol"),
    "issuer": gettext_lazy("issuer"),
    "client_id": gettext_lazy("client id"),
    "client_secret": gettext_lazy("client secret"),
    "metadata": gettext_lazy("metadata"),
    "vouched_domains": gettext_lazy("e-mail domains it vouches for"),
    "former_url": gettext_lazy("former url"),
    "key_changed": gettext_lazy("new key"),
    "notify": gettext_lazy("invitations"),
    "way": gettext_lazy("way in"),
    "kind": gettext_lazy("what"),
    "why": gettext_lazy("reason"),
    "title": gettext_lazy("title"),
    "attempts": gettext_lazy("attempts of learners"),
    "number": gettext_lazy("number"),
    "compound": gettext_lazy("compound data"),
    "link": gettext_lazy("link"),
    "progress": gettext_lazy("progress"),
    "score": gettext_lazy("score"),
    "completed_on": gettext_lazy("date of completion"),
    "before": gettext_lazy("before"),
}
VALUES = {
    **{role.value: role.label for role in Role},
    **{mode.value: mode.label for mode in ConnectionMode},
    **{protocol.value: protocol.label for protocol in Protocol},
    **{refusal.value: refusal.label for refusal in Refusal},
}


def details_in_words(details: Mapping[str, Any]) -> list[str]:
    """One line for each detail; of a change what was and what is."""
    former, now = details.get("former"), details.get("now", details.get("role", details.get("name")))
    lines = []
    if isinstance(former, dict) and isinstance(now, dict):
        lines += [_change(_name(name), former[name], now.get(name)) for name in former]
    elif former is not None:
        lines.append(_change("", former, now))
    for name, value in details.items():
        if name in ("former", "now") or (former is not None and name in ("role", "name")):
            continue
        lines += _line(name, value)
    return lines


def _line(name: str, value: object) -> list[str]:
    if name == "users" and isinstance(value, list):
        number = len(value)
        return [ngettext("%(number)d person", "%(number)d people", number) % {"number": number}]
    if name == "changed" and isinstance(value, list):
        return [", ".join(_name(str(each)) for each in value)]
    if value in ("", None, [], {}) or name not in NAMES:
        return []
    shown = label_of(str(value)) if name == "kind" else _value(value)
    return [_("%(name)s: %(value)s") % {"name": _name(name), "value": shown}]


def _change(name: str, former: object, now: object) -> str:
    change = f"{_value(former)} → {_value(now)}"
    return _("%(name)s: %(value)s") % {"name": name, "value": change} if name else change


def _name(name: str) -> str:
    return str(NAMES.get(name, name))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return "–"
    return str(VALUES.get(value, value)) if isinstance(value, str) else str(value)
