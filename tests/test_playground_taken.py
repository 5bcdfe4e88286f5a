"""Networks of the playground taken along: they come back with the figures of the page, or are refused by name."""

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load, save

from explorer import fields
from explorer.models.learners import LEARNERS
from explorer.networks import archive, checkpoints, opened
from explorer.networks.opened import Files, OpenError
from explorer.spaces import PLANE
from explorer.tabs import opener
from explorer.tabs.playground import side, taken
from explorer.tabs.playground.shared import NAMES, TRAINED_BY

BOARD = bytes(range(40, 160))
PAGE = "0" * 32


def settings(**others: Any) -> dict[str, Any]:
    """Return the usual settings but for these, with a training of few steps."""
    usual = {key: field.default for key, field in TRAINED_BY.items()}
    return usual | {"steps": 200, "n": 200, "width": 16, "learn": (0, 7, 8, 9)} | others


def films(function: Any, values: dict[str, Any]) -> list[dict]:
    return [shown for _, shown in function.plain(**values).scenes() if shown]


@pytest.fixture
def fresh() -> Iterator[None]:
    """Let the server forget what it trained and opened."""
    taken.TRAINED_STATES.__init__(taken.TRAINED_STATES.most)
    yield
    opened.close([*opened._open])


def sent(values: dict[str, Any]) -> Files:
    """Return the files of a training as a visitor takes them along."""
    (end,) = films(side.take_trained, values)
    return Files(end["texts"]["config.json"].encode(), base64.b64decode(end["weights"]))


@pytest.mark.parametrize(
    "others", [{}, {"learn": (1, 2, 3)}, {"learn": (4, 5, 6), "width": 32}, {"data": "drawing", "board": BOARD}]
)
def test_networks_that_come_back_have_the_figures_and_samples_of_the_page(others: dict, fresh: None):
    values = settings(**others)
    *_, shown = films(side.learn_live, values | {"taken": ""})
    assert len(taken.TRAINED_STATES) == len(values["learn"])  # kept, so that they need no further training
    found = opener.open_files(PAGE, "a", sent(values))
    key = found["net"]
    (back,) = films(side.learn_live, values | {"taken": key})
    assert back["x"] == shown["x"] and back["drawn"] == shown["drawn"]
    for name, look in shown["looks"].items():
        assert back["looks"][name] | {"cost": 0} == pytest.approx(look | {"cost": 0}, rel=1e-4), name
    assert back["pictures"]["train"] and back["time"] == values["steps"]
    assert found["address"]["taken"] == key and found["address"]["tab"] == "playground"


def test_networks_that_nobody_kept_are_trained_again_and_are_the_same(fresh: None):
    values = settings()
    films(side.learn_live, values | {"taken": ""})
    first = load(sent(values).weights)
    taken.TRAINED_STATES.__init__(taken.TRAINED_STATES.most)
    again = load(sent(values).weights)
    assert first.keys() == again.keys() and all(torch.equal(first[name], again[name]) for name in first)


def test_a_training_that_counted_seconds_cannot_be_trained_again(fresh: None):
    with pytest.raises(ValueError, match="counted seconds"):
        films(side.take_trained, settings(clock="seconds"))


def test_another_setting_trains_anew(fresh: None):
    values = settings(learn=(8,))
    key = opener.open_files(PAGE, "a", sent(values))["net"]
    assert len(films(side.learn_live, values | {"taken": key})) == 1
    assert len(films(side.learn_live, values | {"taken": key, "seed": 8})) > 1
    opened.close([key])
    assert len(films(side.learn_live, values | {"taken": key})) > 1  # only its own page knows it, as long as it is open


def test_every_family_is_taken_along_and_its_script_runs_in_a_fresh_process(tmp_path: Path, fresh: None):
    values = settings(learn=tuple(range(9)))
    (end,) = films(side.take_trained, values)
    for name, text in end["texts"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(base64.b64decode(end["weights"]))
    environment = {**os.environ, "PYTHONPATH": str(checkpoints.ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "draw.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    *_, shown = films(side.learn_live, values | {"taken": ""})
    samples = PLANE.decode(shown["x"]).view(9, -1, 2)
    for name, x in zip(shown["drawn"], samples, strict=True):
        rows = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
        drawn = torch.tensor([[float(each) for each in row.split(",")] for row in rows])
        assert torch.allclose(drawn, x, atol=5e-3), name  # the page has them in half precision
    lines = (tmp_path / "points.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "part,x1,x2" and len(lines) == 201


def changed(change: Callable[[dict], Any]) -> Callable[[Files], Files]:
    """Return a change of the recipe."""

    def work(files: Files) -> Files:
        config = json.loads(files.recipe)
        change(config)
        return Files(json.dumps(config).encode(), files.weights)

    return work


def weighed(change: Callable[[dict[str, torch.Tensor]], Any]) -> Callable[[Files], Files]:
    """Return a change of the weights, with the sha256 that belongs to it."""

    def work(files: Files) -> Files:
        tensors = load(files.weights)
        change(tensors)
        return rehashed(files, save(tensors))

    return work


def rehashed(files: Files, weights: bytes) -> Files:
    config = json.loads(files.recipe) | {"sha256": hashlib.sha256(weights).hexdigest()}
    return Files(json.dumps(config).encode(), weights)


HOSTILE = {
    "weights of another file": (lambda files: Files(files.recipe, files.weights + b" "), "sha256 differs"),
    "no sha256": (changed(lambda config: config.pop("sha256")), "sha256 differs"),
    "a pickle": (lambda files: rehashed(files, b"\x80\x04."), "pickle"),
    "a huge header": (lambda files: rehashed(files, (2_000_000).to_bytes(8, "little") + b"{" * 2_000_000), "header"),
    "cut short": (lambda files: rehashed(files, files.weights[:100]), "damaged"),
    "another shape": (weighed(lambda all: all.update({"kernels/middles": torch.zeros(1_000_000, 2)})), "shape"),
    "another tensor": (weighed(lambda all: all.update({"x/y": torch.zeros(1)})), "does not hold the tensors"),
    "NaN": (weighed(lambda all: all["kernels/middles"].fill_(torch.nan)), "not finite"),
    "infinite": (weighed(lambda all: all["kernels/bandwidth"].fill_(torch.inf)), "not finite"),
    "no settings": (changed(lambda config: config.pop("settings")), "lacks its settings"),
    "a huge width": (changed(lambda config: config["settings"].update(width=10**9)), "describes no training"),
    "a huge set": (changed(lambda config: config["settings"].update(n=10**9)), "describes no training"),
    "many layers": (changed(lambda config: config["settings"].update(deeper=1e308)), "describes no training"),
    "no board": (changed(lambda config: config["settings"].update(data="drawing", board=None)), "at least five points"),
    "a long board": (changed(lambda config: config["settings"].update(board="A" * 100_000)), "describes no training"),
    "another family": (changed(lambda config: config["families"].update(x={})), "other families"),
    "no families": (changed(lambda config: config.update(families=[])), "other families"),
    "odd steps": (changed(lambda config: config["families"]["kernels"].update(steps=-1)), "what cannot be"),
    "odd loss": (changed(lambda config: config["families"]["kernels"].update(loss="x")), "what cannot be"),
    "nothing of a family": (changed(lambda config: config["families"].update(kernels=None)), "what cannot be"),
}


@pytest.fixture(scope="module")
def good() -> Files:
    return sent(settings(learn=(9,)))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_training_is_refused_by_name(name: str, good: Files):
    change, said = HOSTILE[name]
    with pytest.raises(OpenError, match=said):
        opener.open_files(PAGE, "a", change(good))


def test_a_zip_of_a_training_opens(good: Files, fresh: None):
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as file:
        file.writestr("config.json", good.recipe)
        file.writestr("model.safetensors", good.weights)
    assert opener.open_files(PAGE, "a", Files(b"", b"", archive=found.getvalue()))["tab"] is None
    assert {"config.json", "README.md", "draw.py", "points.csv"} <= archive.ZIP_LIMITS.keys()


def test_the_settings_of_a_training_are_those_of_the_question():
    asked = fields.of(side.learn_live.plain)
    assert [*asked] == [*asked.keys() & TRAINED_BY.keys(), "taken"] or set(asked) == set(TRAINED_BY) | {"taken"}
    assert set(NAMES) == set(LEARNERS)
