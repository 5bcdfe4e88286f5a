"""Spoken digits: 3,000 recordings of the digits 0 to 9 by six speakers, 8,000 samples a second, in 256 µ-law levels.

The full set is read from `fsdd/recordings.tar.gz` in the folder of `--data` or `EXPLORER_DATA`. Of the 50 recordings of
each digit by each speaker, numbers 0 to 4 are the test split, which only `explorer.evaluate` reads, and 5 to 7 are held
out for development. A small part of the test split ships with the app.

Reference: Jackson et al., Free Spoken Digit Dataset, 2018, https://doi.org/10.5281/zenodo.1342401
"""

import io
import os
import tarfile
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from explorer.data.images import BUNDLED, DataError
from explorer.spaces import SOUND, Wave
from explorer.spaces.wave import LEVELS, mu_law_encode

DIGITS = 10
SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
TEST, HELD_OUT = range(5), range(5, 8)  # numbers of the recordings of a digit by a speaker
SPOKEN_SOURCE, SPOKEN_LICENCE = "Free Spoken Digit Dataset: Zohar Jackson and others, 2018", "CC BY-SA 4.0"


@dataclass(frozen=True)
class Recordings:
    """Recordings of several lengths, with the interface of a `Split`.

    Arguments:
        sounds: µ-law levels of each recording, unsigned bytes (T,).
        labels: 10 · speaker + digit of each recording (N,).
    """

    sounds: tuple[Tensor, ...]
    labels: Tensor

    def __len__(self) -> int:
        return len(self.sounds)

    def __getitem__(self, index: Tensor | slice) -> "Recordings":
        chosen = torch.arange(len(self))[index]
        return Recordings(tuple(self.sounds[each] for each in chosen.tolist()), self.labels[index])

    def pixels(self) -> Tensor:
        """Return the levels (N, longest T), with 256 after the end; the name matches that of a `Split` of images."""
        return pad_sequence([sound.long() for sound in self.sounds], batch_first=True, padding_value=LEVELS)


@dataclass(frozen=True)
class RecordingSet:
    """A data set of recordings."""

    name: str
    title: str
    space: Wave = SOUND

    def load(self, split: str, folder: str | Path | None = None) -> Recordings:
        """Read a split: "train" (2,520 recordings), "held-out" (180) or "test" (300).

        Arguments:
            folder: The folder that holds fsdd/; by default `EXPLORER_DATA`.

        Raises:
            DataError: if there is no folder, or the archive is missing or damaged.
        """
        folder = folder or os.environ.get("EXPLORER_DATA")
        if not folder:
            raise DataError("the spoken digits are read from a folder: name it with --data or EXPLORER_DATA")
        wanted = {"test": TEST, "held-out": HELD_OUT, "train": range(HELD_OUT.stop, 50)}[split]
        chosen = [(sound, label) for sound, label, number in archive(Path(folder)) if number in wanted]
        return Recordings(tuple(sound for sound, _ in chosen), torch.tensor([label for _, label in chosen]))


@cache
def archive(folder: Path) -> list[tuple[Tensor, int, int]]:
    """Read all recordings, sorted by name: the levels (T,), the label and the number of each.

    Raises:
        DataError: if the archive is missing or damaged.
    """
    path = folder / "fsdd" / "recordings.tar.gz"
    try:
        with tarfile.open(path) as files:
            raw = {Path(each.name).stem: files.extractfile(each).read() for each in files if each.name.endswith(".wav")}
        return [read_recording(name, raw[name]) for name in sorted(raw)]
    except (OSError, tarfile.TarError, wave.Error, EOFError, ValueError) as error:
        raise DataError(f"{path} is missing or damaged ({error}): give the folder that holds fsdd/") from error


def read_recording(name: str, raw: bytes) -> tuple[Tensor, int, int]:
    """Read a file named `{digit}_{speaker}_{number}`: its levels (T,), 10 · speaker + digit, and its number."""
    digit, speaker, number = name.split("_")
    with wave.open(io.BytesIO(raw)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    levels = mu_law_encode(torch.from_numpy(samples / 2**15)).to(torch.uint8)
    return levels, DIGITS * SPEAKERS.index(speaker) + int(digit), int(number)


@cache
def bundled_recordings() -> Recordings:
    """Load the test recordings that ship with the app: number 0 of each digit by each speaker (60).

    Raises:
        DataError: if the bundled file is missing or damaged.
    """
    try:
        found = load_file(BUNDLED / f"{SPOKEN_DIGITS.name}.safetensors")
        return Recordings(found["levels"].split(found["lengths"].tolist()), found["labels"].long())
    except (OSError, KeyError, RuntimeError) as error:
        raise DataError(f"{SPOKEN_DIGITS.name}.safetensors is missing or damaged ({error}): restore it") from error


SPOKEN_DIGITS = RecordingSet("digits", "spoken digits")
