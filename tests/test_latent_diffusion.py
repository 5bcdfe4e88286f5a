"""A diffusion of codes: what its parts learn from, how codes are spread, what is decoded, and its film."""

from statistics import fmean

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.measures import latent_diffusion as measures
from explorer.measures.quality import over_floor
from explorer.models.latent_diffusion import LatentDiffusion
from explorer.networks import card as cards
from explorer.networks.card import find
from explorer.numbers.trained import read_card
from explorer.steps import last
from explorer.tabs.tokens.latent import REACH, code_images, cost_words
from explorer.tabs.tokens.latent import cost_props as to_props
from explorer.tabs.tokens.readings import READINGS_FEW, READINGS_MANY, more_steps

RECIPE = {"label_dropout": 0.0}
TINY = {"code": 16, "channels": (4, 4, 8), "width": 16, "layers": 1}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def model() -> LatentDiffusion:
    torch.manual_seed(3)
    model = LatentDiffusion(**TINY)
    torch.nn.init.normal_(model.network.head.weight, std=0.2)
    return model.eval()


@pytest.fixture(scope="module")
def images() -> Tensor:
    return torch.rand(32, 1, 28, 28, generator=rng(5))


def test_the_encoder_learns_from_the_decoder_alone(model: LatentDiffusion, images: Tensor):
    label = torch.arange(32) % 10
    model.zero_grad()
    model.training_loss(images, RECIPE, generator=rng(), label=label).backward()
    grads = [each.grad.clone() for each in model.encoder.parameters()]
    assert sum(float(each.grad.abs().sum()) for each in model.network.parameters()) > 0
    model.zero_grad()
    z = model.encode(images)
    off = torch.randn(z.shape, generator=rng())
    F.binary_cross_entropy_with_logits(model.decoder(z + 0.2 * off), images).backward()
    for found, each in zip(grads, model.encoder.parameters()):
        torch.testing.assert_close(found, each.grad)
    model.zero_grad()


def test_codes_of_a_batch_have_mean_zero_and_variance_one(images: Tensor):
    model = LatentDiffusion(**TINY).train()
    model.encoder[-2].weight.data *= 100  # else the little that an untrained network says drowns in the norm's epsilon
    codes = model.encode(images)
    torch.testing.assert_close(codes.mean(0), torch.zeros(16), rtol=0, atol=1e-5)
    torch.testing.assert_close(codes.var(0, correction=0), torch.ones(16), rtol=0, atol=1e-2)


def test_the_noise_of_the_true_v_is_the_true_noise(model: LatentDiffusion, monkeypatch: pytest.MonkeyPatch):
    z0, eps = torch.randn(2, 5, 16, generator=rng())
    alpha = model.schedule.alpha(400, z0)
    monkeypatch.setattr(model, "predict_v", lambda z, t, label=None: alpha.sqrt() * eps - (1 - alpha).sqrt() * z0)
    z_t = model.schedule.add_noise(z0, eps, 400)
    torch.testing.assert_close(model.predict_noise(z_t, 400), eps, rtol=0, atol=1e-5)
    torch.testing.assert_close(model.schedule.predict_x0(z_t, eps, 400, clip=False), z0, rtol=0, atol=1e-4)


def test_a_sample_is_what_the_last_step_shows(model: LatentDiffusion):
    how = {"steps": 7, "label": torch.tensor([1, 2, 3]), "guidance_scale": 2.0}
    end = last(model.sample_steps(3, generator=rng(), **how))
    torch.testing.assert_close(model.sample(3, generator=rng(), **how), end.x)
    torch.testing.assert_close(end.x, model.decode(end.numbers["x_t"]))
    assert end.x.shape == end.pictures["x0"].shape == (3, 1, 28, 28) and end.time == 0


def test_inverting_an_image_gives_a_code_that_comes_back_to_what_is_left_of_it(model: LatentDiffusion, images: Tensor):
    noise = last(model.invert_steps(images[:4], steps=200)).numbers["x_t"]
    back = model.sample(4, generator=rng(), steps=200, x_t=noise)
    with torch.no_grad():
        torch.testing.assert_close(back, model.reconstruct(images[:4]), rtol=0, atol=2e-2)


def test_a_code_is_pictured_as_a_square_of_greys():
    picture = code_images(torch.tensor([[0.0, REACH, -REACH, 2 * REACH] + [0.0] * 60]))
    assert picture.shape == (1, 1, 28, 28)
    row = picture[0, 0, 3, 3:15:3]
    torch.testing.assert_close(row, torch.tensor([0.5, 1.0, 0.0, 1.0]))
    assert float(picture[0, 0, 0, 0]) == 0.5


@pytest.mark.parametrize(
    ("pixels", "said"),
    [
        (
            [(50, 4.0, 70.0), (20, None, 30.0), (10, 5.0, 15.0)],
            "that is not measured to be worse, to 5.0 times the floor in 10 steps",
        ),
        ([(50, 4.0, 70.0), (10, 40.0, 15.0)], "to be worse, to 4.0 times the floor in 50 steps and 70.0 ms."),
        ([(50, 4.0, 70.0), (10, 27.5, 15.0)], "to be worse, to 27.5 times the floor in 10 steps"),
        ([(50, 30.0, 70.0)], "every measured setting on pixels is worse."),
    ],
    ids=["the cheapest", "as good", "a tie", "none"],
)
def test_codes_are_set_beside_the_cheapest_pixels_that_are_as_good(pixels: list, said: str):
    rows = [("codes", 50, 29.0, 4.0), ("codes", 10, 27.0, 1.5), *(("pixels", *row) for row in pixels)]
    cost = [dict(zip(("of", "steps", "ratio", "ms"), row)) for row in rows]
    for each in cost:
        each["seeds"] = [each["ratio"] * share for share in (0.98, 1.02)] if each["ratio"] else []
    words = cost_words(cost)
    assert "on codes comes to 27.0 times the floor in 10 steps and 1.5 ms" in words and said in words


def test_what_a_sample_is_worth_is_the_mean_of_its_seeds_as_the_charts_have_it():
    card = read_card("latent-diffusion-mnist")
    for name, ratio, _ in to_props("latent-diffusion-mnist", card)["cost"]["rows"][:3]:
        ratios = over_floor(card, "grey", f"DDIM {name.split()[1]}")
        assert name.startswith("codes, ") and len(ratios) > 1 and ratio == f"{fmean(ratios):.1f}"


def test_the_spread_of_drawn_codes_is_that_of_their_variance(model: LatentDiffusion, monkeypatch: pytest.MonkeyPatch):
    """A network that answers nothing leaves noise as it is, but for the factor of the last step, to the guess."""
    monkeypatch.setattr(measures, "SPREAD_OVER", 200)
    monkeypatch.setattr(model, "predict_noise", lambda x, t, label=None: torch.zeros_like(x))
    monkeypatch.setattr(model, "encode", lambda x: 0.5 * torch.randn(len(x), 16, generator=rng(len(x))))
    found = measures.few(model, "mnist", lambda dataset, split: data.bundled_images(dataset), seed=0)["rows"]
    assert [(row["steps"], row["eta"]) for row in found] == [(5, 0), (10, 0), (20, 0), (50, 0), (50, 1)]
    grown = 1 / float(model.schedule.alphas_cumprod[-1])  # each step divides by its share of √ᾱ
    for row in found[:4]:
        assert row["n"] == 200 and row["value"] == pytest.approx(4 * grown, rel=0.1)


def test_more_steps_fit_the_spread_of_codes_and_make_fewer_clear_digits():
    card = read_card("latent-diffusion-mnist")
    spread = [find(card, "code_spread", steps=steps, eta=0)["value"] for steps in (5, 10, 20, 50)]
    assert spread == sorted(spread) and abs(spread[-1] - 1) < abs(spread[1] - 1)
    assert figure(card, "accuracy", 10) - figure(card, "accuracy", 50) > 3 * (0.02 * 0.98 / 10_000) ** 0.5
    assert figure(card, "recall", 50) - figure(card, "recall", 10) > 5 * (2 * 0.25 / 10_000) ** 0.5
    said = more_steps(card)
    assert said.startswith("recall rises from 71.5 % to 76.8 %; the accuracy of the requested class falls from 98.1 %")
    assert "the Fréchet distance does not change measurably" in said
    clothes = read_card("latent-diffusion-fashion-mnist")
    assert figure(clothes, "frechet", 50) < figure(clothes, "frechet", 10)
    assert "the Fréchet distance falls" in more_steps(clothes)


def figure(card: dict, name: str, steps: int) -> float:
    return find(card, name, pixels="grey", way=f"DDIM {steps}")["value"]


def test_equal_samples_are_called_changed_in_at_most_5_of_100_sentences():
    generator, called = rng(0), 0
    for _ in range(1_000):
        made = []
        for way in (READINGS_FEW, READINGS_MANY):
            for name, share in (("recall", 0.7), ("accuracy", 0.98), ("frechet", None)):
                for seed in (0, 1):
                    value = 0.3 + 0.02 * float(torch.randn(1, generator=generator))
                    if share:
                        value = float(torch.binomial(torch.tensor(10_000.0), torch.tensor(share), generator)) / 10_000
                    made.append(cards.row(name, value, n=10_000, seed=seed, pixels="grey", way=way))
        called += more_steps({"quality": {"rows": made}}).count("measurably") < 3
    assert called <= 60
