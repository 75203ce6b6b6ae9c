"""How v3 answers with one thing or with a collection (§2.1 to 2.5 of the evidence)."""

from collections.abc import Callable
from typing import Any, TypeVar

from lucca_simulator.faults import spoil_page
from lucca_simulator.filters import RESERVED, condition, order, parse_paging, reader
from lucca_simulator.gate import Answer, Call
from lucca_simulator.projection import Resource, Wanted, parse_fields, projector

T = TypeVar("T")


def envelope(call: Call, payload: Any) -> dict[str, Any]:
    """`{"data": …}`; older servers put a header beside it, newer ones a null metadata [O]."""
    style = call.simulator.switches.envelope_header
    if style == "header":
        generated = call.simulator.clock.local().isoformat(timespec="seconds")
        header = {"generated": generated, "serverTime": 12, "queryTime": 8, "principal": call.key.name}
        return {"header": header, "data": payload}
    return {"metadata": None, "data": payload} if style == "metadata" else {"data": payload}


def _ignores_unknown(call: Call) -> bool:
    return call.simulator.switches.unknown_field == "ignore"


def answer_help(call: Call, kind: Resource[T]) -> Answer:
    """The names of the fields: a route that third-party clients use, not part of the public contract [I]."""
    return Answer(envelope(call, {"fields": [each.name for each in kind.properties.values()]}))


def wanted_fields(call: Call) -> Wanted:
    return parse_fields(call.asked("fields") or "")


def answered_fields(call: Call, kind: Resource[T]) -> Callable[[T], dict[str, Any]]:
    """How one thing is shown under the `fields` of the query."""
    return projector(kind, wanted_fields(call), ignore_unknown=_ignores_unknown(call))


def answer_item(call: Call, kind: Resource[T], thing: T) -> Answer:
    """One thing.

    Without `fields` docs show a fuller object than id, name, url; the exact set is not known [?].
    """
    wanted = wanted_fields(call)
    if not wanted and call.simulator.switches.item_fields == "full":
        wanted = {each.lower(): {} for each in kind.full or kind.short}
    show = projector(kind, wanted, ignore_unknown=_ignores_unknown(call))
    return Answer(envelope(call, show(thing)))


def answer_collection(
    call: Call, kind: Resource[T], things: list[T], *, default_limit: int = 1000, in_id_order: bool = True
) -> Answer:
    """A page of what fits; `data.count` only when `collection.count` is among the fields [D]/[O]."""
    wanted = wanted_fields(call)
    of_collection = wanted.pop("collection", None)
    show = projector(kind, wanted, ignore_unknown=_ignores_unknown(call))
    found = _ordered(call, kind, _filtered(call, kind, things), in_id_order=in_id_order)
    offset, limit = parse_paging(call.asked("paging"), default_limit)
    if call.struck.one("duplicated_page"):
        offset = max(0, offset - limit)
    data: dict[str, Any] = {}
    if wanted or of_collection is None:
        # `fields=collection.count` alone gives the count without items [O].
        data["items"] = items = [show(each) for each in found[offset : offset + limit]]
        spoil_page(call.struck, items)
    if of_collection is not None and "count" in of_collection:
        data["count"] = len(found)
    return Answer(envelope(call, data))


def _filtered(call: Call, kind: Resource[T], found: list[T]) -> list[T]:
    """Filters are ANDed; a repeated name is [?], see the switch."""
    switches = call.simulator.switches
    sought: dict[str, list[str]] = {}
    for name, value in call.query:
        if name.lower() in RESERVED:
            continue
        values = sought.setdefault(name.lower(), [])
        if switches.repeated_filter == "last":
            values.clear()
        values.append(value)
    exact = switches.text_comparison == "exact"
    for name, values in sought.items():
        read = reader(kind, name, ignore_unknown=_ignores_unknown(call))
        if read is None:
            continue
        fits = condition(values, call.simulator.clock.local(), exact=exact)
        found = [each for each in found if fits(read(each))]
    return found


def _ordered(call: Call, kind: Resource[T], things: list[T], *, in_id_order: bool) -> list[T]:
    """Without `orderBy` the order is not guaranteed [I]."""
    wanted = (call.asked("orderBy") or "").strip()
    if wanted and not (in_id_order and wanted.lower() == "id,asc"):
        things = order(things, kind, wanted, ignore_unknown=_ignores_unknown(call))
    if unstable := call.struck.one("unstable_order"):
        unstable.chance.shuffle(things)
    elif not wanted and call.simulator.switches.order_without_order_by == "any":
        # Another order at each call, yet the same in a replay.
        turn = len(call.simulator.entries) % (len(things) or 1)
        things = things[turn:] + things[:turn]
    return things
