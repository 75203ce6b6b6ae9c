"""The operator's own pages, under /operator/: Django's admin with only what an operator needs."""

from typing import Any

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

# Addresses of Django's that no page here leads to.
UNUSED = ("autocomplete", "view_on_site")


class OperatorSite(AdminSite):
    site_title = _("Cards")
    site_header = _("Cards · operator")
    index_title = _("Spaces and what they may use")
    site_url = None
    final_catch_all_view = False

    def get_urls(self) -> list[Any]:
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in UNUSED]


site = OperatorSite()
