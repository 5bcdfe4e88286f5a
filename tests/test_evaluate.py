"""The cards that travel with the app: complete, as good as they must be, and true of the weights beside them."""

import hashlib
import math
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import typer
from safetensors.torch import load_file

from explorer import data, evaluate
from explorer.measures import beta_vae as measures
from explorer.networks import checkpoints
from explorer.networks.card import find, rows
from tests.cards import card_of

DEDICATED_MNIST = {  # D + βR and R of networks trained for one β alone: 784-512-512-256 MLPs, SiLU, 30 epochs
    0.01: (125.9, 20.0),
    0.1: (127.1, 10.6),
    1: (133.9, 7.0),
    4: (152.9, 5.1),
    10: (179.9, 3.3),
}
NAMES = [f"beta-vae-{dataset}" for dataset in data.CLASSES]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("beta", measures.REPORTED)
def test_the_cards_figures_hold_on_the_bundled_images(name: str, beta: float):
    card, model = card_of(name), checkpoints.load(name, "cpu")
    x = data.bundled_binary_images(name.removeprefix("beta-vae-"))
    again = measures.terms(model, x, beta, seed=1)
    for term in ("distortion", "rate", "elbo"):
        reported = find(card, term, beta=beta)
        error = math.hypot(reported["se"], again[f"{term}_se"])
        assert again[term] == pytest.approx(reported["value"], abs=3 * error), term


@pytest.mark.parametrize("name", NAMES)
def test_the_atlas_is_what_the_encoder_says(name: str):
    folder, model = checkpoints.folder_of(name), checkpoints.load(name, "cpu")
    atlas = load_file(folder / "atlas.safetensors")
    x = data.bundled_binary_images(name.removeprefix("beta-vae-"))[:200]
    assert atlas["betas"][0] == 0 and (atlas["betas"] > 0).sum() >= 24
    for row in (0, 1, 17, 33):
        q = model.encode(x, float(atlas["betas"][row]))
        torch.testing.assert_close(atlas["mu"][row, :200].float(), q.mean, rtol=2e-3, atol=2e-3)
        torch.testing.assert_close(atlas["sigma"][row, :200].float(), q.stddev, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("name", NAMES)
def test_means_between_two_measured_betas_are_interpolated_closely(name: str):
    strays = card_of(name)["atlas"]["betas"]
    assert len(strays) == 10
    assert max(strays.values()) <= 0.05


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_how_it_came_to_be(name: str):
    card, folder = card_of(name), checkpoints.folder_of(name)
    assert card["n"] == 10_000
    assert card["command"] == f"python -m explorer.evaluate {name}"
    assert card["training"]["command"] == f"python -m explorer.train {name}"
    assert card["training"]["float16_costs_nats"] < 0.05
    assert card["sha256"] == hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_at_least_twelve_snapshots_were_kept_dense_at_first(name: str):
    folder = checkpoints.folder_of(name) / "snapshots"
    kept = checkpoints.read_json(folder / "log.json")["snapshots"]
    assert len(kept) >= 12 and sum(snapshot["epoch"] < 1 for snapshot in kept) >= 6
    for snapshot in kept:
        assert hashlib.sha256((folder / snapshot["file"]).read_bytes()).hexdigest() == snapshot["sha256"]


def test_one_network_is_as_good_as_dedicated_ones_on_mnist():
    card = card_of("beta-vae-mnist")
    assert find(card, "-elbo", beta=1)["value"] <= 134
    for beta, (objective, rate) in DEDICATED_MNIST.items():
        assert find(card, "objective", beta=beta)["value"] <= 1.02 * objective
        assert find(card, "rate", beta=beta)["value"] == pytest.approx(rate, abs=3 if beta == 0.01 else 0.7)


def test_large_beta_collapses_the_posterior_on_mnist():
    card = card_of("beta-vae-mnist")
    assert find(card, "rate", beta=100)["value"] <= 0.05
    ours, alone = find(card, "objective", beta=20), find(card, "objective", beta=20, network="dedicated")
    assert ours["value"] == pytest.approx(alone["value"], rel=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_bounds_and_exact_values_come_in_order(name: str):
    gain = find(card_of(name), "gain", set="first", k=measures.IWAE_SAMPLES)
    elbo, gap, log_px = (find(card_of(name), figure, set="first") for figure in ("elbo", "gap", "log_px"))
    assert gain["value"] > 3 * gain["se"]
    assert gap["value"] > 2 * gap["se"]
    assert log_px["value"] == pytest.approx(elbo["value"] + gap["value"], abs=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_every_beta_of_the_table_has_a_dedicated_network_beside_it(name: str):
    card = card_of(name)
    betas = {row["beta"] for row in rows(card, "objective", network="dedicated")}
    assert betas >= {0.01, 0.1, 1, 4, 10, 20}
    assert all(find(card, "ratio", beta=beta)["value"] <= 1.02 for beta in betas)


def test_a_part_is_measured_alone_and_the_rest_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = "beta-vae-mnist"
    shutil.copytree(checkpoints.folder_of(name), tmp_path / name, ignore=shutil.ignore_patterns("snapshots"))
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    monkeypatch.setattr(data, "load", lambda dataset, split, folder: data.bundled_images(dataset)[:40])
    monkeypatch.setattr(
        measures, "PARTS", {"prior": lambda model, dataset, load, seed: {"n": len(load(dataset, "test"))}}
    )
    before = card_of(name)
    evaluate.evaluate(name, None, only="prior")
    after = card_of(name)
    assert after["prior"]["n"] == 40 and after["prior"]["command"] == f"python -m explorer.evaluate {name} --only prior"
    assert {key: after[key] for key in after if key != "prior"} == {
        key: before[key] for key in before if key != "prior"
    }
    with pytest.raises(typer.Exit):
        evaluate.evaluate(name, None, only="priors")
    assert card_of(name) == after


def test_what_the_prior_draws_is_counted_class_by_class(monkeypatch: pytest.MonkeyPatch):
    """A decoder that ignores its code draws one class alone, a classifier that sees what it is shown sees only that."""
    model, three = checkpoints.load("beta-vae-mnist", "cpu"), data.bundled_images("mnist").pixels()[108]
    monkeypatch.setattr(checkpoints, "load", lambda name, real=checkpoints.load: real(name, "cpu"))
    monkeypatch.setattr(model, "decode", lambda z, beta: SimpleNamespace(mean=three.expand(len(z), -1, -1, -1)))
    monkeypatch.setattr(measures, "BETA_VAE_DRAWN", 20)
    found = measures.prior(model, "mnist", lambda dataset, split: data.bundled_images(dataset), seed=0)
    assert found["0"] == found["1"] == {name: [0, 0, 0, 20, *[0] * 6] for name in ("draws", "codes")}


def test_a_page_that_is_likelier_exactly_and_not_by_its_bound(monkeypatch: pytest.MonkeyPatch):
    model = checkpoints.load("beta-vae-mnist", "cpu")
    monkeypatch.setattr(measures, "BETA_VAE_PAGE_DRAWS", 100)
    monkeypatch.setattr(measures, "posterior_grid", lambda model, page, beta: SimpleNamespace(log_px=-40.6))
    exact, elbo = torch.tensor([-30.0, -100.0, -120.0, -130.0]), torch.tensor([-33.0, -104.0, -121.0, -500.0])
    found = measures.blank(model, elbo, exact, torch.Generator().manual_seed(0))
    exactly, bound = (find({"rows": found}, "likelier", set="blank", by=by) for by in ("exact", "bound"))
    assert exactly["value"] == 0.75 and bound["value"] == 0.25
    gap, elbo = (find({"rows": found}, figure, set="blank")["value"] for figure in ("gap", "elbo"))
    assert gap == pytest.approx(-40.6 - elbo) and 80 < gap < 150
