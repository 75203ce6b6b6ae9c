"""A simulator of 80 collaborators and someone who calls it over HTTP, as any program would."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from lucca_simulator import Options, Simulator, running


class Caller:
    """Calls a simulator with a key and keeps nothing."""

    def __init__(self, simulator: Simulator, key: str | None) -> None:
        headers = {"Authorization": f"lucca application={key}"} if key else {}
        # Loopback speaks plain HTTP: loading certificates for each test would cost more than the test.
        self.http = httpx2.Client(base_url=simulator.url, headers=headers, trust_env=False, timeout=10, verify=False)

    def get(self, path: str, **query: object) -> httpx2.Response:
        return self.http.get(path, params={name: str(value) for name, value in query.items()})

    def items(self, path: str, **query: object) -> list[dict[str, Any]]:
        """The items of a v3 collection."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["data"]["items"]
        return items

    def ids(self, path: str = "/api/v3/users", **query: object) -> list[int]:
        return [each["id"] for each in self.items(path, **{"fields": "id", "orderBy": "id,asc"} | query)]

    def user(self, number: int, fields: str = "id,extendedData") -> dict[str, Any]:
        answer = self.get(f"/api/v3/users/{number}", fields=fields)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()["data"]
        return shown

    def put(self, number: int, body: object, **query: str) -> httpx2.Response:
        return self.http.put(f"/api/v3/users/{number}", json=body, params=query)

    def control(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        answer = self.http.request(method, f"/_simulator/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture(scope="package")
def a_simulator() -> Iterator[Simulator]:
    with running(employees=80, calls_per_minute=0) as simulator:
        yield simulator


@pytest.fixture
def simulator(a_simulator: Simulator) -> Simulator:
    """As it was at its start."""
    return as_at_the_start(a_simulator)


def as_at_the_start(simulator: Simulator) -> Simulator:
    simulator.options = Options(employees=80, calls_per_minute=0)
    simulator.reset()
    return simulator


@pytest.fixture
def caller(simulator: Simulator) -> Iterator[Caller]:
    caller = Caller(simulator, simulator.key)
    with caller.http:
        yield caller


@pytest.fixture(scope="module")
def a_caller(a_simulator: Simulator) -> Iterator[Caller]:
    """For properties that call many times; the company has the data of the trainings."""
    simulator = as_at_the_start(a_simulator)
    simulator.reset(with_trainings=True)
    caller = Caller(simulator, simulator.key)
    with caller.http:
        yield caller
