"""Which texts of code and templates are found."""

from pathlib import Path

from tools.extraction import Text, texts_of

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
_("Save")
pgettext_lazy("verb", "Open")
ngettext("%(n)s day", "%(n)s days", 3)
_("two "
  "lines")
print("not for the reader")
"""
TEMPLATE = """
{% load i18n ui %}
{# translate "a remark" #}
    {% translate "Save" %} {% badge _("Imported") "success" %} {{ _("Later")|capfirst }}
  {% blocktranslate count n=days trimmed %}
     {{ n }} day
  {% plural %}
     {{ n }} days
  {% endblocktranslate %}
      {% translate "Open" context "verb" %} it's (not for
  {% blocktranslate %}60% done{% endblocktranslate %}
"""


def test_every_text_of_code_is_found(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text(PYTHON)
    assert list(texts_of(path)) == [
        Text("", "Save", ""),
        Text("verb", "Open", ""),
        Text("", "%(n)s day", "%(n)s days"),
        Text("", "two lines", ""),
    ]


def test_every_text_of_a_template_is_found_whatever_its_indentation(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(TEMPLATE)
    assert list(texts_of(path)) == [
        Text("", "Save", ""),
        Text("", "Imported", ""),
        Text("", "Later", ""),
        Text("", "%(n)s day", "%(n)s days"),
        Text("verb", "Open", ""),
        Text("", "60%% done", ""),
    ]
