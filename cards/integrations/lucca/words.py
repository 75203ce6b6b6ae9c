"""What screens, reports and commands say about outcomes: one sentence each, in an HR manager's words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.address import AddressFault
from cards.integrations.lucca.connect import Connection
from cards.integrations.lucca.departments import DepartmentState
from cards.integrations.lucca.directory import RowState
from cards.integrations.lucca.plan import Action, GroupAction, Reason
from cards.integrations.lucca.quality import Defect
from cards.integrations.lucca.sync import StopReason
from cards.integrations.lucca.undo_plan import KeptReason, UndoAction
from cards.runs.models import LineState, Run, RunLine, RunState

ADDRESS_FAULTS = {
    AddressFault.EMPTY: _("Type the url of your Lucca account, for example https://acme.ilucca.net."),
    AddressFault.NOT_A_URL: _("This is not a url. It should look like https://acme.ilucca.net."),
    AddressFault.NOT_LUCCA: _(
        "This is not the url of a Lucca account: they end in ilucca.net, ilucca.ch or luccasoftware.com."
    ),
    AddressFault.NOT_HTTPS: _("The url must begin with https://."),
    AddressFault.HAS_SECRETS: _("Type the url alone, without a user name or a password in it."),
}

CONNECTIONS = {
    Connection.WORKS: _("Saved. Cards is connected to Lucca."),
    Connection.BUSY: _(
        "Saved. Lucca takes no more calls for the moment, so the connection could not be tested yet; "
        "it will be within a minute."
    ),
    Connection.UNREACHABLE: _(
        "Saved, but Lucca does not answer at this url right now. Check the url; if it is right, try again later."
    ),
    Connection.REFUSED: _(
        "Lucca refuses this key, so nothing was saved. Copy it again from Lucca (Settings, API keys) and check that "
        "“Collaborators: View / create / edit users” is ticked there."
    ),
    Connection.NOT_LUCCA: _(
        "What answers at this url is not Lucca, so nothing was saved. Copy the url from your browser while you are "
        "signed in to Lucca."
    ),
}

# The same when url and key are the saved ones, which stay, and only the statistics were changed.
SAVED_NEVERTHELESS = {
    Connection.REFUSED: _(
        "Saved, but Lucca no longer accepts the saved key: nothing is read or sent until another one is entered."
    ),
    Connection.NOT_LUCCA: _(
        "Saved, but what answers at this url is not Lucca: nothing is read or sent until the url is corrected."
    ),
}

ACTIONS: Mapping[str, object] = {
    Action.CREATE: _("Account created"),
    Action.LINK: _("Linked to an existing account"),
    Action.JOIN: _("Added to the group"),
    Action.UNCHANGED: _("Already imported"),
    Action.SKIP: _("Left out"),
    GroupAction.CREATE_GROUP: _("Group created"),
    GroupAction.REUSE_GROUP: _("Linked to the existing group of this name"),
    GroupAction.RENAME_GROUP: _("Group renamed as in Lucca"),
}

PLANNED_ACTIONS: Mapping[str, object] = {
    Action.CREATE: _("Will get an account"),
    Action.LINK: _("Will be linked to an existing account"),
    Action.JOIN: _("Will be added to the group"),
    Action.UNCHANGED: _("Already imported"),
    Action.SKIP: _("Left out"),
    GroupAction.CREATE_GROUP: _("The group will be created"),
    GroupAction.REUSE_GROUP: _("The existing group of this name will be used"),
    GroupAction.RENAME_GROUP: _("The group will be renamed as in Lucca"),
}

UNDONE = {
    UndoAction.REMOVE_ACCOUNT: _("Account removed"),
    UndoAction.UNLINK: _("Link removed, account kept as it was"),
    UndoAction.LEAVE: _("Taken out of the group"),
    UndoAction.REMOVE_GROUP: _("Group removed"),
    UndoAction.RELEASE_GROUP: _("Group kept, no longer linked to the department"),
    UndoAction.NAME_BACK: _("Group has its former name again"),
}

PLANNED_UNDO = {
    UndoAction.REMOVE_ACCOUNT: _("The account will be removed"),
    UndoAction.UNLINK: _("The link will be removed; the account stays as it was"),
    UndoAction.LEAVE: _("Will be taken out of the group"),
    UndoAction.REMOVE_GROUP: _("The group will be removed"),
    UndoAction.RELEASE_GROUP: _("The group stays, no longer linked to the department"),
    UndoAction.NAME_BACK: _("The group gets its former name again"),
}

# The same for people who also join the group of their department.
ACTIONS_INTO_A_GROUP = {
    Action.CREATE: _("Account created, added to the group"),
    Action.LINK: _("Linked to an existing account, added to the group"),
}

PLANNED_ACTIONS_INTO_A_GROUP = {
    Action.CREATE: _("Will get an account and be added to the group"),
    Action.LINK: _("Will be linked to an existing account and added to the group"),
}

REASONS: Mapping[str, object] = {
    Reason.NO_EMAIL: _("No professional e-mail in Lucca."),
    Reason.BAD_EMAIL: _("The e-mail in Lucca is not a valid address."),
    Reason.DOUBLED_EMAIL: _("Several collaborators have this e-mail in Lucca."),
    Reason.LEFT: _("Has left the company."),
    Reason.ACCOUNT_TAKEN: _("The account with this e-mail is linked to another collaborator."),
    Reason.FORMER_FILE: _("The account with this e-mail is linked to the former file of somebody who has left."),
    Reason.QUOTA_REACHED: _("The space has reached its number of learners."),
    Reason.NO_DEPARTMENT: _("Is in no department in Lucca."),
    Reason.NO_GROUP: _("The group of the department is not there."),
    Reason.CLOSED_DEPARTMENT: _("Closed in Lucca, and nobody is in it."),
    KeptReason.SIGNED_IN: _("Kept: this person has signed in."),
    KeptReason.LEARNED: _("Kept: this person has begun a training."),
    KeptReason.TOUCHED: _("Kept: changed since the import."),
    KeptReason.PLACED: _("Kept: placed in a group by another import."),
    KeptReason.GROUP_IN_USE: _("Kept: the group has other members or trainings."),
}

REMEDIES: Mapping[str, object] = {
    Reason.NO_EMAIL: _("Enter the e-mail on the collaborator’s file in Lucca, then refresh."),
    Reason.BAD_EMAIL: _("Correct the e-mail on the collaborator’s file in Lucca, then refresh."),
    Reason.DOUBLED_EMAIL: _("Give each collaborator an e-mail of their own in Lucca, then refresh."),
    Reason.LEFT: _("Nothing to do."),
    Reason.ACCOUNT_TAKEN: _("Check in Lucca which of the two collaborators this e-mail belongs to."),
    Reason.FORMER_FILE: _("If it is the same person, open the page of this collaborator and move the link here."),
    Reason.QUOTA_REACHED: _("Ask for a higher number of learners, then import again."),
    Reason.NO_DEPARTMENT: _("Enter the department on the collaborator’s file in Lucca, or import them in User Sync."),
    Reason.NO_GROUP: _("Import the department again."),
    Reason.CLOSED_DEPARTMENT: _("Nothing to do."),
    Reason.DEACTIVATED: _("The account is deactivated, so this person cannot sign in. Activate it on the user’s page."),
}

# What to do about somebody whom a person left out of a plan.
LEFT_OUT_BY_HAND = _("Import again if they are to be in Cards after all.")

NOT_DONE = _("Not done.")

LINE_STATES = {
    LineState.STALE: _("Changed since you looked, so nothing was done. Import again to see the new plan."),
    LineState.FAILED: _("Could not be done. Import again; if it fails again, tell whoever runs this server."),
    LineState.UNTICKED: _("Left out by hand."),
}

STOPS: Mapping[str, object] = {
    StopReason.REFUSED: _(
        "Lucca no longer accepts the key. What was done stays. The owner of the space can enter a new key in the "
        "configuration; then start again."
    ),
    StopReason.UNAVAILABLE: _("Lucca did not answer for a while. What was done stays; start again later."),
    StopReason.UNINTELLIGIBLE: _(
        "Lucca gave an answer that cannot be read. What was done stays. Try again; if it happens again, check the url "
        "in the configuration."
    ),
    StopReason.NOT_CONNECTED: _("This space is no longer connected to Lucca. What was done stays."),
    StopReason.OTHER_LUCCA: _(
        "This space has been connected to another Lucca account since, so nothing more was done. Import again."
    ),
    StopReason.NO_SSO: _(
        "SSO is no longer set up for this space, so no more accounts were created for it. Import again with another "
        "connection mode."
    ),
    StopReason.DEACTIVATED: _("The Lucca integration has been deactivated for this space. What was done stays."),
    StopReason.KEY_UNREADABLE: _(
        "The saved key can no longer be read on this server. The owner of the space can enter it again in the "
        "configuration."
    ),
    "unexpected": _(
        "Something went wrong on this server. What was done stays; whoever runs it can see more in its log."
    ),
}

ROW_STATES = {
    RowState.NOT_IMPORTED: _("Import creates an account."),
    RowState.IMPORTED: _("Linked to a Cards account."),
    RowState.HAS_ACCOUNT: _("An account with this e-mail exists; importing links the two and changes nothing else."),
    RowState.ARRIVES: _("Can be imported now; an invitation would wait for the first day."),
    RowState.NO_EMAIL: REMEDIES[Reason.NO_EMAIL],
    RowState.DOUBLED: REMEDIES[Reason.DOUBLED_EMAIL],
    RowState.TAKEN: _("Open the collaborator to see whom this account is linked to."),
    RowState.GONE: _("The last two readings did not show this collaborator. The account stays as it is."),
    RowState.LEFT: _("Has left the company; not imported."),
}

# Why a collaborator stands as they do.
WHY: Mapping[str, object] = {
    RowState.NOT_IMPORTED: _("Not imported, because no import has been done for them yet."),
    RowState.IMPORTED: _("Imported: linked to a user of Cards."),
    RowState.HAS_ACCOUNT: _("A user of Cards has the same e-mail, but the two have not been linked by an import."),
    RowState.ARRIVES: _("Not imported yet; the contract begins later."),
    RowState.NO_EMAIL: _("Not imported, because Lucca holds no usable professional e-mail for them."),
    RowState.DOUBLED: _("Not imported, because somebody else has the same e-mail in Lucca."),
    RowState.TAKEN: _("Not imported, because the user who has this e-mail is linked to another collaborator."),
    RowState.GONE: _("Linked to a user, but the last two readings of Lucca did not show them any more."),
    RowState.LEFT: _("Not imported, because the contract has ended."),
}

# The same where the account is linked to somebody who has left.
WHY_FORMER_FILE = _(
    "Not imported, because the user who has this e-mail is linked to the former file of somebody who has left."
)
FORMER_FILE_ADVICE = _(
    "If it is the same person, who came back, move the link here. What was sent stays on the former file."
)

UNLINKED = _("The link is removed. The account and its groups stay as they are.")
LINKED = _("They are linked now. Nothing of the account changes.")
LINK_MOVED = _("The link is moved here. Nothing of the account changes.")
EMAIL_TAKEN_OVER = _("The user has the e-mail of Lucca now.")
CHECKED_AGAIN = _("Read again in Lucca just now.")

DEFECT_REMEDIES: Mapping[str, object] = {
    Defect.NO_EMAIL: REMEDIES[Reason.NO_EMAIL],
    Defect.BAD_EMAIL: REMEDIES[Reason.BAD_EMAIL],
    Defect.DOUBLED: REMEDIES[Reason.DOUBLED_EMAIL],
    Defect.DOUBLED_BY_CASE: REMEDIES[Reason.DOUBLED_EMAIL],
    Defect.NO_DEPARTMENT: REMEDIES[Reason.NO_DEPARTMENT],
    Defect.NAMESAKE_DEPARTMENT: _("Give the departments different names in Lucca, or different codes at least."),
    Defect.ENDS_BEFORE_START: _("Correct the dates of the contract on the file in Lucca."),
}

DEPARTMENT_STATES = {
    DepartmentState.TO_COMPLETE: _("Import again to add them to the group."),
    DepartmentState.CLOSED: REASONS[Reason.CLOSED_DEPARTMENT],
    DepartmentState.GONE: _("The last two readings did not show this department. Its group stays as it is."),
}


def outcome(line: RunLine) -> str:
    """What became of a line, or will, in one sentence."""
    if line.state in LINE_STATES:
        return str(LINE_STATES[LineState(line.state)])
    if line.state == LineState.SKIPPED:
        return str(REASONS[line.reason])
    is_done = line.state == LineState.DONE
    if not is_done and line.run.has_ended:
        return str(NOT_DONE)
    if line.action in frozenset(UndoAction):
        return str((UNDONE if is_done else PLANNED_UNDO)[UndoAction(line.action)])
    if line.facts.get("joins") and line.action in ACTIONS_INTO_A_GROUP:
        return str((ACTIONS_INTO_A_GROUP if is_done else PLANNED_ACTIONS_INTO_A_GROUP)[Action(line.action)])
    return str((ACTIONS if is_done else PLANNED_ACTIONS)[line.action])


def remedy(line: RunLine) -> str:
    """What somebody can do about a line that was left out, or should know about one that is linked or taken back."""
    if line.action == UndoAction.REMOVE_ACCOUNT and line.facts.get("mailed"):
        return str(ALREADY_MAILED)
    return "" if line.state in LINE_STATES else str(REMEDIES.get(line.reason, ""))


ALREADY_MAILED = _("An invitation has already been sent to this person; its link will lead nowhere.")


def problem_of(reading: Run | None) -> str:
    """What hindered the last reading, if anything did."""
    return str(STOPS[reading.reason]) if reading and reading.state == RunState.STOPPED else ""
