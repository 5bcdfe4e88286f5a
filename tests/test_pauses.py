"""Long work makes room at least each tenth of a second, and ends soon once nobody waits for it.

What is measured is CPU time of the thread that works, on one thread, so a busy machine does not count. What a busy
machine still adds, by caches that others empty, is divided out by a piece of work of known size; and what was too long
is measured three times.
"""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import nn

from explorer.networks import checkpoints
from explorer.questions import make
from explorer.running import pauses
from explorer.serving import desk as desks
from explorer.serving.desk import Desk
from explorer.serving.work import FILMS, HEAVY, LIGHT, TIMED, Lane, Question, Unwanted
from explorer.steps import last
from explorer.tabs.kit.ask import questions
from tests import pauses as watching
from tests.asking import until, wait_for
from tests.desks import ONE_WORKER

MOST, AFTER = 0.1, 0.5  # seconds of CPU time between two pauses, and after the visitor has left
BEFORE = 0.1  # seconds of CPU time until the visitor leaves
CONVOLVED = 0.009  # seconds of CPU time of the convolutions of `slowness` where the bounds were set
SHARED = 1.5  # times as long on a core that others use, too
TRIES = 3
DECLARED = watching.declared()
"""Every server function by its name, with its tab."""


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    watching.warm()
    yield
    torch.set_num_threads(threads)


def test_a_layer_of_a_network_ends_with_a_pause_and_outside_of_work_that_does_nothing():
    found, network = [], nn.Sequential(nn.Linear(1, 1), nn.ReLU())
    with pauses.calling(lambda: found.append("outer")):
        with pauses.calling(lambda: found.append("inner")):
            network(torch.zeros(1, 1))
        pauses.pause()
    network(torch.zeros(1, 1))
    assert found == ["inner", "inner", "inner", "outer"]  # of two layers, and of what holds them


def test_what_a_pause_raises_ends_the_work_and_the_thread_works_on():
    def unwanted() -> None:
        raise Unwanted

    with pytest.raises(Unwanted), pauses.calling(unwanted):
        nn.ReLU()(torch.zeros(1))
    assert nn.ReLU()(torch.ones(1)) == 1


def in_lanes(*lanes: Lane) -> list[str]:
    return [name for name, (_, ask) in DECLARED.items() if ask.lane in lanes]


def slowness() -> float:
    """The CPU time of some convolutions, in shares of what it was where the bounds were set; at least 1."""
    layer, x = nn.Conv2d(32, 32, 3, padding=1), torch.ones(8, 32, 28, 28)
    with torch.no_grad():
        layer(x)
        begun = time.thread_time()
        for _ in range(4):
            layer(x)
    return max(1.0, (time.thread_time() - begun) / CONVOLVED)


def too_long(name: str, size: Callable[[watching.Watch], float]) -> list[str]:
    """The questions to a function of which something takes longer than `MOST`, each time that it is measured."""
    tab, ask = DECLARED[name]
    found = []
    for case in watching.cases(tab, ask):
        measured = (watching.watched(ask, case) for _ in range(TRIES))
        late = [*itertools.takewhile(lambda watch: watch and size(watch) > MOST * SHARED * slowness(), measured)]
        if len(late) == TRIES:
            words = {key: value for key, value in case.items() if len(str(value)) < 30}
            found.append(f"{size(late[-1]):.2f} s of CPU time before {late[-1].where}: {words}")
    return found


@pytest.mark.deep
@pytest.mark.parametrize("name", in_lanes(HEAVY, LIGHT, TIMED))
def test_every_answer_passes_a_pause_at_least_each_tenth_of_a_second(name: str):
    assert not too_long(name, lambda watch: watch.longest)


@pytest.mark.parametrize("name", in_lanes(LIGHT))
def test_a_light_answer_takes_less_than_a_tenth_of_a_second(name: str):
    assert not too_long(name, lambda watch: watch.spent)


@pytest.mark.deep
@pytest.mark.parametrize("name", in_lanes(FILMS))
def test_a_film_passes_a_pause_at_least_each_tenth_of_a_second(name: str):
    assert not too_long(name, lambda watch: watch.longest)


def test_a_film_of_learning_steps_with_the_sampler_and_shows_what_each_snapshot_came_to():
    net = "flow-moons"
    script, steps = questions.ask_learn.props(net, 7, None), questions.total_of(net)
    snapshots = questions.complete_snapshots(net)
    scenes = list(script.scenes())
    assert len(scenes) == len(snapshots) * steps > len(snapshots) == script.total
    assert [index for index, (_, frame) in enumerate(scenes) if frame] == [*range(steps - 1, len(scenes), steps)]
    assert sum(cost for cost, _ in scenes) == script.evaluations
    model = checkpoints.snapshot(net, 3)
    x = last(make.steps(model, make.together(model), 7)).x
    assert scenes[4 * steps - 1][1]["x"] == model.space.encode(x) and scenes[4 * steps - 1][1]["time"] == 3


@pytest.mark.deep
@pytest.mark.parametrize("name", in_lanes(HEAVY, TIMED))
def test_an_answer_that_nobody_waits_for_is_given_up(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desks, "SLICE", 0.0)
    tab, ask = DECLARED[name]
    late = [case for case in watching.cases(tab, ask) if used_in_vain(ask, case) > AFTER * slowness()]
    assert not late


def used_in_vain(ask: Callable, case: dict[str, Any]) -> float:
    """The CPU time that a question takes after its visitor has left, who waited `BEFORE` seconds of it."""
    desk, begun, ended = Desk(), [], []

    def work(**given: Any) -> dict:
        begun.append((clock := time.pthread_getcpuclockid(threading.get_ident()), time.clock_gettime(clock)))
        try:
            return ask.props(**given)
        finally:
            ended.append(time.clock_gettime(clock))

    async def visit() -> float:
        asked = asyncio.create_task(desk.ask(Question(work, ONE_WORKER), watching.given(ask, case)))
        await until(lambda: begun)
        clock, start = begun[0]
        await until(lambda: ended or time.clock_gettime(clock) - start > BEFORE)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)  # until the desk has been told, however late
        left = time.clock_gettime(clock)
        await until(lambda: ended)
        return ended[0] - left

    return wait_for(visit())


@pytest.mark.parametrize("wide", [{}, {"latent": checkpoints.MODEST + 1}], ids=["modest", "measured first"])
def test_a_network_is_built_whatever_a_pause_raises(wide: dict[str, int]):
    def unwanted() -> None:
        raise Unwanted

    recipe = checkpoints.read_json(checkpoints.pretrained_folder() / "gan-mnist" / "config.json")
    with pauses.calling(unwanted):
        assert checkpoints.build(recipe | {"model": recipe["model"] | wide})
