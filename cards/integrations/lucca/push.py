"""Writing statistics onto files in Lucca: groups of people read right before their writes, each write proven.

Nothing is written twice blindly: after an unknown outcome the person is read again, and only what is missing is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from cards import clock
from cards.integrations.lucca.connect import Calls, OutOfCalls, client_of, forget_values, respect
from cards.integrations.lucca.field_plan import PERHAPS_FOR_ALL, Person, PushAction, PushReason, TrainingFacts
from cards.integrations.lucca.models import LuccaAccount, Receipt, StatisticsSettings
from cards.integrations.lucca.pace import PATIENCE, after_others, ask_for_fewer, group_now
from cards.integrations.lucca.wanted import people_of, receipts_of, removable, sent_of, trainings_of
from cards.runs.engine import Work
from cards.runs.models import LineState, RunLine
from lucca import (
    EmployeeRows,
    FieldCodes,
    LuccaClient,
    LuccaError,
    NotFound,
    OutcomeUnknown,
    Refused,
    Rejected,
    RowShape,
    Throttled,
    Unavailable,
    WriteFault,
)
from lucca import Receipt as Answer
from lucca.rows import READ_TOGETHER, says
from lucca.writing import arrange

if TYPE_CHECKING:
    from django.db.models import QuerySet

# When Lucca has taken nobody's rows, and refused so many people who are not refused each time: the run stops, or is
# said to have failed when that was everybody.
IN_VAIN = 10
IN_VAIN_AT_THE_END = 3

KEY = ("space", "host", "compound", "lucca_id", "training")
VALUES = (
    "user",
    "occurrence_id",
    "title",
    "link",
    "progress",
    "score",
    "completed_on",
    "is_proven",
    "sent_at",
    "seen_at",
)

REASON_OF_FAULT = {
    WriteFault.MISSING: PushReason.MISSING,
    WriteFault.DIFFERENT: PushReason.DIFFERENT,
    WriteFault.STILL_THERE: PushReason.STILL_THERE,
    WriteFault.FOREIGN_LOST: PushReason.FOREIGN,
    WriteFault.UNEXPECTED: PushReason.FOREIGN,
}


class InVain(Exception):
    """Lucca takes nobody's rows, for this reason: going on would fail for everybody."""

    def __init__(self, reason: PushReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Push:
    """What a slice of a push works with."""

    work: Work
    account: LuccaAccount
    settings: StatisticsSettings
    client: LuccaClient
    calls: Calls
    closes_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and clock.now() >= self.closes_at

    def may_write(self, action: str) -> bool:
        """Whether one more file may be written: nobody asked to pause, has switched the sending off, or has
        disconnected or deactivated what it goes by. The next slice says which it was."""
        connected = LuccaAccount.objects.filter(
            pk=self.account.pk,
            host=self.account.host,
            encrypted_key=self.account.encrypted_key,
            space__activations__integration="lucca",
        )
        wanted = connected if action == PushAction.REMOVE else connected.filter(statistics__is_on=True)
        return self.work.is_wanted() and wanted.exists()


def push_lines(
    work: Work, account: LuccaAccount, settings: StatisticsSettings, *, closes_at: datetime | None = None
) -> bool:
    """Carry out planned lines until there are none (True) or the slice is over (False).

    M people to write cost M + ⌈M/20⌉ calls at most. At `closes_at` what is left is named as such. Raises the client's
    errors, InVain when Lucca takes nobody's rows, and OutOfCalls when too few calls are left for a group.
    """
    planned = RunLine.objects.filter(run=work.run, state=LineState.PLANNED).order_by("position")
    with calling(work, account) as (client, calls):
        push = Push(work, account, settings, client, calls, closes_at)
        trainings = trainings_of(account.space)
        while lines := list(planned[: work.run.memory.get("together", READ_TOGETHER)]):
            if push.is_over:
                _name_what_is_left(work, planned)
                return True
            _push_group(push, _fitting(push, _of_one_compound(lines)), trainings)
            if not (work.may_go_on() and push.may_write(lines[0].action)):
                return False
        _raise_in_vain(work, IN_VAIN_AT_THE_END)
    return True


@contextmanager
def calling(work: Work, account: LuccaAccount) -> Iterator[tuple[LuccaClient, Calls]]:
    """A client whose every call is fenced by the lease and counted in the run."""
    calls = Calls(before_each=work.check)
    with client_of(account, calls) as client:
        try:
            yield client, calls
        except LuccaError as error:
            # What was counted is kept also when the slice ends here.
            with work.batch():
                work.run.lucca_calls += calls.taken()
            if isinstance(error, Throttled) and not isinstance(error, OutOfCalls):
                respect(account.host, error)
                raise OutOfCalls(after_others(account.host, error)) from None
            raise


def _fitting(push: Push, lines: Sequence[RunLine]) -> Sequence[RunLine]:
    """As many of the lines as there are calls for: nobody is read who cannot be written at once. Raises OutOfCalls."""
    writes = [line for line in lines if line.action != PushAction.REREAD]
    seconds = push.work.run.memory.get("call_seconds", 0.0)
    group = group_now(push.account.host, writes=len(writes), seconds=seconds)
    return lines if group >= len(writes) else lines[: lines.index(writes[group])]


def _of_one_compound(lines: Sequence[RunLine]) -> Sequence[RunLine]:
    """The first lines that are about the same compound data: one call reads one."""
    first = lines[0].facts.get("compound")
    return list(takewhile(lambda line: line.facts.get("compound") == first, lines))


def _name_what_is_left(work: Work, planned: "QuerySet[RunLine]") -> None:
    """The night is over: what it did not reach is said, and comes first the next night."""
    with work.batch():
        work.run.memory["left_over"] = planned.update(state=LineState.SKIPPED, reason=PushReason.NIGHT_OVER)


def _push_group(push: Push, lines: Sequence[RunLine], trainings: Mapping[int, TrainingFacts]) -> None:
    """Read a group of people with one call, and write each of them right after, as far as they are still linked."""
    codes = replace(push.settings.codes, compound=lines[0].facts.get("compound", push.settings.codes.compound))
    people = _people(push, lines, codes.compound, trainings)
    gone = [line for line in lines if line.lucca_id not in people]
    if gone:
        with push.work.batch():
            for line in gone:
                _settle(push, line, PushReason.UNLINKED, state=LineState.STALE)
    here = [line for line in lines if line.lucca_id in people]
    if not here:
        return
    push.calls.patience, began = PATIENCE, push.work.seconds
    read = _read(push, here, codes)
    if read is None:
        if len(here) == 1:
            _conclude(push, here[0], people[here[0].lucca_id], PushReason.NOT_READ, codes)
        return
    for number, line in enumerate(here, start=1):
        if push.is_over or not push.may_write(line.action):
            return
        waited = PATIENCE - push.calls.patience
        push.work.run.memory["call_seconds"] = round((push.work.seconds - began - waited) / number, 3)
        person, rows = people[line.lucca_id], read.get(line.lucca_id)
        answer = PushReason.NOT_SHOWN if rows is None else _write(push, line, person, rows, codes)
        _conclude(push, line, person, answer, codes)


def _read(push: Push, lines: Sequence[RunLine], codes: FieldCodes) -> Mapping[str, EmployeeRows] | None:
    """The rows on the files of the lines. None when Lucca fails at them: the next groups are half as large, until it
    fails at one file alone and answers otherwise; after that one they are large again."""
    try:
        return push.client.rows([line.lucca_id for line in lines], codes)
    except Unavailable as silence:
        if not (silence.is_too_much or silence.is_fault):
            raise
        is_alone = len(lines) == 1
        if is_alone:
            push.client.check()
        ask_for_fewer(push.work, push.calls, together=READ_TOGETHER if is_alone else len(lines) // 2)
        return None


def _people(
    push: Push, lines: Sequence[RunLine], compound: str, trainings: Mapping[int, TrainingFacts]
) -> Mapping[str, Person]:
    """The people of the lines as they stand now. What is removed needs receipts alone, no link."""
    lucca_ids = [line.lucca_id for line in lines]
    if lines[0].action != PushAction.REMOVE:
        return people_of(push.account, compound, lucca_ids, trainings)
    receipts = removable(push.account, push.work.run.options.get("only"))
    sent = sent_of(receipts.filter(compound=compound, lucca_id__in=lucca_ids), {})
    return {lucca_id: Person(lucca_id, sent=rows) for lucca_id, rows in sent.items()}


def _conclude(push: Push, line: RunLine, person: Person, answer: Answer | PushReason, codes: FieldCodes) -> None:
    """Keep what Lucca says of one person's rows, or why it says nothing. Raises InVain."""
    with push.work.batch():
        if isinstance(answer, Answer):
            _keep(push, line, person, answer, codes)
            faults = sorted(REASON_OF_FAULT[fault] for fault in answer.faults)
            reason = faults[0] if faults else None
            line.facts["written"] = answer.is_sent
        else:
            reason = answer
        _settle(push, line, reason)
        memory = push.work.run.memory
        memory.pop("silences", None)
        is_written = isinstance(answer, Answer) and answer.is_sent and not reason
        memory["written"] = is_written or memory.get("written", False)
        if reason in PERHAPS_FOR_ALL and not line.facts.get("failed_before"):
            memory["in_vain"] = [*memory.get("in_vain", []), reason]
    _raise_in_vain(push.work, IN_VAIN)


def _raise_in_vain(work: Work, number: int) -> None:
    refused = work.run.memory.get("in_vain", [])
    if len(refused) >= number and not work.run.memory["written"]:
        raise InVain(PushReason(refused[-1]))


def _write(push: Push, line: RunLine, person: Person, read: EmployeeRows, codes: FieldCodes) -> Answer | PushReason:
    """One person's write and what came of it. Raises what concerns everybody: throttled, unavailable, a refused key."""
    try:
        try:
            return _write_once(push, line, person, read, codes)
        except OutcomeUnknown:
            with push.work.batch():
                # Whatever comes next, nobody knows what stands there until a reading tells.
                receipts = receipts_of(push.account).filter(compound=codes.compound, lucca_id=person.lucca_id)
                receipts.filter(training__in=set(person.wanted)).update(is_proven=False)
            again = push.client.rows([person.lucca_id], codes).get(person.lucca_id)
            return _write_once(push, line, person, again, codes) if again else PushReason.NOT_SHOWN
    except OutcomeUnknown:
        return PushReason.OUTCOME_UNKNOWN
    except Refused as error:
        if error.status != 403:
            raise
        return PushReason.NO_RIGHT
    except Rejected:
        return PushReason.REJECTED
    except NotFound:
        return PushReason.NOT_SHOWN


def _write_once(push: Push, line: RunLine, person: Person, read: EmployeeRows, codes: FieldCodes) -> Answer:
    shape = push.settings.shape
    if line.action == PushAction.REMOVE:
        return push.client.write_rows(read, [], codes, remove=ours(person, read, codes), shape=shape)
    return push.client.write_rows(read, list(person.wanted.values()), codes, shape=shape)


def ours(person: Person, read: EmployeeRows, codes: FieldCodes) -> list[str]:
    """The occurrences that Cards wrote, among all that were read: found as for a write, by receipt or by link."""
    places = arrange(read, [sent.row for sent in person.sent.values()], codes).places
    return [place.row.occurrence_id for place in places if place.wanted and place.row and place.row.occurrence_id]


def _settle(push: Push, line: RunLine, reason: PushReason | None, *, state: LineState | None = None) -> None:
    """Keep what became of a line; within a batch."""
    line.reason = reason or ""
    line.state = state or (LineState.FAILED if reason else LineState.DONE)
    line.save(update_fields=["reason", "state", "facts"])
    push.work.run.done += 1
    push.work.run.lucca_calls += push.calls.taken()


def _keep(push: Push, line: RunLine, person: Person, answer: Answer, codes: FieldCodes) -> None:
    """Write the receipts that an answer proves, and remember the form it taught; within a batch."""
    receipts = receipts_of(push.account).filter(compound=codes.compound, lucca_id=person.lucca_id)
    if line.action == PushAction.REMOVE:
        if answer.is_verified:
            receipts.filter(training__in=set(person.sent)).delete()
        return
    # Whoever saves other codes or disconnects meanwhile waits for this row, or has done it before.
    settings = StatisticsSettings.objects.select_for_update().filter(account=push.account).first()
    is_proven = settings is not None and settings.codes.subfields == codes.subfields
    now = clock.now()
    sent_at = dict(receipts.values_list("training", "sent_at"))
    kept = []
    for (training, wanted), row in zip(person.wanted.items(), answer.rows, strict=True):
        if row is None or not says(row, wanted, codes):
            continue
        is_known = person.is_in_lucca(training) or not answer.is_sent
        kept.append(
            Receipt(
                space_id=push.account.space_id,
                host=push.account.host,
                compound=codes.compound,
                lucca_id=person.lucca_id,
                training_id=training,
                user_id=person.user_id,
                occurrence_id=row.occurrence_id or "",
                title=wanted.title,
                link=wanted.link,
                progress=wanted.progress,
                score=wanted.score,
                completed_on=wanted.completed_on,
                is_proven=is_proven,
                sent_at=(sent_at.get(training) or now) if is_known else now,
                seen_at=now,
            )
        )
    receipts.filter(training__in=set(person.wanted) - {each.training_id for each in kept}).update(is_proven=False)
    Receipt.objects.bulk_create(kept, update_conflicts=True, unique_fields=KEY, update_fields=VALUES)
    if settings is None:
        forget_values(receipts)
    _remember(push.settings, answer.shape)


def _remember(settings: StatisticsSettings, shape: RowShape) -> None:
    learned = {"subfield_shape": shape.subfield or "", "link_shape": shape.link or ""}
    if learned != {"subfield_shape": settings.subfield_shape, "link_shape": settings.link_shape}:
        settings.subfield_shape, settings.link_shape = learned["subfield_shape"], learned["link_shape"]
        StatisticsSettings.objects.filter(pk=settings.pk).update(**learned)
