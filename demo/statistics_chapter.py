"""The founding document's chapter of statistics as calls: prepare Lucca, learn, send twice, read the files back."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx2

from cards.integrations.catalogue.actions import activate
from cards.integrations.lucca import connect, nights, statistics, sync
from cards.integrations.lucca.address import address_of
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.people.actions import create_user
from cards.people.models import Role, User
from cards.runs.foreground import see_through
from cards.runs.models import LineState, RunState
from cards.spaces.models import Space
from cards.trainings import actions, learning, writing
from cards.trainings.addresses import training_link
from cards.trainings.models import Training
from cards.trainings.writing import ChapterText
from demo.smoke import SmokeError
from lucca_simulator import Simulator

EMPLOYEES = 60
# What the founding document calls the fields (R56 to R63).
FIELDS = (
    ("Title of the training", "e_title", "text"),
    ("Link to the training", "e_link", "hyperlink"),
    ("Progress of the employee", "e_progress", "text"),
    ("Score of the employee", "e_score", "text"),
    ("Date of the last completion of the training", "e_last_completion_date", "text"),
)
FOREIGN = {"e_title": {"value": "Swimming"}, "e_link": {"value": "https://elsewhere.example/"}}


def chapter(simulator: Simulator, hypothesis: str) -> str:
    """Prepare Lucca, learn, send twice, read back; what was seen, in a few words."""
    simulator.reset(employees=EMPLOYEES, with_faults=False, calls_per_minute=100_000)
    simulator.switch(multi_write=hypothesis)
    with httpx2.Client(base_url=simulator.url, headers={"Authorization": f"lucca application={simulator.key}"}) as api:
        _prepare_lucca(api)
        account, ada = _connect(simulator, hypothesis)
        trainings = _learn(account, ada)
        people = [str(number) for number in simulator.company.employees]
        foreign = people[::3]
        for number in foreign:
            _expect(_put(api, number, [{"value": FOREIGN}]), "a foreign row could not be typed")
        with _counted(simulator) as first:
            _send(account, ada)
        with _counted(simulator) as second:
            _send(account, ada)
        rows, age = _check(api, people, foreign, trainings), _oldest(simulator)
    _expect(not second["PUT"], f"the second push wrote {second['PUT']} times ({hypothesis})")
    return (
        f"{hypothesis}: {rows} rows on {len(people)} files with {first.total()} calls "
        f"({first['PUT']} writes, each at most {age:.1f} s after its reading), none the second time, "
        f"{len(foreign)} foreign rows as they were"
    )


def _prepare_lucca(api: httpx2.Client) -> None:
    """The steps of the founding document in Lucca's screens: a section, then the compound data with its five fields."""
    names, codes, kinds = zip(*FIELDS, strict=True)
    _form(api, "/settings/hr-file", {"name": "Cards"})
    sections = api.get("/settings/hr-file").text
    _expect("Cards" in sections, "the section was not added")
    data: dict[str, Any] = {"kind": "compound", "name": "Formations Cards", "code": "e_formation", "is_multiple": "1"}
    data |= {"sub_name": names, "sub_code": codes, "sub_kind": kinds, "sort_code": "e_title"}
    _form(api, "/settings/data-management/new", data | {"section_id": "4", "is_editable": "1", "action": "save"})
    _expect("e_formation" in api.get("/settings/data-management").text, "the data were not added")


def _form(api: httpx2.Client, path: str, fields: Mapping[str, Any]) -> None:
    _expect(api.post(path, data=dict(fields)).status_code in (200, 303), f"{path} did not take the form")


def _connect(simulator: Simulator, slug: str) -> tuple[LuccaAccount, User]:
    """A space with its owner, connected, everybody imported, the synchronization switched on with default codes."""
    space = Space.objects.create(slug=slug, name="Acme", host=f"{slug}.example")
    activate(space=space, integration="lucca", by=None)
    ada = create_user(
        space=space, by=None, email="ada@acme.example", first_name="Ada", last_name="Morel", role=Role.OWNER
    )
    address = address_of(simulator.url, also_allowed=["127.0.0.1"])
    connect.save(space, None, address, simulator.key, by=ada)
    account = LuccaAccount.objects.select_related("space").get(space=space)
    run = sync.plan_import(account, by=ada, options=ImportOptions())
    see_through(run)
    sync.start_import(run=run, by=ada)
    see_through(run)
    settings = statistics.save_settings(account, is_on=True, codes={}, by=ada)
    _expect(settings.nights_go_on and not settings.unchecked, "the fields are not found to be ready")
    return account, ada


def _learn(account: LuccaAccount, ada: User) -> list[Training]:
    """Two trainings of two chapters: everybody begins the first, every other person completes the second."""
    trainings = []
    for title in ("Fire safety", "Personal data"):
        training = actions.create_training(space=account.space, by=ada, title=title, description="")
        for number in (1, 2):
            writing.create_chapter(training=training, by=ada, text=ChapterText(title=f"Chapter {number}", text="Text"))
        actions.give_to_everyone(training=training, by=ada, everyone=True)
        actions.publish(training=training, by=ada)
        trainings.append(Training.objects.get(pk=training.pk))
    learners = User.objects.filter(lucca_links__host=account.host, space=account.space).order_by("pk")
    for place, user in enumerate(learners):
        for training, chapters in ((trainings[0], 1), (trainings[1], 2 if place % 2 else 0)):
            attempt = learning.start(training=training, by=user, number=1)
            for chapter in training.chapters.order_by("position")[:chapters]:
                attempt = learning.complete_chapter(attempt=attempt, chapter=chapter)
    return trainings


def _send(account: LuccaAccount, ada: User) -> None:
    run = nights.send_now(account, by=ada)
    see_through(run)
    _expect(run.state == RunState.FINISHED, f"the push ended as {run.state} {run.reason}")
    _expect(not run.lines.filter(state=LineState.FAILED).exists(), "somebody's rows could not be sent")


@contextmanager
def _counted(simulator: Simulator) -> Iterator[Counter[str]]:
    """The calls made within the block, by method."""
    before = len(simulator.journal())
    calls: Counter[str] = Counter()
    yield calls
    calls.update(call["method"] for call in simulator.journal()[before:])


def _oldest(simulator: Simulator) -> float:
    """The longest time in seconds between the reading of a group and a write that rests on it."""
    longest, read_at = 0.0, None
    for call in simulator.journal():
        moment = datetime.fromisoformat(call["time"])
        if call["method"] == "GET":
            read_at = moment
        elif call["method"] == "PUT" and read_at is not None and "e_title" in str(call["body"]):
            longest = max(longest, (moment - read_at).total_seconds())
    return longest


def _put(api: httpx2.Client, number: str, rows: list[dict[str, Any]]) -> bool:
    return api.put(f"/api/v3/users/{number}", json={"e_formation": rows}).is_success


def _check(api: httpx2.Client, people: list[str], foreign: list[str], trainings: list[Training]) -> int:
    """Read every file back over the API, and hold it to what was learned; how many rows of ours there are."""
    links = [training_link(training) for training in trainings]
    total = 0
    for number in people:
        held = api.get(f"/api/v3/users/{number}", params={"fields": "id,extendedData"}).json()["data"]["extendedData"]
        found = [{code: sub["value"] for code, sub in row["value"].items()} for row in held.get("e_formation", [])]
        ours = Counter(row["e_link"] for row in found if row["e_link"] in links)
        others = [row for row in found if row["e_link"] not in links]
        _expect(ours[links[0]] == 1, f"the first training stands {ours[links[0]]} times on file {number}")
        _expect(ours[links[1]] <= 1, f"the second training is doubled on file {number}")
        expected = [{code: sub["value"] for code, sub in FOREIGN.items()}] if number in foreign else []
        _expect(others == expected, f"the rows typed by hand on file {number} have changed")
        total += ours.total()
    _expect(total == len(people) + len(people) // 2, f"{total} rows stand in Lucca")
    return total


def _expect(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - an assertion
    if not holds:
        raise SmokeError(otherwise)
