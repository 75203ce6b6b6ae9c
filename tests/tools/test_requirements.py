"""The statements of the founding document and the tests that hold them."""

from tools.requirements import Requirement, marked, problems, requirements

SOURCE = """
import pytest
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

@pytest.mark.requirement("R2", "R3")
def test_one(): ...

class TestMore:
    @pytest.mark.requirement("R4", *(f"R{number}" for number in range(7, 9)))
    def test_two(self): ...
"""


def test_marks_of_modules_classes_and_functions_are_read() -> None:
    assert list(marked(SOURCE)) == [
        ("R1", "*"),
        ("R2", "test_one"),
        ("R3", "test_one"),
        ("R4", "TestMore"),
        ("R7", "TestMore"),
        ("R8", "TestMore"),
    ]


def test_covered_without_a_test_and_a_test_of_nothing_are_problems() -> None:
    stated = [Requirement("R1", "users", "a", True), Requirement("R2", "users", "b", False)]
    assert list(problems(stated, {"R9": ["x"]})) == [
        "R1 is called covered and has no test: a",
        "R9 is no statement of the founding document: x",
    ]
    assert list(problems(stated, {"R1": ["x"], "R2": ["y"]})) == []


def test_every_statement_is_listed_once_and_in_order() -> None:
    assert [requirement.number for requirement in requirements()] == [f"R{number}" for number in range(1, 79)]
