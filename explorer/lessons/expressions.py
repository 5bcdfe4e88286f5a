"""Expressions of written exercises: numbers, lists and texts, computed by simpleeval within a budget.

An expression has no attributes, no lambdas and no names of Python: only what is drawn or given, and `FUNCTIONS`. Each
node and each value that it makes costs something, so neither time nor memory can grow. Powers, factorials and digits
are bounded before they are computed. So an expression may come from a stranger.
"""

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simpleeval import EvalWithCompoundTypes, InvalidExpression

from explorer.lessons.vocabulary import CONSTANTS, FUNCTIONS, MOST_ITEMS, OPERATORS, ExpressionError

UNITS = 20_000  # of work for a task: less than 0.1 seconds
EXPRESSIONS_LONGEST = 400  # characters of an expression
EXPRESSIONS_LARGEST = 2**200  # whole number
MOST_LETTERS = 2_000
FAULTS = (InvalidExpression, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
SPEC = re.compile(r",?(\.\d)?[fgd%]?")
PLACE = re.compile(r"\{([^{}]+?)(?::([,.\dfgd%]+))?\}")

NODES = (
    *(ast.Expr, ast.Constant, ast.Name, ast.Call, ast.keyword, ast.Subscript, ast.Slice),
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp),
    *(ast.List, ast.Tuple, ast.Dict, ast.ListComp, ast.GeneratorExp),
)
PARTS = (ast.Starred, ast.comprehension, ast.expr_context, ast.And, ast.Or, ast.Module)
REFUSED = {
    ast.Attribute: "has a dot; write `sqrt(x)`, not `math.sqrt(x)`",
    ast.Lambda: "has a lambda",
    ast.JoinedStr: "has an f-string; a text needs no f before its braces",
    ast.Assign: "assigns, where a value is wanted",
}


@dataclass
class Budget:
    """Units of work that are left: one for each node, and for each item of what it makes."""

    left: int = UNITS

    def spend(self, units: int) -> None:
        """Take units of work.

        Raises:
            ExpressionError: if too few are left.
        """
        self.left -= units
        if self.left < 0:
            raise ExpressionError("takes too long to compute")


class Evaluator(EvalWithCompoundTypes):
    """Evaluator of expressions; `names` and `functions` may grow between two of them."""

    def __init__(self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]], budget: Budget):
        super().__init__(operators=OPERATORS, names={**CONSTANTS, **names})
        self.functions = {**FUNCTIONS, **functions}
        self.nodes = {kind: self.nodes[kind] for kind in NODES} | {ast.Call: self._called, ast.Name: self._named}
        self.budget = budget

    def _eval(self, node: ast.AST) -> Any:
        self.budget.spend(1)
        found = super()._eval(node)
        self.budget.spend(_size(found))
        return found

    def _named(self, node: ast.Name) -> Any:
        if node.id not in self.names:
            raise ExpressionError(f"names `{node.id}`, which is not known")
        return self.names[node.id]

    def _called(self, node: ast.Call) -> Any:
        if not isinstance(node.func, ast.Name) or node.func.id not in self.functions:
            raise ExpressionError("calls what is no function")
        values: list[Any] = []
        for each in node.args:
            values += self._eval(each.value) if isinstance(each, ast.Starred) else [self._eval(each)]
        return self.functions[node.func.id](*values, **dict(self._eval(each) for each in node.keywords))


def _size(value: Any) -> int:
    """Return the cost of a value.

    Raises:
        ExpressionError: if it is too large, or no number, text, list or dictionary.
    """
    if value is None or isinstance(value, bool | slice):
        return 0
    if isinstance(value, int | float):
        if not (abs(value) <= EXPRESSIONS_LARGEST if isinstance(value, int) else math.isfinite(value)):
            raise ExpressionError("gives a number that is too large")
        return 0
    if isinstance(value, str):
        if len(value) > MOST_LETTERS:
            raise ExpressionError("gives a text that is too long")
        return len(value) // 10
    if not isinstance(value, list | tuple | dict):
        raise ExpressionError("gives neither a number nor a text nor a list")
    if len(value) > MOST_ITEMS:
        raise ExpressionError("gives a list that is too long")
    return len(value) + sum(map(_size, value.values() if isinstance(value, dict) else value))


@dataclass(frozen=True)
class Expression:
    """Parsed expression of a line."""

    source: str
    node: ast.Expr

    def names(self) -> Iterator[tuple[str, bool]]:
        """Yield the names that it needs, and whether each is called."""
        nodes = [*ast.walk(self.node)]
        own = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
        called = {id(each.func) for each in nodes if isinstance(each, ast.Call)}
        for each in nodes:
            if isinstance(each, ast.Name) and each.id not in own:
                yield each.id, id(each) in called

    def value(self, evaluator: Evaluator) -> Any:
        """Return its value.

        Raises:
            ExpressionError: if it has none, or takes too long.
        """
        try:
            return evaluator.eval(self.source, self.node)
        except ExpressionError as error:
            raise ExpressionError(f"`{self.source}` {error}") from error
        except FAULTS as error:
            raise ExpressionError(f"`{self.source}` has no value: {error}") from error


def parse(source: str) -> Expression:
    """Return a parsed expression.

    Raises:
        ExpressionError: if it is none, is too long, or has what an expression may not have.
    """
    source = source.strip()
    if len(source) > EXPRESSIONS_LONGEST:
        raise ExpressionError(f"`{source[:20]}…` is longer than {EXPRESSIONS_LONGEST} characters")
    try:
        (node,) = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"`{source}` is no expression") from error
    for each in ast.walk(node):
        if not isinstance(each, (*NODES, *PARTS, *OPERATORS)):
            why = REFUSED.get(type(each), f"has what no expression may have ({type(each).__name__})")
            raise ExpressionError(f"`{source}` {why}")
    if not isinstance(node, ast.Expr):
        raise ExpressionError(f"`{source}` is no expression")
    return Expression(source, node)


@dataclass(frozen=True)
class Text:
    """Text with expressions in braces: alternately literal parts and pairs of an expression and its format."""

    parts: Sequence[str | tuple[Expression, str]]

    def expressions(self) -> Iterator[Expression]:
        """Yield its expressions."""
        yield from (each[0] for each in self.parts if not isinstance(each, str))

    def filled(self, evaluator: Evaluator) -> str:
        """Return the text with the value of each expression.

        Raises:
            ExpressionError: if one has no value.
        """
        found = (
            each if isinstance(each, str) else _formatted(each[0].value(evaluator), each[1]) for each in self.parts
        )
        return "".join(found)


def _formatted(value: Any, spec: str) -> str:
    if spec and not isinstance(value, int | float) or not isinstance(value, int | float | str):
        raise ExpressionError("the text needs numbers and words; a list needs `brief(…)`")
    return format(value, spec)


def text(source: str) -> Text:
    """Return a text with its parsed expressions.

    Raises:
        ExpressionError: if one is none, or a brace has no partner.
    """
    parts, end = [], 0
    for found in PLACE.finditer(source):
        code, spec = found.groups(default="")
        if spec and not SPEC.fullmatch(spec):
            raise ExpressionError(f"`{spec}` is no format for `{code}`")
        parts += [_literal(source[end : found.start()]), (parse(code), spec)]
        end = found.end()
    return Text([*parts, _literal(source[end:])])


def _literal(part: str) -> str:
    if "{" in part or "}" in part:
        raise ExpressionError("the text has a brace without its partner")
    return part
