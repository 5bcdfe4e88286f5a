"""The data: read whole or refused in one sentence, binarised one way, split without overlap."""

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer import data
from explorer.data.neighbours import training_index


def write_idx(path: Path, array: np.ndarray, cut: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    header = struct.pack(f">{array.ndim + 1}I", 0x0800 + array.ndim, *array.shape)
    raw = header + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(raw[: len(raw) - cut]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for stem, count in (("train", 6_000), ("t10k", 30)):
        write_idx(tmp_path / "mnist" / f"{stem}-images-idx3-ubyte.gz", random.integers(0, 256, (count, 28, 28)))
        write_idx(tmp_path / "mnist" / f"{stem}-labels-idx1-ubyte.gz", random.integers(0, 10, count))
    return tmp_path


def test_held_out_images_are_not_trained_on(folder: Path):
    train, held_out = (data.load("mnist", split, folder) for split in ("train", "held-out"))
    assert (len(train), len(held_out)) == (1_000, 5_000)
    trained = {image.numpy().tobytes() for image in train.images}
    assert not any(image.numpy().tobytes() in trained for image in held_out.images)


def test_a_split_is_images_with_their_labels(folder: Path):
    test = data.load("mnist", "test", folder)
    assert test.pixels().shape == (30, 1, 28, 28)
    assert test.pixels().min() >= 0 and test.pixels().max() <= 1
    raw = gzip.decompress((folder / "mnist" / "t10k-labels-idx1-ubyte.gz").read_bytes())
    assert test.labels.tolist() == list(raw[8:])


def test_missing_data_says_what_to_give(tmp_path: Path):
    with pytest.raises(data.DataError, match="--data or EXPLORER_DATA"):
        data.load("mnist", "train", tmp_path)


def test_an_unknown_data_set_names_those_there_are(folder: Path):
    with pytest.raises(data.DataError, match="mnist, fashion-mnist"):
        data.load("cifar", "train", folder)


def test_truncated_data_is_refused_in_one_sentence(folder: Path):
    path = folder / "mnist" / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(data.DataError, match="damaged or cut short"):
        data.load("mnist", "train", folder)


def test_a_flipped_byte_is_refused_in_one_sentence(folder: Path):
    path = folder / "mnist" / "train-images-idx3-ubyte.gz"
    raw = bytearray(path.read_bytes())
    raw[500:520] = bytes(20)
    path.write_bytes(raw)
    with pytest.raises(data.DataError, match="damaged or cut short|not the IDX file"):
        data.load("mnist", "train", folder)


def test_an_idx_file_that_lost_its_end_is_refused(folder: Path):
    write_idx(folder / "mnist" / "train-images-idx3-ubyte.gz", np.zeros((6_000, 28, 28)), cut=784)
    with pytest.raises(data.DataError, match="cut short"):
        data.load("mnist", "train", folder)


def test_binarisation_is_seeded_and_unbiased():
    grey = torch.full((400, 1, 28, 28), 0.3)
    once, again, other = (data.binarise(grey, seed) for seed in (7, 7, 8))
    assert torch.equal(once, again) and not torch.equal(once, other)
    assert set(once.unique().tolist()) == {0.0, 1.0}
    standard_error = (0.3 * 0.7 / once.numel()) ** 0.5
    assert abs(once.mean().item() - 0.3) < 4 * standard_error


def test_binarisation_refuses_bytes():
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        data.binarise(torch.full((1, 28, 28), 255, dtype=torch.uint8), seed=0)


@pytest.mark.parametrize("dataset", data.CLASSES)
def test_the_bundled_images_are_those_the_facts_name(dataset: str):
    facts = json.loads((data.BUNDLED / f"{dataset}.json").read_text(encoding="utf-8"))
    sample = data.bundled_images(dataset)
    assert len(sample) == len(set(facts["test_indices"])) == 2_000
    assert sample.labels.unique().tolist() == list(range(10))
    assert facts["licence"]


@pytest.mark.parametrize("dataset", data.CLASSES)
def test_the_binary_sheet_is_the_grey_one_binarised(dataset: str):
    assert torch.equal(
        data.bundled_binary_images(dataset), data.binarise(data.bundled_images(dataset).pixels(), seed=0)
    )


@pytest.mark.parametrize("kind", ["", "-binary"])
@pytest.mark.parametrize("dataset", data.CLASSES)
def test_a_small_sheet_has_the_first_row_of_the_large_one(dataset: str, kind: str):
    first, whole = (np.asarray(Image.open(data.BUNDLED / f"{dataset}{part}{kind}.png")) for part in ("-first", ""))
    assert np.array_equal(first, whole[:28])


@pytest.mark.parametrize("dataset", ["mnist", pytest.param("fashion-mnist", marks=pytest.mark.deep)])
def test_the_nearest_training_image_is_the_nearest(dataset: str):
    index = training_index(dataset)
    assert len(index) == 55_000
    images = data.bundled_images(dataset).pixels()[:8]
    x = torch.cat([images, torch.rand(images.shape, generator=torch.Generator().manual_seed(0)), 0.5 * images])
    every = torch.cdist(x.flatten(1).double(), index.images(slice(None)).flatten(1).double())
    found = [index.nearest(each) for each in x]
    assert [each.index for each in found] == every.argmin(-1).tolist()
    assert [each.distance for each in found] == pytest.approx(every.amin(-1).tolist(), abs=1e-4)


@pytest.mark.parametrize("dataset", data.CLASSES)
def test_a_training_image_is_its_own_nearest(dataset: str):
    index = training_index(dataset)
    found = index.nearest(index.images(slice(123, 124))[0])
    assert (found.index, found.distance) == (123, 0.0)


@pytest.mark.parametrize("dataset", data.CLASSES)
def test_the_index_is_small_enough_to_travel(dataset: str):
    assert (data.BUNDLED / f"{dataset}-train.xz").stat().st_size <= 4 * 2**20
