"""Sounds as a space, and the spoken digits as a data set."""

import io
import math
import tarfile
import wave
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import data
from explorer.data import spoken_digits
from explorer.spaces import BINARY, SOUND, Wave
from explorer.spaces.wave import SILENCE, mu_law_decode, mu_law_encode


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_levels_survive_their_amplitudes_and_quiet_ones_are_finer():
    levels = torch.arange(256)
    assert torch.equal(mu_law_encode(mu_law_decode(levels)), levels)
    assert mu_law_encode(torch.zeros(1)).item() == SILENCE
    assert mu_law_decode(levels)[[0, -1]].tolist() == pytest.approx([-1, 1])
    gaps = mu_law_decode(levels).diff()
    assert (gaps > 0).all() and gaps[127] < gaps[0] / 100


def test_companding_follows_its_formula():
    for a in (-0.9, -0.01, 0.003, 0.2):
        y = math.copysign(math.log(1 + 255 * abs(a)) / math.log(256), a)
        assert mu_law_encode(torch.tensor([a])).item() == math.floor((y + 1) / 2 * 255 + 0.5)


def test_noise_is_in_the_space_and_what_travels_comes_back():
    x = SOUND.noise(3, rng(1))
    SOUND.check(x)
    assert x.shape == (3, *SOUND.shape) and torch.equal(SOUND.decode(SOUND.encode(x)), x)
    assert torch.equal(SOUND.read("noise", 1), SOUND.noise(1, rng(1)))
    assert SOUND.read("levels", bytes([0, 128, 255])).tolist() == [[0, 128, 255]]


@pytest.mark.parametrize("value", [b"", b"a" * 8_001, "abc", None])
def test_a_sound_of_another_length_or_type_is_refused(value: object):
    with pytest.raises(ValueError, match="from 1 to 8,000 samples|not “levels”"):
        SOUND.read("levels", value)


@pytest.mark.parametrize("x", [torch.zeros(1, 3), torch.zeros(3).long(), torch.tensor([[256]]), torch.tensor([[-1]])])
def test_what_is_no_sound_is_refused(x: torch.Tensor):
    with pytest.raises(ValueError, match="must be"):
        SOUND.check(x)


def test_sounds_of_one_rate_are_comparable():
    assert SOUND.comparable(Wave(8_000, 7)) and not SOUND.comparable(Wave(16_000, 7)) and not SOUND.comparable(BINARY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Folder of an archive with recordings 0, 5 and 8 of one digit by one speaker."""
    (tmp_path / "fsdd").mkdir()
    with tarfile.TarFile.gzopen(str(tmp_path / "fsdd" / "recordings.tar.gz"), "w") as files:
        for number in (0, 5, 8):
            raw = io.BytesIO()
            with wave.Wave_write(raw) as file:
                file.setparams((1, 2, 8_000, 0, "NONE", ""))
                file.writeframes(np.array([0, 2**15 - 1, -(2**15), number], np.int16).tobytes())
            entry = tarfile.TarInfo(f"recordings/7_lucas_{number}.wav")
            entry.size = len(raw.getvalue())
            files.addfile(entry, io.BytesIO(raw.getvalue()))
    return tmp_path


def test_each_recording_is_in_one_split(folder: Path):
    for split, number in (("test", 0), ("held-out", 5), ("train", 8)):
        found = data.load("digits", split, folder)
        assert len(found) == 1 and found.labels.tolist() == [27]
        assert found.pixels().tolist() == [[SILENCE, 255, 0, mu_law_encode(torch.tensor([number / 2**15])).item()]]


def test_shorter_recordings_are_padded():
    sounds = (torch.tensor([1, 2, 3]).byte(), torch.tensor([4]).byte())
    found = data.Recordings(sounds, torch.tensor([5, 6]))
    assert found.pixels().tolist() == [[1, 2, 3], [4, 256, 256]]
    assert found[torch.tensor([1])].pixels().tolist() == [[4]] and found[:1].labels.tolist() == [5]


def test_a_missing_or_damaged_archive_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("EXPLORER_DATA", raising=False)
    with pytest.raises(data.DataError, match="--data or EXPLORER_DATA"):
        data.load("digits", "test")
    spoken_digits.archive.cache_clear()
    (folder / "fsdd" / "recordings.tar.gz").write_bytes(b"nothing")
    with pytest.raises(data.DataError, match="missing or damaged"):
        data.load("digits", "test", folder)
