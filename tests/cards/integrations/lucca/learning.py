"""People who have learned something, and what then stands on their files in the pretend Lucca."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cards import clock
from cards.integrations.lucca import nights
from cards.integrations.lucca.models import Link, LuccaAccount
from cards.integrations.lucca.pace import AHEAD
from cards.people.models import User
from cards.runs.engine import work_on
from cards.runs.lease import WORKED_ON
from cards.runs.models import Run
from cards.trainings.models import Attempt, Status, Training
from lucca_simulator import Simulator
from lucca_simulator.occurrences import Occurrence, SubValue

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
Row = tuple[str, ...]


@dataclass
class World:
    """A connected space with 40 linked collaborators, statistics switched on, and its pretend Lucca."""

    simulator: Simulator
    account: LuccaAccount
    ada: User

    def training(self, title: str = "Fire safety") -> Training:
        return Training.objects.create(
            space=self.account.space,
            title=title,
            position=Training.objects.count(),
            status=Status.PUBLISHED,
            is_for_everyone=True,
            created_at=NOON,
        )

    @property
    def links(self) -> list[Link]:
        return list(Link.objects.filter(space=self.account.space, host=self.account.host).order_by("pk"))

    def learn(
        self, training: Training, *, people: int | list[Link], done: int = 3, of: int = 5, points: int | None = None
    ) -> list[str]:
        """Let the first so many linked people be that far; their Lucca ids."""
        links = self.links[:people] if isinstance(people, int) else people
        for link in links:
            Attempt.objects.update_or_create(
                user_id=link.user_id,
                training=training,
                number=1,
                defaults={
                    "started_at": NOON,
                    "is_counted": True,
                    "chapters": of,
                    "chapters_done": done,
                    "points": points or 0,
                    "maximum_points": 10 if points is not None else 0,
                    "completed_at": NOON if done == of else None,
                    "completed_on": NOON.date() if done == of else None,
                },
            )
        return [link.lucca_id for link in links]

    def send(self) -> Run:
        return self.see_through(nights.send_now(self.account, by=self.ada))

    def see_through(self, run: Run) -> Run:
        """Be the worker of this run until it has ended, past whatever it waits for."""
        for _ in range(200):
            run.refresh_from_db()
            if run.state not in WORKED_ON:
                return run
            # Put off, it comes back once its calls are free; else now, so that what calls next is not behind it.
            now, due = clock.now(), run.next_at or NOON
            with clock.told(due + AHEAD if due > now else now, passes=True):
                work_on(run.pk, run.task_id)
        raise AssertionError("the run does not come to an end")

    def rows(self, lucca_id: str, code: str = "e_formation") -> list[Row]:
        """What stands on a file: a tuple of texts for each occurrence, in their order in Lucca."""
        definition = self.simulator.company.catalogue.definitions[code]
        custom = self.simulator.company.employees[int(lucca_id)].custom or {}
        return [
            tuple(text(occurrence.value.get(sub.code)) for sub in definition.subfields)
            for occurrence in custom.get(code, [])
        ]

    def put_by_hand(self, lucca_id: str, title: str = "Swimming", link: str = "https://elsewhere.example/") -> Row:
        """Somebody types an occurrence into Lucca."""
        company = self.simulator.company
        employee = company.employees[int(lucca_id)]
        ids = company.value_ids
        values = {"e_title": SubValue(next(ids), title), "e_link": SubValue(next(ids), link)}
        employee.custom = {**(employee.custom or {})}
        employee.custom["e_formation"] = [*employee.custom.get("e_formation", []), Occurrence(next(ids), values)]
        return (title, link, "", "", "")

    def renumber(self, lucca_id: str) -> None:
        """A copy of Lucca is restored: each occurrence has another id."""
        company = self.simulator.company
        for occurrence in (company.employees[int(lucca_id)].custom or {}).get("e_formation", []):
            occurrence.id = next(company.value_ids)

    def calls(self) -> list[str]:
        """The calls since `forget_calls`: GET, PUT."""
        return [call["method"] for call in self.simulator.journal()]

    def forget_calls(self) -> None:
        self.simulator.entries.clear()


def text(value: SubValue | None) -> str:
    held: Any = value.value if value else ""
    return str(held["url"] if isinstance(held, dict) else held)
