"""What screens, reports and commands say about sending statistics, in an HR manager's words and Lucca's own."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.codes import CodeFault
from cards.integrations.lucca.field_check import CheckLine, Standing, Subject
from cards.people.letters import Words
from cards.spaces.addresses import absolute
from cards.spaces.models import Space
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
