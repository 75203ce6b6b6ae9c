"""The state of one pretend Lucca: one tenant on one host.

Everything else reads and changes it under its lock.
"""

from collections import deque
from copy import copy
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from threading import RLock
from typing import Any

from lucca_simulator.clock import Clock
from lucca_simulator.custom_data import define_trainings
from lucca_simulator.faults import Fault, copy_of, from_values
from lucca_simulator.generate import generate
from lucca_simulator.limits import Limits, Window
from lucca_simulator.rights import Key, Keys
from lucca_simulator.switches import Switches, set_switches

DEFAULT_KEY = "5f3c0de0-0000-4000-8000-00000000ac3e"
# A night of a large company is some thousands of calls; older ones make room.
JOURNAL_LENGTH = 100_000


@dataclass(slots=True)
class Entry:
    """One call as it was received. `status` is 0 when the line was cut without an answer."""

    at: datetime
    method: str
    path: str
    query: str
    key: str | None
    status: int = 0
    body: Any = None
    faults: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        return {
            "time": self.at.isoformat(timespec="microseconds"),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "key": self.key,
            "body": self.body,
            "faults": self.faults,
        }


@dataclass(frozen=True, slots=True)
class Options:
    """How a simulator starts, and starts again when it is reset."""

    employees: int = 240
    departments: int = 14
    seed: int = 1
    with_faults: bool = True
    with_trainings: bool = False
    calls_per_minute: int = 50
    window_seconds: float = 60.0
    neighbour: float = 0.0
    latency: float = 0.0
    clock_skew: float = 0.0
    key: Key = field(default_factory=lambda: Key("Cards", DEFAULT_KEY))
    switches: Switches = field(default_factory=Switches)
    limits: Limits = field(default_factory=Limits)
    faults: tuple[Fault, ...] = ()


class Simulator:
    """One tenant: its company, its keys, its limits and what is wrong with it just now."""

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.clock = Clock()
        self.lock = RLock()
        self.url = ""
        self.entries: deque[Entry] = deque(maxlen=JOURNAL_LENGTH)
        self.reset()

    def reset(self, **changes: Any) -> None:
        """Start again as at the beginning, or with other options: `reset(employees=12, seed=3)`."""
        with self.lock:
            options = replace(self.options, **changes)
            self.clock.skew = options.clock_skew
            # What cannot be is refused here, before anything has changed.
            self.company = generate(
                employees=options.employees,
                departments=options.departments,
                seed=options.seed,
                with_faults=options.with_faults,
                today=self.today(),
            )
            self.options = options
            if options.with_trainings:
                define_trainings(self.company.catalogue)
            self.keys = Keys([copy(options.key)])
            self.switches = copy(options.switches)
            self.limits = replace(options.limits, calls=options.calls_per_minute, window_seconds=options.window_seconds)
            self.window = Window(self.limits, neighbour=options.neighbour)
            self.latency = options.latency
            self.troubles: list[Fault] = [copy_of(each) for each in options.faults]
            self.entries.clear()

    def today(self) -> date:
        return self.clock.today()

    def state(self) -> dict[str, Any]:
        """What this Lucca is just now, the faults of its company counted. It holds no key."""
        with self.lock:
            return {
                "seed": self.options.seed,
                "counts": self.company.counts(self.today()),
                "calls": len(self.entries),
                "calls_free": self.window.free(self.clock.monotonic()),
                "settings": self.settings(),
                "limits": asdict(self.limits),
                "switches": asdict(self.switches),
                "faults": [each.shown() for each in self.troubles],
                "keys": [each.name for each in self.keys.keys],
            }

    def settings(self) -> dict[str, float]:
        return {"neighbour": self.window.neighbour, "latency": self.latency, "clock_skew": self.clock.skew}

    def set_settings(self, wanted: dict[str, Any]) -> None:
        """Change limits and settings by name. Raises ValueError, changing nothing, for an unknown one."""
        with self.lock:
            known = set(asdict(self.limits)) | set(self.settings())
            if strangers := set(wanted) - known:
                raise ValueError(f"there is no setting {', '.join(sorted(strangers))}")
            if any(isinstance(value, bool) or not isinstance(value, int | float) for value in wanted.values()):
                raise ValueError("a setting is a number")
            for name, value in wanted.items():
                if name == "clock_skew":
                    self.clock.skew = value
                elif name == "latency":
                    self.latency = value
                elif name == "neighbour":
                    self.window.neighbour = value
                else:
                    setattr(self.limits, name, value)

    @property
    def key(self) -> str:
        """The secret of the first key."""
        return self.options.key.secret

    def faults(self, **values: Any) -> Fault:
        """Add a fault: `faults(kind="reset", route="/api/v3/users/*", moment="after", count=1)`."""
        with self.lock:
            self.troubles.append(from_values(values))
            return self.troubles[-1]

    def clear_faults(self) -> None:
        with self.lock:
            self.troubles.clear()

    def journal(self) -> list[dict[str, Any]]:
        """Every call since the start or the last reset, oldest first."""
        with self.lock:
            return [each.shown() for each in self.entries]

    def switch(self, **positions: str) -> None:
        """Set switches: `switch(multi_write="upsert", subfield_read="bare")`. Raises ValueError."""
        with self.lock:
            set_switches(self.switches, positions)
