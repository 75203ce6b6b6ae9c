"""The addresses of the pretend Lucca's API, each with the function that answers behind the gate."""

from starlette.routing import BaseRoute, Route

from lucca_simulator import definitions, organization, user_writes, users, v4
from lucca_simulator.gate import Answer, Call, Handler, gate
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.simulator import Simulator

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/api/v3/users", users.list_users),
    ("POST", "/api/v3/users", user_writes.create_user),
    ("GET", "/api/v3/users/help", users.help_users),
    ("GET", "/api/v3/users/search", users.search_users),
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


def api_routes(simulator: Simulator) -> list[BaseRoute]:
    """Those above; whatever else stands under an address of the API goes through the gate too."""
    known = [Route(path, gate(simulator, handler), methods=[method]) for method, path, handler in ROUTES]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    unknown = gate(simulator, not_found)
    prefixes = ("api", "organization", "directory", "lucca-api")
    return [*known, *(Route(f"/{prefix}/{{rest:path}}", unknown, methods=methods) for prefix in prefixes)]
