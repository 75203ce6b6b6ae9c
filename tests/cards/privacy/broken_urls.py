"""The addresses of the product, and one behind which something breaks with secrets in its hands."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from cards.integrations.lucca.connect import client_of
from cards.integrations.lucca.models import LuccaAccount
from cards.people.models import User
from cards.seal import unseal
from cards.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


def broken(request: HttpRequest) -> HttpResponse:
    account = LuccaAccount.objects.get()
    key, client, people = unseal(account.encrypted_key), client_of(account), list(User.objects.all())
    raise RuntimeError(f"{len(key)} {client} {len(people)} {request.method}")


urlpatterns = [*urlpatterns, path("broken/", broken)]
