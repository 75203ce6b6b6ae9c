"""The document and the suite tell the same."""

from collections import Counter

from tests.contract.table import DOCUMENT, beliefs, document, marker, questions, suite

MARKS = {"D", "O", "I", "T", "?"}
# These hold the suite itself together and believe nothing of Lucca.
ABOUT_THE_SUITE = {"test_document", "test_questions"}


def test_the_document_lists_every_belief_and_every_question_as_they_are() -> None:
    assert DOCUMENT.read_text() == document(), "make beliefs"


def test_every_test_holds_one_belief_with_its_mark_its_source_and_a_sentence() -> None:
    without = [
        f"{module}::{function.__name__}"
        for module, function in suite()
        if module not in ABOUT_THE_SUITE and marker(function) is None
    ]
    assert without == []
    for _, says, mark, source, _ in [*beliefs(), *questions()]:
        assert mark in MARKS
        assert source
        assert says.endswith((".", "?"))


def test_no_two_beliefs_have_one_number() -> None:
    assert [number for number, times in Counter(row[0] for row in beliefs()).items() if times > 1] == []
