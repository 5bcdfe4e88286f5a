"""A visitor's picture: the server prepares it and says what it did; networks are fed what came back."""

import base64
import json
import threading
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.serving import pictures as route
from explorer.serving.opened import LENGTH
from explorer.serving.pictures import MOST_FILE, PREPARE
from explorer.spaces import BINARY, LEVELS
from explorer.tabs.kit.layout.fields import DrawnOrTest, name_of
from explorer.tabs.preparer import prepare
from tests.attack import Answer, Target

HEADERS = {"Content-Type": "application/octet-stream"}


def framed(raw: bytes, header: object = None) -> bytes:
    head = json.dumps({"name": "a.png", "box": 20} if header is None else header).encode()
    return len(head).to_bytes(LENGTH, "big") + head + raw


def sent(target: Target, body: bytes, **headers: str) -> Answer:
    return target.send(
        "POST", PREPARE, body, HEADERS | {name.replace("_", "-"): each for name, each in headers.items()}
    )


def photo() -> bytes:
    """A dark bar on white paper, held sideways by the camera."""
    levels = np.full((480, 640, 3), 250, np.uint8)
    levels[200:280, 100:500] = (20, 40, 160)
    exif, file = Image.Exif(), BytesIO()
    exif[0x0112] = 6
    Image.fromarray(levels).save(file, "JPEG", quality=95, exif=exif)
    return file.getvalue()


def test_a_photo_comes_back_as_784_levels_with_what_was_done(target: Target):
    found = sent(target, framed(photo(), {"name": "bar.jpg", "box": 20})).json
    assert found["done"] == (
        "Turned by 90°, made grey, inverted, contrast stretched, cropped to its strokes, scaled from 480 × 640."
    )
    assert found["given"] == "JPEG, 640 × 480"
    levels = np.frombuffer(base64.b64decode(found["pixels"]), np.uint8).reshape(28, 28)
    rows, columns = (np.flatnonzero((levels > 127).any(axis)) for axis in (1, 0))
    assert len(rows) == 20 and len(columns) == 4  # upright
    copy = found["preview"]
    assert max(copy["width"], copy["height"]) == 84 and copy["width"] < copy["height"]
    assert len(base64.b64decode(copy["rgba"])) == 4 * copy["width"] * copy["height"]


def test_what_came_back_is_what_networks_are_fed(target: Target):
    found = sent(target, framed(photo())).json
    raw = base64.b64decode(found["pixels"])
    kind, value = DrawnOrTest().check({"bits": found["pixels"]}, "the picture")
    assert (kind, value) == ("bits", raw) and name_of((kind, value)) == "your picture"
    grey = torch.tensor([*raw]).view(1, 1, 28, 28)
    assert torch.equal((LEVELS.read(kind, value) * 255).round().long(), grey)
    assert torch.equal(BINARY.read(kind, value).long(), (grey > 127).long())
    LEVELS.check(LEVELS.read(kind, value))
    asked = {"net": "vae-mnist", "picture": {"bits": found["pixels"]}}
    assert target.ask("compare-stage", "ask_likelihood", asked).json["nats"] < 0


def test_an_image_of_28_by_28_is_used_as_it_is():
    levels, file = np.arange(784).reshape(28, 28) % 100, BytesIO()
    Image.fromarray(levels.astype(np.uint8)).save(file, "PNG")
    found = prepare("a.png", 20, file.getvalue())
    assert found["done"] == "Used as it is." and [*base64.b64decode(found["pixels"])] == levels.flatten().tolist()


def test_a_picture_that_is_not_understood_is_refused_by_its_name(target: Target):
    found = sent(target, framed(b"%PDF-1.4", {"name": "scan.pdf", "box": 20})).json
    assert found == {"error": "scan.pdf is a PDF, which is not read: save it as PNG or JPEG."}


BODIES = {
    "nothing": b"",
    "a length alone": bytes(LENGTH),
    "a header longer than the body": b"\xff\xff\xff\xff{}",
    "no JSON": (2).to_bytes(LENGTH, "big") + b"{]",
    "a list": framed(b"x", []),
    "no name": framed(b"x", {"box": 20}),
    "an empty name": framed(b"x", {"name": "", "box": 20}),
    "a long name": framed(b"x", {"name": "a" * 121, "box": 20}),
    "a name that is a number": framed(b"x", {"name": 3, "box": 20}),
    "no box": framed(b"x", {"name": "a"}),
    "a box of nothing": framed(b"x", {"name": "a", "box": 0}),
    "a box of True": framed(b"x", {"name": "a", "box": True}),
    "a large box": framed(b"x", {"name": "a", "box": 29}),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_another_form_is_refused(name: str, target: Target):
    found = sent(target, BODIES[name])
    assert found.status == 400 and len(found.json["error"]) > 10
    target.gives_nothing_away(found)


def test_a_body_that_is_too_large_or_comes_from_another_site_is_refused(target: Target):
    assert sent(target, b"x", Content_Length=str(MOST_FILE + 1)).status == 413
    assert sent(target, framed(photo()), Sec_Fetch_Site="cross-site").status == 403
    assert target.send("POST", PREPARE, framed(photo()), {"Content-Type": "application/json"}).status == 415
    assert target.send("GET", PREPARE).status == 404


def test_damaged_files_never_raise_more_than_a_sentence():
    whole = photo()
    generator = np.random.default_rng(0)
    for _ in range(60):
        raw = bytearray(whole)
        for place in generator.integers(0, len(raw), 8):
            raw[place] = generator.integers(256)
        try:
            assert len(base64.b64decode(prepare("a.jpg", 20, bytes(raw))["pixels"])) == 784
        except ValueError as error:
            assert str(error).startswith("a.jpg ")


def test_a_large_picture_takes_little_time_and_one_is_read_at_a_time():
    file = BytesIO()
    levels = np.full((4000, 4000), 250, np.uint8)
    levels[1000:3000, 1500:1700] = 0
    Image.fromarray(levels).convert("RGB").save(file, "JPEG")
    started = threading.Thread(target=prepare, args=("b.jpg", 20, file.getvalue()))
    started.start()
    found = prepare("a.jpg", 20, file.getvalue())
    started.join(30)
    assert found["done"].endswith("scaled from 4000 × 4000.") and not started.is_alive()
    assert route.MOST_FILE <= 12_000_000
