"""What templates load as `ui`: icons, badges, avatars, the sidebar, the theme. docs/ui.md shows each in use."""

import zlib
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from cards.ui import icons, navigation
from cards.ui.themes import theme_of

register = template.Library()
register.simple_tag(icons.icon, name="icon")

AVATAR_COLOURS = 8
TONE_ICONS = {"success": "check", "warning": "alert-triangle", "error": "alert-circle", "info": "info-circle"}
NOTICE_ICONS = TONE_ICONS | {"success": "circle-check"}


@register.simple_tag(takes_context=True)
def navigation_entries(context: Context) -> list[navigation.Entry]:
    """The sidebar of whoever is signed in."""
    request = context["request"]
    operates = getattr(request.user, "is_operator", False)
    return navigation.entries("operator" if operates else getattr(request.user, "role", ""), request.path)


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme chosen on this device: `light`, `dark` or `auto`."""
    return theme_of(context.get("request"))


@register.simple_tag
def badge(words: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """How something stands: words, a tone, and the tone's icon or another, never the colour alone."""
    name = icon or TONE_ICONS.get(tone)
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, icons.icon(name) if name else "", words)


@register.simple_tag
def notice_icon(tone: str) -> SafeString:
    """The icon at the head of a notice."""
    return icons.icon(NOTICE_ICONS.get(tone, "info-circle"))


@register.simple_tag
def avatar(name: str) -> SafeString:
    """A person's initials on a colour that is always the same for the same name."""
    words = name.split()
    return format_html(
        '<span class="avatar avatar-sm avatar-rounded avatar-colour-{}" aria-hidden="true">{}</span>',
        zlib.crc32(name.encode()) % AVATAR_COLOURS,
        "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
    )


@register.simple_tag
def person(name: str, email: str | None, address: str = "") -> SafeString:
    """Somebody in a list: initials, the name (a link, with an `address`), and the e-mail, which breaks behind its @."""
    shown = format_html('<a href="{}">{}</a>', address, name) if address else format_html("<strong>{}</strong>", name)
    parts = [(part,) for part in (email or "—").split("@")]
    below = format_html_join(SafeString("@<wbr>"), "{}", parts)
    return format_html('<span class="person">{}<span>{}<small>{}</small></span></span>', avatar(name), shown, below)


@register.simple_tag
def breadcrumb(*labels_and_addresses: str) -> SafeString:
    """The pages above this one, outermost first: label, address, label, address, …"""
    pairs = zip(labels_and_addresses[::2], labels_and_addresses[1::2], strict=True)
    links = format_html_join("", '<li class="breadcrumb-item"><a href="{1}">{0}</a></li>', pairs)
    return format_html(
        '<nav aria-label="{}"><ol class="breadcrumb">{}</ol></nav>', gettext("Where this page belongs"), links
    )


@register.inclusion_tag("ui/components/tab.html", takes_context=True)
def tab(context: Context, label: str, address: str, icon: str) -> dict[str, Any]:
    """One entry of `<ul class="nav nav-tabs">`; it is current on its own page."""
    is_current = context["request"].path == address
    return {"label": label, "address": address, "icon": icon, "is_current": is_current}


@register.simple_tag
def poll(address: str, *, running: bool, seconds: int = 2, say: str = "") -> SafeString:
    """Attributes of a fragment that asks for itself again while `running`, and of itself stops asking.

    `say` is what a screen reader hears when it differs from the last time.
    """
    spoken = format_html(' data-say="{}"', say) if say else SafeString("")
    if not running:
        return spoken
    return format_html('hx-get="{}" hx-trigger="every {}s" hx-swap="outerHTML"{}', address, seconds, spoken)


@register.filter
def number(value: float | None) -> str:
    """A number as the reader writes it: 1,234 in English, 1 234 in French; a dash when there is none."""
    return "–" if value is None else number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def percent(value: float | None) -> str:
    """A whole percentage as the reader writes it, with a no-break space in French; a dash when there is none."""
    if value is None:
        return "–"
    return pgettext("a percentage", "%(value)s%%") % {"value": number(round(value))}


@register.filter
def time_left(seconds: float | None) -> str:
    """A remaining time in words, rounded so that it does not jitter; empty when unknown."""
    if seconds is None:
        return ""
    if seconds < 60:
        return gettext("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("about %(count)s minute left", "about %(count)s minutes left", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("about %(count)s hour left", "about %(count)s hours left", hours) % {"count": hours}
