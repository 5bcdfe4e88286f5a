"""Syntax trees of all modules of the package, parsed once for all tests that read them."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.server import ROOT


@cache
def modules() -> Mapping[Path, ast.Module]:
    """Return the syntax tree of every module by its path from the root of the repository."""
    paths = sorted((ROOT / "explorer").rglob("*.py"))
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
