"""Which tests hold which statement of the founding document (requirements.toml). Reads the tests, runs none.

Fails when a statement called covered has no test, and when a test names an unknown statement. Calling one covered
is a person's judgement: one test may hold only a part of it.
"""

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Requirement(NamedTuple):
    """One statement: its number, its area, its words, and whether we say that tests hold it."""

    number: str
    area: str
    says: str
    is_covered: bool


def requirements() -> list[Requirement]:
    areas = tomllib.loads((ROOT / "requirements.toml").read_text())
    return [
        Requirement(number, area, entry["says"], entry["covered"])
        for area, entries in areas.items()
        for number, entry in entries.items()
    ]


def tests_by_number() -> dict[str, list[str]]:
    """For each number a marker names: the tests that carry it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for number, test in marked(path.read_text()):
            found[number].append(f"{path.relative_to(ROOT)}::{test}")
    return found


def marked(source: str) -> Iterator[tuple[str, str]]:
    """(number, test) for each `pytest.mark.requirement` of a test file; a module's mark counts for the whole file.

    A row of numbers may be made of `range`.
    """
    module = ast.parse(source)
    for statement in module.body:
        is_named = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
                for number in _numbers(node.args):
                    yield number, getattr(statement, "name", "") if is_named else "*"


def _numbers(arguments: list[ast.expr]) -> tuple[str, ...]:
    row = ast.fix_missing_locations(ast.Expression(ast.Tuple(arguments, ast.Load())))
    numbers: tuple[str, ...] = eval(compile(row, "<mark>", "eval"), {"__builtins__": {"range": range}})  # noqa: S307 - our own tests
    return numbers


def problems(stated: list[Requirement], tests: dict[str, list[str]]) -> Iterator[str]:
    """One line for each contradiction between what is stated and what is tested."""
    for requirement in stated:
        if requirement.is_covered and requirement.number not in tests:
            yield f"{requirement.number} is called covered and has no test: {requirement.says}"
    for number in sorted(tests.keys() - {requirement.number for requirement in stated}):
        yield f"{number} is no statement of the founding document: {', '.join(tests[number])}"


def table(stated: list[Requirement], tests: dict[str, list[str]]) -> Iterator[str]:
    """The statements with their tests, area by area, and how many are held."""
    area = ""
    for requirement in stated:
        if requirement.area != area:
            area = requirement.area
            yield f"\n{area}"
        yield f"  {requirement.number:4} {'covered' if requirement.is_covered else '       '}  {requirement.says}"
        yield from (f"                {test}" for test in tests.get(requirement.number, ["–"]))
    covered = sum(requirement.is_covered for requirement in stated)
    yield f"\n{covered} of {len(stated)} statements are covered, {len(tests)} have tests."


def main(arguments: list[str]) -> int:
    stated, tests = requirements(), tests_by_number()
    if "--quiet" not in arguments:
        print(*table(stated, tests), sep="\n")
    found = list(problems(stated, tests))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
