"""Every action that the code records has its words, and no words are left of one that is gone."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from cards.audit.words import ACTS

CARDS = Path(__file__).resolve().parents[3] / "cards"
# What writes entries: `record`, and the helpers of apps that pass an action on to it.
WRITERS = {"record", "_record", "_changed"}


def recorded() -> Iterator[tuple[str, str]]:
    """Each action, and where it is recorded."""
    for path in sorted(CARDS.rglob("*.py")):
        text = path.read_text()
        if not any(f"{writer}(" in text for writer in WRITERS):
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or getattr(node.func, "id", "") not in WRITERS:
                continue
            actions = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
            is_passed_on = isinstance(node.args[0], ast.Name)
            assert actions or is_passed_on, f"{path}:{node.lineno} makes up an action"
            if is_passed_on:
                actions = list(named_before(tree, node))
            yield from ((action, f"{path.relative_to(CARDS)}:{node.lineno}") for action in actions)


def named_before(tree: ast.AST, call: ast.Call) -> Iterator[str]:
    """The texts that the variable given to `call` may hold, where it is assigned in the same module."""
    name = getattr(call.args[0], "id", "")
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets):
            yield from (each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant))


def test_every_action_in_the_code_has_a_sentence_and_every_sentence_an_action() -> None:
    found = dict(recorded())
    assert {action: where for action, where in found.items() if action not in ACTS} == {}
    assert ACTS.keys() - found.keys() == set()
    assert len(found) > 40


def test_every_sentence_says_in_both_languages_who_did_it_unless_nobody_is_known() -> None:
    strangers = {"sign_in_failed", "sso_refused", "second_factor_failed"}
    for language in ("en", "fr"):
        with translation.override(language):
            said = {action: str(act.sentence) for action, act in ACTS.items()}
        assert {action for action, sentence in said.items() if "{who}" not in sentence} == strangers
        assert {sentence.format(who="Ada", what="x") for sentence in said.values()}
