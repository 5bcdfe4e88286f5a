"""Compress: what the server functions say of a file is true of it, and it is read back through them."""

import base64
import lzma
import math
import zlib

import pytest
import torch

from explorer import data
from explorer.measures import archivers
from explorer.networks import checkpoints
from explorer.questions import codefile
from explorer.spaces import BINARY, LEVELS, SOUND, TEXT
from explorer.tabs.autoregressive import compress as autoregressive_compress
from explorer.tabs.autoregressive import score as autoregressive_score
from explorer.tabs.sound import compress as sound_compress
from explorer.tabs.sound import recordings as sound_recordings
from explorer.tabs.sound.recordings import NET
from explorer.tabs.text import compress as text_compress
from explorer.tabs.text import exercises as text_exercises
from tests.asking import wait_for

WORDS = "The train to London leaves at seven."


def test_the_answer_about_a_text_is_that_of_its_file():
    found = wait_for(text_compress.compress({"net": "lstm-shakespeare", "words": WORDS}))
    raw = base64.b64decode(found["file"])
    assert len(raw) == found["header"] + found["code"]
    model, x = checkpoints.load("lstm-shakespeare"), TEXT.codes(WORDS).unsqueeze(0)
    with torch.no_grad():
        nats = model.conditionals(x)[0]
    assert found["bits"] == pytest.approx((-nats / math.log(2)).tolist(), abs=2e-3)
    assert found["total"] == pytest.approx(sum(found["bits"]), abs=0.05)
    assert found["total"] - 8 < 8 * found["code"] < found["total"] + 8
    assert wait_for(text_compress.decompress({"file": found["file"]})) == {"net": "lstm-shakespeare", "words": WORDS}


def test_the_opening_text_gets_shorter_and_a_file_that_gets_longer_says_so():
    opening = next(each.initial for row in text_compress.MODE.panel.controls for each in row if each.kind == "text")
    for words, gets in ((opening, "% of the uncompressed"), (text_exercises.LINE, "more than the uncompressed")):
        found = wait_for(text_compress.compress({"net": "transformer-shakespeare", "words": words}))
        size, plain = len(base64.b64decode(found["file"])), next(size for name, size, _ in found["others"])
        assert (size < plain) == (words == opening)
        said = found["report"]["words"]
        assert said.startswith(f"The file has {size} bytes, ") and f"{gets} {plain}" in said


def test_the_file_of_a_sound_holds_its_first_half_second_its_digit_and_its_speaker():
    found = wait_for(sound_compress.compress({"net": NET, "digit": 8, "speaker": "jackson"}))
    x = sound_recordings.recording(8, "jackson")[:, : sound_compress.CODED]
    assert found["levels"] == SOUND.encode(x) and len(found["bits"]) == x.shape[1]
    assert found["total"] - 8 < 8 * found["code"] < found["total"] + 8
    assert wait_for(sound_compress.decompress({"file": found["file"]})) == {
        "levels": found["levels"],
        "net": NET,
        "digit": 8,
        "speaker": "jackson",
    }
    own = {"own": base64.b64encode(bytes(range(256)) * 20).decode(), "net": NET, "digit": 0, "speaker": "theo"}
    found = wait_for(sound_compress.compress_own(own))
    assert len(found["bits"]) == sound_compress.CODED


@pytest.mark.parametrize(
    "net",
    ["made-mnist", *(pytest.param(f"pixelcnn-{of}", marks=pytest.mark.deep) for of in ("mnist", "fashion-mnist"))],
)
def test_the_file_of_a_picture_is_read_back_pixel_by_pixel(net: str):
    picture = {"test": 12, "set": "mnist"}
    found = wait_for(autoregressive_compress.compress({"net": net, "picture": picture}))
    assert found["total"] - 8 < 8 * found["code"] < found["total"] + 8
    traced = wait_for(autoregressive_score.score({"net": net, "picture": picture, "part": None}))
    assert found["total"] == pytest.approx(-traced["total"] / math.log(2), abs=0.05)
    back = wait_for(autoregressive_compress.decompress({"file": found["file"]}))
    levels = [row[2] for row in traced["table"][1:]]
    assert back["net"] == net and back["levels"] == found["levels"]
    assert list(base64.b64decode(back["values"])) == levels == [row[2] for row in found["table"][1:]]


def test_a_damaged_file_and_one_of_another_kind_are_refused_in_a_sentence():
    good = codefile.write("lstm-shakespeare", TEXT.codes(WORDS).unsqueeze(0))[0].to_bytes()
    image = codefile.write("made-mnist", data.bundled_binary_images("mnist")[:1])[0].to_bytes()
    cases = {good[:-1]: "damaged", image: "another network", b"PK\3\4" + good: "was not compressed here"}
    for raw, said in cases.items():
        answer = wait_for(text_compress.decompress({"file": base64.b64encode(raw).decode()}))
        assert answer.keys() == {"error"} and said in answer["error"]


def test_the_other_tools_get_the_same_data_and_their_container_is_counted_apart():
    found = {each.title: each for each in archivers.sizes(TEXT, TEXT.codes(WORDS).unsqueeze(0))}
    raw = WORDS.encode()
    assert found["uncompressed"].file == len(raw)
    assert found["zlib"].file - found["zlib"].container == len(zlib.compress(raw, 9, wbits=-15))
    plain = lzma.compress(raw, lzma.FORMAT_RAW, filters=archivers.XZ)
    assert found["xz"].file - found["xz"].container == len(plain) and found["xz"].container > 32


@pytest.mark.parametrize(("space", "title"), [(BINARY, "PNG"), (LEVELS, "PNG"), (BINARY, "WebP"), (LEVELS, "WebP")])
def test_pictures_by_other_tools_are_lossless(space, title: str, monkeypatch: pytest.MonkeyPatch):
    written = {}

    def saved(image, kind: str, **how: object) -> int:
        written[kind.lower()] = image
        return save(image, kind, **how)

    save = archivers.saved_size
    monkeypatch.setattr(archivers, "saved_size", saved)
    x = space.noise(1, torch.Generator().manual_seed(0))
    found = {each.title: each for each in archivers.sizes(space, x)}
    grey = torch.tensor([*written[title.lower()].convert("L").tobytes()])
    assert (grey == (255 * x.flatten()).round()).all()
    assert found[title].file > found[title].container > 0


def test_the_presets_say_truly_what_the_network_has_read():
    train, test = (TEXT.text(data.load("shakespeare", split).codes) for split in ("train", "test"))
    assert text_compress.UNSEEN in test and text_compress.UNSEEN not in train
    assert text_compress.SEEN in train
