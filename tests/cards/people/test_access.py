"""Who may enter a page: by role, by space, by being signed in."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role, User
from cards.spaces.models import Space

ClientOf = Callable[[User], Client]


@open_to(Role.OWNER, Role.EDITOR)
def staff_room(request: SpaceRequest, number: int) -> HttpResponse:
    return HttpResponse(f"{request.user.first_name} at {request.space.name}, room {number}")


urlpatterns = [path("room/<int:number>/", staff_room), path("", include("cards.urls"))]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.mark.parametrize("name", ["ada", "eli"])
def test_a_page_lets_in_each_role_it_names(name: str, client_of: ClientOf, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(name)
    assert client_of(user).get("/room/7/").content.decode() == f"{user.first_name} at Acme, room 7"


def test_a_page_refuses_every_other_role(lou: User, client_of: ClientOf) -> None:
    assert client_of(lou).get("/room/7/").status_code == 403


def test_an_operator_belongs_to_no_space_and_is_refused(oscar: User, acme: Space, client_of: ClientOf) -> None:
    assert client_of(oscar).get("/room/7/").status_code == 403


def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(acme: Space, client: Client) -> None:
    answer = client.get("/room/7/?q=a%26b", SERVER_NAME="acme.example")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/room/7/%3Fq%3Da%2526b")


@pytest.mark.parametrize(
    ("sent_from", "page"),
    [
        ("http://acme.example/rooms/?q=7", "/rooms/%3Fq%3D7"),
        ("http://birch.example/rooms/", "/room/7/"),
        ("", "/room/7/"),
    ],
)
def test_whoever_sent_a_form_after_the_session_ended_comes_back_to_the_page_it_stood_on(
    sent_from: str, page: str, acme: Space, client: Client
) -> None:
    answer = client.post("/room/7/", SERVER_NAME="acme.example", headers={"Referer": sent_from})
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={page}")


def test_a_fragment_asked_for_after_the_session_ended_moves_the_whole_page(acme: Space, client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://acme.example/rooms/"}
    answer = client.get("/room/7/", SERVER_NAME="acme.example", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/account/login/?next=/rooms/")


def test_the_sign_in_page_says_that_a_session_has_ended_only_when_one_has(
    ada: User, acme: Space, client: Client, client_of: ClientOf
) -> None:
    sentence = "You were signed out."
    assert sentence not in client.get("/room/7/", SERVER_NAME="acme.example", follow=True).content.decode()
    ended = client_of(ada)
    ended.cookies["sessionid"] = "ended"
    assert sentence in ended.get("/room/7/", follow=True).content.decode()


def test_what_a_page_sends_after_the_session_ended_leaves_it_where_it_is(acme: Space, client: Client) -> None:
    answer = client.post("/room/7/", SERVER_NAME="acme.example", headers={"HX-Request": "true"})
    assert (answer.status_code, "HX-Redirect" in answer) == (401, False)


def test_a_host_without_a_space_has_no_pages(acme: Space, birch: Space, client: Client) -> None:
    assert client.get("/room/7/", SERVER_NAME="elsewhere.example").status_code == 404


def test_a_session_counts_only_in_the_space_of_its_user(ada: User, zoe: User, client_of: ClientOf) -> None:
    client = client_of(zoe)
    assert client.get("/room/7/", SERVER_NAME="acme.example").status_code == 302


def test_showing_a_session_to_another_space_does_not_end_it(ada: User, zoe: User, client_of: ClientOf) -> None:
    client = client_of(zoe)
    cookie = client.cookies["sessionid"].value
    client.get("/room/7/", SERVER_NAME="acme.example")
    client.cookies["sessionid"] = cookie
    assert client.get("/room/7/", SERVER_NAME="birch.example").content.decode() == "Zoé at Birch, room 7"


def test_a_deactivated_user_is_out_at_once(ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    ada.is_active = False
    ada.save()
    assert client.get("/room/7/").status_code == 302


@override_settings(ALLOWED_HOSTS=["localhost"])
def test_a_deployment_with_one_space_answers_on_any_allowed_host(ada: User, client_of: ClientOf) -> None:
    assert client_of(ada).get("/room/7/", SERVER_NAME="localhost").status_code == 200
    assert client_of(ada).get("/room/7/", SERVER_NAME="not-allowed.example").status_code == 400


def test_a_page_speaks_the_language_of_its_reader(ada: User, client_of: ClientOf) -> None:
    ada.language = "fr"
    ada.save()
    answer = client_of(ada).get("/room/7/", headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "fr"
