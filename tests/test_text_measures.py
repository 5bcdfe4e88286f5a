"""Measures of the models of text, on small networks and a short text."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.data import Texts
from explorer.measures import text, text_diffusion, text_judged
from explorer.models.ngram import NGram
from explorer.models.text_diffusion import TextDiffusion
from explorer.models.transformer import Transformer
from explorer.networks import card, checkpoints
from explorer.spaces import TEXT

CODES = torch.randint(65, (1_100,), generator=torch.Generator().manual_seed(0))
LETTERS = CODES % 5  # a text with few letters


def load(dataset: str, split: str) -> Texts:
    return Texts(LETTERS, torch.arange(3))


def transformer() -> Transformer:
    torch.manual_seed(0)
    return Transformer(width=8, layers=2, heads=2, context=128).eval().requires_grad_(False)


def ngram() -> NGram:
    model = NGram(order=2, texts=4)
    model.training_text.copy_(LETTERS[:1024].view(4, 256))
    return model


def diffusion() -> TextDiffusion:
    torch.manual_seed(0)
    return TextDiffusion(width=8, layers=1, heads=2, context=128).eval().requires_grad_(False)


@pytest.fixture(autouse=True)
def judges(monkeypatch: pytest.MonkeyPatch):
    """Small judges, and few texts."""
    nets = {"transformer-shakespeare": transformer(), "lstm-shakespeare": transformer(), "ngram-shakespeare": ngram()}
    monkeypatch.setattr(checkpoints, "load", nets.__getitem__)
    for name, few in {"DRIFT_TEXTS": 3, "GAP_TEXTS": 4}.items():
        monkeypatch.setattr(text_judged, name, few)
    monkeypatch.setattr(text_diffusion, "JUDGED_TEXTS", 2)
    monkeypatch.setattr(text_diffusion, "STEPS_MEASURED", (4, 8))
    monkeypatch.setattr(text_diffusion, "ORDERED_TEXTS", 2)
    monkeypatch.setattr(text, "HEAD_TEXTS", 4)
    monkeypatch.setattr(text, "TEXT_TIMED", 3)


def figures(model) -> dict:
    measures = text_diffusion if isinstance(model, TextDiffusion) else text
    return measures.figures(model, "shakespeare", Path(), load, 0, {})


def test_nll_is_the_mean_over_excerpts_in_nats_and_in_bits():
    model = ngram()
    found = figures(model)
    wanted = -model.conditionals(LETTERS.unsqueeze(0))[0, :1024]
    nll = card.find(found, "nll")
    assert nll["value"] == pytest.approx(wanted.mean().item()) and (nll["n"], nll["kind"]) == (4, "exact")
    assert nll["se"] == pytest.approx(wanted.view(4, 256).mean(-1).std().item() / 2)
    assert card.find(found, "bits")["value"] == pytest.approx(nll["value"] / math.log(2))
    assert card.find(found, "nll", order=2)["value"] == pytest.approx(nll["value"])
    assert card.find(found, "nll", order=0)["value"] == pytest.approx(math.log(5), abs=0.05)
    apart = -model.log_prob(LETTERS[:1024].view(8, 128)).mean() / 128
    assert card.find(found, "nll", length=128)["value"] == pytest.approx(apart.item())
    assert text.objectives(model, load("", ""), {}) == pytest.approx([-model.conditionals(LETTERS[None]).mean().item()])


def test_every_head_has_its_cost():
    found = card.rows(figures(transformer()), "head")
    assert [(row["layer"], row["head"]) for row in found] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert all(row["n"] == 4 and "se" in row for row in found)


def test_the_cost_of_a_character_is_timed_with_the_cache_and_without_it():
    found = text.speed(transformer(), "shakespeare", load, 0)
    assert all(card.find(found, "seconds", cached=cached)["n"] == 3 for cached in ("yes", "no"))


def test_drift_compares_own_and_real_text_after_the_same_beginnings(monkeypatch: pytest.MonkeyPatch):
    model, seen = ngram(), []

    def judged(judge: object, x: Tensor) -> Tensor:
        seen.append((judge, x))
        astray = 0.02 if len(seen) % 3 == 2 else 0  # the second text costs more, the farther it goes
        return torch.arange(256.0).double().expand(x.shape) * (1 + astray)

    monkeypatch.setattr(text_judged, "judge_costs", judged)
    found = text_judged.drift(model, "shakespeare", load, 0)
    others, itself = seen[:3], seen[3:]
    assert all(judge is model for judge, _ in itself) and not any(judge is model for judge, _ in others)
    (_, real), (_, own), (_, training) = others
    assert real.shape == own.shape == training.shape == (3, 256)
    assert torch.equal(real[:, :64], own[:, :64]) and not torch.equal(real[:, 64:], own[:, 64:])
    for judge in ("transformer-shakespeare", "itself"):
        for kind in ("real", "training"):
            row = card.find(found, "judged", text=kind, after=32, judge=judge)
            assert row["value"] == pytest.approx(64 + 32 + 15.5)
        assert card.find(found, "excess", after=32, judge=judge)["value"] == pytest.approx(0.02 * (64 + 32 + 15.5))
        assert card.find(found, "slope", judge=judge)["value"] == pytest.approx(2)
    assert len(found["rows"]) == 2 * (6 * 4 + 1)


def test_the_loss_of_the_model_itself_is_its_own_and_the_diffusion_has_none():
    model = ngram()
    found, x = text_judged.drift(model, "shakespeare", load, 0), text_judged.random_excerpts(LETTERS, 3, 256, 0)
    wanted = -model.conditionals(x)[:, 64 + 160 :].double().mean(-1)
    row = card.find(found, "judged", text="real", after=160, judge="itself")
    assert row["value"] == pytest.approx(wanted.mean().item())
    assert row["se"] == pytest.approx(wanted.std().item() / 3**0.5)
    assert not card.rows(text_judged.drift(diffusion(), "shakespeare", load, 0), judge="itself")


def test_the_slope_of_a_row_is_that_of_polyfit():
    values = torch.rand(4, 30, generator=torch.Generator().manual_seed(0), dtype=torch.double)
    wanted = 100 * np.polyfit(np.arange(30), values.numpy().T, 1)[0]
    assert text_judged.slopes(values).tolist() == pytest.approx(wanted.tolist())


@pytest.mark.parametrize("made", [transformer, ngram, diffusion])
def test_a_gap_is_filled_between_sides_that_stay(monkeypatch: pytest.MonkeyPatch, made):
    seen = []

    def judged(judge: object, x: Tensor) -> Tensor:
        seen.append(x)
        cost = torch.zeros(x.shape, dtype=torch.double)
        cost[:, 80] = torch.tensor([0.0, 2.9, 3.1, -1.0]) if len(seen) == 2 else 0.0
        cost[:, 79] = 99.0  # the gap itself does not count
        return cost

    monkeypatch.setattr(text_judged, "judge_costs", judged)
    found, (real, own) = text_judged.gaps(made(), "shakespeare", load, 0), seen
    assert torch.equal(real[:, :48], own[:, :48]) and torch.equal(real[:, 80:], own[:, 80:])
    assert not torch.equal(real[:, 48:80], own[:, 48:80])
    judge = "transformer-shakespeare" if made is ngram else "ngram-shakespeare"
    assert card.find(found, "fits", judge=judge)["value"] == 0.75
    assert card.find(found, "right_side", fill="own", judge=judge)["value"] == pytest.approx(1.25)


def test_the_bound_and_its_curve():
    model = diffusion()
    found = figures(model)
    x = LETTERS[:1024].view(8, 128)
    nll, wanted = card.find(found, "nll"), text_diffusion.bounds(model, x, 0, text_diffusion.DRAWS)
    assert nll["value"] == pytest.approx(wanted.mean().item()) and (nll["kind"], nll["n"]) == ("bound", 8)
    assert nll["value"] == pytest.approx(math.log(65), abs=0.2)  # an untrained network
    assert len(found["curve"]["nats"]) == 128 and found["curve"]["n"] == 8
    for order in ("left", "random"):
        assert card.find(found, "nll", order=order)["kind"] == "exact"


def test_several_characters_a_step_count_the_cost_where_they_are_drawn():
    cost = torch.arange(1.0, 129).unsqueeze(-1).expand(-1, 2).double()  # m nats when m are masked
    rows = {"rows": text_diffusion.by_steps(cost, 0)}
    assert card.find(rows, "nll_steps", steps=4)["value"] == pytest.approx((32 + 64 + 96 + 128) / 4)
    assert card.find(rows, "nll_steps", steps=8)["value"] == pytest.approx(72)


def test_samples_are_judged_beside_real_text():
    found = text_diffusion.samples(diffusion(), "shakespeare", load, 0)
    judged = card.rows(found, "judged")
    assert [(row["text"], row.get("order"), row.get("steps")) for row in judged] == [
        ("real", None, None),
        *(("own", order, steps) for order in ("random", "confident") for steps in (4, 8)),
    ]
    rows = text_diffusion.sample_rows(transformer(), torch.tensor([[1, 2] * 64, [3] * 128]), text="own")
    assert rows[1]["value"] == pytest.approx((2 + 1) / 2 / 125)


def test_letters_of_words_are_counted_by_hand(monkeypatch: pytest.MonkeyPatch):
    """Of "Romeo", "dies" and "alone" two have five letters; the dearest letter of one is its first."""
    written = "Romeo dies alone.\n"
    costs = [0.0] * len(written)
    costs[0:5], costs[11:16] = [4, 1, 1, 1, 1], [2, 3, 2, 2, 1]
    monkeypatch.setattr(text, "costs", lambda model, codes: math.log(2) * torch.tensor(costs, dtype=torch.double))
    splits = {"test": Texts(TEXT.codes(written), torch.arange(0))}
    found = text.words(None, "shakespeare", lambda dataset, split: splits[split], 0)["rows"]
    assert {row["name"]: (row["value"], row["n"]) for row in found} == {
        "first": (pytest.approx(3), 2),
        "later": (pytest.approx((1 + 2) / 2), 2),
        "rest": (pytest.approx((4 + 8) / 2), 2),
        "dearest": (0.5, 2),
    }


def test_the_tour_does_not_say_that_the_rest_of_a_word_costs_little():
    """By the card: the rest of a long word costs more than its first letter."""
    found = checkpoints.card_of("transformer-shakespeare")
    first, later, rest = (card.find(found, name)["value"] for name in ("first", "later", "rest"))
    assert first > later and rest > first and card.find(found, "dearest")["value"] < 0.6
    tour = (checkpoints.ROOT / "explorer" / "tabs" / "text" / "tour.md").read_text(encoding="utf-8")
    assert (
        "{{first:.2f}}" in tour
        and "together they cost more" in tour
        and "the rest of the word costs little" not in tour
    )
