"""The way from a user to the collaborator who they are."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from cards.integrations.catalogue.queries import is_active
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.sides import links_of
from cards.people.about import AboutPage
from cards.people.models import User
from cards.spaces.models import Space


def collaborator_page(space: Space, user: User) -> Iterable[AboutPage]:
    """Nothing for whoever is not linked, and where the integration is not activated (R6)."""
    account = LuccaAccount.objects.filter(space=space).first()
    if account is None or not is_active(space, "lucca"):
        return
    linked = links_of(account).filter(user=user).values("lucca_id")
    employee = DirectoryEmployee.objects.filter(account=account, lucca_id__in=linked).first()
    if employee is not None:
        yield AboutPage(_("Link with Lucca"), reverse("lucca_person", args=[employee.pk]), "link")
