"""What an undo takes back, and what it keeps: every case of the two rules."""

import pytest

from cards.integrations.lucca.plan import Action, GroupAction
from cards.integrations.lucca.undo_plan import (
    KeptReason,
    MadeOfGroup,
    MadeOfPerson,
    UndoAction,
    Undoing,
    undo_of_group,
    undo_of_person,
)

KEEP, REMOVED = UndoAction.KEEP, Undoing(UndoAction.REMOVE_ACCOUNT)


@pytest.mark.parametrize(
    ("action", "made", "undoing"),
    [
        (Action.CREATE, MadeOfPerson(is_linked_by_run=True), REMOVED),
        (Action.CREATE, MadeOfPerson(is_linked_by_run=True, is_member_by_run=True), REMOVED),
        (Action.CREATE, MadeOfPerson(has_account=False, is_linked_by_run=True), None),
        (Action.CREATE, MadeOfPerson(is_linked_by_run=True, has_signed_in=True), Undoing(KEEP, KeptReason.SIGNED_IN)),
        (Action.CREATE, MadeOfPerson(is_linked_by_run=True, has_learned=True), Undoing(KEEP, KeptReason.LEARNED)),
        (Action.CREATE, MadeOfPerson(is_linked_by_run=True, is_touched=True), Undoing(KEEP, KeptReason.TOUCHED)),
        # The link was taken away by hand, or is another's by now.
        (Action.CREATE, MadeOfPerson(is_linked_by_run=False), Undoing(KEEP, KeptReason.TOUCHED)),
        (
            Action.CREATE,
            MadeOfPerson(is_linked_by_run=True, is_placed_by_another=True),
            Undoing(KEEP, KeptReason.PLACED),
        ),
        # Of several reasons the one that weighs most for the person.
        (
            Action.CREATE,
            MadeOfPerson(has_signed_in=True, has_learned=True, is_touched=True, is_placed_by_another=True),
            Undoing(KEEP, KeptReason.SIGNED_IN),
        ),
        # An account that was there before stays, whatever its person did.
        (Action.LINK, MadeOfPerson(is_linked_by_run=True), Undoing(UndoAction.UNLINK)),
        (
            Action.LINK,
            MadeOfPerson(is_linked_by_run=True, is_member_by_run=True, has_signed_in=True, has_learned=True),
            Undoing(UndoAction.UNLINK),
        ),
        (Action.LINK, MadeOfPerson(is_member_by_run=True, is_touched=True), Undoing(UndoAction.LEAVE)),
        (Action.LINK, MadeOfPerson(), None),
        (Action.LINK, MadeOfPerson(has_account=False, is_linked_by_run=True), None),
        (Action.JOIN, MadeOfPerson(is_member_by_run=True), Undoing(UndoAction.LEAVE)),
        (Action.JOIN, MadeOfPerson(), None),
        (Action.JOIN, MadeOfPerson(has_account=False, is_member_by_run=True), None),
    ],
)
def test_what_becomes_of_a_person(action: Action, made: MadeOfPerson, undoing: Undoing | None) -> None:
    assert undo_of_person(action, made) == undoing


NAMED_BY_HAND = Undoing(KEEP, KeptReason.TOUCHED)


@pytest.mark.parametrize(
    ("action", "made", "undoing"),
    [
        (GroupAction.CREATE_GROUP, MadeOfGroup(is_linked_by_run=True), Undoing(UndoAction.REMOVE_GROUP)),
        (
            GroupAction.CREATE_GROUP,
            MadeOfGroup(is_linked_by_run=True, is_in_use=True),
            Undoing(KEEP, KeptReason.GROUP_IN_USE),
        ),
        (GroupAction.CREATE_GROUP, MadeOfGroup(is_linked_by_run=True, has_the_given_name=False), NAMED_BY_HAND),
        (GroupAction.CREATE_GROUP, MadeOfGroup(is_linked_by_run=False), None),
        (GroupAction.CREATE_GROUP, MadeOfGroup(is_linked=False, is_linked_by_run=True), None),
        # A group that was there before stays, in use or not.
        (GroupAction.REUSE_GROUP, MadeOfGroup(is_linked_by_run=True), Undoing(UndoAction.RELEASE_GROUP)),
        (
            GroupAction.REUSE_GROUP,
            MadeOfGroup(is_linked_by_run=True, is_in_use=True),
            Undoing(UndoAction.RELEASE_GROUP),
        ),
        (GroupAction.REUSE_GROUP, MadeOfGroup(is_linked_by_run=False), None),
        # A renaming is of a group that an import before has linked.
        (GroupAction.RENAME_GROUP, MadeOfGroup(is_linked_by_run=False), Undoing(UndoAction.NAME_BACK)),
        (GroupAction.RENAME_GROUP, MadeOfGroup(is_in_use=True), Undoing(UndoAction.NAME_BACK)),
        (GroupAction.RENAME_GROUP, MadeOfGroup(has_the_given_name=False), NAMED_BY_HAND),
        (GroupAction.RENAME_GROUP, MadeOfGroup(is_linked=False), None),
    ],
)
def test_what_becomes_of_a_group(action: GroupAction, made: MadeOfGroup, undoing: Undoing | None) -> None:
    assert undo_of_group(action, made) == undoing
