"""The GAN: its losses by hand, spectral norm against a singular value decomposition, and the search for codes."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from explorer.models.gan import GAN, STARTS, ClassNorm
from explorer.steps import last

TINY = {"latent": 8, "generator": (8, 8, 8), "discriminator": (4, 8, 8), "classes": 4}
STEPS = 12


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def gan() -> GAN:
    """Random networks whose images differ from code to code and from class to class; nothing in them moves."""
    torch.manual_seed(0)
    model = GAN(**TINY)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return model.eval()


@pytest.fixture
def batch() -> tuple[Tensor, Tensor]:
    return torch.rand(6, 1, 28, 28, generator=rng(1)), torch.tensor([0, 1, 2, 3, 0, 1])


def halves(gan: GAN, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Both players' losses, written out."""
    x, label = batch
    fake = gan.generate(gan.codes(len(x), rng(2)), label)
    hinge = F.relu(1 - gan.score(x, label)).mean() + F.relu(1 + gan.score(fake.detach(), label)).mean()
    return -gan.score(fake, label).mean(), hinge


def gradients(loss: Tensor, module: torch.nn.Module) -> Tensor:
    found = torch.autograd.grad(loss, list(module.parameters()), retain_graph=True, allow_unused=True)
    return torch.cat([each.flatten() for each in found if each is not None])


def test_the_hinge_cares_for_what_is_on_the_wrong_side_of_one(gan: GAN, batch, monkeypatch: pytest.MonkeyPatch):
    x, label = batch[0][:3], batch[1][:3]
    real, made = torch.tensor([2.0, 0.5, -1.0]), torch.tensor([-3.0, 0.0, 0.5])
    answers = iter([torch.cat([real, made]), made])
    monkeypatch.setattr(GAN, "score", lambda self, x, label: next(answers))
    loss = gan.training_loss(x, {}, generator=rng(), label=label)
    generator, discriminator = -(-3 + 0 + 0.5) / 3, (0 + 0.5 + 2) / 3 + (0 + 1 + 1.5) / 3
    assert float(loss) == pytest.approx(generator + discriminator)


def test_the_loss_is_the_sum_of_both(gan: GAN, batch):
    loss = gan.training_loss(batch[0], {}, generator=rng(2), label=batch[1])
    assert loss.item() == pytest.approx(sum(halves(gan, batch)).item(), rel=1e-5)


def test_each_loss_moves_its_own_player_alone(gan: GAN, batch):
    loss = gan.training_loss(batch[0], {}, generator=rng(2), label=batch[1])
    generators, discriminators = halves(gan, batch)
    for module, own in ((gan.generator, generators), (gan.discriminator, discriminators)):
        torch.testing.assert_close(gradients(loss, module), gradients(own, module), rtol=1e-3, atol=1e-5)
    assert all(parameter.requires_grad for parameter in gan.discriminator.parameters())


def test_the_generator_moves_once_in_so_many_steps_of_the_discriminator(gan: GAN, batch):
    generator, moved = rng(2), 0
    for _ in range(180):
        gan.zero_grad()
        gan.training_loss(batch[0], {"discriminator_steps": 3}, generator=generator, label=batch[1]).backward()
        assert all(parameter.grad is not None for parameter in gan.discriminator.parameters())
        found = {parameter.grad is not None for parameter in gan.generator.parameters()}
        assert len(found) == 1
        moved += found.pop()
    assert 41 <= moved <= 79  # a third, ± 3 standard errors


def test_every_layer_of_the_discriminator_has_a_largest_singular_value_of_one(gan: GAN, batch):
    gan.discriminator.train()
    for _ in range(60):  # a step of power iteration each
        gan.score(*batch)
    for layer in (*gan.discriminator.convs, gan.discriminator.head, gan.discriminator.label):
        values = torch.linalg.svdvals(layer.weight.detach().flatten(1))
        assert float(values[0]) == pytest.approx(1, abs=0.02)
        raw = layer.parametrizations.weight.original.detach().flatten(1)
        torch.testing.assert_close(
            layer.weight.detach().flatten(1), raw / torch.linalg.svdvals(raw)[0], rtol=0.02, atol=1e-4
        )


def test_a_score_of_all_classes_is_that_of_each(gan: GAN, batch):
    x = batch[0]
    each = torch.stack([gan.score(x, torch.full((len(x),), y)) for y in range(4)], dim=-1)
    torch.testing.assert_close(gan.discriminator.of_classes(x), each)
    torch.testing.assert_close(gan.anomaly_score(x, generator=rng()), -each.max(-1).values)


def test_a_class_is_the_same_as_a_number_and_as_weights(gan: GAN):
    z, label = gan.codes(4, rng()), torch.arange(4)
    weights = F.one_hot(label, 4).float()
    x = gan.generate(z, label)
    torch.testing.assert_close(gan.generate(z, weights), x)
    torch.testing.assert_close(gan.score(x, weights), gan.score(x, label))


def test_mixed_classes_are_scaled_and_shifted_by_the_mean():
    torch.manual_seed(0)
    norm = ClassNorm(3, 2).eval()
    torch.nn.init.normal_(norm.scale.weight)
    x = torch.randn(1, 3, 2, 2)
    ends = [norm(x, torch.tensor([y])) for y in (0, 1)]
    torch.testing.assert_close(norm(x, torch.tensor([[0.25, 0.75]])), 0.25 * ends[0] + 0.75 * ends[1])


def test_an_image_and_its_label_are_those_of_the_step(gan: GAN):
    step = last(gan.sample_steps(5, generator=rng(3)))
    assert step.total == 1 and step.numbers["z"].shape == (5, 8)
    torch.testing.assert_close(step.x, gan.generate(step.numbers["z"], step.numbers["label"]))
    asked = last(gan.sample_steps(5, generator=rng(3), label=torch.full((5,), 2)))
    assert torch.equal(asked.numbers["z"], step.numbers["z"]) and asked.numbers["label"].unique().tolist() == [2]


def test_the_search_says_what_is_left_over_and_never_loses_ground(gan: GAN):
    x = gan.sample(2, generator=rng(4), label=torch.tensor([1, 3]))
    steps = list(gan.invert_steps(x, generator=rng(5), steps=STEPS))
    assert len(steps) == steps[0].total == STEPS + 1
    errors = torch.stack([step.numbers["error"] for step in steps])
    assert bool((errors[1:] <= errors[:-1] + 1e-7).all()) and bool((errors[-1] < errors[0]).all())
    for step in (steps[0], steps[-1]):
        left = (step.x - x).square().flatten(1).mean(-1).sqrt()
        torch.testing.assert_close(step.numbers["error"], left, atol=1e-5, rtol=1e-3)
        torch.testing.assert_close(step.x, gan.generate(step.numbers["z"], step.numbers["label"]))
        torch.testing.assert_close(step.numbers["errors"].min(-1).values, step.numbers["error"])
    assert steps[0].numbers["labels"].tolist() == [list(range(4))] * 2


def test_with_a_label_every_start_is_of_that_class(gan: GAN):
    x = torch.rand(2, 1, 28, 28, generator=rng(6))
    step = last(gan.invert_steps(x, generator=rng(5), label=torch.tensor([2, 0]), steps=2))
    assert step.numbers["label"].tolist() == [2, 0]
    assert step.numbers["labels"].tolist() == [[2] * STARTS, [0] * STARTS]


def test_no_code_is_longer_than_draws_are(gan: GAN):
    label, reach = torch.tensor([2]), math.sqrt(8) + 3 * math.sqrt(0.5)
    far = gan.generate(torch.full((1, 8), 4.0), label)
    steps = gan.invert_steps(far, generator=rng(), label=label, steps=80)
    longest = max(float(step.numbers["z"].norm(dim=-1)) for step in steps)
    assert 0.99 * reach < longest <= reach + 1e-4


def test_what_is_known_is_kept_and_the_error_is_on_it_alone(gan: GAN):
    x = torch.rand(2, 1, 28, 28, generator=rng(7))
    known = torch.zeros_like(x, dtype=torch.bool)
    known[:, :, :9] = True
    step = last(gan.complete_steps(x, known, generator=rng(8), steps=STEPS))
    made = gan.generate(step.numbers["z"], step.numbers["label"])
    assert torch.equal(step.x[known], x[known]) and torch.equal(step.x[~known], made[~known])
    left = (made - x)[:, :, :9].square().flatten(1).mean(-1).sqrt()
    torch.testing.assert_close(step.numbers["error"], left, atol=1e-5, rtol=1e-3)


def test_what_is_not_known_does_not_matter(gan: GAN):
    x = torch.rand(1, 1, 28, 28, generator=rng(7))
    known = torch.zeros_like(x, dtype=torch.bool)
    known[:, :, :9] = True
    other = torch.where(known, x, 1 - x)
    ends = [last(gan.complete_steps(each, known, generator=rng(8), steps=4)).x for each in (x, other)]
    torch.testing.assert_close(ends[0], ends[1])


def test_a_seed_reproduces_the_search(gan: GAN):
    x = torch.rand(1, 1, 28, 28, generator=rng(9))
    one, again, other = (last(gan.invert_steps(x, generator=rng(s), steps=3)).x for s in (1, 1, 2))
    assert torch.equal(one, again) and not torch.equal(one, other)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x": torch.zeros(1, 28, 28)}, "images must be"),
        ({"x": torch.full((1, 1, 28, 28), 2.0)}, "pixels must lie in"),
        ({"known": torch.ones(1, 1, 28, 28)}, "known must be booleans"),
        ({"known": torch.zeros(1, 1, 28, 28, dtype=torch.bool)}, "no pixel is kept"),
        ({"label": torch.tensor([4])}, "one of 0 to 3"),
        ({"label": torch.tensor([1, 2])}, "one of 0 to 3"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_in_words(gan: GAN, changed: dict, said: str):
    given = {"x": torch.zeros(1, 1, 28, 28), "known": torch.ones(1, 1, 28, 28, dtype=torch.bool), "label": None}
    given |= changed
    with pytest.raises(ValueError, match=said):
        last(gan.complete_steps(given["x"], given["known"], generator=rng(), label=given["label"], steps=1))


def test_a_density_and_an_encoder_are_what_it_cannot_have(gan: GAN):
    assert "defines no density" in gan.cannot["log_prob"] and not hasattr(gan, "log_prob")
    assert "only be searched for" in gan.cannot["encode"] and not hasattr(gan, "encode")
