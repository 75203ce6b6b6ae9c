"""Tabler's icons as inline SVG, read from the archive of the package `tablericons2`.

The package's own tag reopens its archive for every new icon (70 ms); here it stays open, in memory (2 MB).
"""

import functools
import re
import threading
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_reading = threading.Lock()


@functools.cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO((files("tablericons") / "tablericons.zip").read_bytes()))


@functools.cache
def _shapes(name: str) -> SafeString:
    """What is inside the `<svg>` of an icon. A wrong name is a KeyError: it is our own mistake."""
    with _reading:
        source = _archive().read(f"outline/{name}.svg").decode()
    found = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if found is None:
        raise KeyError(name)
    return mark_safe(re.sub(r"\s*\n\s*", "", found[1]))  # noqa: S308 - from the installed package alone


def icon(name: str) -> SafeString:
    """The icon as decoration: hidden from screen readers, so words must stand beside it or on its control."""
    return format_html(
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        _shapes(name),
    )
