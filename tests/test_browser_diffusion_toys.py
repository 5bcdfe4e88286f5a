"""The mathematics of the score field in the browser, against torch: network and known density."""

import math

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from explorer.data.toys import TOYS
from explorer.models.schedule import Schedule
from explorer.networks import checkpoints
from tests.diffusion import MODULES

FIELD = """async ([modules, toy, weights, t]) => {
  const [{ readToyNet }, { ToyField }, { ALPHAS }] = await Promise.all(
    ["toy_net", "toy_field", "schedule"].map((name) => import(`${location.origin}${modules}/${name}.js`)));
  const field = new ToyField(toy, await readToyNet(weights, 1000), ALPHAS.linear);
  const level = field.at(t);
  const { points, learned, exact } = level.arrows;
  const logs = Array.from({ length: points.length / 2 }, (_, i) => level.probe(points.slice(2 * i, 2 * i + 2)).logP);
  const arrows = { points: [...points], learned: [...learned], exact: [...exact] };
  return { ...arrows, logs, draws: field.draws, ...level.difference };
}"""


def open_modules(page: Page, url: str) -> None:
    """Open a file of the stage's own origin: enough to import its modules, and much lighter than the app."""
    page.goto(f"{url}{MODULES}/toy_net.js")


def weights_of(toy: str) -> str:
    return f"/gradio_api/file=pretrained/score-{toy}/model.safetensors"


def field_of(page: Page, toy: str, t: int) -> dict:
    """Values that the browser computes of a toy at a time."""
    known = {"means": TOYS[toy].means.tolist(), "sigma": TOYS[toy].sigma}
    return page.evaluate(FIELD, [MODULES, known, weights_of(toy), t])


def from_module(page: Page, module: str, expression: str):
    """The value of an expression of one of the stage's modules, called m."""
    source = f"import(`${{location.origin}}{MODULES}/{module}.js`)"
    return page.evaluate(f"async () => {{ const m = await {source}; return {expression}; }}")


@pytest.mark.parametrize("toy", list(TOYS))
def test_the_network_in_the_browser_is_torchs(page: Page, app_url: str, toy: str):
    open_modules(page, app_url)
    model = checkpoints.load(f"score-{toy}")
    for t in (1, 37, 500, 1000):
        found = field_of(page, toy, t)
        with torch.no_grad():
            expected = model.predict_noise(torch.tensor(found["points"]).view(-1, 2), t).flatten().tolist()
        assert found["learned"] == pytest.approx(expected, rel=1e-4, abs=2e-4)


@pytest.mark.parametrize("toy", list(TOYS))
def test_the_known_density_and_its_score_are_those_of_autograd(page: Page, app_url: str, toy: str):
    open_modules(page, app_url)
    for t in (1, 200, 1000):
        found = field_of(page, toy, t)
        alpha = float(Schedule("linear", 1000).alphas_cumprod[t])
        means = math.sqrt(alpha) * TOYS[toy].means.double()
        deviation = torch.full_like(means, math.sqrt(alpha * TOYS[toy].sigma ** 2 + 1 - alpha))
        parts = torch.distributions.Independent(torch.distributions.Normal(means, deviation), 1)
        shares = torch.distributions.Categorical(torch.ones(len(means), dtype=torch.float64))
        points = torch.tensor(found["points"], dtype=torch.float64).view(-1, 2).requires_grad_()
        logs = torch.distributions.MixtureSameFamily(shares, parts).log_prob(points)
        score = torch.autograd.grad(logs.sum(), points)[0]
        expected = -math.sqrt(1 - alpha) * score.flatten()
        assert found["logs"] == pytest.approx(logs.tolist(), rel=1e-5, abs=1e-5)
        assert found["exact"] == pytest.approx(expected.tolist(), rel=1e-5, abs=1e-5)


def test_the_measured_difference_is_that_of_network_and_density(page: Page, app_url: str):
    open_modules(page, app_url)
    found = field_of(page, "moons", 100)
    draws = torch.tensor(found["draws"])
    alpha = float(Schedule("linear", 1000).alphas_cumprod[100])
    noised = TOYS["moons"].add_noise(alpha)
    points = noised.means[draws[:, 0].long()] + noised.sigma * draws[:, 1:]
    exact = -math.sqrt(1 - alpha) * noised.score(points)
    with torch.no_grad():
        wrong = checkpoints.load("score-moons").predict_noise(points, 100) - exact
    assert found["error"] == pytest.approx(float(wrong.square().sum(-1).mean()), rel=1e-2)
    assert found["size"] == pytest.approx(float(exact.square().sum(-1).mean()), rel=1e-3)


def test_the_random_numbers_are_standard_gaussian(page: Page, app_url: str):
    open_modules(page, app_url)
    values = np.array(from_module(page, "../kit/plane/random", "Array.from({ length: 20000 }, m.gaussians(5))"))
    assert values.mean() == pytest.approx(0, abs=0.03)
    assert values.std() == pytest.approx(1, abs=0.03)
    assert (np.abs(values) < 1).mean() == pytest.approx(0.6827, abs=0.012)
    assert np.corrcoef(values[:-1], values[1:])[0, 1] == pytest.approx(0, abs=0.03)
