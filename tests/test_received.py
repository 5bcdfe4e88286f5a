"""JSON as other programs save it, and Git LFS pointers in place of files."""

import json
from pathlib import Path

import pytest

from explorer import exercises
from explorer.data import DataError
from explorer.data.images import read_idx
from explorer.networks import checkpoints, extra, manifest
from explorer.networks.checkpoints import CheckpointError
from explorer.networks.opening import _json
from explorer.running.received import POINTER, is_pointer, read_json

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
RECIPE = {"family": "made", "dataset": "mnist", "model": {}, "training": {"note": "β = ½"}}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_read_in_every_unicode_encoding_wherever_a_file_of_it_comes_in(encoding: str, tmp_path: Path):
    raw = json.dumps(RECIPE, ensure_ascii=False).encode(encoding)
    (tmp_path / "config.json").write_bytes(raw)
    assert read_json(raw) == RECIPE == _json(raw, "config.json", checkpoints.CONFIG)
    assert checkpoints.read_json(tmp_path / "config.json", checkpoints.CONFIG) == RECIPE
    assert exercises.read(tmp_path / "config.json") == RECIPE == manifest._read(tmp_path / "config.json")
    assert extra._describe(tmp_path, {"made": {"mnist"}}) == ("made", "mnist")


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff\xfe{", b"{\x00", b"\x00\xd8", b"\xfe"]
)
def test_what_is_no_json_is_a_value_error(raw: bytes):
    with pytest.raises(ValueError):
        read_json(raw)


def test_a_pointer_is_called_one_wherever_a_file_is_read(tmp_path: Path):
    raw = POINTER + b"v1\noid sha256:00\nsize 2561000\n"
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(raw)
    assert is_pointer(raw) and not is_pointer(raw[1:])
    with pytest.raises(DataError, match="is a Git LFS pointer, not the file itself"):
        read_idx(path, 3)
    with pytest.raises(CheckpointError, match="is a Git LFS pointer, not the file itself"):
        checkpoints.read_json(path)
    with pytest.raises(CheckpointError, match="weights is a Git LFS pointer, not the file itself"):
        checkpoints.read_tensors(raw, {}, "weights", "save them again")
