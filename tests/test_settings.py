"""One network in several settings: the clock of their films, and what is said where there is none, in plain node."""

import pytest

from explorer.tabs.diffusion import guidance
from tests.node import call, run

AT = """
const ctx = { store: { get: () => state }, fields: { at: { kind: "whole" } } };
const { timesOf, stepsOf } = await load('diffusion/times.js');
"""


@pytest.mark.parametrize(("at", "tick", "t"), [(None, 100, 0), (0, 0, 1000), (50, 50, 500), (1000, 100, 0)])
def test_a_place_of_an_old_link_is_a_time_of_every_row(at: int | None, tick: int, t: int):
    asked = "const clock = timesOf(ctx); return [clock.tick, clock.timeOf(clock.tick), clock.stateOf(100).at];"
    assert run(AT + asked, state={"at": at}) == [tick, t, None]


def test_the_clock_of_few_steps_has_a_tick_for_each_and_says_how_many_have_come():
    asked = """
    const clock = stepsOf(ctx, ({ steps }) => steps);
    const film = { frames: [0, 1, 2] };
    return [clock.ticks, clock.tick, clock.timeOf(3), clock.timeAt(3, []), clock.timeAt(3, [film]), clock.stateOf(3)];
    """
    assert run(AT + asked, state={"at": 3, "steps": 4}) == [4, 3, 250, "0/4", "2/4", {"at": 3}]


def test_a_row_shows_its_last_frame_that_the_clock_has_reached():
    """The frame before a step is taken is there from the start; five steps have taken one by t = 800, and no sooner."""
    frames = [{"index": index, "total": 5} for index in range(-1, 5)]
    shown = [
        call("questions/clock.js", "frameAt", {"frames": frames}, {"clock": "share", "place": tick / 100, "end": 1})
        for tick in (0, 19, 20, 99, 100)
    ]
    assert [frame["index"] for frame in shown] == [-1, -1, 0, 3, 4]


def test_a_network_that_cannot_be_asked_has_nothing_said_of_its_rows():
    known, declared = {"measured": [], "name": "3", "t": 0}, guidance.MODE.panel.to_props()
    for found in ([], [{"hits": None, "apart": None}] * 5):
        words = call("diffusion/guidance.js", "guidanceWords", declared, {"found": found, **known})
        assert words == "Accuracy and diversity of this network are not measured yet."
