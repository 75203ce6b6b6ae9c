"""What the fields of pages and forms may hold: what is an id and of whom, and something that fits for the others."""

import re
from collections.abc import Callable

from cards.integrations.lucca.models import DirectoryEmployee
from cards.people.models import Group, User
from cards.runs.models import RunLine
from cards.trainings.models import Choice
from tests.cards.walk.filled import Filled

# What views ask for beside their address, where it is an id: of which row.
IDS: dict[str, Callable[[Filled], object]] = {
    "group": lambda filled: filled.first(Group).pk,
    "user": lambda filled: filled.rows[User][3].pk,
    "person": lambda filled: filled.rows[User][3].pk,
    "choice": lambda filled: filled.rows[Choice][0].pk,
    "line": lambda filled: filled.rows[RunLine][1].pk,
    "after": lambda filled: filled.rows[User][1].pk,
    "before": lambda filled: filled.rows[User][1].pk,
    "department": lambda filled: filled.first(DirectoryEmployee).department_lucca_id,
}
# Of these, what a form asks for only to show its list again.
PAGING = {"after", "before", "department"}
# The others, with something that fits; names that begin alike are fields of one form.
FIELDS: dict[str, object] = {
    **dict.fromkeys(
        ("first_name", "last_name", "title", "description", "text", "words", "explanation", "name"), "Hers"
    ),
    **dict.fromkeys(("q", "search", "add"), "e"),
    **dict.fromkeys(
        ("state", "show", "standing", "mode", "last", "video", "picture_description", "key", "urlencode"), ""
    ),
    **dict.fromkeys(("compound", "progress", "score", "completed_on"), ""),
    **dict.fromkeys(("invite", "believe", "is_on", "other_lucca", "read", "remove_picture", "right_1"), "on"),
    **dict.fromkeys(("second_factor_is_required", "since", "until", "as_of", "subject", "code"), ""),
    **dict.fromkeys(("present_password", "new_password1", "new_password2"), "a new long password"),
    "email": "new@wombat.example",
    "role": "learner",
    "language": "en",
    "connection_mode": "password",
    "kind": "single",
    "points": 1,
    "choice_1": "Yes",
    "choice_2": "No",
    "url": "https://wombat.ilucca.net",
    "link": "e_link",
    "notify": "no",
    "period": "weeks",
    "tab": "departments",
    "number": 2,
    "attempt": 1,
    "ticked": "yes",
    "back": "show=create",
}
LEFT_OUT = re.compile(r"(choice|right)_[2-6]|picture|another|last|urlencode")
