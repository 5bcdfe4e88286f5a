"""Shares of the tests among workers: those of one app, which each worker starts anew, and those of the exercises."""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
APPS = {"compare_app": 1, "tiny_app": 1, "target": 1, "app_url": 3}
"""Fixtures that start an app, each with the number of workers that run its tests."""
EXERCISES = "tests/test_exercise"
"""Start of the files whose trainings the server remembers."""


class ByApp(LoadScopeScheduling):
    """Gives a worker the tests of one app, or else of one file."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])


@cache
def group_of(path: str) -> str:
    """Name what one worker runs as a whole, for a file of tests."""
    if path.startswith(EXERCISES):
        return EXERCISES
    text = (ROOT / path).read_text(encoding="utf-8")
    app = next((name for name in APPS if name in text), None)
    return path if app is None else f"{app} {len(path) % APPS[app]}"
