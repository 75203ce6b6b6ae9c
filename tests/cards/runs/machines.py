"""Machines that are network namespaces: each has an address and a cable of its own, which can be pulled out."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom

import pytest

from tests.cards.runs.conftest import ROOT, free_port

# Seconds that a machine's words to the others take on their way, and theirs to it.
LATENCY = "0.01"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Machine:
    """One of them; what it runs reaches the rest of the world through its cable only."""

    def __init__(self, name: str, address: str, network: "Network") -> None:
        self.name, self.address, self.network = name, address, network
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def cable(self) -> str:
        return f"{self.name}c"

    def plug_in(self) -> None:
        ip("netns", "add", self.name)
        ip("link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", self.cable, "master", self.network.bridge, "up")
        for words in (("addr", "add", f"{self.address}/24", "dev", "eth0"), ("link", "set", "eth0", "up")):
            ip("-n", self.name, *words)
        ip("-n", self.name, "link", "set", "lo", "up")
        for port in self.network.ports:
            # What answers at the host's loopback address answers at that of the machine, through the cable.
            self.start("-m", "tests.cards.runs.relay", "127.0.0.1", str(port), self.network.address, str(port), LATENCY)

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, sys.executable, *arguments],
            env={**os.environ, **(environment or {})},
            cwd=ROOT,
            stdout=self.network.log,
            stderr=self.network.log,
        )
        self.processes.append(process)
        return process

    def pull_the_cable(self) -> None:
        ip("link", "set", self.cable, "down")

    def put_it_back(self) -> None:
        ip("link", "set", self.cable, "up")

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(8)
            process.kill()
            process.wait()
        for words in (("link", "del", self.cable), ("netns", "del", self.name)):
            with suppress(subprocess.CalledProcessError):
                ip(*words)


class Network:
    """A bridge of the host, and the machines at it; `ports` of the host's loopback are theirs too."""

    def __init__(self, ports: list[int], log: Path) -> None:
        self.ports = ports
        mark = f"{os.getpid() % 10_000}"
        self.bridge = f"cards{mark}"
        self.net = f"10.213.{SystemRandom().randint(0, 255)}"
        self.address = f"{self.net}.1"
        self.log = log.open("ab")
        self.machines = [Machine(f"cm{mark}n{number}", f"{self.net}.{10 + number}", self) for number in range(4)]
        self.relays: list[subprocess.Popen[bytes]] = []

    def build(self) -> None:
        ip("link", "add", self.bridge, "type", "bridge")
        ip("addr", "add", f"{self.address}/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")
        for port in self.ports:
            command = [
                sys.executable,
                "-m",
                "tests.cards.runs.relay",
                self.address,
                str(port),
                "127.0.0.1",
                str(port),
                "0",
            ]
            self.relays.append(subprocess.Popen(command, cwd=ROOT, stdout=self.log, stderr=self.log))
        for machine in self.machines:
            machine.plug_in()

    def take_down(self) -> None:
        for machine in self.machines:
            machine.stop()
        for relay in self.relays:
            relay.kill()
            relay.wait()
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", self.bridge)
        self.log.close()


@contextmanager
def four_machines(ports: list[int], log: Path) -> Iterator[list[Machine]]:
    """Four machines at one network; skips where such a thing may not be made."""
    if not shutil.which("ip"):
        pytest.skip("network namespaces need iproute2 (on Debian: apt install iproute2)")
    network = Network(ports, log)
    try:
        try:
            network.build()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"network namespaces are not permitted here: {error.stderr.decode().strip()}")
        time.sleep(0.5)
        yield network.machines
    finally:
        network.take_down()


__all__ = ["Machine", "four_machines", "free_port"]
