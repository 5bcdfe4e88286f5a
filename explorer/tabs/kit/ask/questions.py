"""Shared questions as server functions: each takes a network and an input, and returns an answer or starts a film.

The abilities of its model decide which questions a network answers; no family's name appears here. A frame of a film is
one step, with as many x as its space shows together. The frame also contains the `evaluations` of the network for each
x, and the `seconds` for all x so far. Films run on one thread, so that their seconds are comparable. The server stores
no visitor's state.
"""

import functools
from collections.abc import Callable, Iterable, Iterator

import torch

from explorer.models.model import Model
from explorer.networks import checkpoints
from explorer.questions import Cannot, complete, interpolate, learn, make
from explorer.running import joint
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.steps import MOST, Step, displayed_steps, frame
from explorer.tabs.kit.ask.answers import film, frames, stop
from explorer.tabs.kit.ask.likely import ask_likelihood, ask_likely, network_input
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.ask.nets import AnyNet
from explorer.tabs.kit.ask.odd import ask_anomaly, ask_odd
from explorer.tabs.kit.layout.fields import Kept, Label, Other, Picture, Seed

filmed = functools.partial(film, threads=1)


@filmed
def ask_make(net: AnyNet, seed: Seed, label: Label) -> Script:
    """Generate the same first x that the family's own tab draws from this seed."""
    model = checkpoints.load(net)
    together = make.together(model)
    make.label_argument(model, label, together)
    walk = functools.partial(make.steps, model, together, seed, label)
    return script(model, walk, total_of(net), make.evaluations(model), together)


@functools.lru_cache(maxsize=64)
def total_of(net: str) -> int:
    """Return the number of sampling steps."""
    return next(make.steps(checkpoints.load(net), 1, 0)).total


@filmed
def ask_complete(net: AnyNet, picture: Picture, known: Kept, seed: Seed, label: Label) -> Script:
    """Complete the unknown part of a picture in several ways, as many as the family computes at once."""
    model = checkpoints.load(net)
    keep = model.space.flags(known).to(device_of(model))
    walk = functools.partial(complete.steps, model, network_input(model, picture), keep)
    answers = complete.answers(model)
    total = next(walk(1, seed, label)).total
    ways = functools.partial(walk, answers, seed, label)
    return script(model, ways, total, complete.evaluations(model), answers, answers)


@filmed
def ask_interpolate(net: AnyNet, picture: Picture, other: Other) -> Script:
    """Interpolate between two pictures with the family's method."""
    model = checkpoints.load(net)
    walk = functools.partial(interpolate.steps, model, network_input(model, picture), network_input(model, other))
    places = interpolate.PLACES
    return script(model, walk, way_of(net), interpolate.evaluations(model), places, places)


@functools.lru_cache(maxsize=64)
def way_of(net: str) -> int:
    """Return the number of steps of an interpolation."""
    model = checkpoints.load(net)
    ends = model.space.noise(2, torch.Generator().manual_seed(0)).to(device_of(model)).split(1)
    return next(interpolate.steps(model, *ends, places=2)).total


@filmed
def ask_learn(net: AnyNet, seed: Seed, label: Label) -> Script:
    """Generate from this seed with each snapshot of the network's training."""
    model, kept = checkpoints.load(net), complete_snapshots(net)
    if not kept:
        raise Cannot("cannot, because no snapshot of its training was kept")
    together = make.together(model)

    def walk() -> Iterator[Step]:
        return learn.steps((checkpoints.snapshot(net, k) for k in range(len(kept))), len(kept), together, seed, label)

    return script(model, walk, len(kept), make.evaluations(model), together, parts=total_of(net))


def complete_snapshots(net: str) -> list[dict]:
    """Return the complete snapshots of a network's training; empty if only a part of the network was kept."""
    kept = checkpoints.snapshots_of(net)["snapshots"]
    return [] if any("codes" in row for row in kept) else kept


def script(
    model: Model,
    steps: Callable[[], Iterable[Step]],
    total: int,
    evaluations: int,
    together: int,
    shown: int | None = None,
    parts: int = 1,
) -> Script:
    """Return a film of a sampler.

    Arguments:
        model: Model of the sampler.
        steps: Starts the sampler and returns its steps.
        total: Number of steps.
        evaluations: Network evaluations for each x in a step.
        together: Number of x that a step advances.
        shown: Number of x that are shown; as many as the space shows together unless given.
        parts: Number of sampler steps for each step of the film; the last of them is its result.
    """
    frames = min(total, MOST)
    shown_steps = {parts * (index + 1) - 1 for index in displayed_steps(total)}
    count = min(shown or model.space.together, together)

    def scenes() -> Iterator[Scene]:
        walk, seconds = iter(steps()), 0.0
        for index in range(parts * total):
            start = joint.clock()
            step = next(walk)
            seconds += joint.clock() - start
            cost = {"evaluations": evaluations * (index + 1), "seconds": seconds * count / together}
            yield evaluations, frame(step, model.space, more=cost, count=count) if index in shown_steps else None

    network, most = joint.network_of(model), evaluations * parts * total
    return Script(model.space, count, frames, most, scenes, network, together)


SERVER_FUNCTIONS = [
    *(ask_make, ask_complete, ask_interpolate, ask_learn, ask_likelihood, ask_likely),
    *(ask_anomaly, ask_odd, frames, stop, nearest),
]
