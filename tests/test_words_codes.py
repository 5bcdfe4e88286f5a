"""*Codes*: reconstructions, the effect of one changed code, and the time of a step in codes and in pixels."""

import re

import pytest
import torch

from explorer.data import SCENES
from explorer.models.words_diffusion import WordsDiffusion
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.spaces import COLOUR
from explorer.tabs.words import codes
from explorer.tabs.words.codes import changes, codecs, coded, decoded, nearest_entries, scene_codes
from tests.node import call
from tests.test_findings import assert_short

SOME = 12  # scenes


def ask(**changed: object):
    usual = {"example": 33, "codec": "tokens", "place": 38, "far": 0, "channel": 0, "shift": 0.0}
    return scene_codes.plain(**usual | changed)


def images(answer) -> torch.Tensor:
    return COLOUR.decode(answer.view["images"])


def test_reconstructions_have_the_error_of_the_cards():
    errors = {"tokens": [], "latents": []}
    for scene in range(SOME):
        x, tokens, latents, _ = images(ask(example=scene))
        assert torch.equal(x, SCENES.load("test")[scene : scene + 1].pixels()[0])
        errors["tokens"].append(float((tokens - x).abs().mean()))
        errors["latents"].append(float((latents - x).abs().mean()))
    for kind, name in codes.CODECS.items():
        known = find(checkpoints.card_of(name), "absolute_error", captions="seen")["value"]
        assert sum(errors[kind]) / SOME == pytest.approx(known, rel=0.35), kind


def test_what_is_not_changed_stays_and_the_headline_is_the_error():
    for codec, index in (("tokens", 1), ("latents", 2)):
        found = ask(codec=codec)
        shown = images(found)
        assert torch.equal(shown[3], shown[index])
        levels = 255 * float((shown[index] - shown[0]).abs().mean())
        said = re.search(r"a mean error of ([\d.]+) levels\.$", found.numbers[0].text)
        assert said and float(said[1]) == pytest.approx(levels, abs=0.15)  # bytes are rounded
        assert_short(found.numbers[0].text)


def test_one_changed_token_is_the_only_one():
    vqvae, _ = codecs()
    found = coded(8)
    x, _ = decoded(found, "tokens", 66, 5, 0, 0.0)
    order = nearest_entries(vqvae, int(found.tokens[0, 66]))
    tokens = found.tokens.clone()
    tokens[0, 66] = order[5]
    assert torch.equal(x, vqvae.decode(tokens)) and len(set(order.tolist())) == 512
    assert int(order[0]) == int(found.tokens[0, 66])
    far = (vqvae.codebook.entries - vqvae.codebook.entries[order[0]]).norm(dim=1)[order]
    assert (far.diff() >= 0).all()


def test_one_shifted_latent_is_the_only_one():
    _, autoencoder = codecs()
    found = coded(8)
    x, _ = decoded(found, "latents", 13, 0, 2, 3.0)
    z = found.latents.clone()
    z[0, 2, 1, 1] += 3
    assert torch.equal(x, autoencoder.decode(z))


def test_changes_are_counted_and_measured_from_the_patch():
    before = torch.zeros(1, 3, 48, 48)
    after = before.clone()
    after[0, 1, 4:8, 4:8] = 1  # the patch of place 13
    assert changes(before, after, 13) == (16 / 2304, 0)
    after[0, 0, 20, 5] = 0.2
    assert changes(before, after, 13) == (17 / 2304, 13)  # rows 8 … 20 lie below the patch
    after[0, 0, 0, 0] = 0.05  # too little to see
    assert changes(before, after, 13) == (17 / 2304, 13)
    assert changes(before, before, 0) == (0.0, 0)


def test_a_change_is_told_in_its_numbers():
    found = ask(far=400)
    shown = images(found)
    share = float(((shown[1] - shown[3]).abs().amax(0) > 0.1).float().mean())
    assert found.table.rows[0]["pixels changed"] == pytest.approx(share, abs=2 / 2304) and share > 0
    assert "in place of" in found.words
    assert_short(found.numbers[0].text)


def test_tokens_need_a_fortieth_of_the_bits():
    size = next(each for each in ask().numbers if each.name == codes.SMALLER.name)
    assert size.text == f"{100 * 144 * 9 / (8 * 3 * 48 * 48):.1f} %"


def test_a_step_in_pixels_takes_longer_than_one_in_codes(monkeypatch: pytest.MonkeyPatch):
    """The transformer of a step is evaluated with the network's modulations at time features of zero."""
    model = WordsDiffusion(width=32, heads=2, blocks=2)
    model.attach(checkpoints.load("autoencoder-scenes"))
    monkeypatch.setattr(codes, "drawer", lambda: model)
    found = codes.code_costs.plain()
    in_codes, in_pixels, decoder = (float(each.value) for each in found.numbers)
    assert in_pixels > 3 * in_codes > 0 and decoder > 0
    assert [each["says"] for each in found.bars["rows"]] == ["36 patches", "576 patches"]


def test_the_timed_step_is_that_of_the_network(monkeypatch: pytest.MonkeyPatch):
    """With a stem, a head and a time that do nothing, the velocity is the timed transformer."""
    torch.manual_seed(0)
    model = WordsDiffusion(width=32, heads=2, blocks=2).eval()
    shapes = []
    model.trunk.register_forward_hook(lambda _, args, kwargs, out: shapes.append(out.shape), with_kwargs=True)
    prompt = model.trunk.read(torch.ones(1, 13, dtype=torch.long))
    with torch.no_grad():
        model.velocity(torch.zeros(1, 4, 12, 12), torch.zeros(1), prompt)
        codes.step_of(model, model.side**2)()
    assert shapes[0] == shapes[1] == (1, 36, 32)


def test_the_browser_computes_the_difference_of_two_scenes():
    generator = torch.Generator().manual_seed(0)
    one, other = torch.randint(256, (2, 3, 48, 48), generator=generator)
    found = call("words/codes.js", "differenceOf", one.flatten().tolist(), other.flatten().tolist())
    expected = ((one - other).abs().float().mean(0) / 255).flatten()
    values = torch.tensor([found[str(i)] if isinstance(found, dict) else found[i] for i in range(2304)])
    torch.testing.assert_close(values, expected)


def test_keys_lead_to_the_next_code_and_not_beyond_the_edge():
    assert call("words/codes.js", "neighbour", 0, "ArrowRight") == 1
    assert call("words/codes.js", "neighbour", 13, "ArrowUp") == 1
    assert call("words/codes.js", "neighbour", 11, "ArrowRight") is None
    assert call("words/codes.js", "neighbour", 143, "ArrowDown") is None
