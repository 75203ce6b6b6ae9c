"""The health address: whether this process can answer, for a load balancer. It tells nothing else."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

ADDRESS = "/health"

Answer = Callable[[HttpRequest], HttpResponse]


def answer_health(get_response: Answer) -> Answer:
    """Answer 200 at `/health` while the database answers, else 503.

    A middleware, because load balancers ask by an address of the network, which is the host of no space, and by http.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path != ADDRESS:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        is_well = database_answers()
        return HttpResponse(
            "well\n" if is_well else "the database does not answer\n",
            content_type="text/plain",
            status=200 if is_well else 503,
            headers={"Cache-Control": "no-store"},
        )

    return answer


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
