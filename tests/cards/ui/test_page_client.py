"""The tests' own browser sees what it must see."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.GET["page"])


urlpatterns = [path("", echo)]


@pytest.mark.parametrize("page", ["<script>go()</script>", '<p style="x">', "{{ user }}", "{% url %}", "<td>None</td>"])
def test_a_page_that_the_policy_would_break_or_that_leaks_fails(page: str, client: Client) -> None:
    with pytest.raises(AssertionError):
        client.get("/", {"page": page})


def test_a_sound_page_passes(client: Client) -> None:
    assert client.get("/", {"page": "<p>None of them {is} wrong</p>"}).status_code == 200
