"""The definitions of custom data over v3: `extensionuserdefinitions` and `userproperties` (§3.2 of the evidence)."""

from collections.abc import Iterator
from typing import Any

from lucca_simulator.collections_v3 import answer_collection, answer_item
from lucca_simulator.custom_data import Catalogue, Definition, Entry
from lucca_simulator.gate import Answer, Call
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.projection import Property, Resource, resource

# `type` of userproperties: 0 boolean, 1 integer or list, 2 number, 3 date, 4 text, 5 object [D].
TYPES = {"boolean": 0, "integer": 1, "list": 1, "number": 2, "date": 3, "text": 4, "hyperlink": 4, "compound": 5}
NATIVE, EXTENSION = 0, 3
# Some native properties, as the same list holds them under category 0 [D].
NATIVES = (
    ("firstName", "First name", "text"), ("lastName", "Last name", "text"), ("mail", "Email", "text"),
    ("login", "Login", "text"), ("birthDate", "Birth date", "date"), ("jobTitle", "Job title", "text"),
)  # fmt: skip


def list_definitions(call: Call) -> Answer:
    return answer_collection(call, _definitions(call), _readable(call), default_limit=_page_size(call))


def read_definition(call: Call) -> Answer:
    code = call.parts["code"]
    found = next((each for each in _readable(call) if each.code.lower() == code.lower()), None)
    if found is None:
        raise RefusedError(404, f"Resource ExtensionUserDefinition with ID {code} not found")
    return answer_item(call, _definitions(call), found)


def list_properties(call: Call) -> Answer:
    natives = [Definition(code, name, kind) for code, name, kind in NATIVES]
    return answer_collection(call, _properties(call), [*natives, *_readable(call)], default_limit=_page_size(call))


def _page_size(call: Call) -> int:
    return int(call.simulator.switches.page_size_elsewhere)


def _readable(call: Call) -> list[Definition]:
    """Every definition; sub-fields are data of their own [D: compound data group existing simple data].

    Whether a key without configuration rights may read them, and whether sub-fields are listed, is not known [?].
    """
    switches = call.simulator.switches
    if switches.definitions_readable != "yes":
        status = int(switches.definitions_readable)
        raise RefusedError(status, "Forbidden" if status == 403 else "Not found")
    return list(_all(call.simulator.company.catalogue, with_subfields=switches.subfields_in_definitions == "listed"))


def _all(catalogue: Catalogue, *, with_subfields: bool) -> Iterator[Definition]:
    for definition in catalogue.definitions.values():
        yield definition
        if with_subfields:
            yield from definition.subfields


def _format_key(call: Call, definition: Definition) -> str:
    """`select` and `text` are documented; the keys of a hyperlink and of compound data are not [?]."""
    if definition.kind == "hyperlink":
        return call.simulator.switches.hyperlink_format
    return {"list": "select", "compound": "composite"}.get(definition.kind, definition.kind)


def _url(call: Call, definition: Definition) -> str:
    return f"{call.base_url}/api/v3/extensionuserdefinitions/{definition.code}"


def _definitions(call: Call) -> Resource[Definition]:
    entries: Resource[Entry] = resource(
        "ExtensionUserPropertyListEntry",
        Property("id", lambda entry: entry.id),
        Property("name", lambda entry: entry.name),
        Property("translation", lambda entry: entry.name),
        short=("id", "name"),
    )
    return resource(
        "ExtensionUserDefinition",
        Property("id", lambda each: each.code),
        Property("name", lambda each: each.name),
        Property("url", lambda each: _url(call, each)),
        Property("formatKey", lambda each: _format_key(call, each)),
        Property("extensionUserPropertyListEntries", lambda each: list(each.entries), lambda: entries),
        full=("id", "name", "url", "formatKey", "extensionUserPropertyListEntries"),
    )


def _properties(call: Call) -> Resource[Definition]:
    formats: Resource[Definition] = resource(
        "UserPropertyFormat", Property("key", lambda each: _format_key(call, each)), short=("key",)
    )

    def is_native(each: Definition) -> bool:
        return not each.code.startswith("e_")

    def category(each: Definition) -> int:
        return NATIVE if is_native(each) else EXTENSION

    shown: tuple[Property[Any], ...] = (
        Property("id", lambda each: each.code),
        Property("name", lambda each: each.name),
        Property("url", lambda each: f"{call.base_url}/api/v3/userproperties/{each.code}"),
        Property("isMultivalue", lambda each: each.is_multiple),
        Property("isNullable", lambda each: not is_native(each)),
        Property("isReadOnly", lambda each: not each.is_editable),
        Property("category", category),
        Property("type", lambda each: TYPES[each.kind]),
        Property("format", lambda each: each, lambda: formats),
    )
    return resource("UserProperty", *shown)
