"""Shared questions as server functions: each takes a network and an input, and returns an answer or starts a film.

The abilities of its model decide which questions a network answers; no family's name appears here. A frame of a film is
one step, with as many x as its space shows together. The frame also contains the `evaluations` of the network for each
x, and the `seconds` for all x so far. Films run on one thread, so that their seconds are comparable. The server stores
no visitor's state.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import torch
from torch import Tensor

from explorer.data.captions import prompt_words
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
from explorer.tabs.kit.ask.nets import UNTRAINED, AnyNet, is_untrained
from explorer.tabs.kit.ask.odd import ask_anomaly, ask_odd
from explorer.tabs.kit.ask.readings import read_back, word_ids, words_of
from explorer.tabs.kit.layout.fields import Image, Kept, Label, Other, Picture, Seed, Words

filmed = functools.partial(film, threads=1)


@filmed
def ask_make(net: AnyNet, seed: Seed, label: Label, words: Words = None) -> Script:
    """Generate the same first x that the family's own tab draws from this seed.

    What a network draws from words is read back by the network that its model names.
    """
    model = trained(net)
    together, ids = make.together(model), word_ids(model, words)
    make.label_argument(model, label, together)
    walk = functools.partial(make.steps, model, together, seed, label, ids)
    of = script(model, walk, total_of(net), make.evaluations(model), together)
    return replace(of, scenes=functools.partial(read, model, of.scenes, words or "")) if ids is not None else of


def trained(net: str) -> Model:
    """Return the model of a network.

    Raises:
        Cannot: if it is not trained yet.
    """
    if is_untrained(net):
        raise Cannot(UNTRAINED)
    return checkpoints.load(net)


def read(model: Model, scenes: Callable[[], Iterator[Scene]], words: str) -> Iterator[Scene]:
    """Add to the last frame of a film what the model's reader finds in it, and whether that is what was asked."""
    for cost, each in scenes():
        if each and each["index"] == each["total"] - 1:
            found = read_back(model.space.decode(each["x"]), prompt_words(words), model.read_by)
            each = each | {"readings": [{"words": one.words, "wrong": one.wrong} for one in found]}
        yield cost, each


@functools.lru_cache(maxsize=64)
def total_of(net: str) -> int:
    """Return the number of sampling steps."""
    return next(make.steps(checkpoints.load(net), 1, 0)).total


@filmed
def ask_complete(net: AnyNet, picture: Picture, known: Kept, seed: Seed, label: Label, words: Words = None) -> Script:
    """Complete the unknown part of a picture in several ways, as many as the family computes at once.

    A network that reads words gets those of the picture, unless there are others.
    """
    model = trained(net)
    keep, ids = (
        model.space.flags(known).to(device_of(model)),
        word_ids(model, words_of(picture) if words is None else words),
    )
    walk = functools.partial(complete.steps, model, network_input(model, picture), keep)
    answers = complete.answers(model)
    total = next(walk(1, seed, label, ids)).total
    ways = functools.partial(walk, answers, seed, label, ids)
    of = script(model, ways, total, complete.evaluations(model), answers, answers)
    exact = complete.is_exact(model, keep)
    return of if exact is None else replace(of, scenes=functools.partial(marked, of.scenes, exact))


def marked(scenes: Callable[[], Iterator[Scene]], exact: bool) -> Iterator[Scene]:
    """Add to every frame of a film whether its answers are drawn from the exact conditional."""
    for cost, each in scenes():
        yield cost, each and each | {"exact": exact}


@filmed
def ask_interpolate(net: AnyNet, picture: Picture, other: Other) -> Script:
    """Interpolate between two pictures with the family's method."""
    model, places = trained(net), interpolate.PLACES
    if interpolate.by_words(model):
        ends = [end_of(model, each) for each in (picture, other)]
        walk = functools.partial(interpolate.words_steps, model, *ends)
    else:
        walk = functools.partial(interpolate.steps, model, network_input(model, picture), network_input(model, other))
    return script(model, walk, way_of(net), interpolate.evaluations(model), places, places)


def end_of(model: Model, picture: Image) -> tuple[Tensor, int]:
    """Return the ids of the words of an end, and the seed of its noise.

    Raises:
        ValueError: if the end has no words.
    """
    kind, *of = picture
    ids = word_ids(model, str(of[0])) if kind == "words" else None
    if ids is None:
        raise ValueError("this network goes between two prompts: give words and a seed for each end")
    return ids, int(of[1])


@functools.lru_cache(maxsize=64)
def way_of(net: str) -> int:
    """Return the number of steps of an interpolation."""
    model = checkpoints.load(net)
    if interpolate.by_words(model):
        end = model.no_words.to(device_of(model)), 0
        return next(interpolate.words_steps(model, end, end, places=2)).total
    ends = model.space.noise(2, torch.Generator().manual_seed(0)).to(device_of(model)).split(1)
    return next(interpolate.steps(model, *ends, places=2)).total


@filmed
def ask_learn(net: AnyNet, seed: Seed, label: Label) -> Script:
    """Generate from this seed with each snapshot of the network's training."""
    model, kept = trained(net), complete_snapshots(net)
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
