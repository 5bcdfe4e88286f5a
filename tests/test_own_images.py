"""Image files of a further data set: each kind has the grey levels that it was drawn with, or is refused by name."""

import logging
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer import data
from explorer.data import DataError, folders, ink, own, pictures
from explorer.networks import installed
from explorer.running.received import POINTER

STROKE = 200
DRAWN = np.zeros((28, 28), np.uint8)
DRAWN[3:9, 4:7] = STROKE  # in one corner, so that a turn is noticed
STROKES = DRAWN > 0
ORIENTATION = 0x0112
TURNS = {2: np.fliplr, 3: lambda a: np.rot90(a, 2), 6: np.rot90, 8: lambda a: np.rot90(a, -1)}


def exif(orientation: int) -> Image.Exif:
    made = Image.Exif()
    made[ORIENTATION] = orientation
    return made


def turned(orientation: int) -> Image.Image:
    """The image as a camera stores it that was held so."""
    return Image.fromarray(np.ascontiguousarray(TURNS[orientation](DRAWN)))


def grey(levels: np.ndarray = DRAWN) -> Image.Image:
    return Image.fromarray(levels)


def see_through(mode: str, stroke: int, opacity: int = 255) -> Image.Image:
    """A stroke of one grey on nothing."""
    levels = np.where(STROKES, stroke, 0).astype(np.uint8)
    alpha = np.where(STROKES, opacity, 0).astype(np.uint8)
    return Image.merge("RGBA", [grey(each) for each in (levels, levels, levels, alpha)]).convert(mode)


def palette(stroke: int, ground: int) -> Image.Image:
    image = Image.fromarray(STROKES.astype(np.uint8), "P")
    image.putpalette([ground] * 3 + [stroke] * 3)
    return image


def sixteen(levels: np.ndarray, order: str = "<") -> Image.Image:
    kind = {"<": "I;16", ">": "I;16B"}[order]
    return Image.frombytes(kind, (28, 28), (levels.astype(np.uint32) * 257).astype(f"{order}u2").tobytes())


READ: dict[str, Callable[[Path], object]] = {
    "grey.png": lambda path: grey().save(path),
    "grey.gif": lambda path: grey().save(path),
    "grey.bmp": lambda path: grey().save(path),
    "grey.jpg": lambda path: grey().save(path, quality=100),
    "grey.tif": lambda path: grey().save(path),
    "rgb.png": lambda path: grey().convert("RGB").save(path),
    "rgb.tiff": lambda path: grey().convert("RGB").save(path),
    "palette.png": lambda path: palette(STROKE, 0).save(path),
    "16.png": lambda path: sixteen(DRAWN).save(path),
    "16.tif": lambda path: sixteen(DRAWN).save(path),
    "16-big-endian.tif": lambda path: sixteen(DRAWN, ">").save(path),
    "alpha-grey.png": lambda path: see_through("LA", STROKE).save(path),
    "alpha.png": lambda path: see_through("RGBA", STROKE).save(path),
    "alpha-half.png": lambda path: see_through("RGBA", 250, 204).save(path),  # 250 · 204 / 255 = 200
    "alpha-palette.png": lambda path: palette(STROKE, 255).save(path, transparency=0),
    "alpha-key.png": lambda path: grey(np.where(STROKES, STROKE, 255).astype("u1")).save(path, transparency=255),
    "alpha-rgb-key.png": lambda path: palette(STROKE, 255).convert("RGB").save(path, transparency=(255, 255, 255)),
    "alpha.gif": lambda path: palette(STROKE, 255).save(path, transparency=0),
    **{f"turned-{each}.png": lambda path, each=each: turned(each).save(path, exif=exif(each)) for each in TURNS},
    **{f"turned-{each}.tif": lambda path, each=each: turned(each).save(path, exif=exif(each)) for each in TURNS},
    "float.tif": lambda path: Image.fromarray(FLOATS).save(path),
    "float255.tif": lambda path: Image.fromarray(DRAWN.astype(np.float32)).save(path),
    "32.tif": lambda path: Image.fromarray(DRAWN.astype(np.int32)).save(path),
    "cmyk.tif": lambda path: grey().convert("CMYK").save(path),
    "frames.gif": lambda path: write_frames(path),
    "pages.tif": lambda path: write_frames(path),
    "enlarged.png": lambda path: grey(np.kron(DRAWN, np.ones((3, 3), np.uint8))).save(path),
    "turned-16.png": lambda path: sixteen(np.rot90(DRAWN)).save(path, exif=exif(6)),
    "turned-alpha.png": lambda path: see_through("RGBA", STROKE).transpose(Image.ROTATE_90).save(path, exif=exif(6)),
}


@pytest.mark.parametrize("name", READ)
def test_a_file_has_the_levels_that_it_was_drawn_with(name: str, tmp_path: Path):
    READ[name](tmp_path / name)
    found = pictures.grey(tmp_path / name)
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - DRAWN).max() <= (3 if name.endswith("jpg") else 0)


def test_an_image_of_one_bit_is_black_and_white(tmp_path: Path):
    Image.fromarray(STROKES).save(tmp_path / "1.png")
    assert np.array_equal(pictures.grey(tmp_path / "1.png"), np.where(STROKES, 255, 0))


def test_grey_of_16_bits_with_a_transparent_level_lies_over_the_ground(tmp_path: Path):
    sixteen(np.where(STROKES, STROKE, 255)).save(tmp_path / "plain.png")  # Pillow writes no such key itself
    raw = (tmp_path / "plain.png").read_bytes()
    at = raw.index(b"IDAT") - 4
    (tmp_path / "key.png").write_bytes(raw[:at] + chunk(b"tRNS", b"\xff\xff") + raw[at:])
    assert np.array_equal(pictures.grey(tmp_path / "key.png"), DRAWN)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def write_frames(path: Path) -> None:
    grey().save(path, save_all=True, append_images=[grey(DRAWN[::-1].copy())])


def write_large(path: Path) -> None:
    """A PNG whose header says 12,000² and whose pixels are missing."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 12_000, 12_000, 8, 0, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b""))


FLOATS = (DRAWN / 255).astype(np.float32)
REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "float.tif": (lambda path: Image.fromarray(4 * FLOATS).save(path), "does not say which is white"),
    "32.tif": (lambda path: Image.fromarray(DRAWN.astype(np.int32) * 9).save(path), "does not say which is white"),
    "12-in-16.png": (lambda path: Image.fromarray(DRAWN.astype(np.uint16)).save(path), "no value above 255"),
    "black-on-nothing.png": (lambda path: see_through("LA", 0).save(path), "write “dark” into its file ink.txt"),
    "large.png": (write_large, "has 12000×12000 pixels"),
    "empty.png": (lambda path: path.touch(), "is no image that could be read"),
    "pointer.png": (lambda path: path.write_bytes(POINTER + b"v1\noid sha256:0\nsize 9\n"), "is a Git LFS pointer"),
    "text.png": (lambda path: path.write_text("no image", encoding="utf-8"), "is no image that could be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_understood_is_refused_by_name(name: str, tmp_path: Path):
    write, reason = REFUSED[name]
    write(tmp_path / name)
    with pytest.raises(DataError, match=reason) as refused:
        pictures.grey(tmp_path / name)
    assert str(tmp_path / name) in str(refused.value)


def test_a_file_that_ends_too_early_is_refused_by_name(tmp_path: Path):
    grey().save(tmp_path / "half.png")
    raw = (tmp_path / "half.png").read_bytes()
    for size in range(len(raw)):
        (tmp_path / "half.png").write_bytes(raw[:size])
        try:
            whole = np.array_equal(pictures.grey(tmp_path / "half.png"), DRAWN)
        except DataError as error:
            assert re.search("half.png is (damaged|no image that could be read)", str(error))
        else:
            assert whole and size > len(raw) - 24  # only its last marks are missing


def test_the_size_is_checked_before_anything_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_large(tmp_path / "large.png")
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(DataError, match="at most 16 million are read"):
        pictures.grey(tmp_path / "large.png")


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setattr(installed, "problems", [])
    return tmp_path


def place(folder: Path, part: str, label: str, name: str = "a.png", image: Image.Image | None = None) -> Path:
    path = folder / part / label / name
    path.parent.mkdir(parents=True, exist_ok=True)
    (image or grey()).save(path)
    return path


def test_classes_and_files_stand_in_the_order_of_their_numbers(sets: Path):
    for label in ("10", "0", "2", "1", "x 9", "X 10"):
        for name in ("10.png", "9.png"):
            place(sets / "mine", "train", label, name)
    (known,) = own.find_sets(set()).values()
    assert known.classes == ("0", "1", "2", "10", "x 9", "X 10")
    assert [each.name for each in folders.images(sets / "mine/train/0")] == ["9.png", "10.png"]
    assert own.read(known.folder, "train", known).labels.tolist() == sorted(2 * [*range(6)])


def test_what_is_passed_over_is_counted(sets: Path, caplog: pytest.LogCaptureFixture):
    folder = sets / "mine"
    for label in ("0", "1"):
        for part in ("train", "test"):
            place(folder, part, label)
            for name in ("._a.png", "Thumbs.db", ".DS_Store", "b.heic", "c.PSD"):
                (folder / part / label / name).write_bytes(b"?")
    (folder / "train" / "__MACOSX").mkdir()
    (folder / "train" / "notes").write_bytes(b"?")
    with caplog.at_level(logging.WARNING):
        (known,) = own.find_sets(set()).values()
    assert known.classes == ("0", "1") and len(known.load("test")) == 2
    (said,) = installed.problems
    listed = "4 × .DS_Store, 4 × ._…, 4 × .heic, 4 × .psd, 4 × Thumbs.db, 1 × __MACOSX, 1 × no ending"
    assert f"passes over 22 files: {listed}." in said and said.split(" It reads")[0] in caplog.text


@pytest.mark.parametrize("name", ["b.heic", "._a.png", None])
def test_a_class_without_an_image_that_is_read_refuses_the_set_by_name(name: str | None, sets: Path):
    place(sets / "mine", "train", "0")
    (sets / "mine/train/1").mkdir()
    if name:
        (sets / "mine/train/1" / name).write_bytes(b"?")
    assert own.find_sets(set()) == {}
    assert "its class “1” has no training image; .png .jpg" in installed.problems[0]


def test_files_of_operating_systems_alone_are_told_to_the_log_only(sets: Path, caplog: pytest.LogCaptureFixture):
    place(sets / "mine", "train", "0")
    (sets / "mine/train/0/Thumbs.db").touch()
    assert [*own.find_sets(set())] == ["mine"] and not installed.problems
    assert "passes over 1 files: 1 × Thumbs.db." in caplog.text


INVERTED = 255 - DRAWN


def write_idx(folder: Path, images: np.ndarray) -> None:
    folder.mkdir()
    for part in ("train", "t10k"):
        for what, body in (("images-idx3", images), ("labels-idx1", np.arange(len(images), dtype=np.uint8))):
            head = struct.pack(f">{body.ndim + 1}I", 0x800 + body.ndim, *body.shape)
            (folder / f"{part}-{what}-ubyte").write_bytes(head + body.tobytes())


def write_files(folder: Path, images: np.ndarray) -> None:
    for label, image in enumerate(images):
        for part in ("train", "test"):
            place(folder, part, str(label), image=grey(image))


@pytest.mark.parametrize("write", [write_idx, write_files])
def test_a_set_of_dark_strokes_on_light_is_asked_about(write: Callable, sets: Path):
    write(sets / "mine", np.stack([INVERTED, INVERTED, DRAWN]))
    assert own.find_sets(set()) == {}
    (said,) = installed.problems
    assert "dark strokes on a light ground: the edge is light in 67% of 3" in said
    assert "Write “dark” into its file ink.txt to invert them" in said
    for told, shown in (("dark", DRAWN), ("\ufeffLight\r\n", INVERTED)):
        (sets / "mine" / "ink.txt").write_text(told, encoding="utf-8")
        installed.problems.clear()
        (known,) = own.find_sets(set()).values()
        assert torch.equal(known.load("test").images[0, 0], torch.from_numpy(shown)) and not installed.problems
    (sets / "mine" / "ink.txt").write_text("black", encoding="utf-8")
    assert own.find_sets(set()) == {} and "says “black”" in installed.problems[0]


def test_black_drawings_on_nothing_are_inverted_like_those_on_white(sets: Path):
    for name, image in (("a.png", see_through("LA", 0, STROKE)), ("b.png", grey(INVERTED))):
        place(sets / "mine", "train", "0", name, image)
    assert own.find_sets(set()) == {} and "write “dark” into its file ink.txt" in installed.problems[0]
    (sets / "mine" / "ink.txt").write_text("dark", encoding="utf-8")
    (known,) = own.find_sets(set()).values()
    for image in own.read(known.folder, "train", known).images:
        assert torch.equal(image[0], torch.from_numpy(DRAWN))


@pytest.mark.parametrize("dataset", ["mnist", "fashion-mnist"])
def test_the_question_is_not_asked_about_the_sets_that_ship(dataset: str):
    images = data.display_split(dataset).images[:, 0].numpy()
    light = sum(map(ink.has_light_edge, images)) / len(images)
    assert light < 0.1
    ink.ask(images)
    with pytest.raises(DataError, match="seem to be dark strokes"):
        ink.ask(255 - images)


def test_a_broken_image_of_the_first_ones_refuses_the_set_by_name(sets: Path):
    place(sets / "mine", "train", "0")
    Image.fromarray(4 * FLOATS).save(sets / "mine/train/0/b.tif")
    assert own.find_sets(set()) == {}
    assert "cannot be used: mine/train/0/b.tif holds numbers from 0 to 3.13725" in installed.problems[0]


def test_what_is_done_to_the_images_of_a_set_is_reported_with_their_counts(sets: Path):
    large = grey(np.kron(DRAWN, np.ones((2, 2), np.uint8)))
    place(sets / "mine", "train", "0")
    for name in ("b.webp", "c.png"):
        place(sets / "mine", "train", "0", name, large)
    place(sets / "mine", "train", "0", "d.png", turned(6))
    turned(6).save(sets / "mine/train/0/d.png", exif=exif(6))
    (known,) = own.find_sets(set()).values()
    (said,) = installed.problems
    assert said.endswith("is prepared. Of its first 4 images: 2 × scaled from 56 × 56, 1 × turned by 90°.")
    images = own.read(known.folder, "train", known).images[:, 0].numpy().astype(int)
    assert images.shape == (4, 28, 28) and np.abs(images - DRAWN).max() <= 6  # Pillow's WebP is lossy


@pytest.mark.parametrize("raw", ["eins\nzwei\n".encode("utf-16"), b"\xff\xfe"])
def test_class_names_in_another_encoding_are_refused(raw: bytes, sets: Path):
    write_idx(sets / "mine", np.stack([DRAWN, DRAWN]))
    (sets / "mine" / "classes.txt").write_bytes(raw)
    assert own.find_sets(set()) == {} and "classes.txt is not UTF-8" in installed.problems[0]
    (sets / "mine" / "classes.txt").write_text("eins\nzwei\n", encoding="utf-8-sig")
    (known,) = own.find_sets(set()).values()
    assert known.classes == ("eins", "zwei")
