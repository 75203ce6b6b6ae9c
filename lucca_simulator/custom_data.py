"""What custom data may be: sections of the HR file and the definitions of the data in them.

Facts: §3.1 of the evidence. It holds no values; `occurrences` does.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list; values hold its id, not its text [D]."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A datum. `kind` is text, hyperlink, date, integer, number, boolean, list or compound."""

    code: str
    name: str
    kind: str = "text"
    section_id: int | None = None
    is_multiple: bool = False
    is_editable: bool = True
    sort_code: str | None = None
    subfields: tuple["Definition", ...] = ()
    entries: tuple[Entry, ...] = ()

    def subfield(self, code: str) -> "Definition | None":
        return next((each for each in self.subfields if each.code == code), None)


@dataclass(slots=True)
class Catalogue:
    """The sections of the HR file and the data in them. A datum is shown where its section is [D]."""

    sections: dict[int, str] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)

    def add_section(self, name: str) -> int:
        number = max(self.sections, default=0) + 1
        self.sections[number] = name
        return number

    def move_section(self, number: int, *, up: bool) -> None:
        """One place up or down among the sections, as far as there is one."""
        order = list(self.sections)
        place = order.index(number)
        other = max(0, place - 1) if up else min(len(order) - 1, place + 1)
        order[place], order[other] = order[other], order[place]
        self.sections = {each: self.sections[each] for each in order}

    def define(self, definition: Definition) -> None:
        self.definitions[definition.code] = definition

    def find(self, code: str) -> Definition | None:
        """Names are case-insensitive as everywhere in v3 [I]."""
        exact = self.definitions.get(code)
        if exact is not None:
            return exact
        return next((each for each in self.definitions.values() if each.code.lower() == code.lower()), None)

    def in_section(self, section_id: int) -> list[Definition]:
        return [each for each in self.definitions.values() if each.section_id == section_id]


def default_catalogue() -> Catalogue:
    """Three sections and one datum of each shape, so that a company has foreign data to be kept."""
    catalogue = Catalogue({1: "Personal information", 2: "Everyday life", 3: "Equipment"})
    catalogue.define(Definition("e_nickname", "Nickname", section_id=2))
    catalogue.define(Definition("e_favorite_food", "Favourite food", section_id=2, is_multiple=True))
    colours = (Entry(84, "Blue"), Entry(85, "Green"), Entry(86, "Brown"))
    catalogue.define(Definition("e_eyes_color", "Colour of the eyes", "list", 1, entries=colours))
    catalogue.define(Definition("e_diploma_date", "Date of the diploma", "date", 1))
    lines = (Definition("e_street", "Street"), Definition("e_town", "Town"))
    catalogue.define(Definition("e_address", "Address", "compound", 1, subfields=lines))
    item = (Definition("e_item", "Item"), Definition("e_lent_on", "Lent on", "date"))
    catalogue.define(
        Definition("e_equipment", "Equipment", "compound", 3, is_multiple=True, sort_code="e_item", subfields=item)
    )
    return catalogue


TRAINING_SUBFIELDS = (
    ("e_title", "Title of the training", "text"),
    ("e_link", "Link to the training", "hyperlink"),
    ("e_progress", "Progress of the employee", "text"),
    ("e_score", "Score of the employee", "text"),
    ("e_last_completion_date", "Date of the last completion of the training", "text"),
)


def define_trainings(catalogue: Catalogue, *, code: str = "e_formation", name: str = "Formations Cards") -> Definition:
    """The section and the compound datum that the founding document makes its readers create by hand."""
    section_id = next((number for number, title in catalogue.sections.items() if title == "Cards"), None)
    definition = Definition(
        code,
        name,
        "compound",
        section_id or catalogue.add_section("Cards"),
        is_multiple=True,
        sort_code="e_title",
        subfields=tuple(Definition(*each) for each in TRAINING_SUBFIELDS),
    )
    catalogue.define(definition)
    return definition
