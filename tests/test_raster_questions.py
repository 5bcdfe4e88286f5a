"""Receptive fields of masks, timing of drawing, and messages to a question that cannot be answered."""

import base64
import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from explorer.models.made import pixel_orders
from explorer.networks import checkpoints
from explorer.serving.desk import Desk
from explorer.serving.work import BROKEN, HEAVY, LIGHT, Question
from explorer.spaces.packing import unpack_bits
from explorer.tabs.autoregressive import compress as autoregressive_compress
from explorer.tabs.autoregressive import generate as autoregressive_generate
from explorer.tabs.autoregressive import slow as autoregressive_slow
from explorer.tabs.autoregressive import tab as autoregressive_tab
from explorer.tabs.autoregressive.slow import time_cache
from explorer.tabs.kit.ask.answers import frames as film_frames
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.nearest import nearest
from tests import tiny_nets
from tests.asking import functions_of, wait_for, watched

OWN = [*functions_of(autoregressive_tab.MODES), nearest]
OWN.remove(time_cache)

BINARY, GREY, MADE = tiny_nets.MODELS
LEVELS = base64.b64encode(bytes([1] * 784)).decode()
GOOD = {
    "dataset": "mnist",
    "net": BINARY,
    "seed": 7,
    "count": 1,
    "label": 3,
    "temperature": 1,
    "order": 0,
    "picture": {"test": 12, "set": "mnist"},
    "index": 0,
    "pixels": LEVELS,
    "known": 780,
    "rows": 27,
    "row": 3,
    "pixel": 400,
    "kernel": 3,
    "layer": 4,
    "part": None,
    "type": "A",
    "taps": [],
    "how": "tilt",
    "inverse": 1,
    "noise": 1,
    "proxy": 34,
    "goal": "ink",
    "chances": None,
}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tiny_nets.write(tmp_path_factory.mktemp("nets"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        yield folder


@pytest.fixture
def ask() -> Callable[..., dict]:
    """Ask a server function by its name, with good arguments but for those that are given."""
    desk = Desk()
    asks = {each.__name__: light(each.plain, desk=desk) for each in OWN}
    return lambda name, **argument: wait_for(asks[name](GOOD | argument))


@functools.cache
def a_file(net: str) -> str:
    """A picture that a network has compressed."""
    return wait_for(light(autoregressive_compress.compress.plain, desk=Desk())(GOOD | {"net": net}))["file"]


def sets(found: dict) -> list[Tensor]:
    """Return the sets of pixels of an answer's table."""
    return [*torch.tensor([row[2:] for row in found["table"][1:]]).T.view(-1, 28, 28).bool()]


def bits(text: str) -> Tensor:
    return unpack_bits(base64.b64decode(text)).view(28, 28).bool()


@pytest.mark.parametrize("net", tiny_nets.MODELS)
@pytest.mark.parametrize("name", [each.__name__ for each in OWN])
def test_a_good_question_is_answered_in_json(name: str, net: str, ask: Callable[..., dict]):
    found = ask(name, net=net, label=None, file=a_file(net))
    assert "error" not in found
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("part", [None, "histograms", "bayes"])
@pytest.mark.parametrize("name", ["score", "complete"])
def test_the_levels_of_an_image_are_a_picture_too(name: str, part: str | None, ask: Callable[..., dict]):
    found = ask(name, net="pixelcnn-mnist", label=None, part=part, picture={"pixels": GOOD["pixels"]})
    assert "this image" in found["words"]


@pytest.mark.parametrize(
    ("name", "argument", "wanted"),
    [
        ("generate", {"net": "beta-vae-mnist"}, "the network must be one of pixelcnn-mnist, "),
        ("generate", {"net": "../secrets"}, "the network must be one of"),
        ("generate", {"temperature": 0}, "the temperature must be a number from 0.1 to 3"),
        ("generate", {"temperature": -1}, "the temperature must be a number from 0.1 to 3"),
        ("generate", {"temperature": "warm"}, "the temperature must be a number from 0.1 to 3"),
        ("generate", {"temperature": None}, "the temperature must be a number from 0.1 to 3"),
        ("generate", {"temperature": float("nan")}, "the temperature must be a number from 0.1 to 3"),
        ("generate", {"temperature": True}, "the temperature must be a number from 0.1 to 3"),
        ("generate", {"count": 2}, "how many images to draw must be one of 1, 16"),
        ("generate", {"count": True}, "how many images to draw must be one of 1, 16"),
        ("generate", {"label": 10}, "the label must be a number from 0 to 9"),
        ("generate", {"label": 1.5}, "the label must be a whole number"),
        ("generate", {"net": MADE}, "this network was trained without labels: leave the label out"),
        ("generate", {"order": 4}, "the pixel order must be a number from 0 to 3"),
        ("generate", {"order": 1}, "pixel orders 1 to 3 are MADE's"),
        ("generate", {"seed": -1}, "the seed must be a number from 0"),
        ("trace", {"picture": None}, "a picture must be a test image, a drawing, 784 levels, a blank page or noise"),
        ("trace", {"picture": {"kind": "cat"}}, "a picture must be a test image"),
        ("trace", {"picture": {"test": 2000, "set": "mnist"}}, "the test image must be a number from 0 to 1999"),
        ("trace", {"picture": {"test": 1}}, "the data set must be one of mnist, fashion-mnist"),
        ("trace", {"picture": {"bits": "AAAA"}}, "a drawing must be 98 or 784 bytes in base64"),
        ("trace", {"picture": {"pixels": "AAAA"}}, "a picture must be 784 bytes in base64"),
        ("trace", {"picture": {"pixels": "é" * 1046}}, "a picture must be 784 bytes in base64"),
        ("trace", {"picture": {"kind": "noise"}}, "the seed must be a number"),
        (
            "trace",
            {"picture": {"pixels": base64.b64encode(bytes([255] * 784)).decode()}},
            "levels from 0 to 1, not 255",
        ),
        ("resume", {"pixels": base64.b64encode(bytes([2] * 784)).decode()}, "levels from 0 to 1, not 2"),
        ("resume", {"pixels": LEVELS[:-4]}, "a picture must be 784 bytes in base64"),
        ("resume", {"known": 785}, "how many pixels are kept must be a number from 0 to 784"),
        ("resume", {"known": 0.5}, "how many pixels are kept must be a whole number"),
        ("resume", {"index": 16}, "a grid has 16 images, numbered from 0"),
        ("complete", {"rows": 28}, "how many rows are kept must be a number from 0 to 27"),
        ("receptive", {"pixel": 784}, "the pixel must be a number from 0 to 783"),
        ("receptive", {"pixel": -1}, "the pixel must be a number from 0 to 783"),
        ("masks", {"pixel": 3.5}, "the pixel must be a whole number"),
        ("masks", {"kernel": 4}, "the kernel must be one of 3, 5, 7"),
        ("masks", {"layer": 9}, "the layer must be a number from 0 to 8"),
        ("nearest", {"dataset": "cifar"}, "the data set must be one of"),
    ],
)
def test_a_bad_argument_is_answered_with_what_is_wanted_and_nothing_else(
    name: str, argument: dict, wanted: str, ask: Callable[..., dict]
):
    found = ask(name, **argument)
    assert list(found) == ["error"] and wanted in found["error"]


def test_a_missing_checkpoint_is_named_without_the_machines_folders(
    ask: Callable[..., dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path / "deep" / "below"))
    for name in ("generate", "trace", "resume", "complete", "score", "receptive"):
        error = ask(name)["error"]
        assert f"no checkpoint “{BINARY}”" in error and str(tmp_path) not in error
    assert f"no checkpoint “{BINARY}”" in ask("masks", part="layers")["error"]


def test_a_fault_of_ours_shows_no_traceback(ask: Callable[..., dict], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkpoints, "load", lambda net: 1 / 0)
    assert ask("trace") == {"error": BROKEN}


def asked_of(server_function: Callable) -> Question:
    """The question that a server function asks."""
    parts = [cell.cell_contents for cell in server_function.__closure__]
    return next(each.args[0] for each in parts if isinstance(each, functools.partial))


def test_drawing_is_heavy_and_a_look_is_light():
    questions = {each.__name__: asked_of(each) for each in OWN}
    lanes = {name: question.lane for name, question in questions.items()}
    assert [name for name, lane in lanes.items() if lane is HEAVY] == [
        *("generate", "resume", "complete", "score", "compress", "decompress")
    ]
    assert questions["generate"].batch is autoregressive_generate.TOGETHER
    assert lanes["trace"] is lanes["masks"] is LIGHT


@pytest.mark.parametrize("net", [pytest.param(BINARY, marks=pytest.mark.deep), MADE])
def test_an_image_is_drawn_row_by_row_and_the_figures_are_sums_of_the_times(net: str):
    _, frames, _ = wait_for(
        watched(
            {"time_cache": autoregressive_slow.time_cache, "frames": film_frames}, "time_cache", {"net": net, "seed": 7}
        )
    )
    assert len(frames) == 28
    drawn = checkpoints.load(net).sample(1, generator=torch.Generator().manual_seed(7))
    assert frames[-1]["x"] == checkpoints.load(net).space.encode(drawn)
    spent = {way: sum(frame["numbers"][way] for frame in frames) / 1000 for way in ("naive", "cached")}
    figures = {name: value for name, value, _ in frames[-1]["report"]["numbers"]}
    assert figures["without the cache, this image takes"] == f"{spent['naive'] / spent['cached']:.1f}"
    assert [row[-1] for row in frames[-1]["report"]["details"]["rows"][:2]] == [
        f"{each:.2f}" for each in spent.values()
    ]
    keeps = "it only masks its weights once" in frames[-1]["report"]["words"]
    assert keeps == (net == MADE)


def test_seconds_are_told_in_the_unit_that_suits_them():
    items = [autoregressive_slow.duration(seconds) for seconds in (0.0042, 0.9, 12, 100, 7000, 90_000, 600_000)]
    assert items == ["4.2 ms", "900 ms", "12 s", "1.7 min", "1.9 h", "25 h", "6.9 d"]


def test_a_receptive_field_only_grows_with_blocks_up_to_the_whole_reach(ask: Callable[..., dict]):
    layers = sets(ask("masks", part="layers"))
    assert len(layers) == 1 + len(tiny_nets.MODELS[BINARY]["dilations"])
    for before, after in zip(layers, layers[1:]):
        assert (after & before).equal(before) and after.sum() > before.sum()
    assert torch.equal(layers[-1], bits(ask("receptive")["reach"]))


@pytest.mark.parametrize("kernel", [3, 5, 7])
def test_the_blind_spot_is_what_two_stacks_see_and_naive_ones_do_not(kernel: int, ask: Callable[..., dict]):
    found = ask("masks", part="blind", kernel=kernel, layer=6, pixel=14 * 28 + 14)
    naive, seen, blind = sets(found)
    assert torch.equal(blind, seen & ~naive) and torch.equal(bits(found["board"]["marks"]), blind)
    assert (seen & ~naive).any() and not (naive & ~seen).any()
    rows, columns = (seen & ~naive).nonzero(as_tuple=True)
    assert (rows < 14).all() and (columns > 14).all()


@pytest.mark.parametrize("order", range(4))
def test_the_small_mades_connections_lead_from_earlier_pixels_only(order: int, ask: Callable[..., dict]):
    found = ask("masks", part="made", order=order)
    parts, paths = found["each"]["parts"], torch.eye(9)
    cells = [cell for row in parts[0]["matrix"]["rows"] for cell in row["cells"]]
    places = torch.tensor([int(cell["text"]) for cell in cells])
    lines = torch.tensor(found["table"][1:])
    for layer in (1, 2, 3):
        kept = lines[lines[:, 0] == layer]
        matrix = torch.zeros(int(kept[:, 2].max()) + 1, int(kept[:, 1].max()) + 1)
        matrix[kept[:, 2], kept[:, 1]] = kept[:, 3].float()
        paths = matrix @ paths
    reached = [[cell["kind"] == "kept" for row in part["matrix"]["rows"] for cell in row["cells"]] for part in parts]
    assert torch.equal(torch.tensor(reached), places.unsqueeze(1) > places) and torch.equal(
        paths > 0, torch.tensor(reached)
    )
    assert places[pixel_orders(3)[order]].tolist() == list(range(1, 10))
