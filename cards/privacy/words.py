"""What the parts of an export are called on screen, and what they say."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.people.devices import device_of
from cards.people.models import ConnectionMode, MailKind, MailState, Role
from cards.spaces.models import Language
from cards.ui.templatetags.ui import percent

Row = Mapping[str, Any]
# So many rows of a part are spelled out on the page; the archive has them all.
SHOWN = 5

PARTS = {
    "account": gettext_lazy("Account"),
    "groups": gettext_lazy("Groups"),
    "sign_in_by_sso": gettext_lazy("Sign-in by SSO"),
    "second_factor": gettext_lazy("Two-step sign-in"),
    "sessions": gettext_lazy("Signed-in devices"),
    "attempts": gettext_lazy("Attempts at trainings"),
    "chapters_completed": gettext_lazy("Completed chapters"),
    "answers": gettext_lazy("Answers"),
    "statistics": gettext_lazy("Results by training"),
    "mails": gettext_lazy("Mails"),
    "links_to_lucca": gettext_lazy("Links to a file in Lucca"),
    "directory_of_lucca": gettext_lazy("Files in the directory of collaborators"),
    "receipts_of_lucca": gettext_lazy("Receipts of what was sent to Lucca"),
    "lines_of_reports": gettext_lazy("Lines of reports"),
    "audit_log": gettext_lazy("Entries of the audit log"),
}


def part_words(name: str) -> str:
    return str(PARTS[name])


def part_in_words(name: str, rows: Sequence[Row]) -> list[str]:
    """The first rows of a part as the person would say them; empty for parts that only the archive spells out."""
    if name not in TOLD:
        return []
    return [TOLD[name](row) for row in rows[:SHOWN]] + ["…"] * (len(rows) > SHOWN)


def _account(row: Row) -> str:
    role, language, mode = Role(row["role"]), Language(row["language"]), ConnectionMode(row["connection_mode"])
    facts = (f"{row['first_name']} {row['last_name']}", row["email"], role.label, language.label, mode.label)
    return "\u00a0· ".join(str(fact) for fact in facts)


def _result(row: Row) -> str:
    figures = [percent(row["progress"])]
    if row["score"] is not None:
        figures.append(_("score %(score)s") % {"score": percent(row["score"])})
    return f"{row['training']} ({', '.join(figures)})"


def _answer(row: Row) -> str:
    return " – ".join(filter(None, (row["question"], ", ".join(row["chosen"]))))


def _mail(row: Row) -> str:
    return f"{MailKind(row['kind']).label} ({MailState(row['state']).label})"


TOLD: Mapping[str, Callable[[Row], str]] = {
    "account": _account,
    "groups": itemgetter("group"),
    "sessions": lambda row: device_of(row["device"]) or _("Unknown device"),
    "attempts": itemgetter("training_title"),
    "chapters_completed": itemgetter("chapter"),
    "answers": _answer,
    "statistics": _result,
    "mails": _mail,
}
