"""From which address a request comes, for whatever is recorded while it is answered. The one place that knows."""

from collections.abc import Callable
from contextvars import ContextVar

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse

_address: ContextVar[str | None] = ContextVar("the address of the request in hand", default=None)


def address() -> str | None:
    """The address of the request that is being answered; None for what no request asked for."""
    return _address.get()


def address_of_request(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Remember where the request comes from until it is answered. Only the proxy in front is believed about it."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = _address.set(get_client_ip(request))
        try:
            return get_response(request)
        finally:
            _address.reset(token)

    return answer
