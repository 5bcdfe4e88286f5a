"""Record of a β-VAE's training: its decoder, and codes that are the encoder's own at every β."""

import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from explorer import data
from explorer.measures import beta_vae
from explorer.models.beta_vae import BetaVAE
from explorer.models.replay import NEAREST, Replayed, between
from explorer.networks import checkpoints
from tests.test_checkpoints import TINY


def rms(values: Tensor) -> float:
    return float(values.square().mean().sqrt())


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Tensor:
    """Every tenth of the bundled images, which are then taken for all of them."""
    some = data.bundled_binary_images("mnist")[::10]
    monkeypatch.setattr(data, "bundled_binary_images", lambda dataset: some)
    return some


@pytest.mark.parametrize("place", [0.0, 0.1, 1.0, 4.3, 6.7, 8.0])
def test_a_polynomial_is_found_again_between_the_places_where_it_is_known(place: float):
    def value(x: float) -> Tensor:
        return torch.tensor([sum((x / 8) ** k for k in range(NEAREST)), 3.0], dtype=torch.float64)

    places = [0.0, 0.5, 1.0, 2.0, 4.0, 5.0, 6.0, 8.0]
    found, twice = between(places, place, *(factor * torch.stack([*map(value, places)]) for factor in (1, 2)))
    torch.testing.assert_close(found, value(place))
    torch.testing.assert_close(twice, 2 * value(place))


def test_places_are_closest_where_the_codes_change_fastest():
    def at(place: float) -> tuple[Tensor, Tensor]:
        return torch.tensor([[math.tanh(20 * (place - 1)), 1.0]]), torch.zeros(1, 2)

    found = [*beta_vae.refine(at, -2.0, 2.0)]
    steep, flat = (sum(abs(place - middle) < 0.4 for place in found) for middle in (1.0, -1.0))
    assert found == sorted(found) and found[0] == -2 and found[-1] == 2
    assert steep > 3 * flat


def test_what_is_kept_says_what_the_encoder_says_to_within_float16(few: Tensor, tmp_path: Path):
    model = checkpoints.load("beta-vae-mnist", "cpu")
    made = beta_vae.displayed_part(model, "mnist")
    sha256 = checkpoints.save_weights(made, tmp_path / "kept.safetensors")
    kept = Replayed(BetaVAE().decoder, *made.sigma.shape[:2])
    checkpoints.load_weights(kept, tmp_path / "kept.safetensors", sha256=sha256)
    for beta in (0.0, 0.01, 0.0137, 0.5, 4.4, 12.3, 29.0, 83.0, 100.0):
        q, (mu, sigma) = model.encode(few, beta), kept.codes(beta)
        assert rms(mu - q.mean) < 2.5 * rms(q.mean.half() - q.mean), beta
        if beta == 0:
            assert not sigma.any()
        else:
            assert rms(sigma / q.stddev - 1) < 2.5 * rms(q.stddev.half() / q.stddev - 1), beta


@pytest.fixture
def tiny(few: Tensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    """The row of the log that names a snapshot of a tiny network, which lies where the app looks for it."""
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    torch.manual_seed(0)
    model = checkpoints.build(TINY)
    made, folder = beta_vae.displayed_part(model, "mnist"), tmp_path / "tiny"
    checkpoints.write_json(folder / "config.json", TINY)
    sha256 = checkpoints.save_weights(model, folder / "model.safetensors")
    checkpoints.write_json(folder / "card.json", {"sha256": sha256, "training": {}})
    sha256 = checkpoints.save_weights(made, folder / "snapshots" / "00.safetensors")
    row = {"file": "00.safetensors", "sha256": sha256, "codes": [*made.sigma.shape[:2]]}
    checkpoints.write_json(folder / "snapshots" / "log.json", {"snapshots": [row], "history": []})
    return row


def test_a_snapshot_holds_the_decoder_and_codes_and_no_encoder(tiny: dict):
    path = checkpoints.pretrained_folder() / "tiny" / "snapshots" / "00.safetensors"
    assert {name.split(".")[0] for name in load_file(path)} == {"decoder", "exponents", "mu", "sigma"}
    found = checkpoints.snapshot("tiny", 0)
    assert isinstance(found, Replayed) and found.mu.shape == (1 + tiny["codes"][0], 200, 2)


@pytest.mark.parametrize("codes", ["many", [0, 200], [17], [17.0, 200], [True, 200], [10**9, 10**9], {}])
def test_a_log_that_says_nonsense_of_the_codes_is_refused(tiny: dict, codes: object):
    log = checkpoints.pretrained_folder() / "tiny" / "snapshots" / "log.json"
    checkpoints.write_json(log, {"snapshots": [tiny | {"codes": codes}], "history": []})
    with pytest.raises(checkpoints.CheckpointError, match=r"log\.json says what its network cannot have.*restore it"):
        checkpoints.snapshot("tiny", 0)


def test_codes_of_another_number_than_the_log_says_are_refused(tiny: dict):
    log = checkpoints.pretrained_folder() / "tiny" / "snapshots" / "log.json"
    checkpoints.write_json(log, {"snapshots": [tiny | {"codes": [tiny["codes"][0], 100]}], "history": []})
    with pytest.raises(checkpoints.CheckpointError, match=r"“mu” with shape .* where the recipe wants"):
        checkpoints.snapshot("tiny", 0)
