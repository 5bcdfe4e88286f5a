"""The StyleGAN: modulated convolutions by the paper's formula, R1 by hand, truncation, and styles that are mixed."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from explorer.models.stylegan import GROUP, LEVEL_OF, RESOLUTIONS, Styled, StyleGAN, group_deviation
from explorer.steps import last

TINY = {"latent": 6, "width": 8, "depth": 2, "generator": (6, 5, 4), "discriminator": (4, 5, 6)}
RECIPE = {"penalty_every": 1, "gamma": 2.0, "mixing": 0.5}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def model() -> StyleGAN:
    """Random networks with noise of every strength, and a mean of w that is not zero."""
    torch.manual_seed(0)
    model = StyleGAN(**TINY)
    with torch.no_grad():
        for index, layer in enumerate(model.synthesis.layers):
            layer.strength.fill_(0.3 + index / 10)
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
        model.mean.copy_(torch.randn(8))
    return model.eval()


@pytest.fixture
def batch() -> Tensor:
    return torch.rand(2 * GROUP, 1, 28, 28, generator=rng(1))


@pytest.mark.parametrize("demodulate", [True, False])
def test_a_modulated_convolution_is_the_papers_formula_image_by_image(demodulate: bool):
    torch.manual_seed(0)
    layer, x, w = Styled(8, 5, 7, demodulate=demodulate), torch.randn(3, 5, 6, 6), torch.randn(3, 8)
    with torch.no_grad():
        layer.style.bias.add_(torch.randn(5))
        found = layer(x, w)
        for index in range(3):
            style = layer.style.weight @ w[index] / 8**0.5 + layer.style.bias
            weight = layer.conv.weight / 45**0.5 * style[None, :, None, None]
            if demodulate:
                weight = weight / (weight.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
            torch.testing.assert_close(found[index], F.conv2d(x[index : index + 1], weight, padding=1)[0])


def test_demodulation_gives_noise_of_variance_one():
    torch.manual_seed(0)
    layer = Styled(8, 32, 16)
    with torch.no_grad():
        out = layer(torch.randn(8, 32, 30, 30), 3 * torch.randn(8, 8))
    assert float(out[:, :, 1:-1, 1:-1].var()) == pytest.approx(1, abs=0.05)


def test_the_penalty_is_the_mean_squared_slope(model: StyleGAN, batch: Tensor, monkeypatch: pytest.MonkeyPatch):
    factor = torch.rand(1, 28, 28, generator=rng(4))
    monkeypatch.setattr(StyleGAN, "score", lambda self, x: (factor * x.square()).sum((1, 2, 3)))
    by_hand = (2 * factor * batch).flatten(1).norm(dim=-1).square().mean()
    torch.testing.assert_close(model.penalty(batch), by_hand)


def test_the_penalty_moves_the_discriminator_alone(model: StyleGAN, batch: Tensor):
    model.penalty(batch).backward()
    assert model.discriminator.conv.weight.grad.abs().sum() > 0
    assert all(each.grad is None for each in model.synthesis.parameters())


def test_the_loss_is_written_out(model: StyleGAN, batch: Tensor):
    loss = model.training_loss(batch, RECIPE, generator=rng(2), label=None)
    generator = rng(2)
    w = model.draw_styles(len(batch), 0.5, generator)
    fake = model.generate(w, model.noise(len(batch), generator))
    real, made = model.score(batch), model.score(fake)
    by_hand = (1 + (-real).exp()).log().mean() + (1 + made.exp()).log().mean() + (1 + (-made).exp()).log().mean()
    assert loss.item() == pytest.approx((by_hand + model.penalty(batch)).item(), rel=1e-5)


def test_each_player_learns_from_its_own_loss(model: StyleGAN, batch: Tensor):
    model.training_loss(batch, RECIPE | {"gamma": 0.0}, generator=rng(2), label=None).backward()
    generator = rng(2)
    fake = model.generate(model.draw_styles(len(batch), 0.5, generator), model.noise(len(batch), generator))
    weight, other = model.synthesis.layers[0].styled.conv.weight, model.discriminator.conv.weight
    (own,) = torch.autograd.grad(F.softplus(-model.score(fake)).mean(), weight)
    torch.testing.assert_close(weight.grad, own, rtol=1e-3, atol=1e-6)
    scored = F.softplus(-model.score(batch)).mean() + F.softplus(model.score(fake.detach())).mean()
    torch.testing.assert_close(other.grad, torch.autograd.grad(scored, other)[0], rtol=1e-3, atol=1e-6)
    assert all(parameter.requires_grad for parameter in model.discriminator.parameters())


def test_the_penalty_comes_once_in_so_many_steps(model: StyleGAN, batch: Tensor, monkeypatch: pytest.MonkeyPatch):
    calls, generator = [], rng(3)
    monkeypatch.setattr(StyleGAN, "penalty", lambda self, x: calls.append(x) or torch.zeros(()))
    monkeypatch.setattr(StyleGAN, "score", lambda self, x: x.mean((1, 2, 3)))
    monkeypatch.setattr(StyleGAN, "generate", lambda self, w, noise: torch.zeros(len(w), 1, 28, 28))
    for _ in range(200):
        model.training_loss(batch[:GROUP], RECIPE | {"penalty_every": 4}, generator=generator, label=None)
    assert 30 < len(calls) < 70


def test_spread_is_that_of_each_group():
    h = torch.randn(2 * GROUP, 3, 2, 2, generator=rng())
    h[GROUP:] = h[GROUP]
    found = group_deviation(h)
    assert found.shape == (2 * GROUP, 1, 2, 2)
    by_hand = h[:GROUP].std(0, correction=0).mean()
    torch.testing.assert_close(found[:GROUP], by_hand.expand(GROUP, 1, 2, 2))
    assert float(found[GROUP:].max()) < 2e-4


def test_truncation_by_one_changes_nothing_and_by_nought_gives_the_mean_image(model: StyleGAN):
    z, noise = model.codes(4, rng()), model.noise(1, rng(1))
    noise = [each.expand(4, -1, -1, -1) for each in noise]
    torch.testing.assert_close(model.w_of(z, 1.0), model.mapping(z))
    images = model.generate(model.w_of(z, 0.0), noise)
    mean = model.generate(model.mean.expand(4, -1), noise)
    torch.testing.assert_close(images, mean)
    assert bool(((model.generate(model.w_of(z), noise) - mean).abs() > 0.05).any())
    half = model.w_of(z, 0.5)
    torch.testing.assert_close(half, (model.mapping(z) + model.mean) / 2)


@pytest.mark.parametrize("by", ["layers", "outputs"])
def test_mixing_a_w_with_itself_changes_nothing_and_each_resolution_has_its_own(model: StyleGAN, by: str):
    """Both the layers of a resolution and its output layer take its w: each alone, while the others take none."""
    others = model.synthesis.to_grey if by == "layers" else [layer.styled for layer in model.synthesis.layers]
    with torch.no_grad():
        for each in others:
            each.style.weight.zero_()
    w, other = model.w_of(model.codes(2, rng())).split(1)
    noise = model.noise(1, rng(1))
    torch.testing.assert_close(model.generate(torch.stack([w, w, w], 1), noise), model.generate(w, noise))
    images = [model.generate(w, noise).detach()]
    for level in range(len(RESOLUTIONS)):
        styles = [w, w, w]
        styles[level] = other
        images.append(model.generate(torch.stack(styles, 1), noise).detach())
    for index, image in enumerate(images):
        assert all(float((image - each).abs().max()) > 1e-3 for each in images[:index])


def test_training_mixes_the_asked_share_from_a_resolution_on(model: StyleGAN):
    styles = model.draw_styles(400, 0.5, rng())
    same = (styles == styles[:, :1]).all(-1)  # (400, 3)
    assert bool(same[:, 0].all()) and bool((same[:, 1] | ~same[:, 2]).all())
    assert 0.4 < float(same[:, 2].double().mean()) < 0.6
    assert 0.15 < float((same[:, 1] & ~same[:, 2]).double().mean()) < 0.35
    assert bool((model.draw_styles(40, 0.0, rng()).diff(dim=1) == 0).all())


def test_the_mean_of_w_moves_in_training_alone(model: StyleGAN):
    before = model.mean.clone()
    model.draw_styles(64, 0.9, rng())
    assert torch.equal(model.mean, before)
    model.train()
    for _ in range(2_000):
        model.draw_styles(64, 0.9, rng(5))
    first = model.mapping(model.codes(128, rng(5)))[:64]
    torch.testing.assert_close(model.mean, first.mean(0), rtol=1e-3, atol=1e-3)


def test_noise_moves_what_its_strength_allows(model: StyleGAN):
    w, noise = model.w_of(model.codes(1, rng())), model.noise(1, rng(1))
    assert [each.shape[-1] for each in noise] == [RESOLUTIONS[level] for level in LEVEL_OF]
    for index, layer in enumerate(model.synthesis.layers):
        other = [torch.zeros_like(each) if place == index else each for place, each in enumerate(noise)]
        assert not torch.equal(model.generate(w, other), model.generate(w, noise))
        with torch.no_grad():
            layer.strength.zero_()
        torch.testing.assert_close(model.generate(w, other), model.generate(w, noise))


def test_the_search_finds_an_image_of_its_own(model: StyleGAN):
    noise = model.noise(1, rng(7))
    x = model.generate(model.w_of(model.codes(1, rng(3))), noise).detach()
    found = last(model.invert_steps(x, generator=rng(7), steps=20))
    assert float(found.numbers["error"]) < 0.1 * float(x.std())
    known = torch.zeros_like(x, dtype=torch.bool)
    known[..., :14] = True
    done = last(model.complete_steps(x, known, generator=rng(7), steps=4))
    assert torch.equal(done.x[known], x[known])
    between = last(model.interpolate_steps(x, x.flip(-1), 5, steps=3))
    assert between.x.shape == (5, 1, 28, 28)
    with pytest.raises(ValueError, match="known"):
        next(model.complete_steps(x, torch.zeros_like(known), generator=rng()))
