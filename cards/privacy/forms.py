"""What the audit log is narrowed to. A value that makes no sense does not narrow it."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cards.audit.words import Subject
from cards.privacy.log import LogFilters


class LogFilterForm(forms.Form):
    """The filters above the audit log."""

    q = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Search a person")})
    )
    subject = forms.ChoiceField(required=False, choices=[("", _("All kinds of acts")), *Subject.choices])
    since = forms.DateField(required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    # An id as the databases know them; more digits are nobody's.
    person = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, wishes: QueryDict) -> None:
        super().__init__(wishes)
        labels = {"q": _("Search a person"), "subject": _("Kind of act"), "since": _("From"), "until": _("To")}
        for name, label in labels.items():
            field = self.fields[name]
            field.label = label
            field.widget.attrs["aria-label"] = label
            field.widget.attrs["class"] = "form-select" if name == "subject" else "form-control"

    def filters(self) -> LogFilters:
        self.is_valid()
        said = self.cleaned_data
        return LogFilters(
            text=said.get("q", ""),
            person=said.get("person"),
            subject=said.get("subject", ""),
            since=_within_reason(said.get("since")),
            until=_within_reason(said.get("until")),
        )


def _within_reason(day: date | None) -> date | None:
    """A day that still is one in every time zone."""
    return day if day and 1970 <= day.year < 3000 else None
