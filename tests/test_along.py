"""A network taken along: its script draws the page's picture in a fresh process, and its zip opens again."""

import asyncio
import base64
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save

from explorer import data
from explorer.networks import archive, checkpoints, opening
from explorer.networks.opened import OpenError
from explorer.questions import make
from explorer.spaces.packing import of_bytes
from explorer.tabs.kit.ask import along, questions
from explorer.tabs.kit.ask.along import Draw, taken_along
from explorer.tabs.kit.layout.fields import CAPTION
from tests import node

USUAL = Draw()


def packed(net: str, draw: Draw = USUAL) -> bytes:
    """Return the zip of a network, as the browser writes it."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as file:
        for name, text in along.files(net, draw).items():
            file.writestr(name, text)
        for name, address in along.weights(net).items():
            file.write(checkpoints.pretrained_folder() / address, name)
    return found.getvalue()


def run(net: str, draw: Draw, folder: Path, *arguments: str) -> str:
    """Unzip a network, run its script in a fresh process elsewhere, and return what it printed."""
    zipfile.ZipFile(io.BytesIO(packed(net, draw))).extractall(folder)
    environment = {**os.environ, "PYTHONPATH": str(checkpoints.ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, folder / "draw.py", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def page_images(net: str, seed: int, label: int | None) -> np.ndarray:
    """Return the images of the page as bytes, side by side."""
    shown = [frame for _, frame in questions.ask_make.plain(net, seed, label).scenes() if frame][-1]
    space = checkpoints.load(net).space
    x = of_bytes(raw, space.shape) if (raw := shown["pictures"].get("mean")) else space.decode(shown["x"])
    return np.concatenate([*(255 * x[:, 0]).round().byte().numpy()], axis=1)


@pytest.mark.parametrize(("net", "label"), [("gan-mnist", 3), ("made-mnist", None), ("vae-mnist", None)])
def test_the_script_draws_the_images_of_the_page_in_a_fresh_process(net: str, label: int | None, tmp_path: Path):
    printed = run(net, Draw(seed=11, label=label), tmp_path)
    drawn = np.asarray(Image.open(tmp_path / "drawn.png"))
    shown = page_images(net, 11, label)
    assert np.array_equal(drawn[:, : shown.shape[1]], shown), printed


@pytest.mark.parametrize(
    ("net", "file", "draw"),
    [
        ("transformer-shakespeare", "drawn.txt", Draw(how=(("length", 40), ("temperature", 0.8)))),
        ("flow-moons", "drawn.csv", Draw(seed=3)),
        ("autoencoder-mnist", "drawn.png", Draw(image=5)),
        ("words-diffusion", "drawn.png", Draw(words=CAPTION.default)),
    ],
)
def test_what_draws_no_digits_has_a_script_too(net: str, file: str, draw: Draw, tmp_path: Path):
    run(net, draw, tmp_path)
    model, found = checkpoints.load(net), (tmp_path / file).read_bytes()
    if file == "drawn.txt":
        generator = torch.Generator().manual_seed(draw.seed)
        *_, last = model.sample_steps(1, generator=generator, length=40, temperature=0.8)
        assert found.decode() == model.space.text(last.x[0])
    if file == "drawn.csv":
        *_, step = make.steps(model, make.together(model), draw.seed)
        points = np.loadtxt(io.BytesIO(found), delimiter=",", skiprows=1)
        assert np.allclose(points, step.x, atol=1e-6)
    if net == "autoencoder-mnist":
        x = model.reconstruct(data.read(("test", 5, "mnist"), model.space))
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(found))), (255 * x[0, 0]).round().byte())
    if net == "words-diffusion":
        x = make_words(net, CAPTION.default, draw.seed)
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(found))), np.concatenate([*x], axis=1))


def make_words(net: str, words: str, seed: int) -> np.ndarray:
    shown = [each for _, each in questions.ask_make.plain(net, seed, None, words).scenes() if each][-1]
    x = checkpoints.load(net).space.decode(shown["x"])
    return (255 * x).round().byte().movedim(1, -1).numpy()


@pytest.mark.parametrize("net", along.offered(checkpoints.names(), ()))
def test_every_network_has_its_files_and_those_that_draw_a_script(net: str):
    texts = along.files(net, Draw())
    model = checkpoints.load(net)
    assert {*texts} >= {"config.json", "card.json", "README.md"}
    assert ("draw.py" in texts) or "There is no script" in texts["README.md"]
    if "draw.py" in texts:
        compile(texts["draw.py"], net, "exec")
        assert len(texts["draw.py"].splitlines()) <= 32
    assert hasattr(model, "sample_steps") or hasattr(model, "reconstruct") or "draw.py" not in texts
    assert {*texts, *along.weights(net)} <= archive.ZIP_LIMITS.keys()


def test_a_zip_opens_as_the_network_that_it_holds():
    found = opening.read(archive.files_of(packed("made-mnist")))
    ours = checkpoints.load("made-mnist")
    assert all(torch.equal(x, found.model.state_dict()[name]) for name, x in ours.state_dict().items())
    assert found.card["sha256"] == checkpoints.card_of("made-mnist")["sha256"]


def rezipped(change: dict[str, bytes | None], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return the zip of a network with files changed, added, or left out."""
    before, found = zipfile.ZipFile(io.BytesIO(packed("rbm-mnist"))), io.BytesIO()
    files = {name: before.read(name) for name in before.namelist()} | change
    with zipfile.ZipFile(found, "w", method) as file:
        for name, raw in files.items():
            if raw is not None:
                file.writestr(name, raw)
    return found.getvalue()


def tensors(change: dict[str, torch.Tensor]) -> bytes:
    return save(checkpoints.load("rbm-mnist").state_dict() | change)


def twice() -> bytes:
    found = io.BytesIO(rezipped({}))
    with zipfile.ZipFile(found, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("config.json", "{}")
    return found.getvalue()


def declared(raw: bytes, size: int) -> bytes:
    """Return a zip whose directory declares another size of its weights."""
    at = raw.rindex(b"model.safetensors") - 46
    return raw[: at + 24] + size.to_bytes(4, "little") + raw[at + 28 :]


HOSTILE = {
    "a bomb": (lambda: rezipped({"model.safetensors": bytes(2_000_000_000 // 40)}, zipfile.ZIP_DEFLATED), "at most 24"),
    "a bomb that lies": (
        lambda: declared(rezipped({"model.safetensors": bytes(30_000_000)}, zipfile.ZIP_DEFLATED), 1_000),
        "damaged|another size|cut short",
    ),
    "a path": (lambda: rezipped({"../../etc/cron.d/x": b"x"}), "no file of a network"),
    "a root": (lambda: rezipped({"/etc/passwd": b"x"}), "no file of a network"),
    "a pickle": (lambda: rezipped({"model.pkl": b"\x80\x04."}), "no file of a network"),
    "a pickle as weights": (lambda: rezipped({"model.safetensors": b"\x80\x04."}), "pickle"),
    "many files": (lambda: rezipped({f"{k}.json": b"{}" for k in range(40_000)}), "holds 40,005 files"),
    "twice": (twice, "twice"),
    "no weights": (lambda: rezipped({"model.safetensors": None}), "lacks model.safetensors"),
    "no recipe": (lambda: rezipped({"config.json": None}), "lacks config.json"),
    "no zip": (lambda: b"PK\x03\x04" + bytes(100), "no zip"),
    "cut short": (lambda: rezipped({})[:-30], "no zip"),
    "empty": (lambda: b"", "no zip"),
    "damaged": (lambda: rezipped({}).replace(b'"family"', b'"fbmily"'), "damaged"),
    "a huge header": (
        lambda: rezipped({"model.safetensors": (2_000_000).to_bytes(8, "little") + b"{" * 2_000_000}),
        "header of 2,000,000 bytes",
    ),
    "other shapes": (
        lambda: rezipped({"model.safetensors": tensors({"visible_bias": torch.zeros(3)}), "card.json": None}),
        "shape",
    ),
    "not finite": (
        lambda: rezipped(
            {"model.safetensors": tensors({"visible_bias": torch.full((784,), torch.nan)}), "card.json": None}
        ),
        "not finite",
    ),
    "another sha256": (
        lambda: rezipped({"model.safetensors": tensors({"visible_bias": torch.zeros(784)})}),
        "sha256 differs",
    ),
    "a huge recipe": (lambda: rezipped({"config.json": b" " * 2_000_000}), "config.json in this zip unpacks to 2 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_by_name(name: str):
    make_it, said = HOSTILE[name]
    raw = make_it()
    with pytest.raises(OpenError, match=said):
        opening.read(archive.files_of(raw))


def test_an_encrypted_file_is_refused():
    raw = bytearray(rezipped({}))
    at = raw.rindex(b"config.json") - 46
    raw[at + 8] |= 1
    with pytest.raises(OpenError, match="encrypted"):
        archive.files_of(bytes(raw))


def zipped_by_the_browser(files: dict[str, str]) -> bytes:
    body = """
        const { zipOf } = await load("kit/export/zip.js");
        const bytes = Uint8Array.from(files["model.safetensors"], (letter) => letter.charCodeAt(0));
        const zip = zipOf({ ...files, "model.safetensors": bytes });
        return Buffer.from(await zip.arrayBuffer()).toString("base64");
    """
    return base64.b64decode(node.run(body, files=files))


def test_the_browser_writes_a_zip_that_python_reads():
    weights = checkpoints.place("vae-mnist") / "model.safetensors"
    raw = weights.read_bytes()[:50_000]
    files = {"config.json": '{"σ": 1}', "model.safetensors": raw.decode("latin-1")}
    with zipfile.ZipFile(io.BytesIO(zipped_by_the_browser(files))) as found:
        assert found.testzip() is None
        assert found.namelist() == [*files]
        assert found.read("config.json").decode() == files["config.json"] and found.read("model.safetensors") == raw


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_browser_reads_the_zips_that_the_server_accepts(method: int):
    raw = rezipped({"model.safetensors": bytes(range(256)) * 9}, method)
    body = """
        const { unzipped } = await load("kit/export/zip.js");
        const files = await unzipped(new Blob([Buffer.from(raw, "base64")]));
        const texts = Object.entries(files).map(async ([name, file]) =>
            [name, Buffer.from(await file.arrayBuffer()).toString("base64")]);
        return Object.fromEntries(await Promise.all(texts));
    """
    found = node.run(body, raw=base64.b64encode(raw).decode())
    before = zipfile.ZipFile(io.BytesIO(raw))
    assert {name: base64.b64decode(each) for name, each in found.items()} == {
        name: before.read(name) for name in before.namelist()
    }


def taken(argument: object) -> dict:
    return asyncio.run(taken_along([questions.ask_make])(argument))


@pytest.mark.parametrize(
    "argument",
    [
        *(None, [], {}, {"net": None}, {"net": "../made-mnist"}, {"net": "no-such-net"}, {"net": "x" * 10_000}),
        *({"net": "made-mnist", "asked": each} for each in ([1], "ask_make", {"name": "frames"}, {"name": []})),
        {
            "net": "made-mnist",
            "asked": {"name": "ask_make", "argument": {"net": "made-mnist", "seed": "7); import os"}},
        },
        {"net": f"made-mnist-open-{'0' * 20}"},
    ],
)
def test_what_is_no_network_is_not_taken_along(argument: object):
    assert taken(argument).keys() == {"error"}


def test_the_server_gives_the_files_of_a_network_with_the_seed_of_the_page():
    asked = {"name": "ask_make", "argument": {"net": "gan-mnist", "seed": 23, "label": 4}}
    found = taken({"net": "gan-mnist", "asked": asked})
    assert "else 23" in found["texts"]["draw.py"] and "label=4" in found["texts"]["draw.py"]
    assert found["weights"] == {"model.safetensors": "gan-mnist/model.safetensors"}
