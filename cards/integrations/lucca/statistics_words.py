"""What screens, reports and commands say about sending statistics, in an HR manager's words and Lucca's own."""

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.codes import CodeFault
from cards.integrations.lucca.field_check import CheckLine, Standing, Subject
from cards.integrations.lucca.field_plan import PushAction, PushReason
from cards.integrations.lucca.models import StatisticsSettings
from cards.integrations.lucca.nights import REMOVE, Files
from cards.integrations.lucca.sync import StopReason
from cards.integrations.lucca.words import STOPS as STOPS_OF_ALL
from cards.people.letters import Words
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.spaces.addresses import absolute
from cards.spaces.models import Space
from cards.ui.templatetags.ui import number
from lucca import FieldFault

# The names that the founding document gives the fields in Lucca (R56, R59 to R63).
FIELD_NAMES = {
    "compound": _("Formations Cards (compound data)"),
    "title": _("Title of the training"),
    "link": _("Link to the training"),
    "progress": _("Progress of the employee"),
    "score": _("Score of the employee"),
    "completed_on": _("Date of the last completion of the training"),
}

CODE_FAULTS = {
    CodeFault.ILL_FORMED: _("A code begins with e_ and continues with letters, digits, _ or -, without accents."),
    CodeFault.TWICE: _("This code stands in two fields. Each field of Lucca has a code of its own."),
}

CHECK_SUBJECTS = FIELD_NAMES | {
    Subject.MULTIPLE: _("Multiple occurrences"),
    Subject.EDITABLE: _("Editable"),
    Subject.READABLE: _("The key reads the section"),
    Subject.WRITABLE: _("The key writes in the section"),
}

# What to do in Lucca, in the words of its menus.
FIELD_REMEDIES = {
    (Subject.COMPOUND, FieldFault.MISSING): _(
        "Lucca has no data of this code. In Lucca, open HR Base, then Settings > Data management, click “New data”, "
        "select “Compound data” and enter this code; or enter here the code that you gave it."
    ),
    (Subject.COMPOUND, FieldFault.NOT_COMPOUND): _(
        "In Lucca this code belongs to data of another type. In Settings > Data management, create data of the type "
        "“Compound data” under another code with “New data”, and enter that code here."
    ),
    (Subject.MULTIPLE, FieldFault.NOT_MULTIPLE): _(
        "In Lucca, open HR Base, then Settings > Data management, open these data and check “Allow multiple "
        "occurrences”."
    ),
    (Subject.EDITABLE, FieldFault.READ_ONLY): _(
        "In Lucca, open HR Base, then Settings > Data management, open these data and, at the step of the section, "
        "check the box in the first column, “Editable”."
    ),
    (Subject.READABLE, None): _(
        "Lucca took what was sent but does not show it to the key. In Lucca, open the roles, choose the one that has "
        "the name of the key, and let it see the section that holds these data."
    ),
    (Subject.WRITABLE, None): _(
        "Lucca does not let the key write. In Lucca, open the roles, choose the one that has the name of the key, and "
        "let it edit the section that holds these data."
    ),
}
SUBFIELD_REMEDIES = {
    FieldFault.MISSING: _(
        "Lucca has no data of this code. In Lucca, open HR Base, then Settings > Data management, open the compound "
        "data and click “Add new data”; or enter here the code that you gave it."
    ),
    FieldFault.NOT_TEXT: _(
        "In Lucca these data have another type. In Settings > Data management, replace them in the compound data by "
        "data of the type Text, or Hyperlink for the link."
    ),
}
NOT_CHECKED = {
    Subject.READABLE: _("The first sending will show it."),
    Subject.WRITABLE: _("The first sending will show it."),
}

ACTIONS = {
    PushAction.SEND: _("Results sent"),
    PushAction.REREAD: _("Read again: in Lucca as sent"),
    PushAction.REMOVE: _("Removed"),
}
PLANNED_ACTIONS = {
    PushAction.SEND: _("To be sent"),
    PushAction.REREAD: _("To be read again"),
    PushAction.REMOVE: _("To be removed"),
}
NOT_DONE = {
    PushAction.SEND: _("Results not sent"),
    PushAction.REREAD: _("Not read again"),
    PushAction.REMOVE: _("Not removed"),
}
REASONS = {
    PushReason.LEFT: _("Has left the company; nothing is sent any more."),
    PushReason.NIGHT_OVER: _("The night was over before it came to this file."),
    PushReason.UNLINKED: _("No longer linked to a Cards account."),
    PushReason.NOT_SHOWN: _("Lucca does not show this collaborator to the key."),
    PushReason.NOT_READ: _("Lucca fails at this file, though it answers otherwise."),
    PushReason.NO_RIGHT: _("Lucca does not let the key write on this file."),
    PushReason.REJECTED: _("Lucca does not accept the rows."),
    PushReason.MISSING: _("Lucca took the rows, but they are not on the file."),
    PushReason.DIFFERENT: _("Lucca shows something else than what was sent."),
    PushReason.FOREIGN: _("Rows that are not from Cards have changed on the file meanwhile."),
    PushReason.STILL_THERE: _("The rows are still on the file."),
    PushReason.OUTCOME_UNKNOWN: _("The connection to Lucca broke, and it is not known whether the rows arrived."),
}
REMEDIES = {
    PushReason.LEFT: _("Nothing to do."),
    PushReason.NIGHT_OVER: _("Nothing to do: this file comes first the next night."),
    PushReason.UNLINKED: _("Import the collaborator again if the results should be sent."),
    PushReason.NOT_SHOWN: _("Check in Lucca that the role of the key sees this collaborator."),
    PushReason.NOT_READ: _(
        "It is tried again the next night. If it stays, open the file in Lucca, and ask Lucca’s support."
    ),
    PushReason.NO_RIGHT: _("Check in Lucca that the role of the key may edit the section on this collaborator’s file."),
    PushReason.REJECTED: _("Check the fields in the configuration."),
    PushReason.MISSING: _("Check in Lucca that the role of the key sees and may edit the section."),
    PushReason.DIFFERENT: _("Open the file in Lucca and compare; it is tried again the next night."),
    PushReason.FOREIGN: _("Open the file in Lucca and check the rows that somebody typed there."),
    PushReason.STILL_THERE: _("Remove them by hand on the file in Lucca."),
    PushReason.OUTCOME_UNKNOWN: _("Nothing to do: it is tried again the next night, and nothing is written twice."),
}
STOPS = {
    StopReason.SWITCHED_OFF: _("The synchronization of statistics is off. What was sent stays."),
    StopReason.FIELDS: _(
        "The fields in Lucca are not ready, so nothing was sent. The configuration says what to mend; sending begins "
        "again by itself."
    ),
    StopReason.NO_RIGHT: _(
        "Lucca does not let the key write on the files. In Lucca, let the role of the key edit the section with these "
        "fields; sending begins again the next night."
    ),
    StopReason.NOT_KEPT: _(
        "Lucca took the rows, but does not show them. In Lucca, let the role of the key see and edit the section with "
        "these fields; sending begins again the next night."
    ),
    StopReason.NIGHT_OVER: _(
        "It was seven in the morning before everybody’s turn came. The others come first next night."
    ),
}


def check_advice(line: CheckLine) -> str:
    """What to do about a line of the field check; empty where all is well."""
    if line.standing is Standing.RIGHT:
        return ""
    if line.standing is Standing.UNKNOWN:
        return str(NOT_CHECKED.get(line.subject, _("Lucca does not let the key look.")))
    remedy = FIELD_REMEDIES.get((line.subject, line.fault)) or (line.fault and SUBFIELD_REMEDIES.get(line.fault))
    return str(remedy or "")


def nights_stopped(space: Space) -> Words:
    """The letter to the owners when three nights in a row were refused."""
    return Words(
        subject=gettext("Statistics of %(space)s are no longer sent to Lucca") % {"space": space.name},
        opening=gettext(
            "Three nights in a row, Lucca refused the key with which Cards writes the results of your collaborators "
            "on their files. So that nothing is tried in vain, Cards has stopped the nightly sending. What was sent "
            "stays in Lucca, and nothing is lost in Cards."
        ),
        button=gettext("Open the configuration"),
        link=absolute(space, reverse("lucca_configuration")),
        closing=gettext(
            "Check in Lucca that the API key still exists and that its role may edit the section with the training "
            "statistics, then press Save in the configuration: the sending begins again the next night."
        ),
    )


def outcome(line: RunLine) -> str:
    """What became of a line of a push, or will, in one sentence."""
    if line.reason:
        return str(REASONS[PushReason(line.reason)])
    if line.state == LineState.PLANNED:
        return str((NOT_DONE if line.run.has_ended else PLANNED_ACTIONS)[PushAction(line.action)])
    if line.action == PushAction.REREAD and line.facts.get("written"):
        return gettext("Changed by hand in Lucca; sent again")
    if line.action == PushAction.SEND and not line.facts.get("written"):
        return gettext("Was in Lucca already")
    return str(ACTIONS[PushAction(line.action)])


def remedy(line: RunLine) -> str:
    """What somebody can do about a line that was not sent."""
    return str(REMEDIES[PushReason(line.reason)]) if line.reason else ""


def line_groups(run: Run) -> dict[str, str]:
    """The lines of a push by what became of them."""
    is_removal = run.kind == REMOVE
    if run.has_ended:
        planned = gettext("Not removed") if is_removal else gettext("Results not sent")
    else:
        planned = gettext("To be removed") if is_removal else gettext("Still to do")
    return {
        "done": gettext("Removed") if is_removal else gettext("Done"),
        "planned": planned,
        "skipped": gettext("Left out"),
        "failed": gettext("Failed"),
    }


def came_of(run: Run, files: Files) -> str:
    """On how many files a push that was started has worked, and at how many it failed, for a list."""
    if not run.total:
        return ""
    done = ngettext("%(number)s file", "%(number)s files", files.done) % {"number": number(files.done)}
    return f"{done}, {failed_at(files)}" if files.failed else done


def failed_at(files: Files) -> str:
    """At how many files a push failed."""
    return ngettext("%(number)s failed", "%(number)s failed", files.failed) % {"number": number(files.failed)}


def headline(run: Run, done: int) -> str:
    """The sentence that the report of a push begins with; none unless it came to its end and did something."""
    if run.state != RunState.FINISHED or not done:
        return ""
    if run.kind == REMOVE:
        words = ngettext("Finished: removed from %(number)s file.", "Finished: removed from %(number)s files.", done)
    else:
        words = ngettext(
            "Finished: %(number)s file in Lucca is up to date.",
            "Finished: %(number)s files in Lucca are up to date.",
            done,
        )
    return words % {"number": number(done)}


def heading(run: Run) -> str:
    """What the page of a push is called."""
    if run.kind == REMOVE:
        return gettext("What will be removed") if run.state == RunState.DRAFT else gettext("Removing what Cards wrote")
    return gettext("Report of the sending") if run.has_ended else gettext("Statistics are being sent")


def stop_of(run: Run) -> str:
    """Why a push stopped, in one sentence."""
    return str(STOPS.get(run.reason) or STOPS_OF_ALL.get(run.reason, ""))  # type: ignore[call-overload]


def run_outcome(run: Run) -> str:
    """How a push stands, in a few words for a list."""
    if run.state == RunState.STOPPED:
        return stop_of(run)
    return str(RunState(run.state).label)


def standing_of(settings: StatisticsSettings) -> tuple[str, str]:
    """The tone and the sentence that say how the nights stand; no sentence while all is well."""
    if not settings.is_on:
        return "info", gettext("The synchronization of statistics is off. What was sent stays in Lucca.")
    if settings.stopped_at is not None:
        sentence = gettext(
            "Lucca refused the key three nights in a row, so the nights have stopped. Check the key and its role in "
            "Lucca, then press Save in the configuration."
        )
        return "error", sentence
    if settings.faults:
        sentence = gettext(
            "The fields in Lucca are not ready: nothing is sent until what the configuration names is mended."
        )
        return "warning", sentence
    return "success", ""
