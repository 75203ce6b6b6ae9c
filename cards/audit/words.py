"""What each action of the audit log is called on screen: one sentence each, in an HR manager's words.

`{who}` did it (Cards itself, if nobody did), `{what}` it was done to. A test holds this to the actions in the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """What an act is about, to narrow the log by."""

    SIGN_IN = "sign_in", _("Sign-ins")
    PEOPLE = "people", _("People and roles")
    GROUPS = "groups", _("Groups")
    TRAININGS = "trainings", _("Trainings")
    LUCCA = "lucca", _("Lucca")
    SPACE = "space", _("Space, integrations and SSO")
    PRIVACY = "privacy", _("Personal data")


@dataclass(frozen=True)
class Act:
    """What an action is about, and the sentence that tells it."""

    subject: Subject
    sentence: Promise


ACTS: Mapping[str, Act] = {
    "signed_in": Act(Subject.SIGN_IN, _("{who} signed in")),
    "sign_in_failed": Act(Subject.SIGN_IN, _("Somebody tried to sign in as {what} and could not")),
    "signed_out": Act(Subject.SIGN_IN, _("{who} signed out")),
    "second_factor_failed": Act(Subject.SIGN_IN, _("Somebody typed the password of {what}, but not the code")),
    "recovery_code_used": Act(Subject.SIGN_IN, _("{who} signed in with a recovery code")),
    "second_factor_set_up": Act(Subject.SIGN_IN, _("{who} set up two-step sign-in")),
    "recovery_codes_renewed": Act(Subject.SIGN_IN, _("{who} made new recovery codes")),
    "second_factor_turned_off": Act(Subject.SIGN_IN, _("{who} turned two-step sign-in off")),
    "second_factor_reset": Act(Subject.SIGN_IN, _("{who} reset two-step sign-in of {what}")),
    "sessions_ended": Act(Subject.SIGN_IN, _("{who} signed {what} out on other devices")),
    "password_changed": Act(Subject.SIGN_IN, _("{who} chose a new password")),
    "sso_refused": Act(Subject.SIGN_IN, _("Somebody came by SSO and was not let in")),
    "user_created": Act(Subject.PEOPLE, _("{who} opened an account for {what}")),
    "user_changed": Act(Subject.PEOPLE, _("{who} changed the account of {what}")),
    "connection_modes_changed": Act(Subject.PEOPLE, _("{who} changed how several people sign in")),
    "role_changed": Act(Subject.PEOPLE, _("{who} gave {what} another role")),
    "user_deactivated": Act(Subject.PEOPLE, _("{who} deactivated the account of {what}")),
    "sign_in_reset": Act(Subject.PEOPLE, _("{who} reset how {what} signs in")),
    "user_activated": Act(Subject.PEOPLE, _("{who} activated the account of {what} again")),
    "users_invited": Act(Subject.PEOPLE, _("{who} invited people")),
    "user_invited": Act(Subject.PEOPLE, _("{who} sent {what} an invitation again")),
    "invitation_withdrawn": Act(
        Subject.PEOPLE, _("{who} withdrew the invitation of {what}, whom Lucca does not expect any more")
    ),
    "group_created": Act(Subject.GROUPS, _("{who} made the group {what}")),
    "group_changed": Act(Subject.GROUPS, _("{who} changed the group {what}")),
    "group_deleted": Act(Subject.GROUPS, _("{who} deleted the group {what}")),
    "members_added": Act(Subject.GROUPS, _("{who} added people to the group {what}")),
    "member_removed": Act(Subject.GROUPS, _("{who} took somebody out of the group {what}")),
    "training_created": Act(Subject.TRAININGS, _("{who} made the training {what}")),
    "training_changed": Act(Subject.TRAININGS, _("{who} changed the training {what}")),
    "training_published": Act(Subject.TRAININGS, _("{who} published the training {what}")),
    "training_withdrawn": Act(Subject.TRAININGS, _("{who} withdrew the training {what}")),
    "training_given": Act(Subject.TRAININGS, _("{who} gave the training {what}")),
    "training_taken": Act(Subject.TRAININGS, _("{who} took the training {what} from a group")),
    "training_moved": Act(Subject.TRAININGS, _("{who} moved the training {what} in the list")),
    "training_deleted": Act(Subject.TRAININGS, _("{who} deleted the training {what}")),
    "chapter_created": Act(Subject.TRAININGS, _("{who} added the chapter {what}")),
    "chapter_changed": Act(Subject.TRAININGS, _("{who} changed the chapter {what}")),
    "chapter_moved": Act(Subject.TRAININGS, _("{who} moved the chapter {what}")),
    "chapter_deleted": Act(Subject.TRAININGS, _("{who} deleted the chapter {what}")),
    "question_created": Act(Subject.TRAININGS, _("{who} added a question to the chapter {what}")),
    "question_changed": Act(Subject.TRAININGS, _("{who} changed a question of the chapter {what}")),
    "question_moved": Act(Subject.TRAININGS, _("{who} moved the question {what}")),
    "question_deleted": Act(Subject.TRAININGS, _("{who} deleted a question of the chapter {what}")),
    "run_paused": Act(Subject.LUCCA, _("{who} paused: {what}")),
    "run_resumed": Act(Subject.LUCCA, _("{who} resumed: {what}")),
    "run_cancelled": Act(Subject.LUCCA, _("{who} stopped or gave up: {what}")),
    "lucca.configured": Act(Subject.LUCCA, _("{who} saved the access to Lucca ({what})")),
    "lucca.disconnected": Act(Subject.LUCCA, _("{who} disconnected Lucca ({what})")),
    "lucca.forgotten": Act(Subject.LUCCA, _("{who} had everything about Lucca forgotten")),
    "lucca.import_started": Act(Subject.LUCCA, _("{who} imported from Lucca: {what}")),
    "lucca.undo_started": Act(Subject.LUCCA, _("{who} undid an import: {what}")),
    "lucca.invitations_released": Act(Subject.LUCCA, _("{who} let the invitations leave at once: {what}")),
    "lucca.invitations_withdrawn": Act(Subject.LUCCA, _("{who} withdrew the invitations: {what}")),
    "lucca.linked_by_hand": Act(Subject.LUCCA, _("{who} linked the collaborator {what} to an account")),
    "lucca.unlinked": Act(Subject.LUCCA, _("{who} took the link of the collaborator {what} away")),
    "lucca.link_moved": Act(Subject.LUCCA, _("{who} moved the link of a former file to the collaborator {what}")),
    "lucca.checked_again": Act(Subject.LUCCA, _("{who} read the collaborator {what} from Lucca again")),
    "lucca.statistics_switched_on": Act(Subject.LUCCA, _("{who} switched the statistics on")),
    "lucca.statistics_switched_off": Act(Subject.LUCCA, _("{who} switched the statistics off")),
    "lucca.statistics_changed": Act(Subject.LUCCA, _("{who} changed the fields of the statistics")),
    "lucca.push_started": Act(Subject.LUCCA, _("{who} sent statistics to Lucca: {what}")),
    "lucca.removal_started": Act(Subject.LUCCA, _("{who} had the statistics removed from Lucca: {what}")),
    "lucca.rows_removed_from_one": Act(
        Subject.LUCCA, _("{who} had the results of others removed from the file of the collaborator {what} in Lucca")
    ),
    "lucca.nights_stopped": Act(
        Subject.LUCCA, _("{who} stopped sending statistics at night, because Lucca refuses the key ({what})")
    ),
    "space_opened": Act(Subject.SPACE, _("{who} opened the space {what}")),
    "space_changed": Act(Subject.SPACE, _("{who} changed the settings of the space {what}")),
    "integration_activated": Act(Subject.SPACE, _("{who} activated the integration {what}")),
    "integration_deactivated": Act(Subject.SPACE, _("{who} deactivated the integration {what}")),
    "sso_configured": Act(Subject.SPACE, _("{who} set up the identity provider ({what})")),
    "sso_removed": Act(Subject.SPACE, _("{who} removed the identity provider")),
    "operator_created": Act(Subject.SPACE, _("{who} made an operator: {what}")),
    "keys_rotated": Act(Subject.SPACE, _("{who} encrypted the kept secrets with another key")),
    "secrets_forgotten": Act(Subject.SPACE, _("{who} forgot the kept secrets whose encryption key was lost")),
    "privacy.person_exported": Act(Subject.PRIVACY, _("{who} downloaded the personal data of {what}")),
    "privacy.own_data_exported": Act(Subject.PRIVACY, _("{who} downloaded their own personal data")),
    "privacy.person_erased": Act(Subject.PRIVACY, _("{who} erased a person: {what}")),
    "audit.pruned": Act(Subject.PRIVACY, _("{who} deleted the oldest entries of this log, as the settings say")),
}
