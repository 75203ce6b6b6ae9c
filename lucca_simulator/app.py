"""The routes of the pretend Lucca: the API behind its gate, the control beside it, the screens for people."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from lucca_simulator import definitions, organization, user_writes, users, v4
from lucca_simulator.control import control_routes
from lucca_simulator.gate import Answer, Call, Handler, gate
from lucca_simulator.hr_file import hr_file_routes
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.pages import STYLE, page
from lucca_simulator.settings_screens import settings_routes
from lucca_simulator.simulator import Simulator

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/api/v3/users", users.list_users),
    ("POST", "/api/v3/users", user_writes.create_user),
    ("GET", "/api/v3/users/help", users.help_users),
    ("GET", "/api/v3/users/{id}", users.read_user),
    ("PUT", "/api/v3/users/{id}", user_writes.update_user),
    ("GET", "/api/v3/extensionuserdefinitions", definitions.list_definitions),
    ("GET", "/api/v3/extensionuserdefinitions/{code}", definitions.read_definition),
    ("GET", "/api/v3/userproperties", definitions.list_properties),
    ("GET", "/api/v3/departments", organization.retiring(organization.list_departments)),
    ("GET", "/api/v3/departments/tree", organization.retiring(organization.read_tree)),
    ("GET", "/api/v3/departments/help", organization.retiring(organization.help_departments)),
    ("GET", "/api/v3/departments/{id}", organization.retiring(organization.read_department)),
    ("GET", "/api/v3/legalentities", organization.retiring(organization.list_legal_entities)),
    ("GET", "/api/v3/legalentities/{id}", organization.retiring(organization.read_legal_entity)),
    ("GET", "/api/v3/roles", organization.list_roles),
    *v4.ROUTES,
)


def not_found(call: Call) -> Answer:
    """404 with the API's own body, for addresses that it does not have."""
    raise RefusedError(404, f"No resource at {call.parts.get('rest', '')}")


def build_app(simulator: Simulator) -> Starlette:
    api: list[BaseRoute] = [Route(path, gate(simulator, handler), methods=[method]) for method, path, handler in ROUTES]
    every_method = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    unknown = gate(simulator, not_found)
    prefixes = ("api", "organization", "directory", "lucca-api")
    api.extend(Route(f"/{prefix}/{{rest:path}}", unknown, methods=every_method) for prefix in prefixes)
    screens = [*hr_file_routes(simulator), *settings_routes(simulator), Route("/static/style.css", style)]
    routes = [*control_routes(simulator), *api, *screens]
    return Starlette(routes=routes, exception_handlers={404: missing})


async def style(_request: Request) -> Response:
    return FileResponse(STYLE, headers={"Cache-Control": "no-cache"})


async def missing(_request: Request, _error: Exception) -> Response:
    return page("missing.html", {}, 404)
