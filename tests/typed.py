"""Check the types of Python: `python -m tests.typed`, with pyright.

Its package brings the program as JavaScript. Playwright's own node runs it, so that nothing is downloaded.
`[tool.pyright]` in `pyproject.toml` lists the rooms of the package that are checked.
"""

import subprocess
import sys
from pathlib import Path

import pyright

from tests.node import NODE

ROOT = Path(__file__).parents[1]
PROGRAM = Path(pyright.__file__).parent / "dist" / "index.js"


def main(*arguments: str) -> int:
    """Run pyright for the packages of this Python; return 0 if it finds no error."""
    return subprocess.run([NODE, PROGRAM, "--pythonpath", sys.executable, *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
