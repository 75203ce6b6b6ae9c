"""What pages say of a whole import or undo: its heading, its button, what came of it; in an HR manager's words."""

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.nights import PUSHES, REMOVE
from cards.integrations.lucca.plan import Action, GroupAction
from cards.integrations.lucca.sync import UNDO
from cards.integrations.lucca.undo_plan import UndoAction
from cards.runs.models import Run, RunState
from cards.ui.templatetags.ui import number

# What the page of a run is called, by what the run does and how far it is.
HEADINGS = {
    RunState.PREPARING: _("Preparing the import"),
    RunState.DRAFT: _("What the import will do"),
    RunState.WAITING: _("Import under way"),
    RunState.RUNNING: _("Import under way"),
    RunState.PAUSED: _("Import under way"),
}
HEADINGS_OF_UNDO = {
    RunState.PREPARING: _("Preparing to undo the import"),
    RunState.DRAFT: _("What undoing the import will do"),
    RunState.WAITING: _("Import being undone"),
    RunState.RUNNING: _("Import being undone"),
    RunState.PAUSED: _("Import being undone"),
}

# The lines of a report by what became of them; of a plan, by what will.
LINE_GROUPS = {
    "groups": _("Groups"),
    "create": _("Accounts created"),
    "link": _("Accounts linked"),
    "join": _("Joined a group"),
    "remove_account": _("Accounts removed"),
    "unlink": _("Links removed"),
    "leave": _("Taken out of a group"),
    "skipped": _("Left out"),
    "unticked": _("Left out by hand"),
    "not_done": _("Not done"),
    "stale": _("Changed since"),
    "failed": _("Failed"),
}
LINE_GROUPS_AHEAD = {
    "create": _("Accounts to create"),
    "link": _("To be linked"),
    "join": _("To join a group"),
    "remove_account": _("Accounts to remove"),
    "unlink": _("Links to remove"),
    "leave": _("To be taken out of a group"),
}


def line_groups(run: Run) -> Mapping[str, object]:
    """What the groups of the run's lines are called."""
    kept = {"skipped": _("Kept")} if run.kind == UNDO else {}
    return LINE_GROUPS | ({} if run.has_ended else LINE_GROUPS_AHEAD) | kept


def came_of(run: Run, counts: Mapping[str, int]) -> str:
    """What a run did, by the counts of its report, in one line; empty when there is nothing to tell."""

    def of(*names: str) -> int:
        return sum(counts.get(name, 0) for name in names)

    created, removed, unlinked = of("created"), of(UndoAction.REMOVE_ACCOUNT), of(UndoAction.UNLINK)
    linked, joined, left = of("linked"), of(Action.JOIN), of(UndoAction.LEAVE)
    skipped, stale, failed = of("skipped"), of("stale"), of("failed")
    if run.kind == UNDO:
        left_out = ngettext("%(number)s kept", "%(number)s kept", skipped)
    else:
        left_out = ngettext("%(number)s left out", "%(number)s left out", skipped)
    told = (
        *_came_of_groups(counts),
        (created, ngettext("%(number)s account created", "%(number)s accounts created", created)),
        (linked, ngettext("%(number)s account linked", "%(number)s accounts linked", linked)),
        (joined, ngettext("%(number)s person added to a group", "%(number)s people added to a group", joined)),
        (removed, ngettext("%(number)s account removed", "%(number)s accounts removed", removed)),
        (unlinked, ngettext("%(number)s link removed", "%(number)s links removed", unlinked)),
        (left, ngettext("%(number)s person taken out of a group", "%(number)s people taken out of a group", left)),
        (skipped, left_out),
        (stale, ngettext("%(number)s changed since", "%(number)s changed since", stale)),
        (failed, ngettext("%(number)s failed", "%(number)s failed", failed)),
    )
    return ", ".join(words % {"number": number(count)} for count, words in told if count)


def _came_of_groups(counts: Mapping[str, int]) -> tuple[tuple[int, str], ...]:
    created, used = counts.get(GroupAction.CREATE_GROUP, 0), counts.get(GroupAction.REUSE_GROUP, 0)
    renamed, named_back = counts.get(GroupAction.RENAME_GROUP, 0), counts.get(UndoAction.NAME_BACK, 0)
    removed, unlinked = counts.get(UndoAction.REMOVE_GROUP, 0), counts.get(UndoAction.RELEASE_GROUP, 0)
    return (
        (created, ngettext("%(number)s group created", "%(number)s groups created", created)),
        (used, ngettext("%(number)s existing group used", "%(number)s existing groups used", used)),
        (renamed, ngettext("%(number)s group renamed", "%(number)s groups renamed", renamed)),
        (removed, ngettext("%(number)s group removed", "%(number)s groups removed", removed)),
        (named_back, ngettext("%(number)s group named as before", "%(number)s groups named as before", named_back)),
        (unlinked, ngettext("%(number)s group no longer linked", "%(number)s groups no longer linked", unlinked)),
    )


def headline(run: Run, counts: Mapping[str, int]) -> tuple[str, str]:
    """The tone and the sentence that a report begins with; no sentence unless the run came to its end."""
    if run.state != RunState.FINISHED:
        return "", ""
    what = came_of(run, counts) or gettext("nothing had to be done")
    sentence = gettext("Undoing finished: %(what)s.") if run.kind == UNDO else gettext("Import finished: %(what)s.")
    return "warning" if counts["failed"] or counts["stale"] else "success", sentence % {"what": what}


def start_words(run: Run, counted: Mapping[str, int]) -> str:
    """What the button says that carries a plan out; empty when the plan does nothing."""
    if not run.total:
        return ""
    if run.kind == UNDO:
        return gettext("Undo")
    groups, people = counted["groups"], counted["create"] + counted["link"] + counted["join"]
    departments = ngettext("%(number)s department", "%(number)s departments", groups) % {"number": number(groups)}
    collaborators = ngettext("%(number)s collaborator", "%(number)s collaborators", people) % {"number": number(people)}
    if groups and people:
        what = {"departments": departments, "collaborators": collaborators}
        return gettext("Import %(departments)s and %(collaborators)s") % what
    return gettext("Import %(what)s") % {"what": departments if groups else collaborators}


def under_way(run: Run) -> str:
    """That a run is at work, waits or is paused, for the pages from which it was begun."""
    if run.kind == REMOVE:
        words = {
            RunState.PAUSED: _("The removal of the statistics is paused."),
            RunState.WAITING: _("The removal of the statistics waits for its turn."),
            RunState.RUNNING: _("Statistics are being removed from Lucca."),
        }
    elif run.kind in PUSHES:
        words = {
            RunState.PAUSED: _("The sending of statistics is paused."),
            RunState.WAITING: _("The sending of statistics waits for its turn."),
            RunState.RUNNING: _("Statistics are being sent."),
        }
    elif run.kind == UNDO:
        words = {
            RunState.PAUSED: _("The undoing of an import is paused."),
            RunState.WAITING: _("The undoing of an import waits for its turn."),
            RunState.RUNNING: _("An import is being undone."),
        }
    else:
        words = {
            RunState.PAUSED: _("An import is paused."),
            RunState.WAITING: _("An import waits for its turn."),
            RunState.RUNNING: _("An import is under way."),
        }
    return str(words[RunState(run.state)])


def heading(run: Run) -> str:
    """What the page of a run is called."""
    if run.kind == UNDO:
        return str(HEADINGS_OF_UNDO.get(RunState(run.state), _("Report of undoing the import")))
    return str(HEADINGS.get(RunState(run.state), _("Report of the import")))
