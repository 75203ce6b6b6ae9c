"""A company's Lucca: each method asks one thing and gives frozen values, or raises one of `lucca.errors`.

It keeps nothing between calls but its connections; the caller closes them, or uses it as a context manager.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from lucca import departments, parse, rows, wire, writing
from lucca.errors import LuccaError, NotFound, OutcomeUnknown, Refused, Rejected, Unintelligible, UnintelligibleReason
from lucca.resources import (
    DepartmentPage,
    Employee,
    EmployeePage,
    EmployeeRows,
    FieldCodes,
    FieldDefinition,
    Receipt,
    RowShape,
    WantedRow,
)
from lucca.transport import Gate, MayReach, Transport, anywhere, open_gate


class LuccaClient:
    """A client of the API at `base_url` (scheme and host), with an API key.

    `gate` is entered right before every attempt, retries included, and left at its end; it may raise
    Throttled. `may_reach` is told the IP address of each connection and says whether that may be Lucca; if not,
    nothing is sent (Unintelligible, NOT_LUCCA). `timeout_seconds` bounds each attempt as a whole.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        gate: Gate = open_gate,
        may_reach: MayReach = anywhere,
        timeout_seconds: float = 10.0,
    ) -> None:
        self._base_url = base_url
        self._transport = Transport(
            base_url=base_url, key=key, gate=gate, may_reach=may_reach, timeout_seconds=timeout_seconds
        )

    def __repr__(self) -> str:
        return f"LuccaClient({self._base_url})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def check(self) -> None:
        """Prove with one call that the key reads employees. A host which is not Lucca's is told apart."""
        try:
            wire.items(self._ask(wire.check_request()))
        except NotFound:
            reason = UnintelligibleReason.NOT_LUCCA
            shape = ""
        except Unintelligible as error:
            if error.reason is not UnintelligibleReason.SHAPE:
                raise
            reason = UnintelligibleReason.NOT_LUCCA
            shape = error.sample
        else:
            return
        raise Unintelligible(reason, sample=shape)

    def employee_page(self, offset: int, *, limit: int = wire.PAGE) -> EmployeePage:
        """The people from `offset` on, in the order of their ids, people who left too."""
        answer = self._transport.send(wire.employees_request(offset, limit))
        found = wire.exactly(answer, parse.AskedPage) or wire.content(answer)
        return parse.employee_page(found, offset=offset, limit=limit)

    def employee(self, lucca_id: str) -> Employee | None:
        """One person, also one who left; None when Lucca shows nobody of that id to this key."""
        found, _ = wire.items(self._ask(wire.employee_request(lucca_id)))
        people = (parse.employee(item) for item in found)
        return next((one for one in people if one.lucca_id == lucca_id), None)

    def departments_page(self, token: str | None = None) -> DepartmentPage:
        """One page of departments: v4, or v3 when v4 is closed. Parents known by id alone; see `with_parents`."""
        if token is not None:
            return self._departments_page(token)
        try:
            return self._departments_page(departments.first_token("v4"))
        except LuccaError as error:
            if not departments.says_that_v4_is_closed(error):
                raise
            closed = error
        try:
            return self._departments_page(departments.first_token("v3"))
        except (NotFound, Rejected):
            raise closed from None

    def _departments_page(self, token: str) -> DepartmentPage:
        return departments.page_of(self._ask(departments.request(token)), token)

    def field_definitions(self) -> tuple[FieldDefinition, ...] | None:
        """What the HR file can hold; None when Lucca does not let this key look."""
        found: list[FieldDefinition] = []
        offset: int | None = 0
        try:
            while offset is not None:
                decoded = self._ask(wire.definitions_request(offset))
                page, offset = parse.field_definitions(decoded, offset=offset)
                found += page
        except (NotFound, Rejected):
            return None
        except Refused as error:
            if error.status != 403:
                raise
            return None
        return tuple(found)

    def rows(self, lucca_ids: Sequence[str], codes: FieldCodes) -> dict[str, EmployeeRows]:
        """The rows of up to forty people, by Lucca id, in one call. Who is missing is not shown to this key."""
        answer = self._transport.send(rows.read_request(lucca_ids))
        everyone = rows.read(wire.answered(answer), codes)
        return {lucca_id: everyone[lucca_id] for lucca_id in lucca_ids if lucca_id in everyone}

    def write_rows(
        self,
        read: EmployeeRows,
        wanted: Sequence[WantedRow],
        codes: FieldCodes,
        *,
        remove: Sequence[str] = (),
        shape: RowShape | None = None,
    ) -> Receipt:
        """Make one person's rows say what is wanted, starting from what was read right before, and prove it.

        Nothing is sent when nothing differs. `remove` names occurrences to take away. `shape` is what former
        receipts taught of the form; while nothing did, a rejected form is followed by the next one, so the first
        write of an account belongs on one person. OutcomeUnknown: read that person again, then write again.
        """
        arrangement = writing.arrange(read, wanted, codes, remove=remove, shape=shape)
        if not arrangement.is_needed:
            return writing.receipt(arrangement, read, is_sent=False)
        answer = self._write(writing.requests(arrangement))
        try:
            after = rows.read(wire.answered(answer), codes).get(read.lucca_id)
            receipt = after and writing.receipt(arrangement, after)
            if receipt and receipt.is_verified and all(row and row.occurrence_id for row in receipt.rows):
                return receipt
            # The answer to a write may show less than there is, or only repeat what was sent: a reading counts.
            after = self.rows([read.lucca_id], codes).get(read.lucca_id, EmployeeRows(read.lucca_id))
        except LuccaError as error:
            raise OutcomeUnknown(error) from None
        return writing.receipt(arrangement, after)

    def _write(self, forms: Sequence[wire.Request]) -> wire.Answer:
        """The good answer to the first form that Lucca takes. Raises OutcomeUnknown when it may have taken one."""
        for is_last, request in ((request is forms[-1], request) for request in forms):
            try:
                answer = self._transport.send(request)
                error = wire.failure(answer)
            except LuccaError as failed:
                error = failed
            if error is None:
                return answer
            if is_last or not writing.is_worth_another_form(error):
                raise OutcomeUnknown(error) if writing.may_have_happened(error) else error
        raise ValueError("there is no form to write in")

    def _ask(self, request: wire.Request) -> Any:
        return wire.content(self._transport.send(request))
