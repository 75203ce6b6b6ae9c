"""Which Lucca the beliefs are held against, and what is told at the end of a run against a real one."""

from collections.abc import Iterator

import pytest

from lucca_simulator.rights import Key
from lucca_simulator.server import running
from lucca_simulator.simulator import Simulator
from tests.contract.tenant import Tenant, sandbox

REAL = sandbox()
VERDICTS: dict[str, str] = {}


@pytest.fixture(scope="package")
def running_simulator() -> Iterator[Simulator]:
    with running(employees=60, calls_per_minute=0, with_trainings=True) as simulator:
        yield simulator


@pytest.fixture
def pretend(running_simulator: Simulator) -> Tenant:
    """The pretend Lucca alone, for what a real one cannot be made to do."""
    running_simulator.reset(employees=60, calls_per_minute=0, with_trainings=True)
    return Tenant(
        url=running_simulator.url,
        key=running_simulator.key,
        employee=str(min(running_simulator.company.employees)),
        simulator=running_simulator,
        reader_key=a_reader(running_simulator),
    )


def a_reader(simulator: Simulator) -> str:
    """A second key, which reads all sections and may write into none."""
    reader = Key("Reader", "a-reader-s-key", write_sections=set())
    simulator.keys.keys.append(reader)
    return reader.secret


@pytest.fixture(params=["simulator", "sandbox"] if REAL else ["simulator"])
def lucca(request: pytest.FixtureRequest) -> Tenant:
    """Each Lucca there is."""
    if request.param == "sandbox":
        assert REAL is not None
        return REAL
    tenant: Tenant = request.getfixturevalue("pretend")
    return tenant


@pytest.fixture
def writable(lucca: Tenant) -> Iterator[Tenant]:
    """Each Lucca with one person who may be written to; what was written is taken away, also after a failure."""
    if lucca.employee is None:
        pytest.skip("a real Lucca is written to only with LUCCA_SANDBOX_WRITE=1 and LUCCA_SANDBOX_EMPLOYEE")
    lucca.clean()
    yield lucca
    lucca.clean()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if VERDICTS:
        terminalreporter.section("what this Lucca answers to the open questions")
        for switch, verdict in sorted(VERDICTS.items()):
            terminalreporter.write_line(f"{switch} = {verdict}")
