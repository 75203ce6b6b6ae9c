"""Lucca's limits (§5 of the evidence): calls per window, duration, size of body and headers.

Pure, time is given.
"""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Limits:
    """What a call must respect.

    All [D]: 50 calls per 60 s, 5 s, 100 MB, 8 KB; zero calls means no limit at all.

    The length of the address is not documented [?]: 0 means unlimited.
    """

    calls: int = 50
    window_seconds: float = 60.0
    request_seconds: float = 5.0
    body_bytes: int = 100_000_000
    header_bytes: int = 8192
    address_bytes: int = 0


@dataclass(slots=True)
class Window:
    """The sliding window of one host, shared by all keys [D] and generations of the API [I].

    `neighbour` is how many calls a minute the customer's other tools make; they come evenly and take what
    they get; `neighbour_refused` counts what they did not get.
    """

    limits: Limits
    neighbour: float = 0.0
    counts_refused: bool = False
    neighbour_refused: int = 0
    _taken: deque[float] = field(default_factory=deque)
    _neighbour_at: float | None = None

    def take(self, now: float) -> float | None:
        """Use one call. None when granted, otherwise the seconds until a call will be free again."""
        self._let_neighbour_in(now)
        granted = self._has_room(now)
        if granted or self.counts_refused:
            self._taken.append(now)
        if granted:
            return None
        oldest = self._taken[-self.limits.calls]
        return max(0.0, oldest + self.limits.window_seconds - now)

    def free(self, now: float) -> int:
        """How many calls would be granted right now."""
        self._let_neighbour_in(now)
        self._forget(now)
        return max(0, self.limits.calls - len(self._taken))

    def clear(self) -> None:
        self._taken.clear()
        self._neighbour_at = None

    def _has_room(self, now: float) -> bool:
        self._forget(now)
        return self.limits.calls <= 0 or len(self._taken) < self.limits.calls

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0] <= now - self.limits.window_seconds:
            self._taken.popleft()

    def _let_neighbour_in(self, now: float) -> None:
        """The neighbour's calls since the last look, each at its own moment."""
        if self.neighbour <= 0:
            self._neighbour_at = None
            return
        gap = 60.0 / self.neighbour
        # Whoever looks after a long pause need not replay what has left the window since.
        due = max(self._neighbour_at or now, now - self.limits.window_seconds)
        while due <= now:
            if self._has_room(due):
                self._taken.append(due)
            else:
                self.neighbour_refused += 1
            due += gap
        self._neighbour_at = due
