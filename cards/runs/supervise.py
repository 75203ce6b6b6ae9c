"""Child processes: started, restarted when they die, and stopped so that none is left. Standard library alone."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType

# A child that dies sooner than this after its start is restarted later and later.
SETTLED = 10.0
LONGEST_PAUSE = 15.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process with its own group, so that whatever it starts is stopped with it."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes]"
    started: float
    pause: float = 0.0
    restart_at: float | None = field(default=None)


class Children:
    """Processes that live and die together: within the block `start` each and `watch` them; its end stops them.

    From the block's beginning to its end SIGTERM and SIGINT only end `watch`, so that they leave nobody behind. All
    from the main thread: on Linux a child is stopped with the thread that started it.
    """

    def __init__(self, say: Callable[[str], None] = print) -> None:
        self.say = say
        self.children: list[Child] = []
        self.is_told: Callable[[], bool] = lambda: False
        self._signals = contextlib.ExitStack()

    def start(self, name: str, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        process = _start(command)
        self.children.append(Child(name, command, process, time.monotonic()))
        return process

    def watch_once(self) -> None:
        """Start again what died, a moment later."""
        now = time.monotonic()
        for child in self.children:
            status = child.process.poll()
            if status is None:
                continue
            if child.restart_at is None:
                _kill_group(child.process.pid)
                child.pause = 0.5 if now - child.started > SETTLED else min(LONGEST_PAUSE, child.pause * 2 + 0.5)
                child.restart_at = now + child.pause
                # Whoever reads what is said may be gone: that must not end those who live.
                with contextlib.suppress(OSError):
                    self.say(f"{child.name} ended with status {status}; it is started again")
            elif now >= child.restart_at:
                child.process = _start(child.command)
                child.started, child.restart_at = now, None

    def watch(self, *, every: float = 0.2) -> None:
        """Keep the children alive until SIGTERM or SIGINT."""
        while not self.is_told():
            self.watch_once()
            time.sleep(every)

    def stop(self, *, within: float = 8.0) -> None:
        """Ask all to stop, the last started first; kill those that have not after `within` seconds."""
        for child in reversed(self.children):
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + within
        for child in reversed(self.children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            # Also when it has ended: it may have left children of its own.
            _kill_group(child.process.pid)
            child.process.wait()

    def __enter__(self) -> "Children":
        self.is_told = self._signals.enter_context(told_to_stop())
        return self

    def __exit__(self, *_: object) -> None:
        with self._signals:
            self.stop()


@contextlib.contextmanager
def told_to_stop(then: Callable[[], None] | None = None) -> Iterator[Callable[[], bool]]:
    """Within the block, SIGTERM and SIGINT only set a flag (and call `then`); gives the function that reads it."""
    told: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        if then:
            then()

    before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(told)
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections still linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - commands of our own making
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - we have no threads
    )


def _end_with_parent() -> None:
    """Have the kernel stop this process when its parent is killed, so that none is left behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
