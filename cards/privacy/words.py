"""What the parts of an export are called on screen."""

from django.utils.translation import gettext_lazy as _

PARTS = {
    "account": _("Account"),
    "groups": _("Groups"),
    "sign_in_by_sso": _("Sign-in by SSO"),
    "second_factor": _("Two-step sign-in"),
    "sessions": _("Signed-in devices"),
    "attempts": _("Attempts at trainings"),
    "chapters_completed": _("Completed chapters"),
    "answers": _("Answers"),
    "statistics": _("Results by training"),
    "mails": _("Mails"),
    "links_to_lucca": _("Links to a file in Lucca"),
    "directory_of_lucca": _("Files in the directory of collaborators"),
    "receipts_of_lucca": _("Receipts of what was sent to Lucca"),
    "lines_of_reports": _("Lines of reports"),
    "audit_log": _("Entries of the audit log"),
}


def part_words(name: str) -> str:
    return str(PARTS[name])
