"""Whether Lucca is ready to receive statistics: asked with one call, kept, and told line by line with what to mend."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef

from cards import clock
from cards.integrations.lucca.connect import client_of, respect
from cards.integrations.lucca.models import LuccaAccount, Receipt, StatisticsSettings
from cards.runs.models import LineState, Run, RunLine
from cards.seal import SealBrokenError
from lucca import FieldCheck, FieldFault, LuccaClient, LuccaError, Throttled, check_fields


class Subject(StrEnum):
    """What is checked, in the order of the founding document's steps (R55 to R69)."""

    COMPOUND = "compound"
    TITLE = "title"
    LINK = "link"
    PROGRESS = "progress"
    SCORE = "score"
    COMPLETED_ON = "completed_on"
    MULTIPLE = "multiple"
    EDITABLE = "editable"
    READABLE = "readable"
    WRITABLE = "writable"


SUBFIELDS = (Subject.TITLE, Subject.LINK, Subject.PROGRESS, Subject.SCORE, Subject.COMPLETED_ON)


class Standing(StrEnum):
    """What a check came to for one subject."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the check; `code` names the field in Lucca."""

    subject: Subject
    code: str
    standing: Standing
    fault: FieldFault | None = None


def check(account: LuccaAccount, settings: StatisticsSettings) -> None:
    """Ask Lucca about the fields and keep what it says. What cannot be asked is kept as not checked, never as wrong."""
    codes = settings.codes
    try:
        with client_of(account) as client:
            look(client, settings)
    except (LuccaError, SealBrokenError) as error:
        if isinstance(error, Throttled):
            respect(account.host, error)
        # A fault that was seen stays one until Lucca is seen without it.
        _keep(settings, FieldCheck(settings.last_check.faults, (codes.compound, *codes.subfields)))


def look(client: LuccaClient, settings: StatisticsSettings) -> None:
    """Ask Lucca about the fields and keep what it says. Raises the client's errors."""
    _keep(settings, check_fields(client.field_definitions(), settings.codes))


def _keep(settings: StatisticsSettings, found: FieldCheck) -> None:
    settings.faults = [[code, fault.value] for code, fault in found.faults]
    settings.unchecked = list(found.unchecked)
    settings.checked_at = clock.now()
    # A first row where a removal asks before anybody has saved settings.
    settings.save(update_fields=["faults", "unchecked", "checked_at"] if settings.pk else None)


def lines_of(account: LuccaAccount, settings: StatisticsSettings) -> list[CheckLine]:
    """The last check, line by line. Whether the key reads and writes the files is known from what was sent."""
    receipts = Receipt.objects.filter(space_id=account.space_id, host=account.host, compound=settings.codes.compound)
    # First the push: among the lines of all spaces PostgreSQL would look for one from the newest on.
    sent = RunLine.objects.filter(action="send", state__in=[LineState.DONE, LineState.FAILED])
    pushes = Run.objects.filter(subject=account.subject, kind__startswith="push")
    push = pushes.filter(Exists(sent.filter(run=OuterRef("pk")))).order_by("-pk").first()
    last = sent.filter(run=push).order_by("-position").values_list("reason", flat=True).first()
    return judged(
        settings,
        has_proof=receipts.filter(is_proven=True).exists(),
        is_refused=last == "no_right",
        is_unseen=last == "missing",
    )


def judged(
    settings: StatisticsSettings, *, has_proof: bool, is_refused: bool = False, is_unseen: bool = False
) -> list[CheckLine]:
    """One line for each subject; while the compound data are missing, nothing can be said of what is in them."""
    codes, found = settings.codes, settings.last_check
    lines = [_of(Subject.COMPOUND, codes.compound, found, FieldFault.MISSING, FieldFault.NOT_COMPOUND)]
    if lines[0].standing is Standing.WRONG:
        return lines
    for subject, code in zip(SUBFIELDS, codes.subfields, strict=True):
        lines.append(_of(subject, code, found, FieldFault.MISSING, FieldFault.NOT_TEXT))
    lines.append(_of(Subject.MULTIPLE, codes.compound, found, FieldFault.NOT_MULTIPLE))
    closed = next((code for code, fault in found.faults if fault is FieldFault.READ_ONLY), codes.compound)
    lines.append(_of(Subject.EDITABLE, closed, found, FieldFault.READ_ONLY))
    proof = Standing.RIGHT if has_proof else Standing.UNKNOWN
    lines.append(CheckLine(Subject.READABLE, codes.compound, Standing.WRONG if is_unseen else proof))
    lines.append(CheckLine(Subject.WRITABLE, codes.compound, Standing.WRONG if is_refused else proof))
    return lines


def _of(subject: Subject, code: str, found: FieldCheck, *faults: FieldFault) -> CheckLine:
    here = {fault for its, fault in found.faults if its == code}
    for fault in faults:
        if fault in here:
            return CheckLine(subject, code, Standing.WRONG, fault)
    return CheckLine(subject, code, Standing.UNKNOWN if code in found.unchecked else Standing.RIGHT)
