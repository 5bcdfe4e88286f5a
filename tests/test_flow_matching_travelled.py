"""Points that travel in the plane: their pairs, the paths of a field, and how straight these are."""

import base64
import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.measures.plane_flow_matching import straightness
from explorer.models.plane_flow_matching import COUPLINGS
from explorer.networks import checkpoints
from explorer.tabs.flow_matching import paths as flow_matching_paths
from explorer.tabs.flow_matching import reflow as flow_matching_reflow
from explorer.tabs.kit.ask.draws import gaussians, permutation
from tests.asking import wait_for
from tests.node import run

NET = "flow-matching-moons"


def floats(text: str, kind: type) -> Tensor:
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), kind).copy()).view(-1, 2).float()


@pytest.mark.parametrize(("count", "seed"), [(24, 7), (1000, 2**31 - 1)])
def test_an_order_of_a_seed_is_that_of_the_browser(count: int, seed: int):
    body = """const { shuffled } = await load("kit/plane/random.js");
    return shuffled([...Array(count).keys()], seed);"""
    assert permutation(count, seed) == run(body, count=count, seed=seed)


@pytest.mark.parametrize("coupling", COUPLINGS)
def test_pairs_and_paths_are_those_of_the_networks(coupling: str):
    found = wait_for(flow_matching_paths.paths({"net": NET, "coupling": coupling, "seed": 7}))
    noise, ends, states = (floats(found[name], np.float32) for name in ("noise", "data", "states"))
    torch.testing.assert_close(noise, gaussians(7, 48).view(-1, 2).float()[:8])
    model, how = checkpoints.load(NET), {"generator": torch.Generator(), "x_0": noise, "steps": 40, "solver": "heun"}
    torch.testing.assert_close(states.view(41, 8, 2)[-1], model.sample(8, coupling=coupling, **how))
    if coupling.startswith("reflow"):
        before = "independent" if coupling == "reflow-1" else "reflow-1"
        return torch.testing.assert_close(ends, model.sample(8, coupling=before, **how))
    points = data.DATASETS["moons"].load("test").points
    assert all(bool((points == each).all(-1).any()) for each in ends)
    other = wait_for(flow_matching_paths.paths({"net": NET, "coupling": "independent", "seed": 7}))
    chance = (floats(other["data"], np.float32) - noise).square().sum()
    assert ((ends - noise).square().sum() < chance) == (coupling == "ot")


def test_few_steps_of_every_field_begin_with_one_noise():
    found = wait_for(flow_matching_reflow.rounds({"net": NET, "few": 5, "seed": 3}))
    noise = gaussians(3, 800).view(-1, 2).float()
    for coupling in COUPLINGS:
        states = floats(found[coupling], np.float16).view(6, 400, 2)
        torch.testing.assert_close(states[0], noise, atol=4e-3, rtol=0)
        how = {"generator": torch.Generator(), "x_0": noise, "steps": 5, "solver": "euler"}
        ends = checkpoints.load(NET).sample(400, coupling=coupling, **how)
        torch.testing.assert_close(states[-1], ends, atol=4e-3, rtol=1e-3)


def test_images_have_no_plane_to_travel_in():
    assert (
        "points" in wait_for(flow_matching_reflow.rounds({"net": "flow-matching-mnist", "few": 5, "seed": 3}))["error"]
    )


class Turning:
    """A field whose paths are straight, or turn around the origin."""

    def __init__(self, turns: bool):
        self.turns = turns

    def velocity(self, x: Tensor, t: float) -> Tensor:
        return torch.stack([-x[:, 1], x[:, 0]], -1) if self.turns else torch.tensor([-1.0, 2.0]).expand_as(x)


def test_straightness_is_0_on_straight_ways_and_known_on_a_turn():
    start, times = torch.tensor([[1.0, 0.0], [0.0, 2.0]], dtype=torch.double), torch.linspace(0, 1, 201).tolist()
    straight = [start + t * torch.tensor([-1.0, 2.0]) for t in times]
    turns = [torch.tensor([[math.cos(t), -math.sin(t)], [math.sin(t), math.cos(t)]]).double() for t in times]
    turned = [start @ turn.T for turn in turns]
    # a turn by 1 from radius r: v has length r, the chord's square is 2 r² (1 − cos 1), and their product the same
    expected = (1 - 2 * (1 - math.cos(1))) * (1 + 4) / 2
    assert float(straightness(Turning(False), straight).mean()) == pytest.approx(0, abs=1e-12)
    assert float(straightness(Turning(True), turned).mean()) == pytest.approx(expected, rel=1e-3)
