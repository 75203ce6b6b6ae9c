"""docs/roles.md: who may enter which address, written from the code itself so that it cannot differ from it.

`write` renews the page, `check` fails when it is not what the code says, or when an address does not say who may enter.
"""

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import django
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

PAGE = Path(__file__).resolve().parent.parent / "docs" / "roles.md"
WHO = {
    "stranger": "nobody signed in",
    "learner": "learner",
    "editor": "editor",
    "owner": "owner",
    "operator": "operator",
}
HEAD = """# Who may enter what

Every address, by whom it lets in. This page is written from the code (`make roles`); `make check` fails when the two
differ, and a test asks for every address as everybody below (`tests/cards/walk`).

- Who is not signed in at a space's address is sent to the sign-in page and comes back afterwards; at an operator's
  address, to the operator's. Who is signed in with another role gets 403.
- Nobody is signed in at another space's host, and there what belongs to a space does not exist: 404, like what was
  never there. At a host without a space only the operator's addresses, the language and the theme exist.
- Below `/integrations/lucca/` everything is 404 until the operator has activated the integration, and most of it until
  an owner has connected Lucca. Taking back what was written to Lucca is the owner's alone, also to start and to stop.
- Learners see the trainings that are published and given to them; other ids answer 404.

"""
# `<int:user_id>` of a route, `(?P<run_id>[0-9]+)` of a regular expression.
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>([^)]*)\)")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver with its view. `route` is as it is written in `urls.py`, without anchors."""

    route: str
    name: str
    view: Callable[..., Any]

    @property
    def shown(self) -> str:
        return PARAMETER.sub(lambda found: f"<{found[1] or found[2]}>", self.route)

    @property
    def parameters(self) -> dict[str, list[str]]:
        """Each parameter with the words it may be, where the pattern lists them."""
        return {
            found[1] or found[2]: re.findall(r"[\w-]+", found[3]) if "|" in (found[3] or "") else []
            for found in PARAMETER.finditer(self.route)
        }

    def filled(self, values: dict[str, object]) -> str:
        return PARAMETER.sub(lambda found: str(values[found[1] or found[2]]), self.route)

    @cached_property
    def is_operators(self) -> bool:
        """Whether Django's admin guards it."""
        return hasattr(self.view, "admin_site") or hasattr(self.view, "model_admin")

    @cached_property
    def open_to(self) -> frozenset[str] | None:
        """Keys of WHO; None when the view does not say it."""
        if self.is_operators:
            return frozenset({"operator"} if self._admin_may("add", "delete") else ())
        said = getattr(self.view, "open_to", None)
        return None if said is None else frozenset(str(who) for who in said)

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """GET, POST or both; what a view does not restrict is both."""
        allowed = self._required_methods()
        if not allowed and hasattr(self.view, "view_class"):
            allowed = [name for name in ("GET", "POST") if hasattr(self.view.view_class, name.lower())]
        if self.is_operators and not self._admin_may("change"):
            allowed = ["GET"]
        return tuple(name for name in ("GET", "POST") if not allowed or name in allowed)

    def _required_methods(self) -> list[str]:
        """What Django's `require_http_methods`, somewhere around the view, keeps to itself."""
        view: Any = self.view
        while view is not None:
            allowed = inspect.getclosurevars(view).nonlocals.get("request_method_list")
            if allowed:
                return list(allowed)
            view = getattr(view, "__wrapped__", None)
        return []

    def _admin_may(self, *acts: str) -> bool:
        """Whether Django's admin lets operators do the one of `acts` that the address names, if it names one."""
        act = self.route.rstrip("/").rsplit("/", 1)[-1]
        if act not in acts or not hasattr(self.view, "model_admin"):
            return True
        request = HttpRequest()
        request.user = get_user_model()(is_operator=True)
        return bool(getattr(self.view.model_admin, f"has_{act}_permission")(request))


def addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[Address]:
    """Every address there is; of two with one route the first, which is the one that answers."""
    seen = set()
    for address in _every(resolver or get_resolver(), before):
        if address.route not in seen:
            seen.add(address.route)
            yield address


def _every(resolver: URLResolver, before: str, namespace: str = "") -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from _every(pattern, route, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield Address(route, f"{namespace}{pattern.name or ''}", pattern.callback)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    silent = [address.route for address in addresses() if address.open_to is None]
    if silent:
        print(f"These addresses do not say who may enter (cards/people/access.py): {', '.join(silent)}")
        return 1
    page = HEAD + "\n".join(table()) + "\n"
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(page)
        return 0
    if not PAGE.exists() or PAGE.read_text() != page:
        print("docs/roles.md is not what the code says: make roles")
        return 1
    return 0


def table() -> Iterator[str]:
    yield f"| address | methods | {' | '.join(WHO.values())} |"
    yield f"|---|---|{':-:|' * len(WHO)}"
    for address in sorted(addresses(), key=lambda address: (address.is_operators, address.shown)):
        may = " | ".join("✓" if who in (address.open_to or ()) else "" for who in WHO)
        yield f"| `{address.shown}` | {', '.join(address.methods)} | {may} |"


if __name__ == "__main__":
    sys.exit(main())
