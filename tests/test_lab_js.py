"""Computations of the lab in the browser: the Fréchet distance of two Gaussians, and points with given moments."""

import math

import pytest
import torch

from explorer.measures.metrics import frechet
from tests.node import call

CASES = [
    ([1.5, 1.0], (0.9, 0.9, 0), [0.0, 0.0], (1.6, 0.7, 0)),
    ([0.0, 0.0], (1.6, 0.7, 90), [0.0, 0.0], (1.6, 0.7, 0)),
    ([-2.0, 0.3], (2.5, 0.2, 35), [0.5, 0.0], (0.4, 1.1, 110)),
]


def matrix(xx: float, xy: float, yy: float) -> torch.Tensor:
    return torch.tensor([[xx, xy], [xy, yy]], dtype=torch.float64)


@pytest.mark.parametrize(("mean", "widths", "other_mean", "other"), CASES)
def test_the_two_terms_are_those_of_matrices(mean: list, widths: tuple, other_mean: list, other: tuple):
    one, two = (call("lab/frechet_of.js", "covarianceOf", *each) for each in (widths, other))
    found = call("lab/frechet_of.js", "frechetTerms", mean, one, other_mean, two)
    a, b = matrix(*one), matrix(*two)
    assert torch.linalg.eigvalsh(a).sqrt().tolist() == pytest.approx(sorted(widths[:2]))
    root = torch.linalg.eigvals(a @ b).real.sqrt().sum()
    assert found["means"] == pytest.approx(math.dist(mean, other_mean) ** 2)
    assert found["covariances"] == pytest.approx(float(a.trace() + b.trace() - 2 * root), abs=1e-9)


@pytest.mark.parametrize("shape", ["gaussian", "ring", "two", "uneven"])
def test_the_points_of_every_shape_have_the_moments_of_the_ellipse(shape: str):
    mean, widths = [0.4, -1.0], (1.6, 0.7, 30)
    standard = call("lab/frechet_of.js", "standardPoints", shape, 5)
    points = torch.tensor(call("lab/frechet_of.js", "placed", standard, mean, *widths), dtype=torch.float64)
    assert points.mean(0).tolist() == pytest.approx(mean)
    covariance = matrix(*call("lab/frechet_of.js", "covarianceOf", *widths))
    assert torch.allclose(points.T.cov(correction=0), covariance)


def test_the_frechet_distance_is_blind_to_the_shape_and_the_kernel_distance_to_symmetric_ones():
    points = {shape: call("lab/frechet_of.js", "standardPoints", shape, 5) for shape in ("gaussian", "ring", "uneven")}
    kernel = {}
    for shape in ("ring", "uneven"):
        a, b = (torch.tensor(points[each], dtype=torch.float64) for each in ("gaussian", shape))
        assert frechet(a, b) == pytest.approx(0, abs=1e-6)
        kernel[shape] = call("lab/frechet_of.js", "kernelDistance", points["gaussian"], points[shape])
        k = [(x @ y.T / 2 + 1).pow(3).mean() for x, y in ((a, a), (b, b), (a, b))]
        assert kernel[shape] == pytest.approx(float(k[0] + k[1] - 2 * k[2]), abs=1e-9)
    assert kernel["uneven"] > 5 * kernel["ring"]
