"""The shared questions as server functions: a network and what is asked in, a film or an answer out.

What its model can do decides what a network answers; no family's name stands here. A frame of a film is a step with as
many x as its space shows together; its numbers are the `evaluations` of the network for each x and the `seconds` for
all until then. Films are drawn on one thread, so that their seconds may be compared. No visitor's state is kept.
"""

import functools
import math
from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor, nn

from explorer import checkpoints, data, joint
from explorer.device import device_of
from explorer.questions import Cannot, anomaly, complete, interpolate, learn, likelihood, make
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.steps import Step, frame
from explorer.tabs.kit import parts
from explorer.tabs.kit.answers import film, frames, heavy, stop
from explorer.tabs.kit.fields import Image, Kept, Label, Picture, Seed
from explorer.tabs.kit.nearest import nearest
from explorer.tabs.kit.nets import Net, dataset_of

MOST = 56  # frames of a film

filmed = functools.partial(film, threads=1)


def fed(model: nn.Module, picture: Image) -> Tensor:
    """A picture as the network is fed it: (1, *shape)."""
    return data.read(picture, model.space).to(device_of(model))


@filmed
def ask_make(net: Net, seed: Seed, label: Label) -> Script:
    """The first x that the family's own tab draws from this seed."""
    model = checkpoints.load(net)
    together = make.together(model)
    make.conditioned(model, label, together)
    walk = functools.partial(make.steps, model, together, seed, label)
    return script(model, walk, total_of(net), make.evaluations(model), together)


@functools.lru_cache(maxsize=64)
def total_of(net: str) -> int:
    """How many steps it takes to draw."""
    return next(make.steps(checkpoints.load(net), 1, 0)).total


@filmed
def ask_complete(net: Net, picture: Picture, known: Kept, seed: Seed, label: Label) -> Script:
    """Some ways to fill in what is not known of a picture, as many as the family finds at once."""
    model = checkpoints.load(net)
    keep = model.space.flags(known).to(device_of(model))
    walk, answers = functools.partial(complete.steps, model, fed(model, picture), keep), complete.answers(model)
    total = next(walk(1, seed, label)).total
    ways = functools.partial(walk, answers, seed, label)
    return script(model, ways, total, complete.evaluations(model), answers, answers)


@filmed
def ask_interpolate(net: Net, picture: Picture, other: Picture) -> Script:
    """The places along the way from one picture to another, as the family makes them."""
    model = checkpoints.load(net)
    walk = functools.partial(interpolate.steps, model, fed(model, picture), fed(model, other))
    places = interpolate.PLACES
    return script(model, walk, way_of(net), interpolate.evaluations(model), places, places)


@functools.lru_cache(maxsize=64)
def way_of(net: str) -> int:
    """How many steps it takes from one x to another."""
    model = checkpoints.load(net)
    ends = model.space.noise(2, torch.Generator().manual_seed(0)).to(device_of(model)).split(1)
    return next(interpolate.steps(model, *ends, places=2)).total


@filmed
def ask_learn(net: Net, seed: Seed, label: Label) -> Script:
    """What the network drew from this seed at each moment of its training that was kept."""
    model, kept = checkpoints.load(net), moments(net)
    if not kept:
        raise Cannot("cannot, because no moment of its training was kept")
    together = make.together(model)

    def walk() -> Iterator[Step]:
        return learn.steps((checkpoints.snapshot(net, k) for k in range(len(kept))), len(kept), together, seed, label)

    return script(model, walk, len(kept), make.evaluations(model), together, parts=total_of(net))


def moments(net: str) -> list[dict]:
    """The moments that were kept of a network's training, each whole; none where just a part of it was kept."""
    kept = checkpoints.snapshots_of(net)["snapshots"]
    return [] if any("codes" in row for row in kept) else kept


def script(
    model: nn.Module,
    steps: Callable[[], Iterable[Step]],
    total: int,
    evaluations: int,
    together: int,
    shown: int | None = None,
    parts: int = 1,
) -> Script:
    """A film of so many steps, each of which takes `together` x on and evaluates the network so often for each.

    The first x are shown, as many as the space shows together unless `shown` says how many. Where a step has `parts`,
    `steps` has so many for each, and the last of them is what the step has come to.
    """
    frames = min(total, MOST)
    chosen = {parts * math.ceil((k + 1) * total / frames) - 1 for k in range(frames)}
    count = min(shown or model.space.together, together)

    def scenes() -> Iterator[Scene]:
        walk, seconds = iter(steps()), 0.0
        for index in range(parts * total):
            start = joint.clock()
            step = next(walk)
            seconds += joint.clock() - start
            cost = {"evaluations": evaluations * (index + 1), "seconds": seconds * count / together}
            yield evaluations, frame(step, model.space, more=cost, count=count) if index in chosen else None

    network, most = joint.network_of(model), evaluations * parts * total
    return Script(model.space, count, frames, most, scenes, network, together)


@heavy
def ask_likelihood(net: Net, picture: Picture) -> dict:
    """What a family says of the probability of a picture: exactly, by a bound, by an estimate, or why it cannot.

    Beside it stand the nats that the density has which the data were drawn from, where that is known.
    """
    model = checkpoints.load(net)
    space = {"space": model.space.name, "known": known(dataset_of(net), picture)}
    try:
        found = likelihood.ask(model, fed(model, picture))
    except Cannot as why:
        words = str(why)
        if likelihood.has_ratios(model):
            nats = likelihood.log_ratio(model, fed(model, picture))
            told = ("+" if nats > 0 else "") + parts.number(nats)
            words += f". Against a blank page: log p(x) − log p(blank) = {told} nats, exactly"
        return space | {"kind": "cannot", "nats": None, "se": None, "bits_per_dim": None, "words": words}
    told = f"{parts.number(-found.nats, found.se)} nats"
    words = f"−log p(x) is {told}, exactly."
    if found.kind == "estimate":
        words = f"−log p(x) is about {told}: an estimate, {doubt(found)}."
    if found.kind == "bound":
        words = f"−log p(x) is at most {told}: a bound"
        words += "." if found.draws == 1 else f", the mean of {found.draws} estimates."
    figures = {"nats": found.nats, "se": found.se, "bits_per_dim": found.bits_per_dim, "solver": found.solver}
    return space | {"kind": found.kind, "words": words} | figures


def doubt(found: likelihood.Likelihood) -> str:
    """Reason for which log p(x) is an estimate, with the errors of a solver and of what is drawn at random, if any."""
    if found.solver is None:
        return "as its log Z is one"
    return (
        f"not a bound. The error of the ODE's solver is about {parts.number(found.solver)} nats; the standard error of "
        f"{found.draws} draws of noise and probes is {parts.number(found.se)}"
    )


def known(dataset: str, picture: Image) -> float | None:
    """The log-density of the data at a point, in nats; None where nobody knows it."""
    drawn_from = getattr(data.DATASETS[dataset], "mixture", None)
    return drawn_from and float(drawn_from.log_prob(data.read(picture, PLANE)))


@heavy
def ask_anomaly(net: Net, picture: Picture) -> dict:
    """How odd a picture is to a family, in the units of its histogram."""
    model = checkpoints.load(net)
    try:
        return {"score": anomaly.ask(model, fed(model, picture)), "words": ""}
    except Cannot as why:
        return {"score": None, "words": str(why)}


SERVER_FUNCTIONS = [
    *(ask_make, ask_complete, ask_interpolate, ask_learn, ask_likelihood, ask_anomaly),
    *(frames, stop, nearest),
]
