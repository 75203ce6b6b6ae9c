"""Runs a simulator: in this process for tests (`running`), or as a program (`serve`). Loopback only."""

import asyncio
import signal
import socket
import struct
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from lucca_simulator.app import build_app
from lucca_simulator.simulator import Options, Simulator

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class CuttableProtocol(H11Protocol):
    """HTTP as usual, plus a way for the gate to reset the connection instead of answering."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        served: Callable[..., Any] = self.app

        async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
            scope["extensions"] = {"lucca_simulator.cut": self._cut}
            await served(scope, receive, send)

        self.app = app

    def _cut(self) -> None:
        """Close with a TCP reset: linger for no time, then abort."""
        if self.transport.is_closing():
            return
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections already.

    Raises ValueError beyond loopback, OSError for a taken port.
    """
    if host not in LOOPBACK:
        raise ValueError(f"the simulator only listens on this machine itself ({', '.join(LOOPBACK)}), not on {host}")
    if not 0 <= port <= 65535:
        raise ValueError(f"{port} is not a port")
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once; otherwise each would wait 40 ms for Nagle.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class QuietServer(uvicorn.Server):
    """Leaves signals to whoever runs it: uvicorn would raise them again after a clean stop."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    def stop(self) -> None:
        self.should_exit = True


def server_of(simulator: Simulator) -> QuietServer:
    """A server that leaves at once when told to, even from a call that it is answering slowly."""
    config = uvicorn.Config(
        build_app(simulator),
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        access_log=False,
        log_config=None,
        log_level="critical",
        date_header=False,  # the gate writes it, by the simulated clock
        server_header=False,
        timeout_graceful_shutdown=0,
    )
    return QuietServer(config)


def serve(simulator: Simulator, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM."""
    simulator.url = address_of(listener)
    server = server_of(simulator)

    async def until_told() -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, server.stop)
        await server.serve(sockets=[listener])

    asyncio.run(until_told())


@contextmanager
def running(options: Options | None = None, **changes: Any) -> Iterator[Simulator]:
    """A simulator on a free loopback port, in a thread of this process.

    `with running(employees=12, seed=3) as simulator:` then `simulator.url`, `.key`, `.journal()`,
    `.faults(kind="reset")`, `.switch(multi_write="upsert")`, `.company`, `.reset()`.
    """
    simulator = Simulator(options or Options(**changes))
    listener = listen("127.0.0.1", 0)
    simulator.url = address_of(listener)
    server = server_of(simulator)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), name="lucca-simulator", daemon=True
    )
    thread.start()
    try:
        yield simulator
    finally:
        server.stop()
        thread.join()
