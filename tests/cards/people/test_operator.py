"""What the operator does in the browser: open spaces, name who manages them, activate integrations, read the log."""

from collections.abc import Callable

import pytest
from django.test import Client

from cards.audit.actions import record
from cards.audit.models import Entry
from cards.integrations.catalogue.models import Activation
from cards.people.models import Mail, Role, User
from cards.spaces.models import Space

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

NEW_SPACE = {
    "name": "Cedar",
    "slug": "cedar",
    "host": "cedar.example",
    "language": "fr",
    "time_zone": "Europe/Paris",
    "learner_quota": "50",
    "owner_first_name": "Chloé",
    "owner_last_name": "Roy",
    "owner_email": "chloe@cedar.example",
}


def test_the_operator_opens_a_space_whose_owner_is_invited(oscar: User, acme: Space, client_of: ClientOf) -> None:
    client = client_of(oscar)
    assert client.get("/operator/spaces/space/add/").status_code == 200
    assert client.post("/operator/spaces/space/add/", NEW_SPACE).status_code == 302
    space = Space.objects.get(slug="cedar")
    owner = User.objects.get(space=space)
    assert (space.learner_quota, owner.role, owner.language, owner.email) == (
        50,
        Role.OWNER,
        "fr",
        "chloe@cedar.example",
    )
    assert Mail.objects.get().user == owner
    assert set(Entry.objects.values_list("action", "actor")) >= {("space_opened", oscar.pk), ("user_created", oscar.pk)}


@pytest.mark.parametrize(
    ("field", "value"),
    [("host", "https://cedar.example"), ("host", "Cedar.example"), ("time_zone", "Mars/Olympus"), ("owner_email", "x")],
)
def test_a_space_that_could_not_work_is_not_opened(
    field: str, value: str, oscar: User, acme: Space, client_of: ClientOf
) -> None:
    assert client_of(oscar).post("/operator/spaces/space/add/", NEW_SPACE | {field: value}).status_code == 200
    assert not Space.objects.filter(slug="cedar").exists()


def test_the_operator_changes_a_quota_and_the_log_keeps_both(oscar: User, acme: Space, client_of: ClientOf) -> None:
    answers = {"name": "Acme", "slug": "acme", "host": "acme.example", "language": "en", "time_zone": "Europe/Paris"}
    client_of(oscar).post(f"/operator/spaces/space/{acme.pk}/change/", answers | {"learner_quota": "10"})
    acme.refresh_from_db()
    assert acme.learner_quota == 10
    assert Entry.objects.get(action="space_changed").details == {
        "former": {"learner_quota": None},
        "now": {"learner_quota": 10},
    }


@pytest.mark.requirement("R5")
def test_the_operator_activates_and_deactivates_an_integration(oscar: User, acme: Space, client_of: ClientOf) -> None:
    client = client_of(oscar)
    client.post("/operator/catalogue/activation/add/", {"space": acme.pk, "integration": "lucca"})
    activation = Activation.objects.get()
    assert (activation.space, activation.integration, activation.activated_by) == (acme, "lucca", oscar)
    page = client.get("/operator/catalogue/activation/").content.decode()
    assert '<td class="field-activated_by nowrap">Oscar Martin</td>' in page
    client.post(f"/operator/catalogue/activation/{activation.pk}/delete/", {"post": "yes"})
    assert not Activation.objects.exists()
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["integration_activated", "integration_deactivated"]


def test_many_activations_are_taken_back_one_by_one_in_the_log(
    oscar: User, acme: Space, birch: Space, client_of: ClientOf
) -> None:
    client = client_of(oscar)
    for space in (acme, birch):
        client.post("/operator/catalogue/activation/add/", {"space": space.pk, "integration": "lucca"})
    chosen = [str(activation.pk) for activation in Activation.objects.all()]
    answers = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    client.post("/operator/catalogue/activation/", answers)
    assert Entry.objects.filter(action="integration_deactivated").count() == 2


def test_the_operator_sees_who_manages_a_space_and_no_learner(
    oscar: User, ada: User, eli: User, lou: User, client_of: ClientOf
) -> None:
    client = client_of(oscar)
    page = client.get("/operator/people/user/").content.decode()
    assert "ada@acme.example" in page
    assert "lou@acme.example" not in page
    assert client.get(f"/operator/people/user/{lou.pk}/change/").status_code == 302


def test_the_operator_makes_an_editor_an_owner_and_lets_the_former_owner_go(
    oscar: User, ada: User, eli: User, client_of: ClientOf
) -> None:
    client = client_of(oscar)
    refused = client.post(f"/operator/people/user/{ada.pk}/change/", {"role": "owner"}, follow=True)
    assert "A space keeps at least one owner" in refused.content.decode()
    client.post(f"/operator/people/user/{eli.pk}/change/", {"role": "owner", "is_active": "on"})
    client.post(f"/operator/people/user/{ada.pk}/change/", {"role": "owner"})
    ada.refresh_from_db()
    eli.refresh_from_db()
    assert (eli.role, ada.is_active) == (Role.OWNER, False)


def test_the_operator_adds_an_owner_to_a_space(oscar: User, acme: Space, client_of: ClientOf) -> None:
    answers = {"email": "new@acme.example", "first_name": "New", "last_name": "Roy", "role": "owner"}
    client = client_of(oscar)
    assert client.post("/operator/people/user/add/", answers).status_code == 200
    assert client.post("/operator/people/user/add/", answers | {"space": acme.pk}).status_code == 302
    added = User.objects.get(email="new@acme.example")
    assert (added.space, added.role, added.mails.count()) == (acme, Role.OWNER, 1)


def test_the_log_is_read_and_never_changed(oscar: User, acme: Space, client_of: ClientOf) -> None:
    client = client_of(oscar)
    client.post("/operator/catalogue/activation/add/", {"space": acme.pk, "integration": "lucca"})
    entry = Entry.objects.get()
    record("sign_in_failed", space=acme, by=None, target="")
    page = client.get("/operator/audit/entry/").content.decode()
    assert "integration_activated" in page
    assert "Somebody tried to sign in as an unknown account and could not" in page
    assert client.get(f"/operator/audit/entry/{entry.pk}/change/").status_code == 200
    for address in ("add/", f"{entry.pk}/delete/"):
        assert client.post(f"/operator/audit/entry/{address}", {"post": "yes"}).status_code == 403
    client.post(f"/operator/audit/entry/{entry.pk}/change/", {"action": "other"})
    assert Entry.objects.get(pk=entry.pk).action == "integration_activated"


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("address", ["", "spaces/space/", "people/user/", "catalogue/activation/", "audit/entry/"])
def test_nobody_else_sees_the_operator_s_pages(address: str, ada: User, lou: User, client_of: ClientOf) -> None:
    for user in (ada, lou):
        assert client_of(user).get(f"/operator/{address}", follow=True).status_code == 403
    anonymous = Client(SERVER_NAME="acme.example").get(f"/operator/{address}")
    assert (anonymous.status_code, anonymous["Location"].split("?")[0]) == (302, "/operator/login/")
