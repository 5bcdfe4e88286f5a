"""Test recordings that come with the app, and the labels by which the network knows them."""

import torch
from torch import Tensor

from explorer.data import spoken_digits
from explorer.data.spoken_digits import DIGITS, SPEAKERS
from explorer.spaces.wave import WAVE_LONGEST

NET = "wavenet-digits"


def label_of(digit: int, speaker: str) -> Tensor:
    """Return the network's label of a digit and a speaker: (1,)."""
    return torch.tensor([DIGITS * SPEAKERS.index(speaker) + digit])


def recording(digit: int, speaker: str) -> Tensor:
    """Return the bundled test recording of a digit by a speaker, at most its first second: levels (1, T)."""
    bundled = spoken_digits.bundled_recordings()
    place = bundled.labels.tolist().index(int(label_of(digit, speaker)))
    return bundled.sounds[place][:WAVE_LONGEST].long().unsqueeze(0)
