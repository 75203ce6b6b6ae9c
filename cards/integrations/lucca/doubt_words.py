"""What a person is asked when an answer of Lucca showed too little, and the usual causes."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.models import LuccaAccount

# What a reading that showed too little is asked about, by what is missing (see `doubt`).
QUESTIONS = {
    "people": _("Lucca shows only %(seen)s of the %(known)s collaborators known so far. Is that right?"),
    "departments": _("Lucca shows only %(seen)s of the %(known)s departments known so far. Is that right?"),
    "email": _("Of %(known)s collaborators who had an e-mail, Lucca shows it for only %(seen)s now. Is that right?"),
    "last_name": _("Of %(known)s collaborators who had a name, Lucca shows it for only %(seen)s now. Is that right?"),
    "department_lucca_id": _(
        "Of %(known)s collaborators who had a department, Lucca shows it for only %(seen)s now. Is that right?"
    ),
    "contract_start_on": _(
        "Of %(known)s collaborators whose contract had a first day, Lucca shows it for only %(seen)s now. "
        "Is that right?"
    ),
    "contract_end_on": _(
        "Of %(known)s collaborators whose contract had a last day, Lucca shows it for only %(seen)s now. Is that right?"
    ),
}
QUESTIONS_WHEN_COUNTED = {
    "people": _("Lucca says that it has %(known)s collaborators and shows only %(seen)s of them. Is that right?"),
    "departments": _("Lucca says that it has %(known)s departments and shows only %(seen)s of them. Is that right?"),
}
INCOMPLETE = _("Lucca gave an incomplete answer; reading again a little later puts it right.")
# The likeliest first.
CAUSES = (
    _("The rights of the API key were narrowed in Lucca, to one establishment for example."),
    INCOMPLETE,
    _("The company really has changed that much."),
)
CAUSES_WHEN_COUNTED = (INCOMPLETE, _("Lucca counts more than it lets the API key see."))
CAUSES_OF_FACTS = (
    _("The API key may no longer read this in Lucca."),
    INCOMPLETE,
    _("It really was removed from the files."),
)


@dataclass(frozen=True)
class Question:
    """What a person is asked about a reading that showed too little, and the usual causes."""

    words: str
    causes: tuple[object, ...]


def question_about(account: LuccaAccount) -> Question | None:
    doubt = account.doubt
    if not doubt:
        return None
    figures = {name: number_format(doubt[name], use_l10n=True, force_grouping=True) for name in ("seen", "known")}
    if doubt["is_counted"]:
        return Question(QUESTIONS_WHEN_COUNTED[doubt["what"]] % figures, CAUSES_WHEN_COUNTED)
    causes = CAUSES if doubt["what"] in QUESTIONS_WHEN_COUNTED else CAUSES_OF_FACTS
    return Question(QUESTIONS[doubt["what"]] % figures, causes)
