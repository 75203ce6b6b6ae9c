"""Every query goes through its space: what is looked up is tied to the space, or to something that is.

Reads the code of `cards` and refuses a look-up in a table of a space's that hangs on nothing: no relation that leads to
the space, no row in hand. Why a rule and not a manager: docs/decisions/queries-go-through-the-space.md.
"""

import ast
import os
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import django
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
# Calls whose keywords narrow a query; `exclude` leaves the rows of others in.
NARROWING = {"filter", "get", "get_or_create", "update_or_create", *SHORTCUTS}
# Calls that write rows which are in hand.
WRITING = {"create", "bulk_create", "bulk_update"}
# Columns that lead to a space though they are no relation: what is in them is made from something that is in it.
LEADING = {
    "runs.Run": {"subject"},
    "people.Mail": {"run_number"},
    "people.User": {"login_key"},
    "socialaccount.SocialAccount": {"provider"},
}
# Whose look-ups may be loose, and why: a folder, a file, or one function of a file.
LOOSE = {
    "cards/runs/": "the engine serves the runs of all spaces; a run is told by its own number",
    "cards/health/figures.py": "counts of the whole installation, for whoever watches it",
    "cards/moving/": "the whole installation moves to another database",
    "cards/people/sender.py": "the outbox of all spaces leaves in one order",
    "cards/people/outbox.py:prune": "what is too old, in all spaces",
    "cards/people/outbox.py:of_no_more_use": "what is too old, in all spaces",
    "cards/audit/actions.py:older_than": "what is too old, in all spaces",
    "cards/identity/sessions.py:forget_expired": "what is over, in all spaces",
    "cards/integrations/lucca/nights.py:prune_nights": "what is too old, in all spaces",
    "cards/integrations/lucca/pace.py:may_write": "the spaces of one Lucca write in turns",
    "cards/people/management/commands/create_operator.py": "operators belong to no space",
    "cards/privacy/erase.py:erase": "what Django's admin noted of the account in hand goes by its number as text",
    "cards/privacy/names.py": "each kind of thing names its way to the space, by which names_of narrows it",
    "cards/trainings/learning.py:_finish": "the attempts in hand, by their numbers: the query itself changes them",
}
# What a view gets from an address, and what a form sends, is a bare number: it ties a query to nothing.
BARE = re.compile(r"(^|_)(id|pk|ids)$")


def path_to_space(model: type[Model]) -> str | None:
    """The shortest way from a row of `model` to its space, as a look-up (`question__chapter__training__space`)."""
    space = apps.get_model("spaces.Space")
    ways: deque[tuple[type[Model], tuple[str, ...]]] = deque([(model, ())])
    seen = {model}
    while ways:
        here, way = ways.popleft()
        for field in here._meta.fields:
            other = field.related_model
            if other is space:
                return "__".join((*way, field.name))
            if isinstance(other, type) and other not in seen:
                seen.add(other)
                ways.append((other, (*way, field.name)))
    return None


@dataclass(frozen=True)
class LookUp:
    """One place where rows of a space's table are looked up."""

    place: str
    function: str
    model: type[Model]
    is_tied: bool


def look_ups(path: Path) -> Iterator[LookUp]:
    """Every look-up in a file, with whether it is tied."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module, tree = import_module(name), ast.parse(path.read_text())
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        model = _model_looked_up(node, module)
        if model is None or path_to_space(model) is None:
            continue
        function = _enclosing(node, parents)
        calls = list(_calls_on(node, parents, function))
        if not WRITING & {_name(call) for call in calls}:
            file, line = path.relative_to(ROOT), getattr(node, "lineno", 0)
            yield LookUp(f"{file}:{line}", getattr(function, "name", ""), model, _is_tied(model, calls))


def _model_looked_up(node: ast.AST, module: ModuleType) -> type[Model] | None:
    """The model of `Model.objects` and of `get_object_or_404(Model, …)`."""
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
        found = _value(node.value, module)
    elif isinstance(node, ast.Call) and _name(node) in SHORTCUTS and node.args:
        found = _value(node.args[0], module)
    else:
        return None
    return found if isinstance(found, type) and issubclass(found, Model) else None


def _value(node: ast.expr, module: ModuleType) -> object:
    """What a dotted name means in a module; None for anything else."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    return getattr(_value(node.value, module), node.attr, None) if isinstance(node, ast.Attribute) else None


def _enclosing(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    while node in parents and not isinstance(node, ast.FunctionDef):
        node = parents[node]
    return node


def _calls_on(node: ast.AST, parents: dict[ast.AST, ast.AST], function: ast.AST) -> Iterator[ast.Call]:
    """The calls of the chain that begins at `node`, and those on the local name that the chain is given."""
    if isinstance(node, ast.Call):
        yield node
    while isinstance(parents[node], ast.Attribute | ast.Call | ast.keyword):
        outer = parents[node]
        if isinstance(outer, ast.Call) and node is not outer.func and _name(outer) not in SHORTCUTS:
            if _name(outer) == "Prefetch":
                yield outer
            return
        node = outer
        if isinstance(node, ast.Call):
            yield node
    named = parents[node]
    if isinstance(named, ast.Assign) and isinstance(named.targets[0], ast.Name):
        yield from _calls_on_name(named.targets[0].id, function)


def _calls_on_name(name: str, function: ast.AST) -> Iterator[ast.Call]:
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        if _name(call) == "Prefetch" and any(getattr(word.value, "id", "") == name for word in call.keywords):
            yield call
        root: ast.expr = call.args[0] if _name(call) in SHORTCUTS and call.args else call.func
        while isinstance(root, ast.Attribute | ast.Call):
            root = root.value if isinstance(root, ast.Attribute) else root.func
        if isinstance(root, ast.Name) and root.id == name:
            yield call


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _is_tied(model: type[Model], calls: list[ast.Call]) -> bool:
    """Whether some condition of a chain ties it. What is prefetched hangs on the rows that it is fetched for."""
    if any(_name(call) == "Prefetch" for call in calls):
        return True
    return any(_ties(model, word) for call in calls if _name(call) in NARROWING for word in _keywords(call))


def _keywords(call: ast.Call) -> Iterator[ast.keyword]:
    """The keywords of a call, and of the conditions `Q(…) & Q(…)` that it is given."""
    yield from call.keywords
    for argument in call.args:
        for node in ast.walk(argument):
            if isinstance(node, ast.Call) and _name(node) == "Q":
                yield from node.keywords


def _ties(model: type[Model], word: ast.keyword) -> bool:
    """Whether a condition leads from the row to its space, to a row of it, or is about a row that is in hand."""
    column, *way = (word.arg or "").split("__")
    if column in ("pk", "id"):
        return _is_in_hand(word.value)
    if column in LEADING.get(model._meta.label, ()):
        return True
    try:
        field = model._meta.get_field(column.removesuffix("_id"))
    except FieldDoesNotExist:
        return False
    other = field.related_model
    if not isinstance(other, type) or not (other is apps.get_model("spaces.Space") or path_to_space(other)):
        return False
    return bool(set(way) - {"in"}) or not _is_bare(word.value)


def _is_bare(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and bool(BARE.search(value.id))


def _is_in_hand(value: ast.expr) -> bool:
    """`row.pk`, `[row.pk for row in rows]`, `OuterRef("pk")`."""
    if isinstance(value, ast.ListComp | ast.GeneratorExp | ast.SetComp):
        value = value.elt
    return isinstance(value, ast.Attribute) or (isinstance(value, ast.Call) and _name(value) == "OuterRef")


def sources() -> Iterator[Path]:
    """The modules of Cards that may hold a query. (Those that nothing imports cannot be asked what a name means.)"""
    for path in sorted((ROOT / "cards").rglob("*.py")):
        if "migrations" not in path.parts and re.search(r"\.objects\b|get_object_or_404|_manager\b", path.read_text()):
            yield path


def faults() -> Iterator[str]:
    """One line for each look-up that hangs on nothing, and for each permission that nothing needs."""
    needed = set()
    for path in sources():
        for found in look_ups(path):
            place = f"{path.relative_to(ROOT)}:{found.function}"
            allowed = next((each for each in LOOSE if place.startswith(each)), None)
            if not found.is_tied and allowed is None:
                yield f"{found.place}: {found.model.__name__} is looked up without its space or a row of it ({place})"
            elif not found.is_tied:
                needed.add(allowed)
    yield from (f"LOOSE: nothing in {each} needs it" for each in LOOSE if each not in needed)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    found = list(faults())
    print(*found, sep="\n", end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
