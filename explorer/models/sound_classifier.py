"""A small convolutional classifier of spoken digits; it judges what a model of sound speaks.

It is not a generative family. It hears a sound as a spectrogram in decibels below its loudest part, so that its volume
does not matter.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.model import Model
from explorer.spaces import SOUND
from explorer.spaces.wave import LEVELS, mu_law_decode

SPECTRUM_WINDOW, HOP = 256, 80  # samples of a spectrum, and from one to the next: 10 ms
RANGE = 60.0  # decibels below the loudest that are told apart


class SoundClassifier(Model):
    r"""Classifier $p(\mathrm{digit} \mid x)$ of sounds at 8,000 samples a second.

    Arguments:
        channels: Width of each layer; a layer reads three spectra, and halves their number.
        classes: Number of digits.
        dropout: Dropout rate of the features during training.
    """

    space = SOUND

    window: Tensor

    def __init__(self, channels: Sequence[int] = (96, 96, 96), classes: int = 10, dropout: float = 0.3):
        super().__init__()
        layers, before = [], SPECTRUM_WINDOW // 2 + 1
        for width in channels:
            layers += [nn.Conv1d(before, width, 3, stride=2, padding=1), nn.BatchNorm1d(width), nn.ReLU()]
            before = width
        self.body = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(before, classes)
        self.classes = classes
        self.register_buffer("window", torch.hann_window(SPECTRUM_WINDOW), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (B, classes) of levels (B, T), with 256 after the end of a shorter sound."""
        return self.head(self.dropout(self.body(self.spectra(x)).amax(-1)))

    def spectra(self, x: Tensor) -> Tensor:
        """Compute the power of each frequency over time, from 0 to 1 for `RANGE` decibels: (B, 129, frames).

        Shapes: `x` (B, T), levels.
        """
        amplitude = mu_law_decode(x.clamp(max=LEVELS - 1)).where(x < LEVELS, 0)
        power = torch.stft(amplitude, SPECTRUM_WINDOW, HOP, window=self.window, return_complex=True).abs().square()
        loudest = power.amax((1, 2), keepdim=True).clamp(min=1e-12)
        return (10 * (power / loudest).clamp(min=1e-12).log10() / RANGE + 1).clamp(min=0)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Cross-entropy in nats on sounds that begin up to `shift` samples later, with a band of frequencies removed.

        Shapes: `x` (B, T), `label` (B,), 10 · speaker + digit.
        """
        shift = int(torch.randint(recipe["shift"] + 1, (1,), generator=generator))
        spectra = self.spectra(F.pad(x, (shift, 0), value=LEVELS))
        low = torch.randint(spectra.shape[1], (len(x), 1, 1), generator=generator).to(x.device)
        row = torch.arange(spectra.shape[1], device=x.device).view(1, -1, 1)
        heard = spectra * ((row < low) | (row >= low + recipe["band"]))
        return F.cross_entropy(self.head(self.dropout(self.body(heard).amax(-1))).float(), label % self.classes)
