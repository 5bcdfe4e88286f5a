"""What is on screen as Python: each cell runs without the page, and makes the numbers that the page shows."""

import asyncio
import io
from contextlib import redirect_stdout
from typing import Any

import pytest
import torch

from explorer import data, fields
from explorer.networks import checkpoints
from explorer.serving.work import LIGHT
from explorer.tabs.compare.tab import TAB as COMPARE
from explorer.tabs.interface import TABS
from explorer.tabs.kit.ask import likely, odd, questions
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.ask.cells import CELL_MOST, CELLS, cell, celled
from explorer.tabs.kit.layout.fields import CAPTION
from explorer.tabs.playground import side
from tests.said import usual

TEST = {"test": 8, "set": "mnist"}
SEEN = {"seed": 7, "label": None}


def run(text: str) -> dict[str, Any]:
    """Run a cell; return its names, and what it printed as `printed`."""
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as out:
        exec(compile(text, "cell", "exec"), names)  # noqa: S102
    return names | {"printed": out.getvalue()}


def checked(function: Any, argument: dict) -> dict[str, Any]:
    return arguments(fields.of(function.plain), argument)


def last_frame(function: Any, values: dict) -> dict:
    return [shown for _, shown in function.plain(**values).scenes() if shown][-1]


def test_a_cell_draws_the_images_of_the_page():
    values = checked(questions.ask_make, {"net": "made-mnist", **SEEN})
    model = checkpoints.load("made-mnist", "cpu")
    names = run(cell([(questions.ask_make, values)]))
    shown = last_frame(questions.ask_make, values)
    assert shown["x"] == model.space.encode(names["x"][: model.space.together])


def test_a_cell_interpolates_and_completes_as_the_page_does():
    picture, known = ("test", 8, "mnist"), b"\xff" * 49 + bytes(49)
    values = {"net": "made-mnist", "picture": picture, "known": known, "seed": 3, "label": None}
    names = run(cell([(questions.ask_complete, values)]))
    shown = last_frame(questions.ask_complete, values)
    space = checkpoints.load("made-mnist", "cpu").space
    assert shown["x"] == space.encode(names["x"])
    values = {"net": "flow-matching-moons", "picture": ("point", (0.5, 0.1)), "other": ("point", (-0.5, 0.3))}
    names = run(cell([(questions.ask_interpolate, values)]))
    assert last_frame(questions.ask_interpolate, values)["x"] == names["model"].space.encode(names["x"])


def test_a_cell_prints_the_likelihoods_and_scores_of_the_page_and_why_there_is_none():
    picture = ("test", 8, "mnist")
    nets = ("made-mnist", "gan-mnist")
    printed = run(cell([(likely.ask_likely, {"nets": nets, "parts": 2, "picture": picture})]))["printed"]
    there = likely.ask_likelihood.plain("made-mnist", picture).view
    assert f"made-mnist exact {there['nats']} {there['se']}" in printed
    assert "gan-mnist cannot, because" in printed
    printed = run(cell([(odd.ask_odd, {"nets": nets[:1], "kind": None, "parts": 1, "picture": picture})]))["printed"]
    assert printed.split()[-1] == str(odd.score_of("made-mnist", picture).view["score"])


def test_a_cell_trains_what_the_playground_trains():
    values = {name: field.default for name, field in fields.of(side.learn_live.plain).items()}
    values |= {"steps": 20, "seed": 11, "learn": values["learn"][:2]}
    printed = run(cell([(side.learn_live, values)]))["printed"]
    looks = last_frame(side.learn_live, values)["looks"]
    for name, look in looks.items():
        assert f"'{name}': {look['distance']}" in printed.splitlines()[-1]


def test_any_other_question_is_asked_by_its_own_function():
    (tab,) = [each for each in TABS if each.name == "lab"]
    function = next(each for each in tab.functions if getattr(each, "lane", None) is LIGHT)
    known = fields.of(function.plain)
    values = arguments(known, {name: field.default for name, field in known.items()} | usual(tab, function))
    names = run(cell([(function, values)]))
    assert names["answer"] == function.plain(**values)


def test_every_shared_question_has_a_cell_of_its_own():
    asked = {panel.ask.__name__ for tab in TABS for mode, panel in tab.panels.items() if mode in tab.questions}
    assert asked <= CELLS.keys(), asked - CELLS.keys()


CELL_ASKS = {"make": questions.ask_make, "finish": questions.ask_complete, "between": questions.ask_interpolate}
NETS = {
    **{("mnist", "make"): "gan-mnist", ("fashion-mnist", "make"): "gan-fashion-mnist"},
    **{("mnist", "finish"): "made-mnist", ("fashion-mnist", "finish"): "vqvae-fashion-mnist"},
    **{("scenes", mode): "words-diffusion" for mode in ("make", "finish", "between")},
}
PRESETS = [(mode, *preset[:2]) for mode in COMPARE.questions for preset in COMPARE.panels[mode].tries]


@pytest.mark.parametrize(("mode", "title", "state"), PRESETS, ids=[title for _, title, _ in PRESETS])
def test_the_cell_of_each_preset_gives_the_numbers_of_the_page(mode: str, title: str, state: dict[str, Any]):
    dataset = state.get("data", "mnist")
    if dataset == "scenes" and mode in ("likely", "odd"):
        return  # asked as the page asks
    picture = ("test", state.get("img", 8), dataset)
    if mode in ("likely", "odd"):
        return ask_about(mode, f"vae-{dataset}", picture, state)
    net = NETS[dataset, mode]
    values = {"net": net, "seed": 7, "label": state.get("label")}
    if dataset == "scenes":
        values |= {"words": state.get("prompt", CAPTION.default)}
    if mode == "finish":
        size = 36 if dataset == "scenes" else 98 // 4
        values |= {"picture": picture, "known": b"\xff" * size + bytes((288 if dataset == "scenes" else 98) - size)}
    if mode == "between":
        ends = (("words", CAPTION.default, 7), ("words", state["prompt2"], state["seed2"]))
        values = {"net": net, "picture": ends[0], "other": ends[1]}
    names, shown = run(cell([(CELL_ASKS[mode], values)])), last_frame(CELL_ASKS[mode], values)
    images = shown["pictures"].get("mean", shown["x"]) if mode == "make" else shown["x"]
    model = checkpoints.load(net, "cpu")
    count = len(names["x"]) if mode == "between" else 4
    assert images == model.space.encode(names["x"][:count])


def ask_about(mode: str, net: str, picture: tuple, state: dict[str, Any]) -> None:
    many = {"nets": (net,), "parts": 1, "picture": picture}
    function, more = (likely.ask_likely, {}) if mode == "likely" else (odd.ask_odd, {"kind": state["kind"]})
    printed = run(cell([(function, many | more)]))["printed"].split()
    nats = likely.ask_likelihood.plain(net, picture).view["nats"]
    score = odd.score_of(net, picture).view["score"]
    assert printed[1:3] == ["bound", str(nats)] if mode == "likely" else printed[1] == str(score)


def written(argument: Any) -> dict:
    return asyncio.run(celled([questions.ask_make, likely.ask_likely])(argument))


def test_the_server_writes_the_cell_of_what_a_page_asks():
    asked = [{"name": "ask_make", "argument": {"net": "made-mnist", **SEEN}}]
    assert "explorer.load('made-mnist')" in written({"asked": asked})["cell"]
    asked = [{"name": "ask_likely", "argument": {"nets": ["made-mnist"], "parts": 1, "picture": TEST}}]
    assert "('test', 8, 'mnist')" in written({"asked": asked})["cell"]


@pytest.mark.parametrize(
    "argument",
    [
        *(None, [], {}, {"asked": []}, {"asked": "ask_make"}, {"asked": [None]}, {"asked": [{"name": "frames"}]}),
        {"asked": [{"name": "ask_make", "argument": {"net": "made-mnist'); import os #", "seed": 7, "label": None}}]},
        {"asked": [{"name": "ask_make", "argument": {"net": "made-mnist", "seed": "7)", "label": None}}]},
        {"asked": [{"name": "ask_make", "argument": {"net": "made-mnist", **SEEN}}] * (CELL_MOST + 1)},
    ],
)
def test_what_is_no_question_has_no_cell(argument: Any):
    assert written(argument).keys() == {"error"}


def test_a_cell_holds_values_and_never_code():
    values = {"net": "x'); import os #", "seed": 1, "label": None}
    text = cell([(questions.ask_make, values)])
    assert 'explorer.load("x\'); import os #")' in text


def test_several_networks_that_are_asked_the_same_are_asked_in_a_loop():
    nets = ("gan-mnist", "made-mnist")
    names = run(cell([(questions.ask_make, {"net": net, "seed": 7, "label": None}) for net in nets]))
    assert [*names["found"]] == [*nets]
    for net, x in names["found"].items():
        assert torch.equal(x, run(cell([(questions.ask_make, {"net": net, "seed": 7, "label": None})]))["x"])


def test_a_picture_in_a_cell_is_read_as_the_page_reads_it():
    bits = bytes(range(98))
    space = checkpoints.load("made-mnist", "cpu").space
    values = {"nets": ("made-mnist",), "parts": 1, "picture": ("bits", bits)}
    names = run(cell([(likely.ask_likely, values)]))
    assert torch.equal(names["x"], data.read(("bits", bits), space))
