"""Shared by both energies of images: their test images, how a chain begins, and the film of four chains.

Frames of a film are close together at first, when most changes, and farther apart at the end.
"""

from collections.abc import Callable, Iterator, Mapping
from statistics import fmean
from typing import Annotated, Any

from explorer.fields import Field, OneOf
from explorer.models.ebm import EBM
from explorer.models.rbm import RBM
from explorer.numbers.answer import Report
from explorer.serving.films import Scene, Script
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.nets import with_further
from explorer.tabs.kit.layout.fields import SET
from explorer.tabs.kit.layout.panel import Control

RBM_NET, EBM_NET = "rbm-mnist", "ebm-mnist"
IMAGE_NETS = with_further(RBM_NET, EBM_NET)
BEGIN = Field("begin", OneOf(("noise", "picture")), "noise", "what the chains begin with")
Begin = Annotated[str, BEGIN]
BEGINS = [Control(BEGIN, "segments", "Begin with", options={"noise": "noise", "picture": "the picture"})]
SETS = [Control(SET, "segments", "Test images of", options={None: "MNIST", "fashion-mnist": "Fashion-MNIST"})]
BEGUN = {"noise": "noise", "picture": "the picture"}
DRAWN = 4  # chains of a film
FILM_FRAMES = 61  # frames, including the first
PICTURE = {"img": 8, "draw": None, "source": None, "set": None}


def script(
    model: RBM | EBM,
    walk: Callable[[], Iterator[Step]],
    steps: int,
    names: dict[str, str],
    say: Callable[[int, Mapping[str, Any], float], Report],
) -> Script:
    """Return a film of chains.

    Arguments:
        names: The browser's names of a frame's numbers, by those of a step; energies are among them.
        say: Returns the texts of a frame from its index, its numbers, and the mean energy at the beginning.
    """
    shown = frame_steps(steps)

    def scenes() -> Iterator[Scene]:
        first = None
        for step in walk():
            if step.index not in shown:
                yield 1, None
                continue
            shot = frame(step, model.space, more={name: step.numbers[key] for key, name in names.items()})
            first = fmean(shot["numbers"]["energy"]) if first is None else first
            yield 1, shot | say(step.index, shot["numbers"], first).to_props()

    return Script(model.space, DRAWN, len(shown), steps + 1, scenes)


def frame_steps(steps: int) -> set[int]:
    """Return the steps that are displayed: denser at first, including the first and the last."""
    last = FILM_FRAMES - 1
    return {round(steps * (k / last) ** 2) for k in range(FILM_FRAMES)}
