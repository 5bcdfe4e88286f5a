"""Words that compare come from `explorer/verdicts.py`, and those for a larger figure are words for something larger."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer import verdicts
from tests.parsed import modules

LARGER = {"more", "rises", "grows", "larger", "above", "higher", "longer", "farther", "increases"}
SMALLER = {"less", "fewer", "falls", "shrinks", "smaller", "below", "lower", "shorter", "nearer", "decreases"}
SIDES = {"larger": LARGER, "smaller": SMALLER, "better": {"better"}, "worse": {"worse"}}
"""Words of each side, by the argument that they belong to."""
OTHER = {"larger": "smaller", "smaller": "larger", "better": "worse", "worse": "better"}


def words_in(node: ast.AST) -> set[str]:
    """Return the words of all texts of an expression."""
    texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return {*re.findall(r"[a-z]+", " ".join(texts).lower())}


def sides_of(node: ast.AST) -> set[str]:
    """Return the sides that the words of an expression name."""
    return {side for side, words in SIDES.items() if words & words_in(node)}


def said() -> Iterator[tuple[str, str, ast.expr]]:
    """Yield the words of every comparison: where, the side that they are for, and their expression."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for each in node.keywords:
                    if each.arg in SIDES and getattr(node.func, "attr", getattr(node.func, "id", "")) in FUNCTIONS:
                        yield f"{path}:{node.lineno}", each.arg, each.value


FUNCTIONS = {verdicts.sized.__name__, verdicts.ranked.__name__}


def test_words_for_a_larger_or_a_better_figure_never_say_the_contrary():
    found = [*said()]
    assert len(found) > 20
    assert not [where for where, side, words in found if OTHER[side] in sides_of(words)]


def chosen_by_hand(path: Path, tree: ast.AST) -> Iterator[str]:
    """Yield where words that compare are chosen by a sign without the functions for it."""
    for node in ast.walk(tree):
        pair = []
        if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Compare):
            pair = [node.body, node.orelse]
        if isinstance(node, ast.Dict):
            by = {ast.unparse(key): value for key, value in zip(node.keys, node.values) if key}
            pair = [by[key] for key in ("1", "-1") if key in by and by.keys() <= {"1", "-1", "0"}]
        if len(pair) == 2 and {OTHER[side] for side in sides_of(pair[0])} == sides_of(pair[1]) != set():
            yield f"{path}:{node.lineno}"


def test_no_words_that_compare_are_chosen_by_hand():
    assert not [where for path, tree in modules().items() for where in chosen_by_hand(path, tree)]


@pytest.mark.parametrize(
    ("script", "is_found"),
    [
        ("x = 'more' if a > b else 'fewer nats'", True),
        ("x = {1: 'rises', -1: 'falls', 0: ''}[sign]", True),
        ("x = 'more' if a else 'less'", False),
        ("x = {-1: 'one less', 0: 'as usual', 2: 'two more'}", False),
    ],
)
def test_words_chosen_by_hand_are_found(script: str, is_found: bool):
    assert bool([*chosen_by_hand(Path("x.py"), ast.parse(script))]) == is_found


def test_a_difference_has_its_word():
    words = {"larger": "more", "smaller": "less", "tie": "as much"}
    assert [verdicts.sized(each, **words) for each in (0.1, -2, 0)] == ["more", "less", "as much"]
    ranks = {"better": "better", "worse": "worse", "tie": "a tie"}
    assert [verdicts.ranked(each, least=True, **ranks) for each in (1, -1, 0)] == ["worse", "better", "a tie"]
    assert [verdicts.ranked(each, least=False, **ranks) for each in (1, -1)] == ["better", "worse"]
