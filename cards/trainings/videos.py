"""Links to videos: only to known video sites, and only as links. Pure: texts in, texts out."""

from dataclasses import dataclass
from urllib.parse import urlsplit

SITES = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "vimeo.com": "Vimeo",
    "player.vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion",
    "dai.ly": "Dailymotion",
    "loom.com": "Loom",
    "ted.com": "TED",
    "arte.tv": "ARTE",
}


@dataclass(frozen=True)
class Video:
    """A video on one of the known sites."""

    address: str
    site: str


def video_at(address: str) -> Video | None:
    """The video that an https address of a known site points to, else None."""
    try:
        parts = urlsplit(address.strip())
        has_extras = bool(parts.username or parts.password or parts.port)
    except ValueError:
        return None
    site = SITES.get((parts.hostname or "").removeprefix("www."))
    if parts.scheme != "https" or site is None or has_extras or parts.path in {"", "/"}:
        return None
    return Video(parts.geturl(), site)
