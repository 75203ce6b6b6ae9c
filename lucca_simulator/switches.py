"""What nobody outside knows about Lucca ([?] in the evidence): one switch each, the likeliest answer first.

A client must be right under every position. Each switch is also a command-line flag and can be set while
running.
"""

from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args, get_type_hints


def switch(default: str, says: str) -> Any:
    """A field that explains itself, for the command line and the control."""
    return field(default=default, metadata={"says": says})


@dataclass(slots=True)
class Switches:
    # Custom data, §3.5 of the evidence.
    multi_write: Literal["replace", "upsert"] = switch(
        "replace", "a written array of occurrences replaces all of them, or changes only those it names"
    )
    subfield_read: Literal["id-value", "value", "bare"] = switch(
        "id-value", "a sub-field is read as {id, value}, {value} or the bare value"
    )
    subfield_write: Literal["any", "as-read"] = switch(
        "any", "sub-fields are accepted in all three shapes, or only in the one that is read"
    )
    null_value_in_array: Literal["delete", "refuse"] = switch(
        "delete", "what {id, value: null} does inside a replacing array"
    )
    write_under_extended_data: Literal["ignore", "refuse"] = switch(
        "ignore", "what happens to custom data written inside extendedData"
    )
    unknown_code: Literal["refuse", "ignore"] = switch("refuse", "what happens to a written code nobody defined")
    hidden_section: Literal["refuse", "ignore"] = switch(
        "refuse", "writing into a section closed to the key is a 403, or silently without effect"
    )
    body_wrapped_in_data: Literal["accept", "refuse"] = switch("accept", 'a PUT body of the form {"data": {…}}')
    foreign_occurrence_id: Literal["400", "404"] = switch("400", "the status for an occurrence id that is not there")
    omitted_subfield: Literal["keep", "erase"] = switch("keep", "a sub-field left out when its occurrence is updated")
    text_length: Literal["any", "255"] = switch("any", "the longest text of a datum; a longer one is a 400")
    simple_read: Literal["object", "bare"] = switch(
        "object", "a single simple datum is read as {id, value}, or bare as on one page of the documentation"
    )
    custom_data_at_creation: Literal["accept", "ignore"] = switch(
        "accept", "whether custom data sent with a new user are kept"
    )
    empty_text: Literal["keep", "null"] = switch("keep", 'whether "" is kept as it is or becomes null')
    hyperlink: Literal["text", "object"] = switch("text", "a hyperlink is a plain text or {url, label}")
    hyperlink_format: Literal["hyperlink", "url", "text"] = switch(
        "hyperlink", "the format key of a hyperlink in the definitions"
    )
    datum_without_value: Literal["absent", "null"] = switch("absent", "how a datum without value is read")
    definitions_readable: Literal["yes", "403", "404"] = switch(
        "yes", "whether the key may read the definitions of custom data"
    )
    subfields_in_definitions: Literal["listed", "absent"] = switch(
        "listed", "whether the sub-fields of compound data are listed as definitions of their own"
    )
    # Users.
    unknown_user: Literal["500", "404"] = switch("500", "the status for an unknown id; 500 is what Lucca documents")
    unknown_field: Literal["refuse", "ignore"] = switch("refuse", "an unknown name in fields, orderBy or a filter")
    item_fields: Literal["full", "short"] = switch("full", "what GET of one user shows without fields=")
    order_without_order_by: Literal["id", "any"] = switch("id", "the order of a collection without orderBy")
    repeated_filter: Literal["any-of", "last"] = switch("any-of", "what id=1&id=2 means")
    text_comparison: Literal["case-insensitive", "exact"] = switch(
        "case-insensitive", "how a filter compares texts such as e-mails"
    )
    rehire: Literal["same-id", "same-id-first-start", "new-id"] = switch(
        "same-id", "someone who comes back keeps the id, keeps it with the first start date, or gets a new one"
    )
    duplicate: Literal["400", "409", "accept"] = switch("400", "POST or PUT of a login, number or mail that is taken")
    page_size_elsewhere: Literal["10", "1000"] = switch("10", "the default page of v3 collections other than users")
    # Envelope and errors.
    envelope_header: Literal["absent", "header", "metadata"] = switch(
        "absent", "what stands beside data in an answer of v3"
    )
    error_body: Literal["message", "text"] = switch(
        "message", "errors as {Status, Message}, or as plain text for 4xx and nothing for 5xx"
    )
    retry_after: Literal["seconds", "date", "absent"] = switch("seconds", "the form of Retry-After")
    throttle_body: Literal["message", "problem", "empty"] = switch("message", "the body of a 429")
    refused_calls: Literal["free", "counted"] = switch("free", "whether a refused call counts in the window")
    # Departments.
    departments_v3: Literal["alive", "deprecated", "gone-404", "gone-410"] = switch(
        "alive", "v3 departments, whose end was announced for September 2026"
    )
    departments_v4: Literal["alive", "gone-404"] = switch("alive", "v4 departments")
    inactive_in_v4: Literal["absent", "listed"] = switch(
        "absent", "whether v4 lists inactive departments without being asked"
    )
    hierarchy_segments: Literal["ranks", "ids"] = switch(
        "ranks", "whether a hierarchy path is made of ranks among siblings or of ids"
    )
    parent_lucca_id: Literal["null", "filled"] = switch("null", "parentLuccaId of v4 departments")
    v4_largest_page: Literal["1000", "100"] = switch("1000", "the largest limit of v4; a larger one is a 400")
    root_counters: Literal["on-request", "always"] = switch(
        "on-request", "whether v4 shows count, prev and next without fields.root"
    )


def choices() -> dict[str, tuple[str, ...]]:
    """Every switch with its positions, the default first."""
    hints = get_type_hints(Switches)
    return {each.name: get_args(hints[each.name]) for each in fields(Switches)}


def explanations() -> dict[str, str]:
    return {each.name: each.metadata["says"] for each in fields(Switches)}


def set_switches(switches: Switches, wanted: dict[str, str]) -> None:
    """Set several at once. Raises ValueError, changing nothing, for an unknown switch or position."""
    possible = choices()
    for name, position in wanted.items():
        if name not in possible:
            raise ValueError(f"there is no switch {name}")
        if position not in possible[name]:
            raise ValueError(f"{name} is one of {', '.join(possible[name])}, not {position}")
    for name, position in wanted.items():
        setattr(switches, name, position)
