"""What a filled space knows through Lucca: account, directory, links, receipts, and the runs."""

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import models as lucca
from cards.integrations.lucca import nights, sync
from cards.people.models import Group, Mail, Role, User
from cards.runs.models import Run, RunLine, RunState
from cards.trainings import models as trainings

if TYPE_CHECKING:
    from tests.cards.walk.filled import Filled

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def what_lucca_said(filled: "Filled") -> None:
    """What is known through Lucca: one Lucca for all who are filled, as for spaces of one company.

    The key was sealed elsewhere, so that nothing here ever calls it.
    """
    word, space = filled.word, filled.space
    host = "company.ilucca.net"
    filled.add(Activation, space=space, integration="lucca", activated_by=filled.who(Role.OWNER), activated_at=NOON)
    account = filled.add(
        lucca.LuccaAccount,
        space=space,
        url=f"https://{host}",
        host=host,
        encrypted_key=f"{word} key",
        state="connected",
        checked_at=NOON,
        refresh_number=1,
        refreshed_at=datetime.now(UTC),
    )
    filled.add(lucca.StatisticsSettings, account=account, is_on=True, compound=f"e_{word.lower()}")
    for number, name in enumerate(("sales", "support")):
        department = f"d{number}"
        filled.add(
            lucca.DirectoryDepartment,
            account=account,
            lucca_id=department,
            name=f"{word} {name} department",
            code=word,
            position=number,
            search_key=word.lower(),
            people=1,
        )
    for number in range(3):
        # The first is nobody's account yet; the others are linked, and Lucca shows them elsewhere than their group.
        user = filled.rows[User][number - 1]
        filled.add(
            lucca.DirectoryEmployee,
            account=account,
            lucca_id=f"e{number}",
            first_name=f"Collaborator {number}",
            last_name=word,
            email=f"collaborator{number}@{word.lower()}.example",
            email_key=f"collaborator{number}@{word.lower()}.example",
            department_lucca_id="d1",
            department_name=f"{word} support department",
            contract_start_on=date(2020, 1, 1),
            search_key=f"collaborator {word.lower()}",
            sort_key=f"{word.lower()} collaborator {number}",
            first_seen_at=NOON,
        )
        if number:
            filled.add(lucca.Link, space=space, host=host, lucca_id=f"e{number}", user=user, linked_at=NOON)
            filled.add(
                lucca.Receipt,
                space=space,
                host=host,
                compound=f"e_{word.lower()}",
                lucca_id=f"e{number}",
                training=filled.first(trainings.Training),
                user=user,
                title=f"{word} Fire safety",
                link=f"https://{space.host}/t/1/",
                progress="50 %",
                is_proven=True,
                sent_at=NOON,
                seen_at=NOON,
            )
    filled.add(
        lucca.DepartmentLink,
        space=space,
        host=host,
        lucca_id="d0",
        group=filled.first(Group),
        given_name=f"{word} sales",
        department_name=f"{word} sales",
        linked_at=NOON,
    )


RUNS = (
    (sync.IMPORT_USERS, RunState.FINISHED),
    (sync.IMPORT_USERS, RunState.DRAFT),
    (nights.PUSH_NOW, RunState.FINISHED),
    (nights.REMOVE, RunState.DRAFT),
    (sync.REFRESH, RunState.FINISHED),
)


def what_was_run(filled: "Filled") -> None:
    account = filled.first(lucca.LuccaAccount)
    facts = {"first_name": "Collaborator", "last_name": filled.word, "language": "en"}
    for kind, state in RUNS:
        run = filled.add(
            Run,
            space=filled.space,
            subject=account.subject,
            kind=kind,
            state=state,
            options={"connection_mode": "password", "notify": True},
            memory={"host": account.host},
            created_by=filled.who(Role.OWNER),
            created_at=NOON,
            ended_at=NOON if state == RunState.FINISHED else None,
            total=1,
        )
        filled.add(
            RunLine,
            run=run,
            position=0,
            action="send" if kind in nights.PUSHES else "remove" if kind == nights.REMOVE else "create",
            lucca_id="e0",
            label=f"Collaborator {filled.word}",
            search_key=f"collaborator {filled.word.lower()}",
            facts=facts | {"email": f"collaborator@{filled.word.lower()}.example"},
            state="done" if state == RunState.FINISHED else "planned",
        )
        filled.add(
            Mail,
            space=filled.space,
            user=filled.who(Role.LEARNER),
            kind="nights_stopped",
            run_number=run.pk,
            created_at=NOON,
        )
    filled.add(lucca.RefreshPage, run=filled.rows[Run][-1], offset=0, items=json.dumps([["1", filled.word]]))
    filled.add(lucca.Night, account=account, on=NOON.date(), run=filled.rows[Run][2])
