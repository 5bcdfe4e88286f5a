"""What the comparison asks Python, in the same words of every family: what its model can do decides what it answers.

A frame of a film is a step of the sampler with four images; its numbers are the `evaluations` of the network for each
image and the `seconds` for the four until then. Films are drawn on one thread, so that their seconds may be compared.
No visitor's state is kept.
"""

import functools
import math
import time
from collections.abc import Callable, Iterator

from torch import Tensor, nn

from explorer import checkpoints, data
from explorer.device import device_of
from explorer.questions import Cannot, anomaly, complete, likelihood
from explorer.questions import make as making
from explorer.spaces import BINARY, Space
from explorer.steps import Step, frame, last
from explorer.tabs.compare.families import family_of, shown
from explorer.tabs.compare.fields import Net
from explorer.tabs.kit import parts
from explorer.tabs.kit.answers import film, frames, heavy, stop
from explorer.tabs.kit.common import seeded
from explorer.tabs.kit.desk import pausing
from explorer.tabs.kit.fields import Image, Kept, Label, Picture, Seed
from explorer.tabs.kit.films import Scene, Script
from explorer.tabs.kit.nearest import nearest

IMAGES = 4
MOST = 56  # frames of a film

filmed = functools.partial(film, threads=1)


def fed(model: nn.Module, picture: Image) -> Tensor:
    """A picture as the network is fed it: (1, *shape)."""
    return data.read(picture, model.space).to(device_of(model))


@filmed
def make(net: Net, seed: Seed, label: Label) -> Script:
    """The first four images that the family's own tab draws from this seed."""
    model, together = checkpoints.load(net), shown(family_of(net)).together
    making.conditioned(model, label, together)
    walk = functools.partial(making.steps, model, together, seed, label)
    return script(model.space, walk, total_of(net), making.evaluations(model), together)


@functools.lru_cache(maxsize=64)
def total_of(net: str) -> int:
    """How many steps it takes to draw."""
    return next(checkpoints.load(net).sample_steps(1, generator=seeded(0))).total


@filmed
def finish(net: Net, picture: Picture, known: Kept, seed: Seed, label: Label) -> Script:
    """Four ways to fill in what is not known of a picture, or as many as the family finds at once."""
    model = checkpoints.load(net)
    keep = BINARY.read("bits", known).bool().to(device_of(model))
    asked, answers = functools.partial(complete.steps, model, fed(model, picture), keep), complete.answers(model)
    total = next(asked(1, seed, label)).total
    return script(
        model.space, functools.partial(asked, answers, seed, label), total, complete.evaluations(model), answers
    )


def script(space: Space, steps: Callable[[], Iterator[Step]], total: int, evaluations: int, together: int) -> Script:
    """A film of a sampler of so many steps, which draws `together` images and evaluates the network so often a step."""
    frames = min(total, MOST)
    chosen = {math.ceil((k + 1) * total / frames) - 1 for k in range(frames)}
    count = min(IMAGES, together)

    def scenes() -> Iterator[Scene]:
        walk, seconds = steps(), 0.0
        for index in range(total):
            start = time.perf_counter()
            step = next(walk)
            seconds += time.perf_counter() - start
            cost = {"evaluations": evaluations * (index + 1), "seconds": seconds * count / together}
            yield evaluations, frame(step, space, more=cost, count=count) if index in chosen else None

    return Script(space, count, frames, evaluations * total, scenes)


@heavy
def likely(net: Net, picture: Picture) -> dict:
    """What a family says of the probability of a picture: exactly, by a bound, or why it cannot."""
    model = checkpoints.load(net)
    space = {"space": model.space.name}
    try:
        found = likelihood.ask(model, fed(model, picture))
    except Cannot as why:
        return space | {"kind": "cannot", "nats": None, "se": None, "bits_per_dim": None, "words": str(why)}
    told = f"{parts.number(-found.nats, found.se)} nats"
    words = f"−log p(x) is {told}, exactly."
    if found.se is not None:
        words = f"−log p(x) is at most {told}: a bound, the mean of {found.draws} estimates."
    figures = {"nats": found.nats, "se": found.se, "bits_per_dim": found.bits_per_dim}
    return space | {"kind": found.kind, "words": words} | figures


@heavy
def odd(net: Net, picture: Picture) -> dict:
    """How odd a picture is to a family, in the units of its histogram."""
    model = checkpoints.load(net)
    try:
        return {"score": anomaly.ask(model, fed(model, picture)), "words": ""}
    except Cannot as why:
        return {"score": None, "words": str(why)}


@heavy
def one(net: Net, seed: Seed) -> dict:
    """One image of a family in black and white, whatever its pixels are, so that these give nothing away."""
    model = checkpoints.load(net)
    x = last(pausing(model.sample_steps(1, generator=seeded(seed)))).x.cpu()
    return {"x": BINARY.encode(data.binarise(x, data.APART + seed))}


SERVER_FUNCTIONS = [make, finish, likely, odd, one, frames, stop, nearest]
