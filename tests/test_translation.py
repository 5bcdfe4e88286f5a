"""Translation of images: losses by hand, gradients for one player only, domains without pairs, and training."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from explorer.measures import measures_of
from explorer.models.cyclegan import CycleGAN
from explorer.models.outline_diffusion import OutlineDiffusion
from explorer.models.patches import PATCHES_SEEN, PatchDiscriminator
from explorer.models.pix2pix import Pix2Pix
from explorer.models.sources import bold, outline, silhouette, thin
from explorer.networks import checkpoints
from explorer.train import Trainer
from tests.test_train import images  # noqa: F401 (a fixture)

SMALL = {"generator": [8, 8, 8], "discriminator": [8, 8, 8]}
COMMON = {"seed": 0, "epochs": 1, "batch_size": 500, "learning_rate": 5e-4, "weight_decay": 0.0, "warmup": 0.01}
COMMON |= {"decay": False, "clip_norm": 100.0, "average": 0.9}
PAIRED = {"l1": 100, "silhouettes": 0.5}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def jittered(model: torch.nn.Module) -> torch.nn.Module:
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=rng(parameter.numel())))
    return model


@pytest.fixture
def pix2pix() -> Pix2Pix:
    torch.manual_seed(0)
    return jittered(Pix2Pix(**SMALL))


@pytest.fixture
def cyclegan() -> CycleGAN:
    torch.manual_seed(0)
    return jittered(CycleGAN("bold", generator=[8, 8], blocks=1, discriminator=[8, 8, 8]))


@pytest.fixture
def x() -> Tensor:
    return (torch.rand(12, 1, 28, 28, generator=rng(1)) * 255).round() / 255


def gradients(loss: Tensor, module: torch.nn.Module) -> Tensor:
    found = torch.autograd.grad(loss, list(module.parameters()), retain_graph=True, allow_unused=True)
    return torch.cat([each.flatten() for each in found if each is not None])


def paired_losses(model: Pix2Pix, x: Tensor, l1: float) -> tuple[Tensor, Tensor]:
    """Both players' losses, by the binary cross-entropy of probabilities."""
    source, ones = outline(x), torch.ones(len(x), 1, 7, 7)
    generator = rng(2)
    torch.rand(len(x), generator=generator)  # which outlines are silhouettes
    made = model.translate(source, model.noise(len(x), generator))
    entropy = F.binary_cross_entropy
    real, false, free = (torch.sigmoid(model.score(source, each)) for each in (x, made.detach(), made))
    judged = (entropy(real, ones) + entropy(false, 0 * ones)) / 2
    return entropy(free, ones) + l1 * F.l1_loss(2 * made - 1, 2 * x - 1), judged


@pytest.mark.parametrize("l1", [0, 7])
def test_the_paired_loss_is_that_of_the_paper_and_each_part_moves_its_own_player(pix2pix: Pix2Pix, x: Tensor, l1: int):
    recipe = {"l1": l1, "silhouettes": 0}
    loss = pix2pix.training_loss(x, recipe, generator=rng(2), label=torch.zeros(12))
    own, judged = paired_losses(pix2pix, x, l1)
    assert loss.item() == pytest.approx((own + judged).item(), rel=1e-4)
    for module, part in ((pix2pix.generator, own), (pix2pix.discriminator, judged)):
        torch.testing.assert_close(gradients(loss, module), gradients(part, module), rtol=1e-3, atol=1e-4)


def test_the_generator_gives_the_discriminator_no_gradient_in_bfloat16_either(pix2pix: Pix2Pix, x: Tensor):
    """A cached cast of the discriminator's weights would carry the generator's gradient."""

    def gradient(recipe: dict) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            loss = pix2pix.training_loss(x, recipe, generator=rng(2), label=torch.zeros(12))
        return gradients(loss, pix2pix.discriminator)

    with_l1, without = gradient({"l1": 100, "silhouettes": 0}), gradient({"l1": 0, "silhouettes": 0})
    torch.testing.assert_close(with_l1, without, rtol=1e-5, atol=1e-7)
    own, judged = paired_losses(pix2pix, x, 0)
    mine, exact = gradients(judged, pix2pix.discriminator), gradients(own, pix2pix.discriminator)
    assert (without - mine).norm() < 0.1 * exact.norm()


def test_a_share_of_the_outlines_has_no_inner_edges(pix2pix: Pix2Pix):
    clothes = torch.zeros(400, 1, 28, 28)
    clothes[..., 4:24, 4:24] = 0.2
    clothes[..., 9:19, 9:19] = 1
    found = pix2pix.training_source(clothes, PAIRED, rng())
    bare = (found == silhouette(clothes)).flatten(1).all(-1)
    assert 0.4 < bare.float().mean() < 0.6
    assert torch.equal(found[~bare], outline(clothes)[~bare])


def test_noise_removes_channels_and_keeps_their_mean(pix2pix: Pix2Pix, x: Tensor):
    masks = pix2pix.noise(4_000, rng())
    for mask in masks:
        assert set(mask.unique().tolist()) == {0, 2} and float(mask.mean()) == pytest.approx(1, abs=0.05)
    source = outline(x)
    assert not torch.equal(
        pix2pix.sample(12, generator=rng(1), source=source), pix2pix.sample(12, generator=rng(2), source=source)
    )
    still = Pix2Pix(**SMALL, dropout=0)
    assert torch.equal(
        still.sample(12, generator=rng(1), source=source), still.sample(12, generator=rng(2), source=source)
    )


def test_a_score_sees_its_patch_and_no_more():
    torch.manual_seed(0)
    net = jittered(PatchDiscriminator([8, 8, 8]))
    for norm in net.norms:
        norm.forward = lambda h: h  # a normalisation sees the whole image
    x = torch.rand(1, 1, 28, 28, generator=rng()).requires_grad_()
    net(x)[0, 0, 3, 3].backward()
    rows = x.grad[0, 0].abs().sum(1).nonzero().flatten()
    assert int(rows.max() - rows.min()) + 1 == PATCHES_SEEN


def test_no_digit_is_in_both_domains(cyclegan: CycleGAN, x: Tensor):
    cyclegan.domains = (lambda x: x, lambda x: x)
    a, b = cyclegan.split_domains(x)
    assert len(a) and len(b) and len(a) + len(b) == len(x)
    order = torch.randperm(len(x), generator=rng())
    again, _ = cyclegan.split_domains(x[order])
    key = lambda split: sorted(float(each.sum()) for each in split)  # noqa: E731
    assert key(a) == key(again)
    assert all(round(255 * float(each.double().sum())) % 2 == 0 for each in a)


@pytest.mark.parametrize(("weight", "identity"), [(0, 0), (10, 0), (10, 5)])
def test_the_unpaired_loss_is_that_of_the_paper_and_each_part_moves_its_own_networks(
    cyclegan: CycleGAN, x: Tensor, weight: int, identity: int
):
    recipe = {"cycle_weight": weight, "identity_weight": identity}
    loss = cyclegan.training_loss(x, recipe, generator=rng(), label=torch.zeros(12))
    a, b = cyclegan.split_domains(x)
    assert torch.equal(torch.cat([a, b])[: len(a)], thin(x[(255 * x).round().sum((1, 2, 3)) % 2 == 0]))
    to_b, to_a, in_a, in_b = cyclegan.there, cyclegan.back, cyclegan.judge_a, cyclegan.judge_b
    own = (in_b(to_b(a)) - 1).square().mean() + (in_a(to_a(b)) - 1).square().mean()
    own = own + weight * (F.l1_loss(2 * to_a(to_b(a)), 2 * a) + F.l1_loss(2 * to_b(to_a(b)), 2 * b))
    own = own + identity * (F.l1_loss(2 * to_a(a), 2 * a) + F.l1_loss(2 * to_b(b), 2 * b))
    judged = sum(
        ((judge(real) - 1).square().mean() + judge(made.detach()).square().mean()) / 2
        for judge, real, made in ((in_a, a, to_a(b)), (in_b, b, to_b(a)))
    )
    assert loss.item() == pytest.approx((own + judged).item(), rel=1e-4)
    for module, part in ((to_b, own), (to_a, own), (in_a, judged), (in_b, judged)):
        torch.testing.assert_close(gradients(loss, module), gradients(part, module), rtol=1e-3, atol=1e-4)


def test_a_translation_shows_the_way_back(cyclegan: CycleGAN, x: Tensor):
    (step,) = cyclegan.sample_steps(12, generator=rng(), source=x, back=True)
    torch.testing.assert_close(step.x, cyclegan.back(x))
    torch.testing.assert_close(step.pictures["again"], cyclegan.there(step.x))
    assert bold(x).shape == step.x.shape


def test_a_diffusion_that_knows_the_image_draws_it_for_its_outline(x: Tensor, monkeypatch: pytest.MonkeyPatch):
    """The exact v of one known image leads DDIM to that image, whatever the noise."""
    model, known = OutlineDiffusion([8, 8, 8], 8), 2 * x - 1

    def exact(x_t: Tensor, source: Tensor, t: Tensor) -> Tensor:
        alpha = model.schedule.alpha(t, x_t)
        eps = (x_t - alpha.sqrt() * known) / (1 - alpha).sqrt()
        return alpha.sqrt() * eps - (1 - alpha).sqrt() * known

    monkeypatch.setattr(model, "predict_v", exact)
    steps = list(model.sample_steps(12, generator=rng(), source=outline(x), steps=5))
    assert [step.index for step in steps] == [0, 1, 2, 3, 4] and steps[-1].time == 0
    torch.testing.assert_close(steps[-1].x, x, atol=1e-3, rtol=0)


def test_the_diffusion_depends_on_the_outline(x: Tensor):
    model = jittered(OutlineDiffusion([8, 8, 8], 8))
    draw = lambda source: model.sample(12, generator=rng(), source=source, steps=2)  # noqa: E731
    assert not torch.equal(draw(outline(x)), draw(torch.zeros_like(x)))


RECIPES = {
    "pix2pix": ({"source": "outline"} | SMALL, PAIRED),
    "cyclegan": (
        {"domains": "slant", "generator": [8, 8], "blocks": 1, "discriminator": [8, 8, 8]},
        {"cycle_weight": 10},
    ),
    "outline-diffusion": ({"channels": [8, 8, 8], "embedding": 8}, {"silhouettes": 0.5, "middle": [100, 500]}),
}


@pytest.mark.deep
@pytest.mark.parametrize(
    "family", [pytest.param(name, marks=pytest.mark.deep) if name == "outline-diffusion" else name for name in RECIPES]
)
def test_a_family_trains_from_a_recipe_and_states_objectives(family: str, tmp_path: Path, images: Path):  # noqa: F811
    model, training = RECIPES[family]
    recipe = {"family": family, "dataset": "mnist", "model": model, "training": COMMON | training}
    checkpoints.write_json(tmp_path / "net" / "config.json", recipe)
    trainer = Trainer(recipe, tmp_path / "net", tmp_path / "run", str(images))
    before = {name: value.clone() for name, value in trainer.bare.state_dict().items()}
    trainer.run_epoch(0)
    moved = [name for name, value in trainer.bare.state_dict().items() if not torch.equal(value, before[name])]
    assert len(moved) >= 0.95 * len(before)  # while some weights are 0, others have no gradient
    trainer.finish(1.0)
    card = checkpoints.read_json(tmp_path / "net" / "card.json")
    assert card["training"]["float16_costs_nats"] < 0.05
    assert all(
        value == value for value in measures_of(family).objectives(trainer.bare, trainer.held_out, recipe["training"])
    )
