"""What can go wrong with Lucca, told by what to do about it.

No error carries a key, an answer's body or an address; a sample is a redacted shape.
"""

from datetime import datetime
from enum import StrEnum


class LuccaError(Exception):
    """Anything that kept a call from giving what was asked."""


class UnavailableReason(StrEnum):
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    SERVER = "server"


class UnintelligibleReason(StrEnum):
    HTML = "html"
    TRUNCATED = "truncated"
    NOT_JSON = "not_json"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    SHAPE = "shape"
    NOT_LUCCA = "not_lucca"


class Unavailable(LuccaError):
    """Nobody answered, or Lucca is down: try later."""

    def __init__(self, reason: UnavailableReason, *, status: int | None = None) -> None:
        super().__init__(f"Lucca is unavailable ({reason}{f', status {status}' if status else ''})")
        self.reason = reason
        self.status = status

    @property
    def is_too_much(self) -> bool:
        """Whether Lucca gave up what it was asked because it took too long: a smaller request may do."""
        return self.status == 408

    @property
    def is_fault(self) -> bool:
        """Whether Lucca failed at what it was asked, and not what stands before it: at something else it may not."""
        return self.status == 500


class Throttled(LuccaError):
    """No call is left this minute: go on at `until` (aware, UTC)."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Lucca takes no more calls until {until.isoformat(timespec='seconds')}")
        self.until = until


class Refused(LuccaError):
    """The key is wrong (401) or may not do this (403): its owner must act."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Lucca refuses the key (status {status})")
        self.status = status


class Rejected(LuccaError):
    """Lucca does not take this request as it is; repeating it is useless."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Lucca rejects the request (status {status})")
        self.status = status


class NotFound(LuccaError):
    """There is nothing there, or nothing that this key may see (404), or no longer (410)."""

    def __init__(self, status: int = 404) -> None:
        super().__init__(f"Lucca knows nothing of it (status {status})")
        self.status = status


class Unintelligible(LuccaError):
    """An answer came that is not Lucca's: stop. `sample` shows its shape with every word blotted out."""

    def __init__(self, reason: UnintelligibleReason, *, sample: str = "") -> None:
        super().__init__(f"the answer cannot be understood ({reason}){f': {sample}' if sample else ''}")
        self.reason = reason
        self.sample = sample


class Incomplete(Unintelligible):
    """Lucca counts more than it shows, and asking for the rest brings nothing."""

    def __init__(self, *, counted: int, shown: int) -> None:
        super().__init__(UnintelligibleReason.TRUNCATED)
        self.counted = counted
        self.shown = shown


class OutcomeUnknown(LuccaError):
    """A write was sent and what became of it is not known: read again before writing again."""

    def __init__(self, cause: LuccaError) -> None:
        super().__init__(f"it is not known whether the write took effect: {cause}")
        self.cause = cause
