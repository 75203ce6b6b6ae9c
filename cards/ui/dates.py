"""The template filter `date`, in place of Django's: French calls the first of a month “1er”. No template loads it."""

from datetime import date as day_or_moment

from django import template
from django.template import defaultfilters
from django.utils.formats import get_format
from django.utils.translation import get_language

register = template.Library()


@register.filter(expects_localtime=True)
def date(value: day_or_moment | str | None, form: str | None = None) -> str:
    """A day or a moment in a named format or one of letters; empty when there is none."""
    written_as = get_format(form or "DATE_FORMAT")
    if isinstance(value, day_or_moment) and value.day == 1 and get_language() == "fr":
        written_as = written_as.replace("j F", r"j\e\r F")
    return defaultfilters.date(value, written_as)
