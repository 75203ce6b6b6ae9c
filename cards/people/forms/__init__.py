"""The forms of sign-in, users, groups and the space."""

from crispy_forms.helper import FormHelper
from django.utils.functional import Promise


def fields_only(error_title: str | Promise = "") -> FormHelper:
    """Renders fields and errors; the template writes the form around them."""
    helper = FormHelper()
    helper.form_tag = False
    if error_title:
        helper.form_error_title = error_title
    return helper
