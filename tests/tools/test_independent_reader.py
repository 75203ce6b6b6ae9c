"""The reading of the pretend Lucca by a client that Lucca wrote, and how its findings are compared."""

import shutil

import pytest

from tools.independent_reader.__main__ import CANNOT_INSTALL, compared, main


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_client_that_lucca_wrote_reads_everyone_and_everything_once() -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node.js and npm are not there")
    status = main(employees=2_300, departments=60)
    if status == CANNOT_INSTALL:
        pytest.skip("the client could not be installed")
    assert status == 0


@pytest.mark.parametrize(
    ("given", "differences"),
    [
        ([3, 1, 2], []),
        ([1, 2], ["people: missing [3]"]),
        ([1, 2, 2, 3], ["people: doubled [2]"]),
        ([1, 2, 3, 4], ["people: not to be given [4]"]),
        ([1, 1, 4], ["people: doubled [1]", "people: missing [2, 3]", "people: not to be given [4]"]),
    ],
)
def test_whoever_is_missing_doubled_or_strange_is_named(given: list[int], differences: list[str]) -> None:
    assert list(compared("people", given, {1, 2, 3})) == differences
