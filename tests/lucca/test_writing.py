"""Writing occurrences against the simulator's own rules of what a write does: right under every position of every
switch about custom data, foreign rows kept, nothing assumed that was not proven."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lucca import (
    EmployeeRows,
    FieldCodes,
    LinkShape,
    LuccaError,
    NotFound,
    Receipt,
    Refused,
    Rejected,
    RowShape,
    SubfieldShape,
    Throttled,
    Unavailable,
    UnavailableReason,
    Unintelligible,
    UnintelligibleReason,
    WantedRow,
    WriteFault,
    rows,
    writing,
)
from lucca_simulator.custom_data import Catalogue, define_trainings
from lucca_simulator.occurrences import Occurrence, RefusedError, Writing, show
from lucca_simulator.switches import Switches, choices
from tests.lucca.test_wire import NOON

CODES = FieldCodes()
DEFINITION = define_trainings(Catalogue())
FIRE = WantedRow("Fire safety", "https://cards.example/1", "60 %", "80 %", "21/11/2026")
GDPR = WantedRow("GDPR", "https://cards.example/2", "20 %")


def every_position(*names: str) -> list[dict[str, str]]:
    """The positions of these switches of the simulator in every combination."""
    each = [[(name, position) for position in choices()[name]] for name in names]
    return [dict(combination) for combination in itertools.product(*each)]


TWELVE = every_position("multi_write", "subfield_read", "subfield_write")
ALL = every_position(
    "multi_write",
    "subfield_read",
    "subfield_write",
    "hyperlink",
    "null_value_in_array",
    "empty_text",
    "omitted_subfield",
)


class PretendFile:
    """One person's compound datum, kept by the simulator's rules; counts the writes and can lose an answer."""

    def __init__(self, **positions: str) -> None:
        self.switches = Switches(**positions)
        self.ids = itertools.count(51001)
        self.occurrences: list[Occurrence] = []
        self.refused = self.written = 0

    def put_by_hand(self, title: str, link: str = "https://elsewhere.example/") -> None:
        held = "object" if self.switches.hyperlink == "object" else "text"
        written = {"e_title": title, "e_link": {"url": link, "label": title} if held == "object" else link}
        free = Switches(subfield_read="bare", hyperlink=held)
        self.occurrences += Writing(DEFINITION, free, self.ids).apply([], [{"value": written}])

    def read(self) -> EmployeeRows:
        shown = show(self.occurrences, DEFINITION, self.switches)
        return rows.read({"data": {"items": [{"id": 416, "extendedData": {"e_formation": shown}}]}}, CODES)["416"]

    def write(self, *wanted: WantedRow, remove: tuple[str, ...] = (), shape: RowShape | None = None) -> Receipt:
        arrangement = writing.arrange(self.read(), wanted, CODES, remove=remove, shape=shape)
        if not arrangement.is_needed:
            return writing.receipt(arrangement, self.read(), is_sent=False)
        for request in writing.requests(arrangement):
            try:
                self.take(request.body or b"")
            except RefusedError:
                self.refused += 1
            else:
                return writing.receipt(arrangement, self.read())
        raise AssertionError("every form was refused")

    def take(self, body: bytes) -> None:
        write = Writing(DEFINITION, self.switches, self.ids)
        self.occurrences = write.apply(self.occurrences, json.loads(body)["e_formation"])
        self.written += 1

    def titles(self) -> list[str]:
        return sorted(row.values["e_title"] for row in self.read().rows)


@pytest.mark.parametrize("has_foreign_row", [True, False])
@pytest.mark.parametrize("positions", ALL, ids=lambda positions: "-".join(positions.values()))
def test_rows_are_created_updated_and_removed_under_every_position_of_every_switch(
    positions: dict[str, str], has_foreign_row: bool
) -> None:
    held = PretendFile(**positions)
    if has_foreign_row:
        held.put_by_hand("Swimming")
    others = held.titles()

    first = held.write(FIRE)
    assert first.is_verified, first.faults
    second = held.write(FIRE, GDPR, shape=first.shape)
    assert second.is_verified
    assert second.rows[0] == first.rows[0]
    gdpr = second.rows[1]
    assert gdpr is not None
    assert gdpr.occurrence_id is not None
    refused_before_form_was_known = held.refused

    later = WantedRow(GDPR.title, GDPR.link, "100 %", "85 %", "22/11/2026", occurrence_id=gdpr.occurrence_id)
    third = held.write(FIRE, later, shape=second.shape)
    assert third.is_verified
    assert held.titles() == sorted([*others, "Fire safety", "GDPR"])
    assert held.refused == refused_before_form_was_known

    fourth = held.write(FIRE, remove=(gdpr.occurrence_id,), shape=third.shape)
    assert fourth.is_verified
    assert held.titles() == sorted([*others, "Fire safety"])


@pytest.mark.parametrize("positions", TWELVE, ids=lambda positions: "-".join(positions.values()))
def test_what_is_there_already_is_not_sent(positions: dict[str, str]) -> None:
    held = PretendFile(**positions)
    shape = held.write(FIRE, GDPR).shape
    again = held.write(FIRE, GDPR, shape=shape)
    assert not again.is_sent
    assert again.is_verified
    assert [row and row.values["e_title"] for row in again.rows] == ["Fire safety", "GDPR"]
    assert held.written == 1


@pytest.mark.requirement("R64")
@pytest.mark.parametrize("positions", TWELVE, ids=lambda positions: "-".join(positions.values()))
def test_a_write_whose_answer_was_lost_is_not_doubled(positions: dict[str, str]) -> None:
    held = PretendFile(**positions)
    held.put_by_hand("Swimming")
    lost = writing.arrange(held.read(), [FIRE], CODES)
    for request in writing.requests(lost):
        try:
            held.take(request.body or b"")
            break
        except RefusedError:
            continue
    again = held.write(FIRE, GDPR)
    assert again.is_verified
    assert held.titles() == ["Fire safety", "GDPR", "Swimming"]


def test_the_body_is_the_whole_array_at_the_root_with_ids_and_foreign_rows_as_read() -> None:
    held = PretendFile()
    held.put_by_hand("Swimming")
    [request] = writing.requests(writing.arrange(held.read(), [FIRE], CODES))
    assert request.target == "/api/v3/users/416?fields=id,extendedData"
    assert json.loads(request.body or b"") == {
        "e_formation": [
            {
                "id": 51001,
                "value": {
                    "e_title": {"id": 51002, "value": "Swimming"},
                    "e_link": {"id": 51003, "value": "https://elsewhere.example/"},
                },
            },
            {
                "value": {
                    "e_title": {"value": "Fire safety"},
                    "e_link": {"value": "https://cards.example/1"},
                    "e_progress": {"value": "60 %"},
                    "e_score": {"value": "80 %"},
                    "e_last_completion_date": {"value": "21/11/2026"},
                }
            },
        ]
    }


def test_while_the_form_is_unknown_the_likeliest_goes_first_and_a_known_one_goes_alone() -> None:
    nothing = EmployeeRows("416")
    assert len(writing.requests(writing.arrange(nothing, [FIRE], CODES))) == 4
    known = RowShape(SubfieldShape.BARE, LinkShape.TEXT)
    [request] = writing.requests(writing.arrange(nothing, [FIRE], CODES, shape=known))
    assert json.loads(request.body or b"")["e_formation"][0]["value"]["e_title"] == "Fire safety"


@pytest.mark.parametrize(
    ("title", "link", "is_ours"),
    [
        ("Fire safety", "https://cards.example/1", True),
        ("Renamed by hand", "https://cards.example/1", True),
        ("Fire safety", "https://CARDS.example/1/", True),
        ("Fire safety", "https://changed-by-hand.example/", True),
        # A copy of Lucca was restored and this id is somebody else's now.
        ("Swimming", "https://elsewhere.example/", False),
    ],
)
def test_an_occurrence_is_ours_by_id_only_when_link_or_title_agree(title: str, link: str, is_ours: bool) -> None:
    held = PretendFile()
    held.put_by_hand(title, link)
    [row] = held.read().rows
    wanted = WantedRow(FIRE.title, FIRE.link, occurrence_id=row.occurrence_id)
    held.write(wanted)
    assert len(held.read().rows) == (1 if is_ours else 2)


def test_a_title_alone_makes_no_occurrence_ours() -> None:
    held = PretendFile()
    held.put_by_hand("Fire safety", "https://elsewhere.example/")
    assert held.write(FIRE).is_verified
    assert held.titles() == ["Fire safety", "Fire safety"]


def test_a_row_without_a_link_is_nobody_s_by_link() -> None:
    held = PretendFile()
    held.put_by_hand("Swimming", "")
    held.write(WantedRow("Fire safety", ""))
    assert held.titles() == ["Fire safety", "Swimming"]


def test_a_stale_id_is_forgotten_and_the_link_decides() -> None:
    held = PretendFile()
    held.write(FIRE)
    stale = WantedRow(FIRE.title, FIRE.link, "100 %", occurrence_id="9")
    assert held.write(stale).is_verified
    assert held.titles() == ["Fire safety"]


def test_a_stale_id_and_a_new_link_leave_the_former_link_to_decide() -> None:
    held = PretendFile()
    held.write(FIRE)
    moved = WantedRow(FIRE.title, "https://learn.example/1", occurrence_id="9", former_link=FIRE.link)
    assert held.write(moved).is_verified
    assert held.titles() == ["Fire safety"]


def after(*shown: Any) -> EmployeeRows:
    return rows.read({"data": {"id": 416, "extendedData": {"e_formation": list(shown)}}}, CODES)["416"]


def an_occurrence(number: int, title: str, link: str = "https://cards.example/1", progress: str = "") -> dict[str, Any]:
    return {"id": number, "value": {"e_title": title, "e_link": link, "e_progress": progress}}


OURS = an_occurrence(7, "Fire safety")
FOREIGN = an_occurrence(8, "Swimming", "https://elsewhere.example/")


@pytest.mark.parametrize(
    ("held", "faults"),
    [
        ([FOREIGN, an_occurrence(9, "Fire safety")], set()),
        ([FOREIGN], {WriteFault.MISSING}),
        ([an_occurrence(9, "Fire safety")], {WriteFault.FOREIGN_LOST}),
        ([an_occurrence(8, "Sw1mming", "https://elsewhere.example/"), an_occurrence(9, "Fire safety")],
         {WriteFault.FOREIGN_LOST}),
        # The whole array came back under new ids: nothing is lost.
        ([an_occurrence(1, "Swimming", "https://elsewhere.example/"), an_occurrence(2, "Fire safety")], set()),
        ([FOREIGN, an_occurrence(9, "Fire safety", progress="3 %")], {WriteFault.DIFFERENT}),
        # Lucca rewrote the link: the only new row is the one that was sent.
        ([FOREIGN, an_occurrence(9, "Fire safety", "https://safe.example/?to=1")], {WriteFault.DIFFERENT}),
        ([FOREIGN, an_occurrence(9, "Fire safety"), an_occurrence(10, "Fire safety")], {WriteFault.UNEXPECTED}),
    ],
)  # fmt: skip
def test_a_receipt_tells_what_is_otherwise_than_it_should_be(held: list[Any], faults: set[WriteFault]) -> None:
    wanted = WantedRow("Fire safety", "https://cards.example/1")
    found = writing.receipt(writing.arrange(after(FOREIGN), [wanted], CODES), after(*held))
    assert found.faults == faults
    assert (found.rows[0] is None) == (WriteFault.MISSING in faults)


def test_a_row_to_remove_is_named_with_a_null_value_in_lucca_s_own_casing() -> None:
    told = {"Id": 7, "Value": OURS["value"]}
    first, *_others = writing.requests(writing.arrange(after(told), [], CODES, remove=["7"]))
    assert json.loads(first.body or b"")["e_formation"] == [{"Id": 7, "Value": None}]


def test_a_row_that_was_to_go_and_stayed_is_told() -> None:
    arrangement = writing.arrange(after(OURS, FOREIGN), [], CODES, remove=["7"])
    assert writing.receipt(arrangement, after(OURS, FOREIGN)).faults == {WriteFault.STILL_THERE}
    assert writing.receipt(arrangement, after(FOREIGN)).is_verified


@pytest.mark.parametrize(
    ("error", "may_have_happened", "is_worth_another_form"),
    [
        (Unavailable(UnavailableReason.DNS), False, False),
        (Unavailable(UnavailableReason.CONNECT), False, False),
        (Unavailable(UnavailableReason.TLS), False, False),
        (Unavailable(UnavailableReason.TIMEOUT), True, False),
        (Unavailable(UnavailableReason.RESET), True, False),
        (Unavailable(UnavailableReason.SERVER, status=503), True, False),
        (Unintelligible(UnintelligibleReason.TRUNCATED), True, False),
        (Unintelligible(UnintelligibleReason.HTML), True, False),
        (Throttled(NOON), False, False),
        (Refused(403), False, False),
        (NotFound(), False, False),
        (Rejected(400), False, True),
        (Rejected(413), False, False),
    ],
)
def test_what_a_failed_write_may_have_done_is_known(
    error: LuccaError, may_have_happened: bool, is_worth_another_form: bool
) -> None:
    assert writing.may_have_happened(error) is may_have_happened
    assert writing.is_worth_another_form(error) is is_worth_another_form


@pytest.mark.parametrize(
    "shown",
    [None, [], {}, {"e_formation": None}, {"e_formation": []}, {"E_Formation": []}],
)
def test_no_value_in_any_form_is_no_rows(shown: Any) -> None:
    found = rows.read({"data": {"items": [{"id": 416, "extendedData": shown}]}}, CODES)
    assert found == {"416": EmployeeRows("416")}


def test_a_single_object_is_one_row_and_keys_come_in_any_casing() -> None:
    shown = {"E_FORMATION": {"ID": 7, "Value": {"E_Title": {"Id": 8, "Value": " Fire  safety "}, "e_score": 5}}}
    [row] = rows.read({"Data": {"Id": 416, "ExtendedData": shown}}, CODES)["416"].rows
    assert row.occurrence_id == "7"
    assert row.values == {"e_title": "Fire  safety", "e_score": "5"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "value", "url", "e_title", "e_link", "e_score"]), inner)
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_foreign_rows_of_any_form_are_sent_back_as_they_were_read(foreign: list[Any]) -> None:
    read = after(*foreign)
    arrangement = writing.arrange(read, [FIRE], CODES)
    untouched = [place.row.raw for place in arrangement.places if place.row and not place.wanted]
    for request in writing.requests(arrangement):
        sent = json.loads(request.body or b"")["e_formation"]
        assert [raw for raw in untouched if raw not in sent] == []
        assert len(sent) == len(arrangement.places)


def test_no_more_than_forty_people_are_read_together() -> None:
    assert "id=1,2,3&formerEmployees=true" in rows.read_request(["1", "2", "3"]).target
    for ids in ([], ["1"] * 41):
        with pytest.raises(ValueError, match="1 to 40"):
            rows.read_request(ids)
