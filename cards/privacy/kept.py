"""What Cards keeps of people beside what it reads in Lucca, and for how long: the settings of this server."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Kept:
    """One kind of thing that is kept of people."""

    what: str
    why: str
    how_long: str


def kept() -> list[Kept]:
    """Everything that tells of somebody, in the reader's language."""
    with_the_account = _("Until the account is erased.")
    return [
        Kept(_("Account: name, e-mail, role, language, way to sign in"), _("To let people in."), with_the_account),
        Kept(_("Groups"), _("To give trainings to the right people."), with_the_account),
        Kept(
            _("Attempts, completed chapters and answers"),
            _("To show people and their managers how far they are; the statistics are counted from them."),
            with_the_account,
        ),
        Kept(
            _("Sessions and second factor"),
            _("To keep people signed in, and others out."),
            _("Until they end, or the account is erased."),
        ),
        Kept(
            _("Mails: to whom, which, when, what became of it; never their text"),
            _("To invite nobody twice, and to say what became of an invitation."),
            _mails(settings.CARDS_KEEP_MAILS_MONTHS),
        ),
        Kept(
            _("Reports of imports and sendings, line by line"),
            _("To tell what was done with whom, and to undo an import."),
            _for_months(settings.CARDS_KEEP_RUNS_MONTHS),
        ),
        Kept(
            _("Audit log: who did what, when, from which address"),
            _("To answer who changed or saw what."),
            _for_months(settings.CARDS_KEEP_AUDIT_MONTHS),
        ),
    ]


def _mails(number: int) -> str:
    until_then = _("That somebody was invited: until they have signed in.")
    return f"{_for_months(number)} {until_then}" if number else _for_months(number)


def _for_months(number: int) -> str:
    if not number:
        return _("Without limit.")
    return ngettext("%(number)d month.", "%(number)d months.", number) % {"number": number}
