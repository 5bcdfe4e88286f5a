"""Questions to a desk of a test's own, with one worker."""

import functools
from collections.abc import Callable, Mapping

from explorer.serving.desk import Desk
from explorer.serving.films import Script
from explorer.serving.work import FILMS, Batch, Lane, Question

ONE_WORKER = Lane("test", workers=1)
FILM = Question(print, FILMS)


@functools.cache
def of(function: Callable[..., dict]) -> Question:
    """The question that a function answers."""
    return Question(function, ONE_WORKER)


def together(function: Callable[[list], list], most: int) -> Question:
    """The question that a function answers in batches of so many."""
    return Question(function, ONE_WORKER, batch=Batch(function, lambda asked: "", lambda asked: 1, most))


def start(desk: Desk, key: str, script: Script) -> str:
    """The name under which a film is watched that is started, unless there is one."""
    return desk.start(FILM, key, script)["id"]


def expect(desk: Desk, seconds: Mapping[Question, float]) -> None:
    """Let a desk know what a unit of some questions costs."""
    for question, each in seconds.items():
        desk._costs.learn((question, None), each)
