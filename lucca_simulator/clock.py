"""The simulated Lucca's own idea of the time, which may be wrong on purpose (clock skew)."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# v3 dates are "tenant local, without zone" [D]; the pretend company lives in Paris.
TENANT_ZONE = ZoneInfo("Europe/Paris")


class Clock:
    """Wall-clock and monotonic time.

    `skew` (seconds) moves the former only, as on a host whose clock is off.
    """

    def __init__(self) -> None:
        self.skew = 0.0

    def now(self) -> datetime:
        """The time that this Lucca believes it is, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.skew)

    def local(self) -> datetime:
        """The same as the tenant's wall clock shows it, without zone, to the millisecond."""
        local = self.now().astimezone(TENANT_ZONE).replace(tzinfo=None)
        return local.replace(microsecond=local.microsecond // 1000 * 1000)

    def today(self) -> date:
        return self.local().date()

    def monotonic(self) -> float:
        return time.monotonic()
