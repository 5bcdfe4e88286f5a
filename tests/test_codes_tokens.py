"""The server functions about tokens, by small networks, and the sentences that are made of their answers."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import data
from explorer.measures import vqvae as measured
from explorer.models.vqvae import TOKENS
from explorer.networks import checkpoints
from explorer.spaces import BINARY, LEVELS
from explorer.tabs.tokens import shared as tokens_shared
from explorer.tabs.tokens import slow as tokens_slow
from explorer.tabs.tokens import straight as tokens_straight
from explorer.tabs.tokens import surprise as tokens_surprise
from explorer.tabs.tokens import tokens
from tests import tiny_nets

TEST = ("test", 8, "mnist")
NET = "vqvae-mnist"


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        tiny_nets.write(folder, tiny_nets.TOKENS | tiny_nets.MODELS | tiny_nets.RECURRENT, jitter=0.2)
        yield folder


@pytest.mark.parametrize("net", list(tiny_nets.TOKENS))
def test_what_is_told_of_an_image_is_what_the_model_says(net: str):
    model = checkpoints.load(net)
    x = data.read(TEST, model.space)
    found = tokens.look.props(net, TEST, (), 24)
    assert found["tokens"] == found["before"] == model.encode(x)[0].tolist()
    assert -found["rates"][0] - found["distortions"][0] == pytest.approx(float(model.elbo(x)), rel=1e-5)
    assert sum(found["surprise"]) == pytest.approx(found["rates"][1], abs=1e-3)
    exact = checkpoints.load(tokens_shared.rival_of(net)).log_prob(x)
    assert found["exact"] == pytest.approx(float(exact), rel=1e-5)
    p = model.space.decode(found["p"])
    torch.testing.assert_close(p[:1], model.reconstruct(x), atol=0.5 / 255 + 1e-6, rtol=0)


def test_an_exchanged_token_is_the_only_one_that_changes():
    model, x = checkpoints.load(NET), data.read(TEST, BINARY)
    before = model.encode(x)[0].tolist()
    code = (before[24] + 1) % 8
    found = tokens.look.props(NET, TEST, (24 * 64 + code,), 24)
    assert found["tokens"] == [*before[:24], code, *before[25:]] and found["before"] == before
    grid = torch.tensor([found["tokens"]])
    assert found["distortions"][1] == pytest.approx(float(model.distortion(x, grid)), rel=1e-5)
    assert found["rates"][1] == pytest.approx(float(model.rate(grid)), rel=1e-5)
    with pytest.raises(ValueError, match="this codebook has 8 codes"):
        tokens.look.props(NET, TEST, (24 * 64 + 63,), 24)


def test_a_codes_picture_is_the_mean_of_what_lies_around_its_tokens():
    model, found = checkpoints.load(NET), tokens.codebook.props(NET)
    x = data.bundled_binary_images("mnist")[: tokens.TOKENS_READ]
    grid = model.encode(x).view(-1, 7, 7)
    code = int(grid.flatten().mode().values)
    padded = torch.nn.functional.pad(x[:, 0], [4] * 4)
    around = [padded[i, 4 * r : 4 * r + 12, 4 * c : 4 * c + 12] for i, r, c in (grid == code).nonzero().tolist()]
    pictures = np.frombuffer(base64.b64decode(found["pictures"]), np.uint8).reshape(8, 12, 12)
    mean = torch.stack(around).mean(0)
    assert np.abs(pictures[code] - 255 * (mean / max(mean.max(), 0.1)).numpy()).max() <= 1


def test_the_gradient_is_the_slope_of_the_loss_at_the_decoders_input():
    model, x = checkpoints.load(NET), data.read(TEST, BINARY)
    found = tokens_straight.through.props(NET, TEST)
    entries = model.codebook.entries[model.encode(x)].double()
    double = checkpoints.build(checkpoints.read_json(checkpoints.folder_of(NET) / "config.json")).double()
    double.load_state_dict(model.state_dict())
    loss = lambda z: -double.pixels(z).log_prob(x.double()).sum()  # noqa: E731
    way = torch.randn(entries[0, 10].shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    moved = torch.zeros_like(entries)
    moved[0, 10] = way
    with torch.no_grad():
        slope = float(loss(entries + 1e-3 * moved) - loss(entries - 1e-3 * moved)) / 2e-3
    z = entries.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(loss(z), z)
    assert slope == pytest.approx(float((gradient * moved).sum()), rel=1e-2)
    assert found["at_decoder"][10] == pytest.approx(float(gradient[0, 10].norm()), rel=1e-3)
    assert found["at_decoder"] == found["at_encoder"] and found["apart"] == 0
    assert found["distortion"] == pytest.approx(float(model.distortion(x, model.encode(x))), rel=1e-5)
    distance = (model.z_e(x) - model.codebook.entries[model.encode(x)]).square().sum()
    assert found["squares"] == pytest.approx(float(distance), rel=1e-4) and found["weight"] == 0.25
    each = (model.z_e(x) - model.codebook.entries[model.encode(x)]).norm(dim=-1)
    assert found["held"] == pytest.approx((0.25 * 2 * each[0]).tolist(), rel=1e-3)


def test_a_step_begins_where_it_is_and_falls_as_promised():
    found = tokens_straight.through.props(NET, TEST)
    assert found["free"][0] == pytest.approx(0, abs=1e-3) and found["chosen"][0] == pytest.approx(0, abs=1e-3)
    assert found["moved"][0] == 0 and found["promised"][1] == pytest.approx(0.5)
    assert found["free"][1] == pytest.approx(-found["promised"][1], rel=0.3)


def test_a_race_is_told_before_anything_is_drawn_and_hands_over_an_image_of_tokens():
    begun, first = (tokens_slow.race.props(NET, 7, parts=parts) for parts in (0, 1))
    assert begun["more"] and not begun["pictures"] and begun["words"].startswith("0 of 3 ways")
    x = checkpoints.load(NET).sample(16, generator=torch.Generator().manual_seed(7))[0]
    raw = np.frombuffer(base64.b64decode(first["pictures"]["out"]), np.uint8)
    assert np.array_equal(raw, (255 * x).round().flatten().byte().numpy())


@pytest.mark.deep
def test_a_race_draws_what_the_models_draw():
    networks = (("pixels", 784, "pixelcnn-mnist"), ("rows", 784, "pixelrnn-mnist"), ("tokens", 49, NET))
    race = tokens_slow.race.props(NET, 7)
    for (way, steps, name), grid, row in zip(networks, race["grids"], race["table"][1:], strict=True):
        x = checkpoints.load(name).sample(16, generator=torch.Generator().manual_seed(7))
        raw = np.frombuffer(base64.b64decode(grid["images"]), np.uint8)
        assert row[:2] == (way, steps) and row[2] > 0
        assert np.array_equal(raw, (255 * x).round().flatten().byte().numpy())
    clothes = tokens_slow.race.props("vqvae-fashion-mnist", 7)
    assert clothes["grids"][1] is None and [row[0] for row in clothes["table"]] == ["way", "pixels", "tokens"]
    assert "PixelRNN" not in clothes["words"] and "PixelRNN" in race["words"]


def test_the_card_has_both_halves_and_how_the_codes_are_used():
    few = data.Split(data.bundled_images("mnist").images[:40], data.bundled_images("mnist").labels[:40])
    model = checkpoints.load(NET)
    card = measured.figures(model, "mnist", Path(), lambda dataset, split: few, 0, {})
    value = {row["name"]: row["value"] for row in card["rows"]}
    x = data.binarise(few.pixels(), seed=0)
    assert value["nll"] == pytest.approx(-float(model.elbo(x).double().mean()), rel=1e-5)
    assert value["nll"] == pytest.approx(value["rate"] + value["distortion"], rel=1e-6)
    counts = np.bincount(model.encode(x).flatten().numpy(), minlength=8) / (40 * TOKENS)
    used = counts[counts > 0]
    assert value["perplexity"] == pytest.approx(float(np.exp(-(used * np.log(used)).sum())), rel=1e-6)
    assert card["use"] == pytest.approx(counts.tolist(), abs=1e-5)
    result = -float(model.elbo(x, label=few.labels).double().mean())
    assert value["nll_label"] == pytest.approx(result, rel=1e-5)


def test_sentences_are_made_of_the_answers():
    found = tokens_surprise.surprise.props(NET, TEST, 24)
    top = int(np.argmax(found["surprise"]))
    assert f"The most surprising token is in row {top // 7 + 1}, column {top % 7 + 1}:" in found["words"]
    assert f"of the same pixels is {-found['exact']:.1f}, exactly" in found["words"]
    code = (found["before"][24] + 1) % 8
    other = tokens.look.props(NET, TEST, (24 * 64 + code,), 24)
    before, after = LEVELS.decode(other["p"])
    moved = int(((255 * before).round() - (255 * after).round()).abs().gt(25.5).sum())
    said = other["words"]
    assert f"was code {found['before'][24]} and is now code {code}" in said and f"{moved} of 784 pixels" in said
    assert other["numbers"][0] == ("finding", f"One other code changes {moved} pixels of the image.", "")
    name, value, unit = other["numbers"][1]
    assert name == "−log p(x), ≤ bound" and value.startswith(f"{other['rates'][1] + other['distortions'][1]:.1f} (was ")


def test_what_is_reached_comes_from_the_cards(monkeypatch: pytest.MonkeyPatch):
    rows = [
        {"name": "frechet", "value": 0.02, "pixels": "binarised", "way": "training images"},
        {"name": "frechet", "value": 0.1, "pixels": "binarised", "way": "token by token", "seed": 0},
        {"name": "frechet", "value": 0.2, "pixels": "binarised", "way": "token by token", "seed": 1},
    ]
    monkeypatch.setattr(tokens_slow.checkpoints, "card_of", lambda net: {"quality": {"rows": rows}})
    found = tokens_slow.card_figures(NET)
    assert found.frechet == pytest.approx(7.5) and found.distance == "7.5" and found.nats == "–"
    assert tokens_slow.Reached({"kind": "bound", "value": 118.26}, None).nats == "≤ 118.3"
    assert tokens_slow.Reached(None, None).distance == "not measured"


def test_the_bound_is_the_cost_of_the_tokens_and_of_the_pixels():
    found = tokens_surprise.surprise.props(NET, TEST, 24)
    bound, of_tokens, of_pixels, _ = (float(value.replace(",", "")) for _, value, _ in found["numbers"][1:])
    assert bound == pytest.approx(of_tokens + of_pixels, abs=0.11)
    assert of_tokens == pytest.approx(found["rates"][0], abs=0.06)
    assert of_pixels == pytest.approx(found["distortions"][0], abs=0.06)
