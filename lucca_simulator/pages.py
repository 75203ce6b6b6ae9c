"""How the screens are rendered: templates with escaping on, words for values, one place for addresses and headers."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lucca_simulator.drafts import Form
from lucca_simulator.simulator import Simulator

HERE = Path(__file__).parent
STYLE = HERE / "static" / "style.css"
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def day(value: date | None) -> str:
    """`22 November 2026`, or a dash."""
    return f"{value.day} {value:%B} {value.year}" if value else "–"


def is_link(value: object) -> bool:
    """Whether a hyperlink may be followed; whatever else was written there is shown as text."""
    if not isinstance(value, str):
        return False
    try:
        return urlsplit(value).scheme in {"http", "https"}
    except ValueError:
        return False


TEMPLATES.filters["day"] = day
TEMPLATES.tests["link"] = is_link


def page(name: str, context: Mapping[str, Any], status: int = 200) -> Response:
    return HTMLResponse(TEMPLATES.get_template(name).render(context), status, HEADERS)


def seen_at(address: str) -> Response:
    """Success redirects, so that reloading repeats nothing."""
    return RedirectResponse(address, 303)


def is_foreign(request: Request) -> bool:
    """Whether a page of another site makes a browser change something here."""
    return request.method != "GET" and request.headers.get("sec-fetch-site") == "cross-site"


# What a screen does: the simulator, the request and the fields of the posted form give a page.
Show = Callable[[Simulator, Request, Form], Response]


def screens(simulator: Simulator, table: Iterable[tuple[str, str, Show]]) -> list[BaseRoute]:
    """The routes of screens; each acts under the simulator's lock."""

    def endpoint_of(show: Show) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            form = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
            if is_foreign(request):
                raise HTTPException(403)
            with simulator.lock:
                return show(simulator, request, form)

        return endpoint

    return [Route(path, endpoint_of(show), methods=[verb]) for verb, path, show in table]
