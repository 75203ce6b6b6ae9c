"""Has the pretend Lucca read by a client that Lucca wrote, and compares what it was given with the company itself.

The client is installed from its lock file into `.stamps/independent-reader`, apart from everything that is shipped.

`python -m tools.independent_reader [--employees 2300] [--departments 60]`
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lucca_simulator import Simulator, running
from tools.npm import npm

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".stamps" / "independent-reader"
PACKAGE, SCRIPT = "@lucca-front/ng", "read.mjs"
CANNOT_INSTALL = 2
SEARCH, LEGAL_UNITS = "/api/v3/users/search", "/organization/structure/api/legal-units"


def install() -> str:
    """The Node.js to run the client with, once the client is there.

    Raises CalledProcessError when a package cannot be had, FileNotFoundError without Node.js.
    """
    command = npm()
    FOLDER.mkdir(parents=True, exist_ok=True)
    lock, done = HERE / "package-lock.json", FOLDER / "installed.json"
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, FOLDER)
        subprocess.run([command, "ci", "--no-progress", "--loglevel=error"], check=True, cwd=FOLDER)
        shutil.copy(lock, done)
    # Packages are looked for beside the script itself.
    shutil.copy(HERE / SCRIPT, FOLDER)
    return shutil.which("node") or str(Path(command).with_name("node"))


def make_trouble(simulator: Simulator) -> None:
    """One call refused, one throttled and one slow; and a page of people that fails."""
    simulator.faults(kind="error", status=503, route=LEGAL_UNITS, count=1)
    simulator.faults(kind="throttle", seconds=1, route=LEGAL_UNITS, skip=1, count=1)
    simulator.faults(kind="latency", seconds=0.3, route=LEGAL_UNITS, skip=2, count=1)
    simulator.faults(kind="error", status=503, route=SEARCH, skip=5, count=1)


def clues(simulator: Simulator) -> dict[str, str]:
    """Whom to look for: a person by both names, people by a part of a name, an establishment by two words."""
    person, place = simulator.company.employees[4], simulator.company.establishments[2]
    return {
        "person": f"{person.last_name} {person.first_name}",
        "part": person.last_name[1:],
        "establishment": f"{place.name.split()[-1]} {place.name.split()[0]}".lower(),
    }


def read(simulator: Simulator, node: str) -> dict[str, Any]:
    """What the client was given. The key goes through the standard input, never through the list of processes."""
    order = json.dumps({"url": simulator.url, "key": simulator.key, "clue": clues(simulator)})
    ran = subprocess.run(
        [node, SCRIPT], check=True, cwd=FOLDER, input=order, stdout=subprocess.PIPE, timeout=300, text=True
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def truth(simulator: Simulator) -> dict[str, set[int]]:
    """Who and what is in the company, by the beginning of the name of each reading."""
    company, today = simulator.company, simulator.today()
    everyone = company.employees.values()
    return {
        "collaborators with former ones": {each.id for each in everyone},
        "collaborators": {each.id for each in everyone if not each.has_left(today)},
        "departments": {each.id for each in company.departments.values() if each.is_active},
        "establishments": set(company.establishments),
    }


def sought(simulator: Simulator) -> dict[str, set[int]]:
    """Whom the filters should find."""
    clue, present = clues(simulator), truth(simulator)["collaborators"]
    names = {number: simulator.company.employees[number] for number in present}
    return {
        "collaborators by clue": {
            number for number, each in names.items() if f"{each.last_name} {each.first_name}" == clue["person"]
        },
        "collaborators by a part of the name": {
            number for number, each in names.items() if clue["part"] in f"{each.first_name} {each.last_name}".lower()
        },
        "establishments by words": {2},
    }


def differences(simulator: Simulator, found: dict[str, Any]) -> Iterator[str]:
    """A sentence for each thing that is missing, doubled, too much or miscounted."""
    expected = truth(simulator)
    for name, given in found["whole"].items():
        there = next(numbers for beginning, numbers in expected.items() if name.startswith(beginning))
        yield from compared(name, given["read"], there)
        if given.get("counted", len(there)) != len(there):
            yield f"{name}: counted {given['counted']}, there are {len(there)}"
    for name, there in sought(simulator).items():
        yield from compared(name, found["sought"][name], there)
    company = simulator.company
    departments = {
        number: company.departments[company.employees[int(number)].department_id].name
        for number in found["departmentsOfNamesakes"]
    }
    if not departments or found["departmentsOfNamesakes"] != departments:
        yield "namesakes, by the list of their ids: not the departments that they are in"
    yield from compared("legal units, once they answer", found["afterwards"]["read"], set(company.legal_units))


def compared(name: str, given: list[int], there: set[int]) -> Iterator[str]:
    if doubled := sorted(number for number, times in Counter(given).items() if times > 1):
        yield f"{name}: doubled {doubled}"
    if missing := sorted(there - set(given)):
        yield f"{name}: missing {missing}"
    if strange := sorted(set(given) - there):
        yield f"{name}: not to be given {strange}"


def summary(simulator: Simulator, found: dict[str, Any], seconds: float) -> str:
    version = json.loads((HERE / "package.json").read_text())["dependencies"][PACKAGE]
    numbers = {name: len(there) for name, there in truth(simulator).items()}
    return (
        f"{PACKAGE} {version} read {numbers['collaborators with former ones']:,} collaborators "
        f"({numbers['collaborators']:,} present), {numbers['departments']} departments and "
        f"{numbers['establishments']} establishments in {len(simulator.journal())} calls and {seconds:.0f} s: none "
        f"missing, none doubled. A call refused twice went {', '.join(map(str, found['statuses']))}; "
        f"a list whose sixth page failed ended at {found['broken']:,}."
    )


def main(employees: int, departments: int) -> int:
    try:
        node = install()
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        print(f"{PACKAGE} could not be installed: {error}")
        return CANNOT_INSTALL
    with running(employees=employees, departments=departments, calls_per_minute=0) as simulator:
        make_trouble(simulator)
        before = time.perf_counter()
        found = read(simulator, node)
        seconds = time.perf_counter() - before
        wrong = list(differences(simulator, found))
        print("\n".join(wrong) or summary(simulator, found, seconds))
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Have the pretend Lucca read by a client that Lucca wrote.")
    parser.add_argument("--employees", type=int, default=2_300)
    parser.add_argument("--departments", type=int, default=60)
    asked = parser.parse_args()
    sys.exit(main(asked.employees, asked.departments))
