"""Two servers on loopback: one of raw bytes, which can break every rule of HTTP, and the pretend Lucca."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from lucca import LuccaClient
from lucca.transport import MayReach, anywhere
from lucca_simulator.server import running
from lucca_simulator.simulator import Simulator

Script = Callable[[socket.socket], None]


def answer(body: bytes | str, *, status: str = "200 OK", kind: str = "application/json", **headers: str) -> Script:
    """A well-formed answer, after which the connection closes."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return raw("\r\n".join(lines).encode() + b"\r\n\r\n" + content)


def raw(content: bytes) -> Script:
    return lambda connection: connection.sendall(content)


def reset(connection: socket.socket) -> None:
    """Close so that the other side sees the connection reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class RawServer:
    """Plays its scripts one after the other, the last one for ever, and keeps what it was asked."""

    port: int
    scripts: list[Script] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list, repr=False)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(
        self, *, timeout_seconds: float = 5.0, key: str = "a-key", may_reach: MayReach = anywhere
    ) -> LuccaClient:
        return LuccaClient(base_url=self.url, key=key, may_reach=may_reach, timeout_seconds=timeout_seconds)

    def serve(self, listener: socket.socket) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                self._play(connection)

    def _play(self, connection: socket.socket) -> None:
        try:
            received = b""
            # A greeting in TLS begins with this byte and has no end that this server would know.
            while (
                not received.startswith(b"\x16") and b"\r\n\r\n" not in received and (chunk := connection.recv(65536))
            ):
                received += chunk
            self.requests.append(received)
            script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
            script(connection)
        except OSError:
            pass


@pytest.fixture
def server() -> Iterator[RawServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        raw_server = RawServer(port=listener.getsockname()[1])
        thread = threading.Thread(target=raw_server.serve, args=(listener,))
        thread.start()
        yield raw_server
        raw_server.closing.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=15)
        assert not thread.is_alive()


@pytest.fixture(scope="package")
def running_simulator() -> Iterator[Simulator]:
    with running(employees=10, calls_per_minute=100_000) as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    running_simulator.reset(employees=10, with_trainings=True)
    return running_simulator


@pytest.fixture
def lucca(simulator: Simulator) -> Iterator[LuccaClient]:
    with LuccaClient(base_url=simulator.url, key=simulator.key) as client:
        yield client
