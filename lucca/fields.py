"""Whether the HR file is made to receive training statistics. Pure; what Lucca does not say is no fault."""

from collections.abc import Iterator, Sequence

from lucca.resources import FieldCheck, FieldCodes, FieldDefinition, FieldFault, FieldKind


def check_fields(definitions: Sequence[FieldDefinition] | None, codes: FieldCodes) -> FieldCheck:
    """Judge the six fields. `definitions` is None when Lucca does not let the key look.

    Whether sub-fields are listed beside other data is not documented: one that is missing is a fault only when
    another one of the five is there.
    """
    everything = (codes.compound, *codes.subfields)
    if definitions is None:
        return FieldCheck(unchecked=everything)
    known = {one.code.lower(): one for one in definitions}
    lists_subfields = any(code.lower() in known for code in codes.subfields)
    faults: list[tuple[str, FieldFault]] = []
    unchecked: list[str] = []
    for code in everything:
        is_compound = code == codes.compound
        one = known.get(code.lower())
        if one is None and (is_compound or lists_subfields):
            faults.append((code, FieldFault.MISSING))
        elif one is None or one.kind is None:
            unchecked.append(code)
        if one is not None:
            faults += [(code, fault) for fault in (_of_compound(one) if is_compound else _of_subfield(one))]
    return FieldCheck(tuple(faults), tuple(unchecked))


def _of_compound(one: FieldDefinition) -> Iterator[FieldFault]:
    if one.kind is not None and one.kind is not FieldKind.COMPOUND:
        yield FieldFault.NOT_COMPOUND
    if one.is_multiple is False:
        yield FieldFault.NOT_MULTIPLE
    if one.is_read_only:
        yield FieldFault.READ_ONLY


def _of_subfield(one: FieldDefinition) -> Iterator[FieldFault]:
    if one.kind is not None and one.kind is not FieldKind.TEXT:
        yield FieldFault.NOT_TEXT
    if one.is_read_only:
        yield FieldFault.READ_ONLY
