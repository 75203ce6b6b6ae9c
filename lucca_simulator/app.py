"""The whole site of the pretend Lucca: the API, the remote control beside it, the screens for people."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lucca_simulator.api import api_routes
from lucca_simulator.control import control_routes
from lucca_simulator.hr_file import hr_file_routes
from lucca_simulator.pages import STYLE, page
from lucca_simulator.settings_screens import settings_routes
from lucca_simulator.simulator import Simulator


def build_app(simulator: Simulator) -> Starlette:
    screens = [*hr_file_routes(simulator), *settings_routes(simulator), Route("/static/style.css", style)]
    routes = [*control_routes(simulator), *api_routes(simulator), *screens]
    return Starlette(routes=routes, exception_handlers={404: missing})


async def style(_request: Request) -> Response:
    return FileResponse(STYLE, headers={"Cache-Control": "no-cache"})


async def missing(_request: Request, _error: Exception) -> Response:
    return page("missing.html", {}, 404)
