"""The routes of the pretend Lucca: the API behind its gate, the control beside it, the screens for people."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from lucca_simulator import users
from lucca_simulator.control import control_routes
from lucca_simulator.gate import Answer, Call, Handler, gate
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.simulator import Simulator

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/api/v3/users", users.list_users),
    ("GET", "/api/v3/users/{id}", users.read_user),
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
    return Starlette(routes=[*control_routes(simulator), *api])
