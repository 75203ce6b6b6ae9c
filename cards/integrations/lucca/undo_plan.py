"""What undoing an import does about each thing it made: taken back, or kept because somebody touched it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from cards.integrations.lucca.plan import Action, GroupAction


class UndoAction(StrEnum):
    """What a line of an undo does."""

    REMOVE_ACCOUNT = "remove_account"
    UNLINK = "unlink"
    LEAVE = "leave"
    REMOVE_GROUP = "remove_group"
    RELEASE_GROUP = "release_group"
    NAME_BACK = "name_back_group"
    KEEP = "keep"


class KeptReason(StrEnum):
    """Why something that an import made is kept."""

    SIGNED_IN = "signed_in"
    LEARNED = "learned"
    TOUCHED = "touched"
    PLACED = "placed"
    GROUP_IN_USE = "group_in_use"


@dataclass(frozen=True, slots=True)
class Undoing:
    """One line of an undo."""

    action: UndoAction
    reason: KeptReason | None = None


@dataclass(frozen=True, slots=True)
class MadeOfPerson:
    """What is left of what an import did for one person."""

    has_account: bool = True
    is_linked_by_run: bool = False
    is_member_by_run: bool = False
    has_signed_in: bool = False
    has_learned: bool = False
    is_touched: bool = False
    is_placed_by_another: bool = False


@dataclass(frozen=True, slots=True)
class MadeOfGroup:
    """What is left of what an import did about the group of one department."""

    is_linked: bool = True
    is_linked_by_run: bool = False
    has_the_given_name: bool = True
    is_in_use: bool = False


def undo_of_person(action: Action, made: MadeOfPerson) -> Undoing | None:
    """What to do about a person whom the import created, linked or placed; None when nothing of it is left."""
    if not made.has_account:
        return None
    if action is Action.CREATE:
        for is_so, reason in (
            (made.has_signed_in, KeptReason.SIGNED_IN),
            (made.has_learned, KeptReason.LEARNED),
            (made.is_touched or not made.is_linked_by_run, KeptReason.TOUCHED),
            (made.is_placed_by_another, KeptReason.PLACED),
        ):
            if is_so:
                return Undoing(UndoAction.KEEP, reason)
        return Undoing(UndoAction.REMOVE_ACCOUNT)
    if made.is_linked_by_run:
        return Undoing(UndoAction.UNLINK)
    return Undoing(UndoAction.LEAVE) if made.is_member_by_run else None


GROUP_UNDOINGS = {
    GroupAction.CREATE_GROUP: UndoAction.REMOVE_GROUP,
    GroupAction.REUSE_GROUP: UndoAction.RELEASE_GROUP,
    GroupAction.RENAME_GROUP: UndoAction.NAME_BACK,
}


def undo_of_group(action: GroupAction, made: MadeOfGroup) -> Undoing | None:
    """What to do about a group that the import created, linked or renamed; None when nothing of it is left."""
    if not made.is_linked or (action is not GroupAction.RENAME_GROUP and not made.is_linked_by_run):
        return None
    if not made.has_the_given_name:
        return Undoing(UndoAction.KEEP, KeptReason.TOUCHED)
    if action is GroupAction.CREATE_GROUP and made.is_in_use:
        return Undoing(UndoAction.KEEP, KeptReason.GROUP_IN_USE)
    return Undoing(GROUP_UNDOINGS[action])
