"""Flows: every layer against autograd, zuko and integration; what a flow of images says of levels; completing."""

import copy
import math

import pytest
import torch
import zuko
from torch import Tensor
from zuko.transforms import MonotonicAffineTransform, MonotonicRQSTransform

from explorer.models.bijections import Raised, Spline
from explorer.models.flow import Flow, Transform, standard_normal
from explorer.models.image_flow import (
    BINS,
    BLACK,
    IMAGE_FLOW_FLOOR,
    SLOPE,
    WHITE,
    ImageFlow,
    LatticeCoupling,
    Probit,
    Stretch,
)
from explorer.models.plane_flow import BINS as PLANE_BINS
from explorer.models.plane_flow import KINDS, PlaneFlow, PlaneFlows, curve
from explorer.questions import likelihood
from explorer.train import continues

SMALL = {"channels": (4, 4, 4, 4, 4), "blocks": (1, 1, 1, 1, 1)}
torch.manual_seed(0)
LAYERS = [Stretch(), *ImageFlow(**SMALL).transforms[1:5:3], LatticeCoupling(4, 3, 1, 4, 1, 10), Probit()]


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def jittered(module: torch.nn.Module, size: float = 0.3) -> torch.nn.Module:
    """A module in float64, its weights far from where they start: a flow that is the identity is no test."""
    generator = rng()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += size * torch.randn(parameter.shape, generator=generator)
    return module.double().eval()


@pytest.fixture(scope="module")
def image_flow() -> ImageFlow:
    torch.manual_seed(0)
    return jittered(ImageFlow(**SMALL))


def images(n: int = 3) -> Tensor:
    """Levels with black and white among them, made continuous: (n, 1, 28, 28) in float64."""
    grey = (torch.rand(n, 1, 28, 28, generator=rng(1), dtype=torch.float64) * 3 - 1).clamp(0, 1)
    return ((grey * 255).round() + torch.rand(grey.shape, generator=rng(2))) / 256


def points(n: int = 50) -> Tensor:
    return 1.5 * torch.randn(n, 2, generator=rng(1), dtype=torch.float64)


def log_det_by_autograd(transform: Transform | Flow, x: Tensor) -> Tensor:
    """log|det J| of one x (1, …), from the whole Jacobian."""
    jacobian = torch.func.jacrev(lambda x: transform.forward_and_log_det(x.view(1, *shape))[0].flatten(), chunk_size=49)
    shape = x.shape[1:]
    return torch.linalg.slogdet(jacobian(x.flatten())).logabsdet


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", [1, 2, 8])
def test_the_log_determinants_in_the_plane_are_those_of_autograd(kind: str, layers: int):
    flow, x = jittered(PlaneFlow(kind, layers, 16), 0.1), points()
    found = flow.forward_and_log_det(x)[1]
    wanted = torch.stack([log_det_by_autograd(flow, each.unsqueeze(0)) for each in x])
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-8)
    assert (found.std() < 1e-9) == (kind == "additive")


@pytest.mark.parametrize("kind", KINDS)
def test_a_flow_in_the_plane_goes_back_to_where_it_came_from(kind: str):
    flow, x = jittered(PlaneFlow(kind, 8, 16), 0.07), points(2_000)
    z = flow.encode(x)
    assert (z - x).abs().max() > 0.5
    torch.testing.assert_close(flow.decode(z), x, rtol=0, atol=1e-9)


FINE = 0.03


@pytest.mark.parametrize("kind", KINDS)
def test_a_density_in_the_plane_integrates_to_one(kind: str):
    flow = jittered(PlaneFlow(kind, 2, 16), 0.1)
    axis = torch.arange(-6, 6, FINE, dtype=torch.float64)
    t = torch.cartesian_prod(axis, axis)  # x = sinh t: fine in the middle, and out to 200
    density = flow.log_prob(t.sinh()).exp() * t.cosh().prod(-1)
    assert float(density.sum()) * FINE**2 == pytest.approx(1, abs=1e-3)


def test_an_affine_curve_is_that_of_zuko():
    theta, x = 3 * torch.randn(200, 2, generator=rng(), dtype=torch.float64), points(100).flatten()
    ours, theirs = curve("affine", theta), MonotonicAffineTransform(theta[:, 0], theta[:, 1], slope=1 / 20)
    agree(ours, theirs, x)


def test_a_spline_is_that_of_zuko():
    theta = 3 * torch.randn(200, KINDS["spline"], generator=rng(), dtype=torch.float64)
    x = 2.5 * points(100).flatten()  # some beyond the knots
    parts = theta.split([PLANE_BINS, PLANE_BINS, PLANE_BINS - 1], dim=-1)
    assert (x.abs() > 4).any() and (x.abs() < 4).any()
    agree(curve("spline", theta), MonotonicRQSTransform(*parts, bound=4.0), x)


def test_a_spline_with_slopes_at_its_ends_is_that_of_zuko():
    drawn = torch.randn(3, 200, 9, generator=rng(), dtype=torch.float64)
    x, y = (torch.nn.functional.pad(each[:, 1:].softmax(-1), (1, 0)).cumsum(-1) for each in drawn[:2])
    theirs = MonotonicRQSTransform(drawn[0, :, 1:], drawn[1, :, 1:], drawn[2, :, 2:], bound=0.5)
    theirs.horizontal, theirs.vertical, theirs.derivatives = x, y, drawn[2].exp()
    agree(Spline(x, y, drawn[2].exp()), theirs, torch.rand(200, generator=rng(), dtype=torch.float64))


def agree(ours, theirs: zuko.transforms.Transform, x: Tensor) -> None:
    y, log_slope = ours.forward_and_log_det(x)
    bent, ladj = theirs.call_and_ladj(x)
    pairs = ((y, bent), (log_slope, ladj), (ours.inverse(y), x), (ours.inverse(x), theirs.inv(x)))
    for found, wanted in pairs:
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-9)


def test_a_flow_of_zukos_layers_has_the_density_of_ours():
    """NICE's, RealNVP's and the spline flow, put together by zuko from the curves of our networks."""
    for kind in KINDS:
        flow, x = jittered(PlaneFlow(kind, 4, 16), 0.1), points()
        total, state = torch.zeros(len(x)), x
        for layer in flow.transforms:
            theta = layer.theta(state[:, 1 - layer.moved, None])
            moved, ladj = zukos(kind, theta).call_and_ladj(state[:, layer.moved])
            state = torch.stack([moved if i == layer.moved else state[:, i] for i in range(2)], dim=-1)
            total = total + ladj
        base = torch.distributions.Normal(0.0, 1.0).log_prob(state).sum(-1)
        torch.testing.assert_close(flow.log_prob(x), base + total, rtol=0, atol=1e-9)


def zukos(kind: str, theta: Tensor) -> zuko.transforms.Transform:
    match kind:
        case "additive":
            return zuko.transforms.AdditiveTransform(theta[:, 0])
        case "affine":
            return MonotonicAffineTransform(theta[:, 0], theta[:, 1], slope=1 / 20)
    return MonotonicRQSTransform(*theta.split([PLANE_BINS, PLANE_BINS, PLANE_BINS - 1], dim=-1), bound=4.0)


def test_a_steep_spline_comes_back_in_float32():
    theta = 2 * torch.randn(5_000, KINDS["spline"], generator=rng())
    x = 6 * torch.rand(5_000, generator=rng()) - 3
    spline = curve("spline", theta)
    assert (spline.inverse(spline.forward_and_log_det(x)[0]) - x).abs().max() < 1e-3


def kinked(count: int = 200) -> Raised:
    """Splines that rise nearly to one in three bins and are all but flat then, as a network makes them of black."""
    steep = torch.cat([torch.full((count, 3), 7.0), torch.randn(count, 13, generator=rng())], dim=-1).double()
    y = torch.nn.functional.pad(steep.softmax(-1).cumsum(-1), (1, 0))
    slopes = (1.5 * torch.randn(count, 17, generator=rng(1)) - 2).double().exp()
    return Raised(Spline(torch.linspace(0, 1, 17).double(), y / y[:, -1:], slopes), 1e-3)


def test_a_raised_curve_is_nowhere_flat_and_comes_back():
    curve, x = kinked(50), torch.linspace(1e-6, 1 - 1e-6, 1_000).double().unsqueeze(-1).expand(-1, 50).requires_grad_()
    y, log_slope = curve.forward_and_log_det(x)
    torch.testing.assert_close(torch.autograd.grad(y.sum(), x)[0].log(), log_slope, rtol=1e-6, atol=1e-6)
    assert float(curve.curve.forward_and_log_det(x)[1].min()) < math.log(1e-4)  # the spline alone is far flatter
    assert float(log_slope.min()) >= math.log(1e-3)
    assert (curve.inverse(y.detach()) - x).abs().max() < 1e-11


def test_the_gradient_of_a_raised_curves_inverse_is_one_over_its_slope_and_reaches_what_says_the_curve():
    curve = kinked()
    y = torch.rand(200, generator=rng(3)).double().requires_grad_()
    x = curve.inverse(y)
    log_slope = curve.forward_and_log_det(x.detach())[1]
    torch.testing.assert_close(torch.autograd.grad(x.sum(), y)[0].log(), -log_slope, rtol=1e-6, atol=1e-6)
    knots = curve.curve.y.clone().requires_grad_()
    moved = Raised(Spline(curve.curve.x, knots, curve.curve.slopes), curve.share)
    gradient = torch.autograd.grad(moved.inverse(y.detach()).sum(), knots)[0]
    step = 1e-7 * torch.randn(knots.shape, generator=rng(4)).double() * (knots.detach() > 0) * (knots.detach() < 1)
    after = Raised(Spline(curve.curve.x, knots.detach() + step, curve.curve.slopes), curve.share).inverse(y.detach())
    expected = (after - x.detach()) / 1e-7
    found = (gradient * step).sum(-1) / 1e-7
    near = (expected - found).abs() <= 1e-2 * (1 + expected.abs())
    assert float(near.double().mean()) > 0.95  # but for those whose bin the step changes


def test_flows_of_one_checkpoint_are_asked_by_kind_and_depth():
    flows, x = PlaneFlows((1, 2), 8), points(5).float()
    assert torch.equal(flows.log_prob(x), flows.flows["spline-2"].log_prob(x))
    assert torch.equal(flows.log_prob(x, kind="affine", layers=1), flows.flows["affine-1"].log_prob(x))
    with pytest.raises(ValueError, match="no flow “affine-3”"):
        flows.encode(x, kind="affine", layers=3)
    x = flows.sample(7, generator=rng(), kind="affine", layers=2)
    torch.testing.assert_close(flows.decode(flows.encode(x)), x, rtol=0, atol=1e-5)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: type(layer).__name__)
def test_the_log_determinants_of_images_are_those_of_autograd(layer: Transform):
    layer, x = jittered(layer), images(1)
    found = float(layer.forward_and_log_det(x)[1])
    assert abs(found) > 0.1
    assert found == pytest.approx(float(log_det_by_autograd(layer, x)), abs=1e-8)


def test_the_density_of_an_image_is_that_of_its_whole_jacobian(image_flow: ImageFlow):
    x = images(1)
    z, log_det = image_flow.forward_and_log_det(x)
    assert float(log_det) == pytest.approx(float(log_det_by_autograd(image_flow, x)), abs=1e-7)
    wanted = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum() + log_det
    assert float(image_flow.log_prob(x)) == pytest.approx(float(wanted), abs=1e-7)


def test_an_image_comes_back(image_flow: ImageFlow):
    x, label = images(), torch.tensor([3, 10, 0])
    z = image_flow.encode(x, label)
    torch.testing.assert_close(image_flow.decode(z, label), x, rtol=0, atol=1e-9)
    assert (image_flow.decode(z, torch.tensor([4, 4, 4])) - x).abs().max() > 1e-3
    again, x = jittered(ImageFlow(**SMALL)).float().eval(), x.float()
    assert (again.decode(again.encode(x)) - x).abs().max() < 1e-5


def test_every_pixel_is_bent_once(image_flow: ImageFlow):
    times = torch.zeros(1, 1, 28, 28)
    for layer in image_flow.transforms[1:-1]:
        times += layer.put(torch.zeros_like(times), torch.ones_like(layer.bent, dtype=times.dtype).unsqueeze(0))
    assert torch.equal(times, torch.ones_like(times))


def test_coarse_noise_decides_the_coarse_image_alone(image_flow: ImageFlow):
    z = torch.randn(1, 1, 28, 28, generator=rng(), dtype=torch.float64)
    coarse = z.clone()
    coarse[..., ::4, ::4] += 1
    fine = torch.where(torch.isin(torch.arange(784), torch.arange(784).view(28, 28)[::4, ::4]).view(28, 28), z, z + 1)
    x, other, same = (image_flow.decode(each)[..., ::4, ::4] for each in (z, coarse, fine))
    torch.testing.assert_close(same, x, rtol=0, atol=1e-12)
    assert (other - x).abs().max() > 1e-3


def test_the_bound_on_levels_is_the_density_in_a_cell():
    """An untrained flow gives every level the share of the unit interval that it is stretched to."""
    flow = ImageFlow(**SMALL)
    black, white = torch.zeros(1, 1, 28, 28), torch.ones(1, 1, 28, 28)
    for x, share in ((black, BLACK), (white, WHITE), ((0 * black + 128) / 255, (1 - BLACK - WHITE) / 254)):
        found = flow.elbo(x, generator=rng())
        assert float(found) == pytest.approx(784 * math.log(share), abs=1e-2)
    assert likelihood.kind(flow) == "bound"
    asked = likelihood.ask(flow, black)
    assert asked.bits_per_dim == pytest.approx(-math.log2(BLACK), abs=1e-4)


def test_the_bound_is_below_the_probability_of_levels(image_flow: ImageFlow):
    r"""$\log \mathbb{E}_u[p]$ is above $\mathbb{E}_u[\log p]$: Jensen's inequality."""
    levels = (images(1) * 256).floor() / 255
    draws = torch.cat([image_flow.elbo(levels, generator=rng(seed)) for seed in range(30)])
    assert draws.std() > 0.1
    assert draws.mean() < torch.logsumexp(draws, 0) - math.log(len(draws))


def test_noise_within_a_level_keeps_the_level():
    flow, level = ImageFlow(**SMALL), torch.arange(256).repeat(49)[: 784 * 16].view(16, 1, 28, 28) / 255
    x = flow.dequantise(level, rng())
    assert torch.equal(flow.to_space(x, 0), level)
    assert torch.equal((x * 256).floor(), (level * 255).round())


def test_the_way_from_noise_to_an_image(image_flow: ImageFlow):
    steps = list(image_flow.sample_steps(2, generator=rng(), label=torch.tensor([1, 2])))
    assert [step.time for step in steps] == list(range(len(image_flow.transforms), -1, -1))
    z, x = steps[0].numbers["state"], steps[-1].numbers["state"]
    torch.testing.assert_close(z, torch.randn(2, 1, 28, 28, generator=rng()).double())
    torch.testing.assert_close(image_flow.decode(z, torch.tensor([1, 2])), x)
    torch.testing.assert_close(steps[-1].numbers["log_prob"], image_flow.log_prob(x, torch.tensor([1, 2])))
    torch.testing.assert_close(steps[0].numbers["log_prob"], standard_normal(z))
    image_flow.space.check(steps[-1].x)
    torch.testing.assert_close(steps[-1].x.double(), (x * 256).floor() / 255, rtol=0, atol=1e-6)
    (mode,) = image_flow.sample(1, generator=rng(), temperature=0)
    assert torch.equal(mode, image_flow.to_space(image_flow.decode(torch.zeros(1, 1, 28, 28).double()), 0)[0])


def some_known() -> Tensor:
    return torch.rand(2, 1, 28, 28, generator=rng(3)) < 0.5


def test_known_pixels_put_in_leave_the_others_their_noise(image_flow: ImageFlow):
    """So z of the unknown pixels has a Gaussian prior, and the density of the known ones is their likelihood."""
    known, x = some_known(), images(2)
    given, stretched = image_flow.transforms[0].forward_and_log_det(x)
    z = torch.randn(2, 1, 28, 28, generator=rng(), dtype=torch.float64)
    state, log_known = image_flow.decode_given(z, given, known, None)
    made = image_flow.transforms[0].inverse(state)
    torch.testing.assert_close(made[known], x[known])
    torch.testing.assert_close(image_flow.encode(made)[~known], z[~known])
    everything = torch.ones_like(known)
    state, log_all = image_flow.decode_given(z, given, everything, None)
    torch.testing.assert_close(log_all + stretched, image_flow.log_prob(x))
    free, nothing = image_flow.decode_given(z, given, ~everything, None)
    torch.testing.assert_close(image_flow.transforms[0].inverse(free), image_flow.decode(z))
    assert (nothing == 0).all() and (log_known != log_all).all()


def test_completing_keeps_what_is_known_and_makes_it_likelier(image_flow: ImageFlow):
    """Known pixels are likelier given what was found for the others than given noise, on the average of 16 images."""
    flow, n = copy.deepcopy(image_flow).float(), 16
    x, known = (images(n) * 256).floor().float() / 255, torch.rand(n, 1, 28, 28, generator=rng(3)) < 0.5
    steps = list(flow.complete_steps(x, known, generator=rng(), steps=12))
    assert len(steps) == steps[0].total == 13
    assert all(torch.equal(step.x[known], x[known]) for step in steps)
    flow.space.check(steps[-1].x)
    log_known = torch.stack([step.numbers["log_known"].mean() for step in steps])
    assert log_known[-5:].min() > log_known[0] + 1
    with pytest.raises(ValueError, match="known must be booleans"):
        next(flow.complete_steps(x, known.float(), generator=rng()))


def test_the_way_between_two_images_is_as_long_in_z_as_they_are_and_a_straight_one_is_not():
    flow, x = ImageFlow(**SMALL).eval(), (images(2) * 256).floor().float() / 255
    lengths = {}
    for spherical in (True, False):
        (step,) = flow.interpolate_steps(x[:1], x[1:], 5, spherical=spherical)
        torch.testing.assert_close(step.x[[0, -1]], x)
        flow.space.check(step.x)
        lengths[spherical] = step.numbers["squared_length"]
    low, high = lengths[True][[0, -1]].sort().values
    assert low * 0.9 < lengths[True][2] < high * 1.1 and lengths[False][2] < 0.7 * low


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"temperature": -1}, "temperature must be"),
        ({"temperature": float("nan")}, "temperature must be"),
        ({"label": torch.tensor([11, 0])}, "label must be"),
    ],
)
def test_what_a_sampler_cannot_take_it_says(image_flow: ImageFlow, how: dict, message: str):
    with pytest.raises(ValueError, match=message):
        image_flow.sample(2, generator=rng(), **how)


def test_the_edges_of_the_unit_interval_have_finite_noise():
    probit = Probit()
    z, log_det = probit.forward_and_log_det(torch.tensor([[0.0, 1.0, 0.5]]))
    assert z.isfinite().all() and log_det.isfinite().all()
    torch.testing.assert_close(probit.inverse(z), torch.tensor([[0.0, 1.0, 0.5]]), rtol=0, atol=1e-6)


def test_no_level_is_called_impossible():
    """The least that a network can give a bin, whatever it says; x still comes back."""
    layer = LatticeCoupling(1, 1, None, 4, 1, 10)
    layer.conditioner.last.bias.data[:BINS] = torch.tensor([1e4] + [-1e4] * (BINS - 1))
    x = images(2)
    y, log_det = layer.forward_and_log_det(x)
    assert (layer.inverse(y) - x).abs().max() < 1e-9
    curve = layer.curve(x, None)
    heights = torch.lerp(curve.curve.y, curve.curve.x, curve.share).detach().diff(dim=-1)
    assert float(heights.min()) * BINS == pytest.approx(IMAGE_FLOW_FLOOR + SLOPE * BINS, rel=0.05)


def test_only_a_run_whose_rate_does_not_decay_may_be_lengthened():
    def recipe(epochs: int, **more) -> dict:
        return {"family": "flow", "training": {"epochs": epochs, "seed": 0} | more}

    assert continues(recipe(3), recipe(3)) and not continues(recipe(3), recipe(4))
    assert continues(recipe(3, decay=False), recipe(4, decay=False))
    assert not continues(recipe(3, decay=False), recipe(4, decay=False) | {"family": "gan"})
    assert not continues(recipe(3, decay=True), recipe(4, decay=False))
