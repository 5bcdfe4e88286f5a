"""*What it cannot do*: a GAN has no likelihood, so a code is searched for instead."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.data.neighbours import TrainingIndex
from explorer.models.gan import GAN, SEARCH_STEPS, STARTS
from explorer.models.search import search_steps
from explorer.networks import checkpoints
from explorer.networks.card import Row
from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import num, with_article
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.steps import Step, frame
from explorer.tabs.gan.shared import GanNet
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import LABEL, MOST_CLASSES, SEED, Image, Label, Picture, Seed, name_of
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows

LOG_P, PER_DIMENSION = Figure("log p(x)"), Figure("bits per dimension")
LEFT = Figure("error left over (rms)", digits=3)
CLASS = Figure("generated as")
SCORE = Figure("discriminator’s score")
EVALUATIONS = Figure("evaluations of G, forward", digits=0)
SEARCHED = (LOG_P, PER_DIMENSION, LEFT, CLASS, SCORE, EVALUATIONS)
LINES = max(STARTS, MOST_CLASSES)
CANNOT_SAY = "∅ cannot say"
ERRORS = Curves(
    "The error of every start, step by step",
    "error (rms) of every start; the best is bold",
    180,
    [*LINES * [{"colour": "quiet", "width": 1}], {"colour": "ink", "width": 2.5}],
    includes=(0,),
    along="steps",
)
DIGIT = {"net": "gan-mnist", "set": None, "img": 108, "draw": None, "source": None, "label": None}
Frame = dict[str, Any]
STEPS_BETWEEN_FRAMES = 4  # search steps between frames


def search_words(first: Row, last: Row, class_name: str, name: str) -> str:
    """Describe a finished search for a picture called `name`, by the numbers of its first and of its last frame."""
    before, after = first["error"][0], last["error"][0]
    return (
        f"Gradient descent on z from {len(last['errors'][0])} starts: the nearest image that it found to {name} is "
        f"{with_article(class_name)}, and its pixels are {num(after, 3)} off (root mean square; white is 1), "
        f"{num(100 * after / before, 0)} % of where it began. The discriminator gives it "
        f"{num(last['score'][0])}. The error that remains is what the generator cannot output, or what this search "
        f"did not find. The "
        "error is no likelihood: it says how near the closest image lies, not how often such images are drawn."
    )


def searching(index: int, error: float) -> str:
    """Describe a frame of the search."""
    when = f"After {index} step{'' if index == 1 else 's'}" if index else "The best of the draws, before any step"
    return f"{when}: error {num(error, 3)}"


def search_report(shot: Row, first: Row, class_name: str, name: str, evaluations: int) -> Report:
    """Describe a frame of the search for a picture called `name`; `first` are the numbers of its start."""
    numbers, index = shot["numbers"], shot["index"]
    (error,), (score,), (each,) = numbers["error"], numbers["score"], numbers["errors"]
    caption, over = searching(index, error), index == shot["total"] - 1
    found = [
        LOG_P.of(CANNOT_SAY),
        PER_DIMENSION.of(CANNOT_SAY),
        LEFT.of(error),
        CLASS.of(class_name),
        SCORE.of(score),
        EVALUATIONS.of((index + 1) * evaluations),
    ]
    starts = {f"error of start {k}": value for k, value in enumerate(each, 1)}
    return Report(
        found,
        search_words(first, numbers, class_name, name) if over else "",
        caption=caption,
        place=index,
        end=shot["total"] - 1,
        curves=[[*each, *(LINES - len(each)) * [None], error]],
        row={"step": index, "error left over (rms)": error, "class": class_name, "score": score} | starts,
    )


@film
def search(net: GanNet, picture: Picture, seed: Seed, label: Label) -> Script:
    """Film the search for the generated image nearest to a picture, by gradient descent on its code."""
    model = checkpoints.load(net)
    shown = range(0, SEARCH_STEPS + 1, STEPS_BETWEEN_FRAMES)
    starts = model.classes if label is None else STARTS
    evaluations = starts + 1  # per step: one per start, and one for the image of the best

    def scenes() -> Iterator[Scene]:
        x, first = data.read(picture, model.space).to(device_of(model)), None
        for step in model.invert_steps(x, generator=rng(seed), label=labels(label, 1), steps=SEARCH_STEPS):
            shot = search_frame(model, step, x) if step.index in shown else None
            first = first or (shot and shot["numbers"])
            if shot:
                shot |= {"report": searched(net, picture, first, shot, evaluations).to_props()}
            yield evaluations, shot

    return Script(model.space, 1, len(shown), evaluations * (SEARCH_STEPS + 1), scenes)


def searched(net: str, picture: Image, first: Row, shot: Frame, evaluations: int) -> Report:
    """Return the report of a frame of a search that began with the numbers `first`."""
    name = name_of(picture)
    class_name = data.classes_of(dataset_of(net))[shot["numbers"]["label"][0]]
    return search_report(shot, first, class_name, name, evaluations)


def search_frame(model: GAN, step: Step, x: Tensor) -> Frame:
    """Return a frame of the search for an image x: its score, the length of its code, and what is left over.

    Shapes: `x` (1, 1, 28, 28).
    """
    with torch.no_grad():
        score = model.score(step.x, step.numbers["label"])
    step = replace(step, pictures={"target": x, "left": (step.x - x).abs()})
    return frame(step, model.space, model.numbers, {"score": score, "length": step.numbers["z"].norm(dim=-1)})


MODE = Mode(
    "cannot",
    "What it cannot do",
    "look",
    functions=[search],
    panel=Panel(
        search,
        controls=[[Control(SEED, "seed")]],
        more=[[Control(LABEL, "class")]],
        tries=[
            ("Another test image", DIGIT | {"img": 33}),
            ("A 3, searched for only among 8s", DIGIT | {"label": 8}),
            ("A 3, searched for among clothes", DIGIT | {"net": "gan-fashion-mnist", "set": "mnist"}),
        ],
        shows=Shows("Draw a picture: the generator searches for its nearest image", SEARCHED, curves=[ERRORS]),
    ),
    code={
        "What it cannot do": [search.plain, GAN.invert_steps, search_steps, TrainingIndex.nearest],
    },
)
