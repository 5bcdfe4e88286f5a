"""Walks of dropped points: those of the network's own samplers, with noise that each point has to itself."""

import base64
from itertools import pairwise

import numpy as np
import pytest
import torch

from explorer.data.toys import TOYS
from explorer.models.score import ScoreNet
from explorer.networks import checkpoints
from explorer.steps import last
from explorer.tabs.diffusion import field as diffusion_field
from explorer.tabs.kit.ask.draws import gaussians
from tests.asking import wait_for
from tests.node import run

STARTS = torch.tensor([[1.0, 2.0], [-1.5, 1.3], [0.4, -2.0]])
ASKED = {"toy": "moons", "drops": STARTS.flatten().tolist(), "steps": 20, "seed": 3}


@pytest.fixture(scope="module")
def model() -> ScoreNet:
    return checkpoints.load("score-moons")


@pytest.mark.parametrize(("seed", "count"), [(5, 40), (7 + 3 * diffusion_field.FIELD_STREAMS, 7)])
def test_the_gaussian_numbers_of_a_seed_are_those_of_the_browser(seed: int, count: int):
    body = """const { gaussians } = await load("kit/plane/random.js");
    return Array.from({ length: count }, gaussians(seed));"""
    assert gaussians(seed, count).tolist() == pytest.approx(run(body, seed=seed, count=count), abs=1e-12)


@torch.no_grad()
def test_both_walks_are_those_of_the_samplers(model: ScoreNet):
    found = diffusion_field.trajectories(model, STARTS, 20, 3)
    ode = last(model.ddim_steps(3, generator=torch.Generator(), steps=20, x_t=STARTS)).x
    torch.testing.assert_close(found["ode"][-1], ode, atol=1e-4, rtol=0)
    for k, (t, s) in enumerate(pairwise(model.schedule.times(20))):
        noise = torch.stack(
            [gaussians(3 + i * diffusion_field.FIELD_STREAMS, 40)[2 * k : 2 * k + 2] for i in range(3)]
        ).float()
        x = found["sde"][k]
        wanted = model.schedule.ddpm_step(x, model.predict_noise(x, t), t, s, noise, clip=False)
        torch.testing.assert_close(found["sde"][k + 1], wanted, atol=1e-4, rtol=0)


def test_a_point_walks_alike_whatever_others_are_there(model: ScoreNet):
    all_three, one = (
        diffusion_field.trajectories(model, STARTS, 10, 3),
        diffusion_field.trajectories(model, STARTS[:1], 10, 3),
    )
    for way, x in one.items():
        torch.testing.assert_close(all_three[way][:, :1], x, atol=1e-4, rtol=0)


def test_an_answer_has_every_time_and_says_how_far_and_how_dense():
    found = wait_for(diffusion_field.walks(ASKED))
    assert found["times"] == checkpoints.load("score-moons").schedule.times(20)
    sde, ode = (np.frombuffer(base64.b64decode(found[way]), np.float32).reshape(21, 3, 2) for way in ("sde", "ode"))
    assert (sde[0] == STARTS.numpy()).all() and (ode[0] == sde[0]).all()
    far = {name: np.linalg.norm(np.diff(x, axis=0), axis=-1).sum(0).mean() for name, x in (("SDE", sde), ("ODE", ode))}
    both = found["words"]["both"]
    assert f"SDE wandered {far['SDE']:.2f}, the probability flow went {far['ODE']:.2f} on average" in both
    density = float(TOYS["moons"].log_prob(torch.from_numpy(ode[-1].copy()).double()).mean())
    assert f"{density:.2f} (ODE)".replace("-", "−") in both
    assert "wandered" not in found["words"]["ode"] and "probability flow" not in found["words"]["sde"]


def test_without_a_point_nothing_walks():
    assert wait_for(diffusion_field.walks(ASKED | {"drops": []})) == {"error": "drop a point first"}
