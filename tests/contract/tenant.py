"""A Lucca to hold our beliefs against: the pretend one always, a real sandbox when its address and key are given.

It speaks plain HTTP, so that a belief does not lean on the client that leans on it.
"""

import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from lucca import EmployeeRows, FieldCodes, LuccaClient, Receipt, WantedRow
from lucca_simulator.simulator import Simulator

USERS = "/api/v3/users"
V3_DEPARTMENTS = "/api/v3/departments"
V4_DEPARTMENTS = "/organization/structure/api/departments"
PROPERTIES = "/api/v3/userproperties"
# What the tests write is known by this address, so that it can be found and taken away again.
OURS = "https://contract.cards.example/"
CALLS_PER_MINUTE = 40
CERTIFICATES = httpx2.create_ssl_context()

Query = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass
class Tenant:
    """One company's Lucca. `employee` is the one person whose file may be written to."""

    url: str
    key: str
    employee: str | None = None
    simulator: Simulator | None = None
    codes: FieldCodes = field(default_factory=FieldCodes)
    reader_key: str | None = None
    may_burst: bool = True
    _calls: deque[float] = field(default_factory=deque, repr=False)

    @property
    def window_seconds(self) -> float:
        return self.simulator.limits.window_seconds if self.simulator else 60.0

    def wait(self) -> None:
        """A real tenant shares its fifty calls a minute with its other tools; the pretend one need not wait."""
        while not self.simulator and len(self._calls) >= CALLS_PER_MINUTE:
            time.sleep(max(0.0, self._calls.popleft() + 60 - time.monotonic()))

    @contextmanager
    def paced(self) -> Iterator[None]:
        """The client's gate."""
        self.wait()
        try:
            yield
        finally:
            self._calls.append(time.monotonic())

    def client(self, *, key: str | None = None) -> LuccaClient:
        return LuccaClient(base_url=self.url, key=key or self.key, gate=self.paced)

    def ask(self, method: str, path: str, query: Query = (), **options: Any) -> httpx2.Response:
        """One call as it stands, without retries; `authorization` replaces the usual header, None leaves it out."""
        headers = {"Accept": "application/json"} | options.pop("headers", {})
        authorization = options.pop("authorization", f"lucca application={self.key}")
        if authorization is not None:
            headers["Authorization"] = authorization
        self.wait()
        return self.hurry(method, path, query, headers=headers, **options)

    def hurry(self, method: str, path: str, query: Query = (), **options: Any) -> httpx2.Response:
        """A call that waits for no budget."""
        options.setdefault("headers", {"Authorization": f"lucca application={self.key}"})
        params = list(query.items()) if isinstance(query, Mapping) else list(query)
        try:
            return httpx2.request(
                method, self.url + path, params=params, timeout=20, trust_env=False, verify=CERTIFICATES, **options
            )
        finally:
            self._calls.append(time.monotonic())

    def get(self, path: str, query: Query = (), **options: Any) -> httpx2.Response:
        return self.ask("GET", path, query, **options)

    def found(self, path: str, query: Query = ()) -> Any:
        """The JSON of a good answer."""
        response = self.get(path, query)
        assert response.status_code == 200, response.status_code
        return response.json()

    def people(self, query: Query = ()) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.found(USERS, query)["data"]["items"]
        return items

    def someone(self) -> dict[str, Any]:
        """The first person, with id and e-mail."""
        return self.people({"fields": "id,mail", "orderBy": "id,asc", "paging": "0,1"})[0]

    def departments(self, query: Query = ()) -> list[dict[str, Any]]:
        asked = dict(query) | {"page": "1", "limit": "100", "fields.root": "count"}
        items: list[dict[str, Any]] = self.found(V4_DEPARTMENTS, asked)["items"]
        return items

    def put(self, body: object, **options: Any) -> httpx2.Response:
        """A raw write to the one person."""
        return self.ask("PUT", f"{USERS}/{self.employee}", {"fields": "id,extendedData"}, json=body, **options)

    def occurrences(self) -> Any:
        """The compound datum of the one person exactly as it is read; None when the key is not there."""
        [person] = self.people(
            [("id", self.employee or ""), ("fields", "id,extendedData"), ("formerEmployees", "true")]
        )
        return (person.get("extendedData") or {}).get(self.codes.compound)

    def rows(self) -> EmployeeRows:
        with self.client() as client:
            return client.rows([self.employee or ""], self.codes)[self.employee or ""]

    def write(self, *wanted: WantedRow, remove: Sequence[str] = ()) -> Receipt:
        """Rows through the client, which is right whatever the unknown positions are."""
        with self.client() as client:
            return client.write_rows(self.rows(), wanted, self.codes, remove=remove)

    def clean(self) -> None:
        """Take away what the tests wrote; foreign rows stay."""
        link = self.codes.link.lower()
        ours = [row for row in self.rows().rows if row.values.get(link, "").startswith(OURS)]
        if ours:
            receipt = self.write(remove=[row.occurrence_id or "" for row in ours])
            assert receipt.is_verified, f"clean employee {self.employee} by hand: {sorted(receipt.faults)}"


def a_row(number: int = 1, **values: str) -> WantedRow:
    return WantedRow(**({"title": f"Contract test {number}", "link": f"{OURS}{number}", "progress": "20 %"} | values))


def sandbox() -> Tenant | None:
    """The real tenant that the environment names, if any."""
    url, key = os.environ.get("LUCCA_SANDBOX_URL"), os.environ.get("LUCCA_SANDBOX_KEY")
    if not url or not key:
        return None
    may_write = os.environ.get("LUCCA_SANDBOX_WRITE") == "1"
    return Tenant(
        url=url.rstrip("/"),
        key=key,
        employee=os.environ.get("LUCCA_SANDBOX_EMPLOYEE") if may_write else None,
        reader_key=os.environ.get("LUCCA_SANDBOX_READER_KEY"),
        may_burst=os.environ.get("LUCCA_SANDBOX_BURST") == "1",
    )
