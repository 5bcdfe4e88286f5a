"""Shares of the tests among workers: those of an app that is started once, of the exercises, else of a file.

All workers but the last begin with tests that wait for a page or an app; the last computes meanwhile.
"""

import importlib
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).parents[1]
APPS = {
    "compare_app": re.compile(r"\bcompare_app: "),
    "tiny_app": re.compile(r"\btiny_app: "),
    "target": re.compile(r"\btarget: (attack\.)?Target\b"),
}
"""Fixtures that start an app which one worker has for itself, by what a file says that uses it, or a test's own name.

All workers share the app of `app_url`.
"""
EXERCISES = "tests/test_exercise"
"""Start of the files whose trainings the server remembers."""
WAITING = re.compile(r"\bapp_url: |from playwright")


class ByApp(LoadScopeScheduling):
    """Gives a worker the tests of one group after the other, first of those which suit it."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        return next((app for app in APPS if app in test), None) or group_of(path)

    def _assign_work_unit(self, node: WorkerController) -> None:
        computes = len(self.nodes) > 1 and node is self.nodes[-1]
        suited = (group for group in self.workqueue if is_waiting(group) != computes)
        self.workqueue.move_to_end(next(suited, next(iter(self.workqueue))), last=False)
        super()._assign_work_unit(node)


@cache
def group_of(path: str) -> str:
    """Name what one worker runs as a whole, for a file of tests."""
    if path.startswith(EXERCISES):
        return EXERCISES
    return next((name for name, used in APPS.items() if used.search(_text(path))), path)


@cache
def is_waiting(group: str) -> bool:
    """True if the tests of a group wait for a page or for another process most of the time."""
    return group in APPS or group != EXERCISES and bool(WAITING.search(_text(group)))


def import_a_share(config: pytest.Config) -> None:
    """Import every so many files of a whole run, another share in each worker: what one compiles the others read."""
    worker = getattr(config, "workerinput", None)
    if worker is None or config.args != config.getini("testpaths"):
        return
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        with suppress(Exception, pytest.skip.Exception):  # what is wrong is told when it is collected
            importlib.import_module(f"tests.{file.stem}")


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
