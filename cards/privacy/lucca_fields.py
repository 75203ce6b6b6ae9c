"""What is read of a person in Lucca: each field, why, where it is kept and how long.

A test compares this table with the fields that the client really asks for, both ways: nothing is read in silence.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class LuccaField:
    """One thing that is read. `asked` are its names in what Lucca is asked for, as in `department[id]`."""

    asked: tuple[str, ...]
    label: Promise
    why: Promise
    where: Promise
    how_long: Promise


DIRECTORY = _("In the directory of collaborators.")
DIRECTORY_AND_ACCOUNT = _("In the directory of collaborators; after the import also in the account.")
WITH_THE_DIRECTORY = _(
    "Until Lucca is disconnected. Somebody without an account: until a complete reading no longer shows them."
)
WITH_THE_ACCOUNT = _(
    "In the directory, until Lucca is disconnected; in the account, until it is erased; in reports, as long as these."
)

LUCCA_FIELDS = (
    LuccaField(
        ("id",),
        _("Lucca’s number of the person"),
        _("To know the same person again when their name, e-mail or department changes."),
        _("In the directory, in the link to the account, in reports and in the receipts of what was sent."),
        _("The link: until the account is erased or everything about Lucca is forgotten."),
    ),
    LuccaField(
        ("firstName", "lastName"),
        _("First name and last name"),
        _("To show who is to be imported, and to open the account in their name."),
        DIRECTORY_AND_ACCOUNT,
        WITH_THE_ACCOUNT,
    ),
    LuccaField(
        ("mail",),
        _("Professional e-mail"),
        _("To find the account that somebody already has, to sign in and to invite."),
        DIRECTORY_AND_ACCOUNT,
        WITH_THE_ACCOUNT,
    ),
    LuccaField(
        ("department[id]", "department[name]"),
        _("Department"),
        _("To search and filter collaborators, and to make the groups of departments."),
        _("In the directory of collaborators; after the import of departments, as a group and its members."),
        WITH_THE_DIRECTORY,
    ),
    LuccaField(
        ("culture[id]", "culture[name]"),
        _("Language"),
        _("To open the account and to write the invitation in French or in English."),
        DIRECTORY_AND_ACCOUNT,
        WITH_THE_ACCOUNT,
    ),
    LuccaField(
        ("dtContractStart", "dtContractEnd"),
        _("First and last day of the contract"),
        _("To invite nobody before their first day, and to give no account to somebody who has left."),
        DIRECTORY,
        WITH_THE_DIRECTORY,
    ),
    LuccaField(
        ("extendedData",),
        _("Additional data of the file"),
        _(
            "To keep the rows of trainings up to date. Lucca hands over the additional data of a file together; "
            "Cards looks at the rows of trainings alone, and only for people with an account."
        ),
        _("Of the rows that Cards wrote, a receipt. Of everything else, nothing."),
        _("Until Lucca is disconnected, or the account is erased."),
    ),
)
