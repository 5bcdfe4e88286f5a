"""One name, one meaning: a constant of one name has one value, wherever it stands."""

import ast
import operator
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import explorer

ROOT = Path(explorer.__file__).parent
Value = float | int | str | tuple
HOOKS = {"SNAPSHOT_EPOCHS", "PRECISION", "PARTS"}
"""What a module of measures tells the commands that train and evaluate: each has its own."""
BY_SIGN = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
BY_SIGN |= {ast.Pow: operator.pow, ast.FloorDiv: operator.floordiv}


def value_of(node: ast.expr) -> Value | None:
    """The value of an expression of numbers and texts, or None: a table has the meaning that its module gives it."""
    if isinstance(node, ast.Tuple):
        each = [value_of(part) for part in node.elts]
        return None if not each or None in each else tuple(each)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, float | int | str) and not isinstance(node.value, bool) else None
    if isinstance(node, ast.UnaryOp):
        found = value_of(node.operand)
        return -found if isinstance(node.op, ast.USub) and isinstance(found, float | int) else None
    if isinstance(node, ast.BinOp) and type(node.op) in BY_SIGN:
        sides = value_of(node.left), value_of(node.right)
        return BY_SIGN[type(node.op)](*sides) if all(isinstance(each, float | int) for each in sides) else None
    return None


def constants(tree: ast.Module) -> Iterator[tuple[str, Value]]:
    """The constants of a module with their values."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for name, given in pairs:
                if isinstance(name, ast.Name) and name.id.isupper() and (found := value_of(given)) is not None:
                    yield name.id, found


def several(sources: dict[str, str]) -> dict[str, dict[Value, list[str]]]:
    """The names that have several values, with the places of each."""
    found: dict[str, dict[Value, list[str]]] = defaultdict(lambda: defaultdict(list))
    for place, source in sources.items():
        for name, value in constants(ast.parse(source)):
            found[name][value].append(place)
    return {name: dict(values) for name, values in found.items() if len(values) > 1}


def test_a_constant_of_one_name_has_one_value():
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}
    assert sum(len(list(constants(ast.parse(each)))) for each in sources.values()) > 500
    assert several(sources).keys() <= HOOKS


def test_a_second_value_would_be_found_and_the_same_one_is_none():
    given = {"one.py": "SURE = 0.9\nMOST, LEAST = 3, 2 * 60", "two.py": "SURE: float = 0.5\nMOST = 3\nLEAST = 120"}
    assert several(given) == {"SURE": {0.9: ["one.py"], 0.5: ["two.py"]}}
    assert several({"one.py": "ENDS = (0, 1)", "two.py": "ENDS = (0, 2)", "three.py": "ENDS = [1]"}).keys() == {"ENDS"}
