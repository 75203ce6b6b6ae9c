"""docs/simulator.md says what is there: every fault, every control, the figures of the company."""

from pathlib import Path

from starlette.routing import Route

from lucca_simulator import Simulator
from lucca_simulator.control import RESETTABLE, control_routes
from lucca_simulator.faults import KINDS

TEXT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()


def test_every_fault_and_every_option_of_a_reset_is_in_the_document() -> None:
    for word in (*KINDS, *RESETTABLE):
        assert f"`{word}`" in TEXT, word


def test_every_control_is_in_the_document(simulator: Simulator) -> None:
    for route in control_routes(simulator):
        assert isinstance(route, Route)
        path = route.path.removeprefix("/_simulator/").replace("{id:int}", "ID").replace("{name}", "NAME")
        assert path in TEXT, path


def test_the_faults_of_the_company_are_counted_in_the_document(simulator: Simulator) -> None:
    counts = simulator.state()["counts"]
    for name, words in {
        "former_employees": "{} have left",
        "future_employees": "{} are to come",
        "without_mail": "{} have no e-mail",
        "with_doubled_mail": "{} share one",
        "doubled_only_by_case": "{} of them differing by case",
        "namesakes": "{} have a namesake",
        "without_manager": "{} has no manager",
        "non_latin_names": "{} have names in other scripts",
        "names_with_apostrophe": "{} with an apostrophe",
        "names_with_hyphen": "{} with a hyphen",
        "sentinel_dates": "{} have the dates",
        "ends_before_start": "{} contract ends before",
    }.items():
        assert words.format(counts[name]) in " ".join(TEXT.split()), name
