"""The classifier of spoken digits: what it does not hear, and what its accuracy rests on."""

from functools import partial

import pytest
import torch
import torch.nn.functional as F

from explorer.data import spoken_digits
from explorer.measures import sound, sound_classifier
from explorer.models.sound_classifier import SoundClassifier
from explorer.networks import checkpoints
from explorer.networks.card import find, of
from explorer.spaces.wave import LEVELS, mu_law_decode, mu_law_encode


@pytest.fixture(scope="module")
def model() -> SoundClassifier:
    return checkpoints.load(sound.JUDGE, "cpu")


def test_it_hears_the_bundled_test_recordings_and_nothing_in_noise(model: SoundClassifier):
    bundled = spoken_digits.bundled_recordings()
    right = sound_classifier.logits(model, bundled).argmax(-1) == bundled.labels % 10
    assert right.float().mean() >= find(of(sound.JUDGE), "accuracy")["value"] - 0.05
    noise = torch.randint(LEVELS, (200, 4_000), generator=torch.Generator().manual_seed(0))
    digits = torch.arange(10).repeat(20)
    assert (model(noise).argmax(-1) == digits).float().mean() < 0.2


def test_neither_volume_nor_silence_at_the_end_changes_what_it_hears(model: SoundClassifier):
    x = spoken_digits.bundled_recordings().sounds[0].long()[None]
    spectra = model.spectra(x)
    quieter = mu_law_encode(mu_law_decode(x) * 0.5)
    assert (model.spectra(quieter) - spectra).abs().mean() < 0.02
    longer = F.pad(x, (0, 800), value=LEVELS)
    torch.testing.assert_close(model.spectra(longer)[..., : spectra.shape[-1] - 2], spectra[..., :-2])


def test_what_it_hears_is_measured_on_sounds_of_every_digit_and_speaker(monkeypatch: pytest.MonkeyPatch):
    class Spoken(torch.nn.Module):
        classes = 60

        def sample(self, n: int, *, generator: torch.Generator, label: torch.Tensor) -> torch.Tensor:
            return label[:, None].expand(n, 4)

    class Judge(torch.nn.Module):
        def __init__(self, hears: int):
            super().__init__()
            self.hears, self.weight = hears, torch.nn.Parameter(torch.zeros(1))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return F.one_hot((x[:, 0] + (x[:, 0] >= self.hears)) % 10, 10).float()

    for hears, share in ((60, 1.0), (30, 0.5), (0, 0.0)):
        monkeypatch.setattr(checkpoints, "load", partial(lambda hears, name: Judge(hears), hears))
        (row,) = sound.sample_accuracy(Spoken(), "digits", None, 0)["rows"]
        assert row["value"] == share and row["n"] == 300 and row["judge"] == sound.JUDGE
