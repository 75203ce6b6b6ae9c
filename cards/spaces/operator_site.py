"""The operator's own pages, under /operator/: Django's admin with only what an operator needs."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class OperatorSite(AdminSite):
    site_title = _("Cards")
    site_header = _("Cards · operator")
    index_title = _("Spaces and what they may use")
    site_url = None


site = OperatorSite()
