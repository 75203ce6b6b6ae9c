"""What is kept for a time only is deleted at the end of it, not a day before; what is still of use stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from json import loads

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from cards import clock
from cards.audit.actions import record
from cards.audit.models import Entry
from cards.integrations.lucca import nights, sync
from cards.integrations.lucca.models import Link, LuccaAccount
from cards.integrations.lucca.undo_plan import KeptReason
from cards.people.models import Mail, MailKind, MailState, User
from cards.people.queries import not_invited
from cards.privacy.retention import months_before, planned, prune
from cards.runs import tick
from cards.runs.models import Run, RunLine, RunState
from cards.spaces.models import Space
from tests.cards.integrations.lucca.conftest import work
from tests.cards.integrations.lucca.learning import World

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
# Two years, half a year and three years before this day.
RUNS, MAILS, AUDIT = (datetime(*day, tzinfo=UTC) for day in ((2024, 11, 22), (2026, 5, 22), (2023, 11, 22)))
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("moment", "months", "boundary"),
    [
        (NOW, 1, (2026, 10, 22)),
        (NOW, 11, (2025, 12, 22)),
        (NOW, 24, (2024, 11, 22)),
        (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), 1, (2026, 2, 28)),
        (datetime(2024, 3, 31, tzinfo=UTC), 1, (2024, 2, 29)),
        (datetime(2024, 2, 29, tzinfo=UTC), 12, (2023, 2, 28)),
        (datetime(2026, 1, 15, tzinfo=UTC), 1, (2025, 12, 15)),
    ],
)
def test_months_are_those_of_the_calendar(moment: datetime, months: int, boundary: tuple[int, int, int]) -> None:
    assert months_before(moment, months) == datetime(*boundary, tzinfo=UTC)


def a_run(space: Space, ended_at: datetime | None, state: str = RunState.FINISHED, subject: str = "lucca:1") -> Run:
    run = Run.objects.create(
        space=space, subject=subject, kind=sync.IMPORT_USERS, state=state, created_at=AUDIT, ended_at=ended_at
    )
    RunLine.objects.create(run=run, position=0, action="create", lucca_id="1", label="Somebody")
    return run


def a_mail(user: User, written_at: datetime, **fields: object) -> Mail:
    return Mail.objects.create(
        space=user.space,
        user=user,
        created_at=written_at,
        **{"kind": MailKind.NIGHTS_STOPPED, "state": "sent"} | fields,
    )


def test_each_kind_goes_at_its_boundary_and_the_rest_stays(acme: Space, lou: User, settings: Settings) -> None:
    for boundary in (RUNS - A_MOMENT, RUNS):
        a_run(acme, boundary)
    for boundary in (MAILS - A_MOMENT, MAILS):
        a_mail(lou, boundary)
    for boundary in (AUDIT - A_MOMENT, AUDIT):
        with clock.told(boundary):
            record("space_changed", space=acme, by=None)
    with clock.told(NOW):
        assert planned() == {"runs": 1, "mails": 1, "audit": 1}
        out = StringIO()
        call_command("prune", plan=True, json=True, stdout=out)
        assert loads(out.getvalue()) == planned()
        call_command("prune", stdout=StringIO())
        assert planned() == {"runs": 0, "mails": 0, "audit": 0}
    assert (Run.objects.get().ended_at, RunLine.objects.count()) == (RUNS, 1)
    assert Mail.objects.get().created_at == MAILS
    assert Entry.objects.get(action="space_changed").happened_at == AUDIT


def test_zero_keeps_everything(acme: Space, lou: User, settings: Settings) -> None:
    settings.CARDS_KEEP_RUNS_MONTHS = settings.CARDS_KEEP_MAILS_MONTHS = settings.CARDS_KEEP_AUDIT_MONTHS = 0
    long_ago = datetime(1999, 1, 1, tzinfo=UTC)
    a_run(acme, long_ago)
    a_mail(lou, long_ago)
    assert prune() == {"runs": 0, "mails": 0, "audit": 0} == planned()


def test_the_tick_deletes_a_little_each_time(acme: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cards.runs.retention.AT_ONCE", 2)
    for _ in range(3):
        a_run(acme, AUDIT)
    left = []
    for _ in range(3):
        tick.tick(all_chores=True)
        left.append(Run.objects.count())
    assert left == [1, 0, 0]


def test_old_runs_stay_while_their_account_has_work_to_do(acme: Space) -> None:
    """An undo that waits for a word reads the lines of the import it takes back."""
    for subject in ("lucca:1", "lucca:2"):
        a_run(acme, AUDIT, subject=subject)
    draft = a_run(acme, None, RunState.DRAFT, subject="lucca:1")
    assert prune()["runs"] == 1
    assert set(Run.objects.values_list("subject", flat=True)) == {"lucca:1"}
    Run.objects.filter(pk=draft.pk).update(state=RunState.CANCELLED, ended_at=NOW)
    assert prune()["runs"] == 1


def test_what_waits_is_never_deleted_and_whoever_was_invited_counts_as_invited(lou: User, eli: User) -> None:
    User.objects.filter(pk=eli.pk).update(last_login=NOW)
    for user, state in ((lou, MailState.SENT), (eli, MailState.SENT)):
        a_mail(user, AUDIT, kind=MailKind.INVITATION, state=state)
    a_mail(lou, AUDIT, state=MailState.HELD)
    assert prune()["mails"] == 1
    assert set(Mail.objects.values_list("user", "state")) == {(lou.pk, MailState.SENT), (lou.pk, MailState.HELD)}
    assert lou not in not_invited(lou.space)  # type: ignore[arg-type]


def test_mails_that_wait_for_a_word_about_a_run_are_withdrawn_when_it_goes(acme: Space, lou: User, eli: User) -> None:
    gone, kept = a_run(acme, AUDIT), a_run(acme, NOW)
    for user, run in ((lou, gone), (eli, kept)):
        a_mail(user, NOW, kind=MailKind.INVITATION, state=MailState.HELD, run_number=run.pk)
    assert prune()["runs"] == 1
    assert dict(Mail.objects.values_list("user", "state")) == {lou.pk: MailState.WITHDRAWN, eli.pk: MailState.HELD}
    assert lou in not_invited(acme)


def test_an_import_whose_log_is_gone_is_undone_without_removing_anybody(
    directory: LuccaAccount, import_all: Callable[..., Run], ada: User, settings: Settings
) -> None:
    """What was done to an account since cannot be known any more."""
    run = import_all(directory)
    Run.objects.filter(pk=run.pk).update(created_at=clock.now() - timedelta(days=100))
    with clock.told(clock.now() - timedelta(days=80)):
        record("user_changed", space=ada.space, by=ada, target="user 1")
    settings.CARDS_KEEP_AUDIT_MONTHS = 1
    assert prune()["audit"] == 1
    undo = sync.plan_undo_of(Run.objects.get(pk=run.pk), by=ada)
    work()
    assert set(undo.lines.values_list("reason", flat=True)) == {KeptReason.TOUCHED}


@pytest.mark.long
def test_after_pruning_the_receipts_still_say_what_was_sent(world: World, settings: Settings) -> None:
    """Nothing is sent twice, and the links know their people, though the runs that made them are gone."""
    world.learn(world.training(), people=3)
    world.send()
    Run.objects.update(ended_at=AUDIT)
    links = Link.objects.count()
    assert prune()["runs"] > 1
    assert Link.objects.count() == links
    world.forget_calls()
    run = world.send()
    assert (run.state, world.calls()) == (RunState.FINISHED, [])
    assert nights.plan_removing(world.account, by=world.ada).pk
    work()
    assert RunLine.objects.filter(action="remove").count() == 3
