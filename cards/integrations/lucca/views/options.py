"""The options panel of both tabs: what was chosen last is remembered for the session (R20, R36, R37)."""

from cards.integrations.lucca.forms import ImportOptionsForm
from cards.people.access import SpaceRequest

OPTIONS = "lucca_import_options"


def remembered_options(request: SpaceRequest) -> ImportOptionsForm:
    return ImportOptionsForm(initial=request.session.get(OPTIONS), space=request.space)


def chosen_options(request: SpaceRequest) -> ImportOptionsForm:
    """What the request chose; remembered when it is possible."""
    form = ImportOptionsForm(request.POST, space=request.space)
    if form.is_valid():
        request.session[OPTIONS] = {
            "notify": "yes" if form.options.notify else "no",
            "connection_mode": form.options.connection_mode,
        }
    return form
