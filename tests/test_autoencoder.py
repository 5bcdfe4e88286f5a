"""Autoencoders: what each is trained for, what their codes and pulls are, and that the browser computes the same."""

import base64
import math

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.data import toys
from explorer.measures import autoencoder as measures
from explorer.measures import plane_denoiser as plane_measures
from explorer.models import ENCODERS, MODELS
from explorer.models.autoencoder import (
    Autoencoder,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    SparseAutoencoder,
    half_square,
)
from explorer.models.plane_denoiser import PlaneDenoiser
from explorer.networks import checkpoints
from explorer.questions import Cannot, anomaly, interpolate, make
from explorer.tabs.autoencoders import contractive as autoencoders_contractive
from explorer.tabs.autoencoders import dictionary as autoencoders_dictionary
from explorer.tabs.autoencoders import pull as autoencoders_pull
from explorer.tabs.autoencoders.maths import denoise
from tests.node import run

SMALL = {"hidden": (16, 8)}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def x() -> Tensor:
    return torch.rand(6, 1, 28, 28, generator=rng())


@pytest.fixture(autouse=True)
def seed_of_weights():
    torch.manual_seed(0)


def loss_of(model: Autoencoder, x: Tensor, **recipe: float) -> float:
    loss = model.training_loss(x, recipe, generator=rng(3), label=torch.zeros(len(x), dtype=torch.long))
    return float(loss.detach())


def test_the_jacobian_is_that_of_autograd(x: Tensor):
    model = Autoencoder(**SMALL).double()
    x = x.double()
    exact = torch.func.vmap(torch.func.jacrev(lambda each: model.encoder(each.flatten())))(x).flatten(2)
    torch.testing.assert_close(model.jacobian(x).detach(), exact)


def test_denoising_rebuilds_the_image_before_the_noise(x: Tensor):
    model = DenoisingAutoencoder(**SMALL)
    noised = x + 0.5 * torch.randn(x.shape, generator=rng(3))
    assert loss_of(model, x, noise=0.5) == pytest.approx(float(half_square(model.reconstruct(noised), x).mean()))
    assert loss_of(model, x, noise=0.0) == pytest.approx(loss_of(plain_of(model), x))


def plain_of(model: Autoencoder) -> Autoencoder:
    plain = Autoencoder(**SMALL)
    plain.load_state_dict(model.state_dict())
    return plain


def test_contraction_does_not_heed_the_scale_of_the_codes(x: Tensor):
    model = ContractiveAutoencoder(**SMALL)
    before = loss_of(model, x, contraction=2.0)
    assert before > loss_of(model, x, contraction=0.0)
    with torch.no_grad():  # codes a tenth as large, and a decoder that undoes it
        model.encoder[-1].weight /= 10
        model.encoder[-1].bias /= 10
        model.decoder[0].weight *= 10
    assert loss_of(model, x, contraction=2.0) == pytest.approx(before, rel=1e-4)


def test_contraction_is_the_mean_square_of_the_singular_values_over_the_spread(x: Tensor):
    model = ContractiveAutoencoder(**SMALL)
    stretches = measures.stretches(model, x, model.encode(x).detach())
    extra = loss_of(model, x, contraction=1.0) - loss_of(model, x, contraction=0.0)
    assert extra == pytest.approx(float(stretches.square().sum(0).mean()), rel=1e-3)


def test_a_sparse_code_has_just_the_largest_units(x: Tensor):
    model = SparseAutoencoder(units=40, active=5)
    z, every = model.encode(x), model.units(x)
    for code, units in zip(z, every):
        assert int((code > 0).sum()) == min(5, int((units > 0).sum()))
        assert torch.equal(code[code > 0], units[code > 0]) and float(units[code == 0].max()) <= float(
            code[code > 0].min()
        )


def test_dead_units_alone_learn_what_the_others_leave_over(x: Tensor):
    torch.manual_seed(0)
    model, recipe = SparseAutoencoder(units=40, active=2), {"dead_after": len(x), "revived": 3, "auxiliary": 0.5}

    def learnt() -> tuple[float, Tensor]:
        model.zero_grad()
        loss = model.training_loss(x, recipe, generator=rng(), label=None)
        loss.backward()
        return float(loss.detach()), model.decoder.weight.grad.norm(dim=0) > 0

    spoke = (model.encode(x) > 0).any(0)
    half_error, first = learnt()  # nobody was silent for more than these images yet
    left = x - model.linear(model.encode(x))
    assert torch.equal(first, spoke) and half_error == pytest.approx(float(left.square().sum()) / 2 / len(x), rel=1e-5)
    loss, second = learnt()
    silent = model.units(x) * ~spoke
    heard = silent >= silent.topk(3, dim=-1).values[:, -1:]
    assert torch.equal(second, spoke | ((silent > 0) & heard).any(0)) and int((second & ~spoke).sum()) > 3
    revived = (silent * heard) @ model.decoder.weight.T
    extra = 0.5 * (revived - left.flatten(1)).square().sum(-1).mean() / 2
    assert loss - half_error == pytest.approx(float(extra), rel=1e-3)
    torch.testing.assert_close(model.idle, torch.where(spoke, 0.0, 2.0 * len(x)))


def test_what_an_atom_adds_is_taken_away_with_it(x: Tensor):
    model = SparseAutoencoder(units=40, active=5)
    z = model.encode(x[:1])
    unit = int(z.argmax())
    without = z.clone()
    without[0, unit] = 0
    atom = z[0, unit] * model.decoder.weight[:, unit]
    torch.testing.assert_close((model.linear(z) - model.linear(without)).flatten(), atom, atol=1e-6, rtol=1e-5)


def test_rebuilding_starts_where_it_is_asked_and_says_how_far_it_goes(x: Tensor):
    steps = list(Autoencoder(**SMALL).return_steps(x, 3))
    assert torch.equal(steps[0].x, x) and [step.index for step in steps] == [0, 1, 2, 3]
    moved = (steps[2].x - steps[1].x).flatten(1).norm(dim=-1)
    torch.testing.assert_close(steps[2].numbers["moved"], moved)


@pytest.mark.parametrize("family", ENCODERS)
def test_an_autoencoder_makes_nothing_and_says_so(family: str, x: Tensor):
    model = ENCODERS[family](**({"units": 40, "active": 5} if family.startswith("sparse") else SMALL))
    assert family not in MODELS and not hasattr(model, "sample_steps")
    assert all(len(reason) > 20 and not hasattr(model, name) for name, reason in model.cannot.items())
    with pytest.raises(Cannot, match="labels"):
        make.label_argument(model, 3, 1)
    with pytest.raises(Cannot, match="nothing says where codes lie"):
        make.steps(model, 1, 0)
    assert anomaly.can_score(model) and interpolate.can(model)
    (step,) = interpolate.steps(model, x[:1], x[1:2], places=5)
    torch.testing.assert_close(step.x[0], model.reconstruct(x[:1])[0])
    assert float(anomaly.score(model, x, generator=rng())[0]) == pytest.approx(float(model.error(x)[0]))


def test_the_best_denoiser_of_a_gaussian_shrinks_and_is_its_score():
    s, sigma, at = 0.7, 0.4, torch.linspace(-4, 4, 80_001, dtype=torch.float64)
    noised = 0.9
    likely = torch.distributions.Normal(0, s).log_prob(at) + torch.distributions.Normal(at, sigma).log_prob(
        torch.tensor(noised)
    )
    mean = float((likely.softmax(0) * at).sum())  # of the clean number given the noised one
    rebuilt, pull, clean = denoise(noised, s, sigma)
    assert rebuilt == pytest.approx(mean, rel=1e-6)
    point = torch.tensor(noised, requires_grad=True)
    torch.distributions.Normal(0, math.hypot(s, sigma)).log_prob(point).backward()
    assert pull == pytest.approx(float(point.grad)) and abs(clean) > abs(pull)


def test_the_exact_score_is_the_gradient_of_the_noised_density():
    points = torch.randn(50, 2, dtype=torch.float64, generator=rng()).requires_grad_()
    known = plane_measures.known_density("moons", 0.4)
    (gradient,) = torch.autograd.grad(known.log_prob(points).sum(), points)
    torch.testing.assert_close(known.score(points.detach()), gradient)
    clean = toys.TOYS["moons"].sample(20_000, rng(1))  # noise of width 0.4 makes points of that density
    noised = clean + 0.4 * torch.randn(clean.shape, generator=rng(2))
    drawn = known.sample(20_000, rng(3))
    for moment in (1, 2):
        torch.testing.assert_close(noised.pow(moment).mean(0), drawn.pow(moment).mean(0), atol=0.06, rtol=0)


def test_a_trained_pull_is_the_noised_score_and_an_untrained_or_wide_one_is_not():
    model: PlaneDenoiser = checkpoints.load("denoising-autoencoder-moons", "cpu")
    points = toys.TOYS["moons"].sample(2_000, rng(9))

    def off(net: PlaneDenoiser, sigma: float, clean: bool = False) -> float:
        x = points if clean else points + sigma * torch.randn(points.shape, generator=rng(10))
        exact = plane_measures.known_density("moons", 0 if clean else sigma).score(x)
        with torch.no_grad():
            return plane_measures.share_of_square(net.residual(x, sigma), exact)[0]

    assert off(model, 0.4) < 0.03 and off(model, 0.1) < 0.2
    assert off(PlaneDenoiser(model.sigmas), 0.4) > 0.5  # not trained
    assert off(model, 0.4, clean=True) > 0.8  # too wide for the data's own score
    assert plane_measures.share_of_square(torch.zeros(9, 2), torch.ones(9, 2))[0] == 1


def test_shares_that_are_equal_diverge_by_nothing_and_one_class_by_log_10():
    value, se = measures.from_equal(torch.arange(10_000) % 10, 10)
    assert value == pytest.approx(0, abs=1e-12) and se == pytest.approx(0, abs=1e-6)
    assert measures.from_equal(torch.full((500,), 3), 10) == pytest.approx((math.log(10), 0))


def test_the_error_of_the_divergence_is_how_much_it_varies():
    share = torch.tensor([0.3, 0.25, 0.2, 0.1, 0.05, 0.04, 0.03, 0.02, 0.005, 0.005])
    found = [measures.from_equal(share.multinomial(2_000, True, generator=rng(k)), 10) for k in range(200)]
    values, errors = torch.tensor(found).T
    assert float(errors.mean()) == pytest.approx(float(values.std()), rel=0.15)


def test_codes_drawn_by_a_fitted_gaussian_have_its_moments():
    codes = torch.randn(5_000, 2, generator=rng()) @ torch.tensor([[3.0, 1.0], [0.0, 0.5]]) + torch.tensor([4.0, -2.0])
    drawn = measures.draw_codes("fitted", 50_000, codes, rng(1))
    torch.testing.assert_close(drawn.mean(0), codes.mean(0), atol=0.06, rtol=0)
    torch.testing.assert_close(drawn.T.cov(), codes.T.cov(), atol=0.2, rtol=0)
    assert float(measures.draw_codes("standard", 50_000, codes, rng(1)).std()) == pytest.approx(1, abs=0.01)


def test_one_decoded_image_is_as_far_from_equal_shares_as_can_be():
    vae = checkpoints.load("beta-vae-mnist", "cpu")
    with torch.no_grad():
        same = vae.decode(torch.zeros(60, 2), 1.0).mean
    found = {each["name"]: each["value"] for each in measures.class_rows("mnist", same)}
    assert found["kl_from_equal"] == pytest.approx(math.log(10))


def read_as_file(path) -> str:
    """Has node's fetch read a file, with ranges."""
    return (
        "const { readFileSync } = await import('node:fs');"
        f"globalThis.fetch = async () => new Response(readFileSync({str(path)!r}));"
    )


def test_the_browser_decodes_as_torch_does(tmp_path):
    model = Autoencoder(hidden=(20, 12))
    checkpoints.save_weights(model, tmp_path / "model.safetensors", torch.float32)
    z = torch.randn(7, 2, generator=rng())
    found = run(
        read_as_file(tmp_path / "model.safetensors")
        + "const { readDense } = await load('kit/plane/dense.js');"
        + "const [decoder] = await readDense('here', ['decoder.']);"
        + "return [...decoder.run(Float32Array.from(z)).map((value) => 1 / (1 + Math.exp(-value)))];",
        z=z.flatten().tolist(),
    )
    torch.testing.assert_close(torch.tensor(found).view(7, 1, 28, 28), model.decode(z).detach(), atol=1e-5, rtol=1e-4)


def test_a_field_of_the_plane_has_the_exact_score_and_the_way_of_a_point():
    net, drop = "denoising-autoencoder-moons", (0.4, 1.6)
    found = autoencoders_pull.residual_field.props(net, 3, "noised", (drop,))
    points, pull, score = (numbers(found["arrows"][name]).view(-1, 2) for name in ("points", "pull", "score"))
    model: PlaneDenoiser = checkpoints.load(net, "cpu")
    torch.testing.assert_close(score, plane_measures.known_density("moons", 0.4).score(points))
    torch.testing.assert_close(pull, model.residual(points, 0.4).detach())
    twice = model.reconstruct(model.reconstruct(torch.tensor([drop]), 0.4), 0.4).detach()
    torch.testing.assert_close(torch.tensor(found["frames"][2]), twice[0], atol=1e-3, rtol=1e-3)
    assert len(found["frames"]) == 1 + autoencoders_pull.TIMES_AGAIN and "your point has moved" in found["words"]
    clean = autoencoders_pull.residual_field.props(net, 3, "clean", ())
    torch.testing.assert_close(numbers(clean["arrows"]["score"]).view(-1, 2), toys.TOYS["moons"].score(points))


def numbers(text: str) -> Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32)


def test_the_sum_of_scaled_atoms_is_what_the_decoder_makes_of_the_scaled_code():
    net, gains = "sparse-autoencoder-mnist", (1.0, 0.0, 2.5, *[1.0] * 22)
    model: SparseAutoencoder = checkpoints.load(net, "cpu")
    x = data.read(("test", 8, "mnist"), model.space)
    found = autoencoders_dictionary.units.props(net, ("test", 8, "mnist"), 2, gains)
    with torch.no_grad():
        values, which = model.encode(x)[0].topk(model.active)
        z = torch.zeros(1, model.latent).scatter(1, which[None], (values * torch.tensor(gains))[None])
        wanted = model.decode(z)
    part = found["each"]["parts"][25]  # the factor 2.5
    assert model.space.decode(part["grids"][0]["images"][1]).sub(wanted).abs().max() < 0.51 / 255
    assert part["numbers"][2][1] == f"{float((wanted - x).square().sum()):.2f}"
    assert part["grids"][1]["marks"] == {"1": "gone", "2": "now"}


def test_an_ellipse_has_the_singular_values_of_the_jacobian(x: Tensor):
    jacobian = Autoencoder(**SMALL).jacobian(x).detach()
    u, s, _ = torch.linalg.svd(jacobian, full_matrices=False)
    axes, angles = autoencoders_contractive.ellipses_of(jacobian)
    torch.testing.assert_close(axes, s, rtol=1e-3, atol=1e-5)
    along = torch.stack([angles.cos(), angles.sin()], -1)
    torch.testing.assert_close((along * u[:, :, 0]).sum(-1).abs(), torch.ones(len(x)), atol=1e-3, rtol=0)
