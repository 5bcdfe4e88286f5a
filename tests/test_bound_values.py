"""A value is bound to its own name: no figure, no column and no key takes the value of another one beside it."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.parsed import modules

DIGITS = re.compile(r"\W+")


def plain(text: str) -> str:
    """Return a name as it is compared: `LOG_Z`, "log_z" and "log z" are one."""
    return DIGITS.sub("_", text.lower()).strip("_")


def entry_of(value: ast.expr) -> str | None:
    """Return the name of the entry that an expression is, as `found["kl"]` and `found.kl` are; None of another one."""
    if (
        isinstance(value, ast.Subscript)
        and isinstance(value.slice, ast.Constant)
        and isinstance(value.slice.value, str)
    ):
        return plain(value.slice.value)
    return plain(value.attr) if isinstance(value, ast.Attribute) else None


def figures_in(tree: ast.AST) -> set[str]:
    """Return the names of the figures that a module declares."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                is_many = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                pairs = zip(target.elts, node.value.elts) if is_many else [(target, node.value)]
                found |= {plain(name.id) for name, value in pairs if _is_figure(name, value)}
    return found


def _is_figure(name: ast.expr, value: ast.expr) -> bool:
    return isinstance(name, ast.Name) and isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Figure"


def exchanged(tree: ast.AST) -> Iterator[int]:
    """Yield the lines where a figure, or a key, gets the entry that another one beside it is named after."""
    known = figures_in(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
            if len(keys) == len(node.keys):
                names = [*map(plain, keys)]
                entries = map(entry_of, node.values)
                if any(entry != own and entry in names for own, entry in zip(names, entries)):
                    yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            own = plain(getattr(node.func.value, "id", ""))
            entry = entry_of(node.args[0])
            if node.func.attr == "of" and own in known and entry != own and entry in known:
                yield node.lineno


def test_no_value_is_bound_to_the_name_of_another_beside_it():
    assert sum(len(figures_in(tree)) for tree in modules().values()) > 150
    assert not [f"{path}:{line}" for path, tree in modules().items() for line in exchanged(tree)]


@pytest.mark.parametrize(
    ("script", "is_exchanged"),
    [
        ('KL, LOG_Z = Figure("KL"), Figure("log Z")\nx = [KL.of(found["kl"]), LOG_Z.of(found["log_z"])]', False),
        ('KL, LOG_Z = Figure("KL"), Figure("log Z")\nx = [KL.of(found["log_z"]), LOG_Z.of(found["kl"])]', True),
        ('KL, RATE = Figure("KL"), Figure("rate")\nx = KL.of(found["rate"] / 2)', False),
        ('x = {"first bits": each["first"], "header": each["header"]}', False),
        ('x = {"first": each.header, "header": each.first}', True),
    ],
)
def test_an_exchange_is_found(script: str, is_exchanged: bool):
    assert bool([*exchanged(ast.parse(script))]) == is_exchanged
