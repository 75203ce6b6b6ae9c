"""What a person types into the pages that define sections and data: read, checked, and turned into definitions.

Pure. The rules are those of Lucca's help pages as far as they are known (§3.1 of the evidence).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lucca_simulator.custom_data import Catalogue, Definition

Form = Mapping[str, Sequence[str]]

# What can be chosen in "New data", with its words on screen.
KINDS = {
    "text": "Text",
    "hyperlink": "Hyperlink",
    "date": "Date",
    "integer": "Whole number",
    "number": "Number",
    "boolean": "Yes / No",
}
# A code begins with e_; hyphens and mixed case occur [I]; 3 to 255 signs in the newer API [D].
CODE = re.compile(r"e_[\w-]{1,253}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SubfieldDraft:
    name: str
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A datum that is being defined over the three steps of "New data"."""

    kind: str = "text"
    name: str = ""
    code: str = ""
    is_multiple: bool = False
    sort_code: str = ""
    subfields: tuple[SubfieldDraft, ...] = ()
    section_id: int | None = None
    is_editable: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_compound(self) -> bool:
        return self.kind == "compound"

    def definition(self) -> Definition:
        return Definition(
            self.code,
            self.name,
            self.kind,
            self.section_id,
            self.is_multiple,
            self.is_editable,
            self.sort_code or None,
            tuple(Definition(each.code, each.name, each.kind) for each in self.subfields),
        )


def one(form: Form, name: str) -> str:
    """The last value of a field, trimmed; empty when it was not sent."""
    values = form.get(name) or [""]
    return values[-1].strip()


def read_draft(form: Form) -> Draft:
    kind = one(form, "kind")
    rows = zip(form.get("sub_name", ()), form.get("sub_code", ()), form.get("sub_kind", ()), strict=False)
    section = one(form, "section_id")
    return Draft(
        kind=kind if kind in {*KINDS, "compound"} else "text",
        name=one(form, "name"),
        code=one(form, "code"),
        is_multiple=bool(one(form, "is_multiple")),
        sort_code=one(form, "sort_code"),
        subfields=tuple(SubfieldDraft(name.strip(), code.strip(), kind) for name, code, kind in rows),
        section_id=int(section) if section.isascii() and section.isdigit() else None,
        is_editable=bool(one(form, "is_editable")),
    )


def problems_of_data(draft: Draft, catalogue: Catalogue) -> dict[str, str]:
    """What is wrong with the second step, by field."""
    problems: dict[str, str] = {}
    if not draft.name:
        problems["name"] = "Give the data a name."
    if problem := _problem_of_code(draft.code, catalogue):
        problems["code"] = problem
    if draft.is_compound and not draft.subfields:
        problems["subfields"] = "Compound data needs at least one data of its own: use “Add new data”."
    seen = {draft.code}
    for number, each in enumerate(draft.subfields):
        problem = "Give this data a name." if not each.name else _problem_of_code(each.code, catalogue)
        if not problem and each.code in seen:
            problem = "This code is used twice."
        if not problem and each.kind not in KINDS:
            problem = "Choose a type."
        if problem:
            problems[f"sub{number}"] = problem
        seen.add(each.code)
    if draft.sort_code and draft.sort_code not in {each.code for each in draft.subfields}:
        problems["sort_code"] = "Sort by one of the data above."
    return problems


def _problem_of_code(code: str, catalogue: Catalogue) -> str:
    if not CODE.fullmatch(code):
        return "A code starts with e_ and holds letters, digits, - and _ only."
    subfields = {each.code for definition in catalogue.definitions.values() for each in definition.subfields}
    taken = {each.lower() for each in {*catalogue.definitions, *subfields}}
    return "This code is taken." if code.lower() in taken else ""


def problems_of_place(draft: Draft, catalogue: Catalogue) -> dict[str, str]:
    """What is wrong with the third step: a datum must be put in a section [D]."""
    return {} if draft.section_id in catalogue.sections else {"section_id": "Choose a section."}
