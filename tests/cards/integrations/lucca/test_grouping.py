"""Which group a department has or gets, and under which name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.integrations.lucca.grouping import group_changes
from cards.integrations.lucca.plan import Department, GroupAction, GroupsSide, LinkedGroup
from cards.people.models import name_key


def planned(*departments: Department, groups: GroupsSide | None = None) -> list[str]:
    return list(map(str, group_changes(departments, groups or GroupsSide(), key=name_key).values()))


@pytest.mark.requirement("R2", "R33")
def test_a_department_becomes_a_group_of_its_name() -> None:
    assert planned(Department("1", "Marketing")) == ["create_group Marketing"]


@pytest.mark.requirement("R33")
def test_a_free_group_of_the_same_name_in_any_case_is_used() -> None:
    groups = GroupsSide(free={"marketing": 7})
    (change,) = group_changes([Department("1", "  MARKETING ")], groups, key=name_key).values()
    assert (change.action, change.group_id) == (GroupAction.REUSE_GROUP, 7)


def test_of_two_departments_of_one_name_the_older_has_the_plain_one_whatever_is_imported_first() -> None:
    both = [Department("11", "Support", "SUP-CL"), Department("9", "Support", "SUP-SI")]
    expected = ["create_group Support", "create_group Support as Support (SUP-CL)"]
    assert planned(*both) == expected
    assert planned(*reversed(both)) == expected


def test_without_codes_namesakes_are_told_apart_by_lucca_id() -> None:
    assert planned(*(Department(str(n), "Support") for n in (1, 2, 3))) == [
        "create_group Support",
        "create_group Support as Support (2)",
        "create_group Support as Support (3)",
    ]
    taken = (Department("1", "Support (3)"), Department("2", "Support"), Department("3", "Support"))
    assert planned(*taken)[2] == "create_group Support as Support (3-2)"


def test_a_linked_group_keeps_its_name_when_an_older_namesake_appears() -> None:
    groups = GroupsSide(linked={"9": LinkedGroup(7, "Support", "Support", "Support")})
    assert planned(Department("1", "Support", "S1"), Department("9", "Support", "S9"), groups=groups) == [
        "create_group Support as Support (S1)",
        "unchanged Support",
    ]


def test_a_free_name_goes_to_the_older_namesake_not_imported_yet() -> None:
    groups = GroupsSide(linked={"9": LinkedGroup(7, "Support (S9)", "Support (S9)", "Support")})
    assert planned(Department("1", "Support", "S1"), Department("9", "Support", "S9"), groups=groups) == [
        "create_group Support",
        "unchanged Support as Support (S9)",
    ]


def test_a_department_renamed_in_lucca_renames_its_group() -> None:
    groups = GroupsSide(linked={"1": LinkedGroup(7, "Sales", "Sales", "Sales")})
    (change,) = group_changes([Department("1", "Commerce")], groups, key=name_key).values()
    assert (change.action, change.name, change.group_id) == (GroupAction.RENAME_GROUP, "Commerce", 7)
    assert change.former == groups.linked["1"]


def test_who_is_renamed_chooses_a_name_before_who_is_new_and_who_waits_for_one_chooses_last() -> None:
    renamed = GroupsSide(linked={"9": LinkedGroup(7, "Sales", "Sales", "Sales")})
    assert planned(Department("1", "Commerce", "C1"), Department("9", "Commerce", "C9"), groups=renamed) == [
        "rename_group Commerce",
        "create_group Commerce as Commerce (C1)",
    ]
    waiting = GroupsSide(linked={"1": LinkedGroup(7, "Commerce (C1)", "Commerce (C1)", "Commerce")})
    assert planned(Department("1", "Commerce", "C1"), Department("9", "Commerce", "C9"), groups=waiting) == [
        "create_group Commerce",
        "unchanged Commerce as Commerce (C1)",
    ]


@pytest.mark.requirement("R33")
def test_departments_renamed_in_a_chain_have_lucca_s_names_after_two_imports() -> None:
    found = [Department("1", "Commerce", "C1"), Department("2", "Direction commerciale", "C2")]
    linked = {
        "1": LinkedGroup(7, "Ventes", "Ventes", "Ventes"),
        "2": LinkedGroup(8, "Commerce", "Commerce", "Commerce"),
    }
    for expected in (["Commerce (C1)", "Direction commerciale"], ["Commerce", "Direction commerciale"]):
        changes = group_changes(found, GroupsSide(linked=linked), key=name_key)
        assert [change.name for change in changes.values()] == expected
        linked = {
            lucca_id: LinkedGroup(change.group_id or 0, change.name, change.name, change.department.name)
            for lucca_id, change in changes.items()
        }
    assert planned(*found, groups=GroupsSide(linked=linked)) == [
        "unchanged Commerce",
        "unchanged Direction commerciale",
    ]


def test_a_group_that_was_there_keeps_its_case() -> None:
    groups = GroupsSide(linked={"1": LinkedGroup(7, "Marketing", "Marketing", "MARKETING")})
    assert planned(Department("1", "MARKETING"), groups=groups) == ["unchanged MARKETING as Marketing"]


def test_a_renaming_in_lucca_counts_also_when_only_case_differs_and_not_when_the_group_has_the_name_already() -> None:
    groups = GroupsSide(linked={"1": LinkedGroup(7, "Marketing", "Marketing", "Marketing")})
    assert planned(Department("1", "MARKETING"), groups=groups) == ["rename_group MARKETING"]
    groups = GroupsSide(linked={"1": LinkedGroup(7, "Marketing", "Marketing", "Sales")})
    assert planned(Department("1", "Marketing"), groups=groups) == ["unchanged Marketing"]


@pytest.mark.requirement("R33")
def test_a_long_name_is_whole_and_its_namesake_fits_as_well() -> None:
    name = "D" * 255
    first, second = group_changes([Department("1", name), Department("2", name)], GroupsSide(), key=name_key).values()
    assert first.name == name
    assert second.name == "D" * 251 + " (2)"


def test_a_group_renamed_by_hand_keeps_the_name_of_the_hand() -> None:
    groups = GroupsSide(linked={"1": LinkedGroup(7, "Our sellers", "Sales", "Sales")})
    assert planned(Department("1", "Commerce"), groups=groups) == ["unchanged Commerce as Our sellers"]


def test_a_renaming_never_takes_the_name_of_another_group() -> None:
    linked = {"1": LinkedGroup(7, "Sales", "Sales", "Sales")}
    groups = GroupsSide(linked=linked, free={"commerce": 8})
    assert planned(Department("1", "Commerce", "COM"), groups=groups) == [
        "rename_group Commerce as Commerce (COM)",
    ]


def test_a_closed_department_is_imported_only_while_somebody_is_in_it() -> None:
    assert planned(Department("1", "Telegraphy", is_active=False)) == ["skip_group Telegraphy (closed_department)"]
    assert planned(Department("1", "Telegraphy", is_active=False, people=1)) == ["create_group Telegraphy"]
    assert planned(Department("1", "Innovation")) == ["create_group Innovation"]


def test_a_department_without_a_name_takes_its_code_or_its_id() -> None:
    assert planned(Department("14", " ", "X1"), Department("15", "")) == [
        "create_group   as X1",
        "create_group  as 15",
    ]
    assert planned(Department("14", "", " X1 "), Department("15", "", "X1")) == [
        "create_group  as X1",
        "create_group  as X1 (15)",
    ]


departments = st.lists(
    st.builds(
        Department,
        st.integers(1, 12).map(str),
        st.sampled_from(["Support", "support", "Sales", "Support (S)", "", "Support (2)"]),
        st.sampled_from(["", "S", "2"]),
        people=st.integers(0, 2),
        is_active=st.booleans(),
    ),
    unique_by=lambda department: department.lucca_id,
)
names = st.sampled_from(["Support", "Sales", "Support (S)", "By hand"])
sides = st.builds(
    lambda linked, free: GroupsSide(
        linked={
            lucca_id: LinkedGroup(int(lucca_id), f"{name} {lucca_id}", f"{given} {lucca_id}", given)
            for lucca_id, (name, given) in linked.items()
        },
        free={name_key(name): 100 + number for number, name in enumerate(free)},
    ),
    st.dictionaries(st.integers(1, 12).map(str), st.tuples(names, names)),
    st.sets(names),
)


@given(departments, sides)
def test_no_two_departments_ever_share_a_group_or_a_name(found: list[Department], groups: GroupsSide) -> None:
    changes = group_changes(found, groups, key=name_key)
    assert changes.keys() == {department.lucca_id for department in found}
    named = [change for change in changes.values() if change.action is not GroupAction.SKIP]
    keys = [name_key(change.name) for change in named]
    assert len(set(keys)) == len(keys)
    used = [change.group_id for change in named if change.group_id]
    assert len(set(used)) == len(used)
    for change in named:
        if change.action is GroupAction.CREATE_GROUP:
            assert name_key(change.name) not in groups.free
