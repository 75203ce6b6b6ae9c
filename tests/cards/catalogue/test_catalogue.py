"""The page "Integrations and applications", and the door to what is behind it."""

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from cards.integrations.catalogue.access import for_activated
from cards.integrations.catalogue.actions import activate
from cards.integrations.catalogue.registry import Integration
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role, User
from cards.spaces.models import Space
from tests.cards.catalogue.conftest import ClientOf


@open_to(Role.OWNER)
@for_activated("payroll")
def behind(request: SpaceRequest) -> HttpResponse:
    return HttpResponse("inside")


urlpatterns = [path("behind/", behind), path("", include("cards.urls"))]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.mark.requirement("R4")
@override_settings(CARDS_CONTACT_URL="https://vendor.example/contact")
def test_an_integration_that_is_not_activated_offers_a_contact_and_no_configuration(
    ada: User, payroll: Integration, client_of: ClientOf
) -> None:
    page = client_of(ada).get("/integrations/").content.decode()
    assert "Payroll" in page
    assert 'href="https://vendor.example/contact"' in page
    assert "Configuration" not in page


@pytest.mark.requirement("R6")
def test_an_activated_integration_leads_to_its_configuration(
    acme: Space, ada: User, payroll: Integration, client_of: ClientOf
) -> None:
    activate(space=acme, integration="payroll", by=None)
    page = client_of(ada).get("/integrations/").content.decode()
    assert "Configuration" in page
    assert "Contact us" not in page


@pytest.mark.requirement("R6")
def test_the_addresses_of_an_integration_do_not_exist_before_it_is_activated(
    acme: Space, ada: User, payroll: Integration, client_of: ClientOf
) -> None:
    assert client_of(ada).get("/behind/").status_code == 404
    activate(space=acme, integration="payroll", by=None)
    assert client_of(ada).get("/behind/").content == b"inside"


def test_what_is_activated_for_one_space_opens_no_door_in_another(
    acme: Space, zoe: User, payroll: Integration, client_of: ClientOf
) -> None:
    activate(space=acme, integration="payroll", by=None)
    assert client_of(zoe).get("/behind/").status_code == 404
    assert "Contact us" in client_of(zoe).get("/integrations/").content.decode()


def test_a_space_cannot_activate_anything_itself(acme: Space, ada: User, payroll: Integration, client: Client) -> None:
    client.force_login(ada)
    answer = client.post(
        "/operator/catalogue/activation/add/", {"space": acme.pk, "integration": "payroll"}, SERVER_NAME="acme.example"
    )
    assert answer.status_code in (302, 403)
    assert not acme.activations.exists()


def test_editors_see_the_page_and_learners_do_not(
    eli: User, lou: User, payroll: Integration, client_of: ClientOf
) -> None:
    assert client_of(eli).get("/integrations/").status_code == 200
    assert client_of(lou).get("/integrations/").status_code == 403
