"""Marks of log p(x) by amount of work: the rule, and values against other ways to compute them."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.networks import checkpoints
from explorer.tabs.lab import marks as lab_marks
from explorer.tabs.lab.marks import Point


@pytest.fixture(scope="module")
def x() -> Tensor:
    return data.bundled_images("mnist").pixels()[12:13]


@pytest.mark.parametrize(
    ("point", "mark"),
    [
        (Point(1, -100.01, 0.01), "="),
        (Point(1, -100.01, 1.0), "≈"),
        (Point(1, -103.0, 0.5, bound=True), "≤"),
        (Point(1, -103.0, 2.0, bound=True), "≈"),
        (Point(1, -99.0, 0.1, bound=True), "≈"),
        (Point(1, -103.0, 0.5), "≈"),
    ],
)
def test_a_mark_is_what_error_and_distance_allow(point: Point, mark: str):
    assert point.mark(-100.0) == mark


def test_means_have_the_errors_of_numpy():
    each = torch.randn(40, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    points, best = lab_marks.mean_points(each, (1, 10, 40), bound=True)
    spread = np.std(each.numpy(), ddof=1)
    assert best == pytest.approx(np.mean(each.numpy()))
    for point, n in zip(points, (1, 10, 40), strict=True):
        assert point.nats == pytest.approx(np.mean(each.numpy()[:n]))
        assert point.error == pytest.approx(spread / math.sqrt(n))


@pytest.mark.deep
def test_a_plain_grid_comes_to_the_integral_by_the_trapezoid_and_importance_draws_stay_below(x: Tensor):
    model, binary = checkpoints.load("beta-vae-mnist"), data.binarise(x, 7)
    axis = torch.linspace(-6, 6, 401, dtype=torch.float64)
    z = torch.cartesian_prod(axis, axis).float()
    with torch.no_grad():
        likely = torch.cat([model.decode(part, 1.0).log_prob(binary) for part in z.split(4_000)]).double()
    joint = likely - z.double().square().sum(-1) / 2 - math.log(2 * math.pi)
    top = joint.max()
    whole = torch.trapezoid(torch.trapezoid((joint - top).exp().view(401, 401), axis), axis)
    expected = float(top + whole.log())
    points, best = lab_marks.by_width("mnist", x, 7)
    assert best == pytest.approx(expected, abs=0.02)
    assert points[-1].mark(best) == "=" and points[0].mark(best) == "≈"
    drawn, same = lab_marks.by_importance("mnist", x, 7)
    assert same == pytest.approx(best) and drawn[0].error > drawn[-1].error
    assert drawn[-1].nats < best


@pytest.mark.deep
def test_few_solver_steps_flatter_and_many_agree(x: Tensor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lab_marks, "MARKS_STEPS", (2, 4, 8, 16))
    points, best = lab_marks.by_steps("mnist", x, 7)
    off = [point.nats - best for point in points]
    assert off[0] > 100 and abs(off[-1]) < 5
    assert all(point.mark(best) == "≈" for point in points[:3])
    model = checkpoints.load("flow-matching-mnist")
    again = model.log_prob_by_ode(x, generator=torch.Generator().manual_seed(7), steps=8)
    assert points[2].nats == pytest.approx(float(again), abs=1e-3)


def test_draws_of_the_noise_within_levels_are_those_of_the_flow(x: Tensor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lab_marks, "MARKS_DRAWS", (1, 5, 20, 50))
    monkeypatch.setattr(lab_marks, "MARKS_BATCH", 8)
    points, best = lab_marks.by_draws("mnist", x, 7)
    model, generator = checkpoints.load("flow-mnist"), torch.Generator().manual_seed(7)
    with torch.no_grad():
        each = torch.cat([model.elbo(x.expand(8, -1, -1, -1), generator=generator) for _ in range(10)]).double()
    assert points[-1].nats == pytest.approx(float(each[:50].mean()), abs=1e-3)
    assert best == pytest.approx(
        math.log(np.exp(each.numpy() - each.max().item()).mean()) + each.max().item(), abs=1e-3
    )
    assert points[-1].mark(best) == "≤"
    result = lab_marks.marks_answer("draws", "mnist", x, 7).to_props()
    assert [work for work, *_ in result["table"][1:]] == list(lab_marks.MARKS_DRAWS)
    assert [place for place, _ in result["stops"]["work"]] == [math.log2(work) for work in lab_marks.MARKS_DRAWS]
    assert "cannot bring it below" in result["each"]["parts"][-1]["words"]
