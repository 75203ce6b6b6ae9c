"""The six codes under which statistics are kept in Lucca, as typed by a person and checked. Pure."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import StrEnum

from lucca import FieldCodes

# e_, then letters, digits, _ and -, 3 to 255 signs in all (reference of Lucca's API, section 3.1).
CODE = re.compile(r"e_[A-Za-z0-9_-]{1,253}")
DEFAULTS = FieldCodes()
# compound, title, link, progress, score, completed_on: the names of the codes, in the order of R57 and R59 to R63.
NAMES = tuple(field.name for field in fields(FieldCodes))


class CodeFault(StrEnum):
    """Why a code cannot be used."""

    ILL_FORMED = "ill_formed"
    TWICE = "twice"


def codes_of(typed: Mapping[str, str]) -> FieldCodes:
    """The codes to use: what was typed, and where nothing was, the default (R75)."""
    return FieldCodes(**{name: typed.get(name, "").strip() or getattr(DEFAULTS, name) for name in NAMES})


def faults_of(codes: FieldCodes) -> dict[str, CodeFault]:
    """What is wrong with each code, by its name. Lucca does not tell upper from lower case, so neither do we."""
    by_name: dict[str, str] = asdict(codes)
    faults = {}
    seen: set[str] = set()
    for name in NAMES:
        code = by_name[name]
        if not CODE.fullmatch(code):
            faults[name] = CodeFault.ILL_FORMED
        elif code.lower() in seen:
            faults[name] = CodeFault.TWICE
        seen.add(code.lower())
    return faults
