"""Compress in the comparison: any family is asked, each file is read back, and whoever cannot says why."""

import base64

import pytest

from explorer import data
from explorer.networks import checkpoints
from explorer.questions import codefile
from explorer.spaces import TEXT
from explorer.tabs.compare import coders as comparing
from explorer.tabs.compare import compress as compare_compress
from explorer.tabs.kit.ask.nets import nets_of
from explorer.tabs.sound import compress as sound_compress
from tests.asking import wait_for

WORDS = "A horse!"
THREE = {"test": 12, "set": "mnist"}
STROKE = bytes(40) + b"\x0f\xff" + bytes(56)
CASES = {
    "beta-vae-mnist": THREE,
    "vae-mnist": THREE,
    "pixelcnn-mnist": THREE,
    "pixelcnn-fashion-mnist": {"test": 12, "set": "fashion-mnist"},
    "made-mnist": {"bits": base64.b64encode(STROKE).decode()},
    "lstm-shakespeare": {"words": WORDS},
    "wavenet-digits": {"digit": 8, "speaker": "jackson"},
}


def answer(net: str, x: dict) -> dict:
    return wait_for(compare_compress.compress({"net": net, "x": x}))


LONG = ("pixelcnn-fashion-mnist", "wavenet-digits")


@pytest.mark.parametrize("net", [pytest.param(net, marks=pytest.mark.deep) if net in LONG else net for net in CASES])
def test_any_family_writes_a_file_that_is_read_back(net: str):
    found = answer(net, CASES[net])
    assert found["total"] - 8 < 8 * found["code"] - found["first"] < found["total"] + 9
    assert found["total"] == pytest.approx(sum(found["bits"]) + found["latents"], abs=0.5)
    assert (found["first"] > 0) == ("vae" in net)
    back = wait_for(compare_compress.decompress({"file": found["file"]}))
    assert (back["net"], back["length"]) == (net, len(found["bits"]))
    if "words" in CASES[net]:
        assert back["of"] == "text" and back["words"] == WORDS
    elif "digit" in CASES[net]:
        assert (
            back["of"] == "sound"
            and back["values"] == sound_compress.compress.props("wavenet-digits", 8, "jackson")["levels"]
        )
    else:
        space = checkpoints.load(net).space
        kind = next(iter(CASES[net]))
        picture = ("test", 12, CASES[net]["set"]) if kind == "test" else ("bits", STROKE)
        assert back["of"] == "picture" and back["values"] == space.encode(data.read(picture, space))


def test_whoever_cannot_says_why_it_has_no_p_of_x_for_a_coder():
    said = {net: answer(net, THREE)["error"] for net in ("gan-mnist", "rbm-mnist", "ebm-mnist", "d3pm-mnist")}
    assert "cannot, because it has no p(x): a GAN defines no density" in said["gan-mnist"]
    assert "only estimated" in said["rbm-mnist"]
    assert "only up to a factor" in said["ebm-mnist"]
    assert "only bounds p(x)" in said["d3pm-mnist"]


@pytest.mark.parametrize(
    ("net", "x"),
    [
        ("pixelcnn-mnist", {"words": WORDS}),
        ("lstm-shakespeare", THREE),
        ("wavenet-digits", {"words": WORDS}),
        ("made-mnist", {"digit": 3, "speaker": "theo"}),
    ],
)
def test_an_x_of_another_kind_is_refused(net: str, x: dict):
    assert "another kind of x" in answer(net, x)["error"]


@pytest.mark.parametrize(
    "x", [{}, None, {"words": ""}, {"words": "a" * 501}, {"digit": 10, "speaker": "theo"}, {"digit": 1}, {"test": -1}]
)
def test_what_is_no_x_is_refused_in_a_sentence(x: object):
    assert len(answer("lstm-shakespeare", x)["error"]) > 20


def test_a_file_of_a_network_that_is_not_here_or_that_is_damaged_is_refused():
    good = codefile.write("lstm-shakespeare", TEXT.codes(WORDS).unsqueeze(0))[0].to_bytes()
    other = good.replace(b"lstm-shakespeare", b"lstm-shakespearX")
    cases = {other: "not here", good[:-1]: "damaged", b"PK\3\4": "was not compressed here"}
    cases[good.replace(b"lstm-shakespeare", b"../../etc/passwd")] = "not here"
    for raw, said in cases.items():
        found = wait_for(compare_compress.decompress({"file": base64.b64encode(raw).decode()}))
        assert found.keys() == {"error"} and said in found["error"]


def test_the_page_knows_of_each_network_whether_it_compresses_and_why_not():
    coders = comparing.coders()
    assert [each["can"]["compress"] for each in coders["text"]] == ["exact", "exact", "exact", None]
    assert [each["net"] for each in coders["sound"]] == ["wavenet-digits"]
    for net in nets_of("mnist"):
        found = comparing.coder(net, net)
        assert found["can"]["compress"] or len(found["cannot"]["compress"]) > 20


def test_a_network_that_is_missing_has_a_notice(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    found = comparing.coders()["sound"][0]
    assert found["error"] and found["can"]["compress"] is None


def test_the_shortest_code_is_named_for_each_kind_of_pixels_and_first_bits_are_counted_apart():
    def file(code: int, first: int, total: float) -> dict:
        others = [["PNG", 120, 63], ["uncompressed", 98, 0]]
        return {"code": code, "first": first, "total": total, "others": others, "bits": [1]}

    vae, cnn = (
        {"net": net, "title": net, "space": space} for net, space in (("VAE", "binary"), ("PixelCNN", "levels"))
    )
    found = {"VAE": file(10, 48, 30.04), "PixelCNN": file(11, 0, 80)}
    said = compare_compress.sentences_on([vae, cnn], found, [vae, cnn])
    assert "VAE writes the shortest code of black and white pixels, 10 bytes without the header." in said
    assert "Its −log₂ p(x) is at most 30.0 bits" in said
    assert "PixelCNN writes the shortest code of 256 grey levels, 11 bytes without the header." in said
    assert "Its −log₂ p(x) is 80.0 bits" in said
    assert "PNG, needs 57 without its header" in said and "first bits: VAE 4 and 6." in said
    alone = compare_compress.sentences_on([cnn], found, [cnn])
    assert "shortest code, 11 bytes" in alone and "first bits" not in alone


def test_a_row_of_the_table_has_its_bits_under_their_names():
    row = compare_compress.row(
        {"net": "a", "can": {"compress": "bits back"}}, {"code": 10, "first": 16, "total": 60.5, "header": 3}
    )
    assert row == {
        "network": "a",
        "kind": "bits back",
        "negative log2 p(x) or its bound, bits": 60.5,
        "code, bits": 64,
        "first bits": 16,
        "header, bits": 24,
    }
    assert tuple(row) == compare_compress.TABLE_HEAD
