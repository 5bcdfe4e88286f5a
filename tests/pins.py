"""Check that every pin can be installed: `make pins`, with this Python, which needs no packages of its own.

pip resolves `requirements-dev.txt` under `constraints.txt` without an installation. What it would install must be
pinned, since a package without a pin makes each fresh environment another one.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESOLVE = (
    *("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "--dry-run"),
    *("--ignore-installed", "--report", "-", "-r", "requirements-dev.txt", "-c", "constraints.txt"),
)


def plain(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip().lower())


def pins() -> dict[str, str]:
    """Return the pinned version of every package."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {plain(name): version for name, _, version in (x.partition("==") for x in lines if not x.startswith("#"))}


def resolved(python: str = sys.executable) -> dict[str, str]:
    """Return the packages that this Python would install, with their versions.

    Raises:
        subprocess.CalledProcessError: if no set of versions fits; its `stderr` has pip's reason.
    """
    run = subprocess.run([python, *RESOLVE], cwd=ROOT, capture_output=True, text=True, check=True)
    found = [each["metadata"] for each in json.loads(run.stdout)["install"]]
    return {plain(each["name"]): each["version"].partition("+")[0] for each in found}


def main() -> str | None:
    """Return what is wrong with the pins, or None."""
    try:
        found, pinned = resolved(), pins()
    except subprocess.CalledProcessError as error:
        return f"The pins do not resolve on Python {sys.version.split()[0]}:\n{error.stderr}"
    others = [f"{name}=={version}" for name, version in found.items() if pinned.get(name) != version]
    return f"Not in constraints.txt: {', '.join(others)}" if others else None


if __name__ == "__main__":
    sys.exit(main())
