"""Further sets of images in the folder of `EXPLORER_DATA`: read, trained on, and offered by the tabs."""

import gzip
import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from explorer import data, fields
from explorer.data import own
from explorer.measures import compare, raster
from explorer.measures.raster import log_probs
from explorer.networks import checkpoints, installed
from explorer.tabs.autoregressive import charts, evidence
from explorer.tabs.autoregressive import masks as autoregressive_masks
from explorer.tabs.autoregressive import score as autoregressive_score
from explorer.tabs.kit.ask import odd
from explorer.tabs.kit.layout.fields import SHIPPED
from explorer.tabs.lab import tab as lab_tab
from explorer.tabs.vae import learn as vae_learn
from tests import tiny_nets
from tests.server import serve

ROOT = checkpoints.ROOT
CLASSES = 12


def bars(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of one bright column each, of which there are twelve; the label says which."""
    generator = np.random.default_rng(seed)
    labels = np.arange(n) % CLASSES
    images = np.zeros((n, 28, 28), np.uint8)
    for image, label in zip(images, labels):
        image[4:24, 2 * label + 2] = generator.integers(200, 256, 20)
    return images, labels.astype(np.uint8)


def write_idx(folder: Path, part: str, n: int, *, start: str = "", first: int = 0, zipped: bool = True) -> None:
    images, labels = bars(n, seed=len(part))
    folder.mkdir(parents=True, exist_ok=True)
    for what, body, shape in (("images-idx3", images, images.shape), ("labels-idx1", labels + first, labels.shape)):
        raw = struct.pack(f">{len(shape) + 1}I", 0x800 + len(shape), *shape) + body.astype(np.uint8).tobytes()
        path = folder / f"{start}{part}-{what}-ubyte{'.gz' if zipped else ''}"
        path.write_bytes(gzip.compress(raw) if zipped else raw)


def write_folders(folder: Path, part: str, n: int) -> None:
    for index, (image, label) in enumerate(zip(*bars(n, seed=len(part)))):
        path = folder / part / f"bar {label:02d}" / f"{index:04d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setattr(installed, "problems", [])
    return tmp_path


def test_idx_files_and_folders_of_images_are_the_same_set(sets: Path):
    for part, n in (("train", 120), ("t10k", 24)):
        write_idx(sets / "bars", part, n)
        write_idx(sets / "plain", part, n, zipped=False)
        write_folders(sets / "drawn", "test" if part == "t10k" else part, n)
    found = own.find_sets({"mnist"})
    assert list(found) == ["bars", "drawn", "plain"] and not installed.problems
    assert found["bars"].classes == tuple(map(str, range(CLASSES)))
    assert found["drawn"].classes == tuple(f"bar {label:02d}" for label in range(CLASSES))
    for known in found.values():
        train, held_out, test = (known.load(split) for split in ("train", "held-out", "test"))
        assert (len(train), len(held_out), len(test)) == (108, 12, 24)
        columns = test.images[:, 0, 4:24].float().sum(1).argmax(-1)
        assert torch.equal(columns, 2 * test.labels + 2)
        both = torch.cat([train.labels, held_out.labels]).bincount()
        assert both.tolist() == [10] * CLASSES  # nothing is lost and nothing is in both


def test_labels_that_begin_at_one_are_counted_from_nought(sets: Path):
    for part in ("train", "test"):
        write_idx(sets / "letters", part, 48, start="emnist-letters-", first=1)
    (sets / "letters" / "classes.txt").write_text("\n".join("abcdefghijkl"), encoding="utf-8")
    (known,) = own.find_sets(set()).values()
    assert known.labels == tuple(range(1, 13)) and known.classes == tuple("abcdefghijkl")
    test = known.load("test")
    assert test.labels.tolist() == list(range(12)) * 4
    rows = test.images[:, 0, :, 4:24].float().sum(-1).argmax(-1)  # EMNIST's files exchange rows and columns
    assert torch.equal(rows, 2 * test.labels + 2)


def broken(folder: Path, what: str) -> None:
    name = folder / ("Upper" if what == "name" else what)
    write_idx(name, "train", 24)
    if what == "classes":
        (name / "classes.txt").write_text("one\ntwo\n", encoding="utf-8")
    if what == "damaged":
        (name / "train-labels-idx1-ubyte.gz").write_bytes(b"no gzip")


@pytest.mark.parametrize(
    ("what", "reason"),
    [("name", "lower-case words"), ("classes", "names 2 classes, and the labels have 12"), ("damaged", "is damaged")],
)
def test_a_set_that_cannot_be_used_is_reported(what: str, reason: str, sets: Path):
    broken(sets, what)
    assert own.find_sets(set()) == {}
    (problem,) = installed.problems
    assert reason in problem and "of EXPLORER_DATA cannot be used" in problem


def test_an_image_of_another_size_is_scaled(sets: Path):
    for part in ("train", "test"):
        write_folders(sets / "drawn", part, 24)
    Image.new("L", (32, 28)).save(sets / "drawn" / "test" / "bar 03" / "odd.png")
    (known,) = own.find_sets(set()).values()
    assert len(known.load("train")) == 22
    assert known.load("test").images.shape == (25, 1, 28, 28)


def test_few_test_images_are_shown_again_and_again(sets: Path):
    for part in ("train", "t10k"):
        write_idx(sets / "bars", part, 36)
    (known,) = own.find_sets(set()).values()
    shown = own.display_split(known, 100)
    assert len(shown) == 100 and torch.equal(shown.images[:36], shown.images[36:72])
    assert shown.labels[:36].bincount().tolist() == [3] * CLASSES


def test_the_folder_of_the_data_alone_adds_no_set(sets: Path):
    for name in ("mnist", "fashion-mnist"):
        write_idx(sets / name, "train", 24)
    (sets / "notes").mkdir()
    (sets / "readme.txt").touch()
    assert own.find_sets({"mnist", "fashion-mnist"}) == {} and not installed.problems
    assert data.OWN == {} or os.environ.get("EXPLORER_DATA")


@pytest.fixture
def nets(sets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with small networks of a further set, which the app knows."""
    for part, n in (("train", 120), ("t10k", 24)):
        write_idx(sets / "bars", part, n)
    (known,) = own.find_sets({*data.DATASETS}).values()
    for places in (data.OWN, data.DATASETS):
        monkeypatch.setitem(places, "bars", known)
    mine = {
        "pixelcnn-bars": tiny_nets.MODELS["pixelcnn-mnist"] | {"classes": CLASSES},
        "made-bars": tiny_nets.MODELS["made-mnist"],
        "beta-vae-bars": {"encoder": [8], "decoder": [8]},
    }
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path / "nets"))
    return tiny_nets.write(tmp_path / "nets", mine)


@pytest.mark.parametrize("net", ["pixelcnn-bars", "made-bars"])
def test_the_likelihood_of_its_pictures_is_placed_among_measured_ones(net: str, nets: Path, monkeypatch):
    monkeypatch.setattr(raster, "NOISE_IMAGES", 10)
    model, card = checkpoints.load(net), checkpoints.card_of(net)
    x = log_probs(model, data.binary_display_images("bars")[:24])
    found = raster.histograms(model, "bars", x, lambda dataset, split: data.display_split(dataset)[:24], 0)
    checkpoints.write_json(nets / net / "card.json", card | {"histograms": found})
    for part in ("histograms", "bayes"):
        for picture in (("test", 3, "bars"), ("noise", 7)):
            said = autoregressive_score.score.props(net=net, picture=picture, part=part)["words"]
            assert ("flags 1" in said and "MNIST" in said) == (part == "histograms")
            assert "the ten" not in said
    shown = evidence.anomalies(checkpoints.card_of(net))
    (plot,) = charts.surprise(checkpoints.card_of(net))
    assert "| bars |" in shown and "for bars" in plot.words


def test_what_is_odd_to_a_network_of_it_is_told(nets: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compare, "IMAGES", 24)
    net = "made-bars"
    model, card = checkpoints.load(net), checkpoints.card_of(net)
    found = compare.odd(model, "bars", lambda dataset, split: data.display_split(dataset)[:24], 0)
    checkpoints.write_json(nets / net / "card.json", card | {"compare": {"odd": found}})
    asked = {"kind": "mnist", "parts": 1, "picture": ("test", 3, "bars")}
    (shown,) = odd.ask_odd.props(nets=(net,), **asked)["cards"]
    assert "On average bars's test images" in shown["chart"]["words"]


@pytest.mark.parametrize("part", ["kernel", "layers", "blind"])
def test_masks_lie_over_one_of_its_images(part: str, nets: Path):
    asked = {"pixel": None, "layer": 1, "kernel": 3, "type": "A", "taps": (), "order": 0}
    assert autoregressive_masks.masks.props(part=part, net="pixelcnn-bars", **asked)["board"]["values"]


def test_a_snapshot_of_its_codes_is_described(nets: Path):
    net = nets / "beta-vae-bars"
    row = {"file": "../model.safetensors", "sha256": checkpoints.card_of(net.name)["sha256"]}
    log = {"snapshots": [row], "history": [{"images": 216}]}
    checkpoints.write_json(net / "snapshots" / "log.json", log)
    assert "216" in vae_learn.snapshot.props("bars", 0, 1.0)["words"]


def test_the_lab_which_judges_by_a_classifier_takes_the_shipped_sets_alone():
    for ask in lab_tab.TAB.functions:
        assert fields.of(ask.plain)["data"].kind is SHIPPED


SMALLER = {
    "beta-vae": {"encoder": [32], "decoder": [32]},
    "pixelcnn": {"channels": 8, "dilations": [1, 2]},
    "diffusion": {"channels": [8, 8, 8], "embedding": 8},
}
"""Arguments that make the recipes small enough for a test; everything else stays as it was written."""
TRAINED = """import json, sys
from explorer import train
from explorer.networks import checkpoints
from explorer.measures.beta_vae import write_atlas
for family, smaller in json.loads(sys.argv[1]).items():
    name = f"{family}-bars"
    folder = checkpoints.place(name)
    train._write_recipe(name, folder)
    recipe = checkpoints.read_json(folder / "config.json")
    written = json.loads(json.dumps(recipe))
    recipe["model"] |= smaller
    recipe["training"]["epochs"] = 6
    recipe["training"]["precision"] = "no"
    checkpoints.write_json(folder / "config.json", recipe)
    train.train(name, None, None)
    print(json.dumps(written))
write_atlas(checkpoints.load("beta-vae-bars", "cpu"), "bars", checkpoints.place("beta-vae-bars") / "atlas.safetensors")
"""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of an app with a further data set."""
    folder = tmp_path_factory.mktemp("own")
    for part, n in (("train", 240), ("t10k", 60)):
        write_idx(folder / "data" / "bars", part, n)
    (folder / "nets").mkdir()
    for path in (ROOT / "pretrained").iterdir():
        (folder / "nets" / path.name).symlink_to(path)
    places = {"EXPLORER_DATA": "data", "EXPLORER_PRETRAINED": "nets", "EXPLORER_RUNS": "runs"}
    return {setting: str(folder / place) for setting, place in places.items()}


@pytest.fixture(scope="module")
def recipes(there: dict[str, str]) -> dict[str, dict]:
    """The recipes that were written, by family, after training with smaller ones."""
    command = [sys.executable, "-c", TRAINED, json.dumps(SMALLER)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | there, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"family"')]
    return {each["family"]: each for each in lines}


@pytest.mark.deep
def test_a_recipe_for_a_further_set_is_that_of_mnist_with_its_classes(recipes: dict[str, dict]):
    for family, written in recipes.items():
        like = checkpoints.read_json(ROOT / "pretrained" / f"{family}-mnist" / "config.json")
        assert written["dataset"] == "bars" and written["training"].pop("batch_size") == 21  # 216 images in ten
        like["training"].pop("batch_size")
        assert written["training"] == like["training"]
        assert written["model"] == like["model"] | ({"classes": CLASSES} if "classes" in like["model"] else {})


@pytest.mark.deep
def test_training_on_it_lowers_the_loss(recipes: dict[str, dict], there: dict[str, str]):
    for family in SMALLER:
        path = Path(there["EXPLORER_PRETRAINED"]) / f"{family}-bars" / "card.json"
        losses = checkpoints.read_json(path)["training"]["losses"]
        assert len(losses) == 6 and losses[-1] < 0.9 * losses[0]


@pytest.fixture(scope="module")
def url(recipes: dict, there: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("log") / "log.txt", **there) as server:
        yield server.url


def test_the_tabs_offer_it(page: Page, url: str):
    page.goto(f"{url}/?tab=vae&data=bars")
    expect(page.locator("#vae-stage .stage")).to_contain_text("The codes have standard deviations")
    page.goto(f"{url}/?tab=ar&net=pixelcnn-bars&mode=generate&label=11&at=784")
    expect(page.locator("#ar-stage .stage")).to_contain_text("−log p(x) = ")
    page.goto(f"{url}/?tab=diffusion&net=diffusion-bars&mode=make")
    expect(page.locator("#diffusion-stage .stage .seen p").last).to_contain_text("Diffusion took")
    page.goto(f"{url}/?tab=compare&data=bars&mode=likely")
    rows = page.locator("#compare-stage .groups .size-row")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="PixelCNN").locator(".number").first).to_contain_text("=")
