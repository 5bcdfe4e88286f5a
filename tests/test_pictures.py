"""Every kind of image file that Pillow writes is read as it was drawn, or is refused with the reason."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from explorer.data import DataError, pictures, tones

STROKE = 200
DRAWN = np.zeros((28, 28), np.uint8)
DRAWN[3:9, 4:7] = STROKE
DRAWN[3:5, 7:15] = STROKE  # no turn and no mirror image leaves it as it is
STROKES = DRAWN > 0
LOSSLESS = {
    "JPEG": {"quality": 100, "subsampling": 0},
    "MPO": {"quality": 100, "subsampling": 0},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100, "speed": 10},
    "ICO": {"sizes": [(28, 28)]},
}
OFF = {"JPEG": 6, "MPO": 6, "AVIF": 6}  # levels by which a compressed image may differ
WITH_EXIF = ("PNG", "JPEG", "TIFF", "WEBP", "AVIF", "MPO")
WIDE = ("F", "I;16", "I;16L", "I;16B", "I;16N")
CLIPPED = {(kind, mode) for kind in ("GIF", "AVIF", "WEBP") for mode in WIDE} | {("GIF", "I")}
"""Kinds and modes for which Pillow loses the levels while it writes."""
OPAQUE = ("BMP", "DIB", "PPM", "GIF", "PCX")  # kinds for which Pillow may drop the opacity while it writes
REASONS = (
    "which does not name its colours",
    "is damaged: not all of its pixels can be read",
    "which is not read: save it as PNG or JPEG",
    "no value above 255, which is nearly black",
    "the file does not say which is white",
)
Image.init()
ENDINGS = sorted(ending for ending, kind in Image.EXTENSION.items() if kind in Image.SAVE)
Y, X = np.mgrid[:28, :28]
STORED = {  # row and column of the file in which the pixel of row Y and column X lies, by the EXIF standard
    **{1: (Y, X), 2: (Y, 27 - X), 3: (27 - Y, 27 - X), 4: (27 - Y, X)},
    **{5: (X, Y), 6: (27 - X, Y), 7: (27 - X, 27 - Y), 8: (X, 27 - Y)},
}


def as_stored(levels: np.ndarray, orientation: int) -> np.ndarray:
    """The pixels of a file that is to be turned by its EXIF data."""
    found = np.zeros_like(levels)
    found[STORED[orientation]] = levels
    return found


def lightness(levels: np.ndarray) -> np.ndarray:
    """CIE L* of sRGB grey, as 0 to 255, by the formulas of the standard."""
    share = levels / 255
    light = np.where(share > 0.04045, ((share + 0.055) / 1.055) ** 2.4, share / 12.92)
    return np.where(light > 0.008856, 116 * np.cbrt(light) - 16, 903.3 * light) * 2.55


def encoded(mode: str, levels: np.ndarray) -> Image.Image:
    """The drawing in a mode of Pillow, whose bytes are written without Pillow."""
    full, none = np.full_like(levels, 255), np.zeros_like(levels)
    alpha, half = np.where(levels > 0, 255, 0).astype(np.uint8), np.full_like(levels, 128)
    bands = {
        "L": [levels],
        "LA": [np.where(levels > 0, levels, 255), alpha],
        "La": [levels, alpha],
        "RGB": [levels] * 3,
        "RGBX": [*[levels] * 3, full],
        "RGBA": [*[np.where(levels > 0, levels, 255)] * 3, alpha],
        "RGBa": [*[levels] * 3, alpha],
        "CMYK": [none, none, none, 255 - levels],
        "YCbCr": [levels, half, half],
        "HSV": [none, none, levels],
        "LAB": [np.round(lightness(levels)).astype(np.uint8), none, none],
    }
    if mode in bands:
        return Image.frombytes(mode, (28, 28), np.stack(bands[mode], -1).astype(np.uint8).tobytes())
    if mode == "1":
        return Image.frombytes("1", (28, 28), np.packbits(levels > 0, axis=1).tobytes())
    if mode in ("P", "PA"):
        image = Image.frombytes("P", (28, 28), (levels > 0).astype(np.uint8).tobytes())
        image.putpalette([0] * 3 + [STROKE] * 3)
        return image.convert(mode)
    wide = {"I;16": "<u2", "I;16L": "<u2", "I;16B": ">u2", "I;16N": "=u2", "I": "<i4", "F": "<f4"}
    scale = {"I": 1, "F": 1 / 255}.get(mode, 257)
    return Image.frombytes(mode, (28, 28), (levels.astype(np.float64) * scale).astype(wide[mode]).tobytes())


MODES = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBX", "RGBA", "RGBa", "CMYK", "YCbCr", "HSV", "LAB", "I", "F")
MODES += ("I;16", "I;16L", "I;16B", "I;16N")


def write(path: Path, mode: str, orientation: int) -> bool:
    """Write the drawing; False if Pillow does not write this mode to such a file."""
    kind = Image.EXTENSION[path.suffix]
    if (kind, mode) in CLIPPED:
        return False
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = orientation
    more = {"exif": exif} if orientation != 1 else {}
    try:
        encoded(mode, as_stored(DRAWN, orientation)).save(path, **LOSSLESS.get(kind, {}), **more)
    except Exception:
        return False
    return path.exists() and path.stat().st_size > 0


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_pillow_writes_is_right_or_refused_with_the_reason(ending: str, tmp_path: Path):
    kind, wrong = Image.EXTENSION[ending], []
    for mode in MODES:
        for orientation in STORED if kind in WITH_EXIF else (1,):
            path = tmp_path / f"a{orientation}{mode.replace(';', '-')}{ending}"
            if not write(path, mode, orientation):
                continue
            wanted = np.where(STROKES, 255, 0) if mode == "1" or kind in ("MSP", "XBM") else DRAWN
            if kind in OPAQUE and mode in ("LA", "RGBA") and "transparency" not in Image.open(path).info:
                wanted = np.where(STROKES, STROKE, 255)
            try:
                found = pictures.read(path, path.name, 0)
            except DataError as error:
                if path.name not in str(error) or not any(each in str(error) for each in REASONS):
                    wrong.append((mode, orientation, str(error)))
                if kind in ("PNG", "JPEG", "WEBP", "GIF") and mode in ("1", "L", "P", "RGB", "RGBA"):
                    wrong.append((mode, orientation, "refused"))
                continue
            off = OFF.get(kind, 2 if mode == "LAB" else 0)
            if found.levels.shape != (28, 28) or np.abs(found.levels.astype(int) - wanted).max() > off:
                wrong.append((mode, orientation, found.done))
            if (orientation in pictures.TURNED) != (pictures.TURNED.get(orientation) in found.done):
                wrong.append((mode, orientation, found.done))
    assert not wrong


def tiff(levels: np.ndarray, bits: int, photometric: int, kind: int = 1) -> bytes:
    """An uncompressed TIFF of one value a pixel."""
    raw = levels.tobytes()
    sizes = [(256, 3, 28), (257, 3, 28), (258, 3, bits), (259, 3, 1), (262, 3, photometric), (273, 4, 8)]
    tags = [*sizes, (277, 3, 1), (278, 3, 28), (279, 4, len(raw)), (339, 3, kind)]
    entries = b"".join(struct.pack("<HHII", tag, type_, 1, value) for tag, type_, value in tags)
    return b"II*\0" + struct.pack("<I", 8 + len(raw)) + raw + struct.pack("<H", len(tags)) + entries + bytes(4)


@pytest.mark.parametrize("bits", [8, 16])
def test_where_0_is_white_the_levels_are_turned_round(bits: int):
    levels = (DRAWN.astype(np.uint32) * (257 if bits == 16 else 1)).astype(f"<u{bits // 8}")
    for photometric, wanted in ((1, DRAWN), (0, 255 - DRAWN)):
        assert np.array_equal(pictures.read(tiff(levels, bits, photometric), "a.tif").levels, wanted)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((DRAWN / 255).astype("<f4"), "1 is white"),
        (DRAWN.astype("<f4"), "255 is white"),
        (np.zeros((28, 28), "<f4"), "1 is white"),
    ],
)
def test_floating_point_numbers_are_read_where_white_is_plain(values: np.ndarray, wanted: str):
    found = pictures.read(tiff(values, 32, 1, 3), "a.tif")
    assert wanted in found.done[0] and np.array_equal(found.levels, DRAWN * bool(values.any()))


@pytest.mark.parametrize("change", [lambda a: a * 4, lambda a: a - 0.5, lambda a: a * 0 + np.nan, lambda a: a / 10])
def test_floating_point_numbers_without_a_white_are_refused(change):
    with pytest.raises(DataError, match="does not say which is white|not finite"):
        pictures.read(tiff(change(DRAWN).astype("<f4"), 32, 1, 3), "a.tif")


def test_printing_colours_become_grey_by_the_formula_or_by_their_profile():
    inks = np.random.default_rng(0).integers(0, 256, (28, 28, 4)).astype(np.uint8)
    image, file = Image.frombytes("CMYK", (28, 28), inks.tobytes()), BytesIO()
    image.save(file, "TIFF")
    light = (255 - inks[..., :3].astype(float)) * (255 - inks[..., 3:].astype(float)) / 255
    found = pictures.read(file.getvalue(), "a.tif")
    assert found.done == ("printing colours converted", "made grey")
    assert np.abs(found.levels - light @ [0.299, 0.587, 0.114]).max() <= 2
    file = BytesIO()
    image.save(file, "TIFF", icc_profile=b"no profile")
    assert np.array_equal(pictures.read(file.getvalue(), "a.tif").levels, found.levels)


def test_lightness_becomes_the_grey_that_a_colour_engine_gives():
    levels = np.arange(784, dtype=np.uint16).reshape(28, 28) % 256
    image, file = (
        Image.frombytes("LAB", (28, 28), np.stack([levels, levels * 0, levels * 0], -1).astype("u1").tobytes()),
        BytesIO(),
    )
    image.save(file, "TIFF")
    lab, srgb = ImageCms.createProfile("LAB", 5000), ImageCms.createProfile("sRGB")
    engine = np.asarray(ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB"))[..., 1].astype(int)
    assert np.abs(pictures.read(file.getvalue(), "a.tif").levels - engine).max() <= 2


def png_with(name: bytes, body: bytes) -> bytes:
    """A grey PNG with one further chunk before its pixels."""
    file = BytesIO()
    Image.fromarray(DRAWN).save(file, "PNG")
    raw, part = file.getvalue(), struct.pack(">I", len(body)) + name + body
    at = raw.index(b"IDAT") - 4
    return raw[:at] + part + struct.pack(">I", zlib.crc32(name + body)) + raw[at:]


def test_a_gamma_of_a_png_is_corrected_and_the_usual_one_changes_nothing():
    usual = pictures.read(png_with(b"gAMA", struct.pack(">I", 45_455)), "a.png")
    linear = pictures.read(png_with(b"gAMA", struct.pack(">I", 100_000)), "a.png")
    assert usual.done == () and np.array_equal(usual.levels, DRAWN)
    assert linear.done == ("corrected for its gamma 1",)
    assert linear.levels.max() == round(255 * (STROKE / 255) ** 0.45455)


def test_the_first_of_several_images_is_read_and_that_is_said():
    other = Image.fromarray(DRAWN[::-1].copy())
    for kind in ("GIF", "TIFF", "WEBP", "PNG", "AVIF"):
        file = BytesIO()
        more = LOSSLESS.get(kind, {})
        Image.fromarray(DRAWN).save(file, kind, save_all=True, append_images=[other, other.rotate(90)], **more)
        found = pictures.read(file.getvalue(), "a")
        assert "took the first of 3 images" in found.done, kind
        assert np.abs(found.levels.astype(int) - DRAWN).max() <= OFF.get(kind, 0), kind


def test_16_bits_of_each_colour_are_reduced_and_that_is_said():
    rows = np.repeat((DRAWN.astype(">u2") * 257)[..., None], 3, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", 28, 28, 16, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    found = pictures.read(file, "a.png")
    assert found.done == ("reduced from 16 bits to 8",) and np.array_equal(found.levels, DRAWN)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\0\0\0\x18ftypheic" + bytes(99), "is a photo in HEIC, which is not read"),
        (b"%PDF-1.7\n" + bytes(99), "is a PDF, which is not read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(99), "is PostScript, which is not read"),
        (b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg"/>', "is a drawing in SVG, which is not read"),
        (b"8BPS" + bytes(99), "is a Photoshop file, which is not read"),
        (b"hello", "is no image that could be read"),
        (b"", "is no image that could be read"),
    ],
)
def test_what_is_no_image_or_another_kind_is_refused_by_what_it_is(raw: bytes, reason: str):
    with pytest.raises(DataError, match=f"^a.png {reason}"):
        pictures.read(raw, "a.png")


def test_a_photo_of_a_digit_becomes_white_strokes_on_black_in_the_middle():
    photo = np.full((480, 640), 215, np.uint8)
    photo += np.linspace(0, 20, 640).astype(np.uint8)  # the light falls from the right
    photo[100:300, 120:160] = 40
    photo[100:140, 120:260] = 40
    levels, done = tones.prepare(photo, "a.jpg", 20)
    assert done == ("inverted", "contrast stretched", "cropped to its strokes", "scaled from 640 × 480")
    rows, columns = (np.flatnonzero((levels > 127).any(axis)) for axis in (1, 0))
    assert rows[-1] - rows[0] + 1 == 20 and columns[-1] - columns[0] + 1 == 14
    assert levels.max() == 255 and levels[0].max() == 0 == levels[:, -1].max()
    centre = [(levels.sum(axis) * np.arange(28)).sum() / levels.sum() for axis in (0, 1)]
    assert np.abs(np.array(centre) - 13.5).max() < 0.6


def test_a_picture_without_a_plain_ground_is_cropped_to_its_middle_square():
    noise = np.random.default_rng(0).integers(0, 256, (56, 84)).astype(np.uint8)
    levels, done = tones.prepare(noise, "a.jpg", 20)
    wanted = noise[:, 14:70].astype(float)
    wanted = 255 - wanted if "inverted" in done else wanted
    assert done[-2:] == ("cropped to a square", "scaled from 84 × 56")
    assert np.abs(levels - wanted.reshape(28, 2, 28, 2).mean((1, 3))).max() <= 1


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_picture_of_one_grey_is_refused(level: int):
    with pytest.raises(DataError, match="a.png shows no strokes"):
        tones.prepare(np.full((60, 40), level, np.uint8), "a.png", 20)


def test_an_image_of_28_by_28_stays_as_it_is():
    assert np.array_equal(tones.prepare(DRAWN, "a.png", 20)[0], DRAWN) and tones.prepare(DRAWN, "a.png", 20)[1] == ()
    levels, done = tones.prepare(255 - DRAWN, "a.png", 20)
    assert np.array_equal(levels, DRAWN) and done == ("inverted",)


def test_an_image_of_a_set_is_filled_up_with_its_ground_and_scaled_by_means():
    whole = np.random.default_rng(1).integers(0, 256, (28, 56)).astype(np.uint8)
    for ground in (0, 255):
        levels, done = tones.square(whole, ground)
        assert done == ("filled up to a square", "scaled from 56 × 28")
        assert (levels[:7] == ground).all() and (levels[-7:] == ground).all()
        assert np.abs(levels[7:21] - whole.reshape(14, 2, 28, 2).mean((1, 3))).max() <= 1
