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
from explorer.measures import compare
from explorer.measures.common import device_of
from explorer.spaces import BINARY, Space
from explorer.spaces.images import unpack_bits
from explorer.steps import Step, frame, last
from explorer.tabs.compare.families import family_of, shown
from explorer.tabs.compare.fields import Net
from explorer.tabs.kit import parts
from explorer.tabs.kit.answers import answer
from explorer.tabs.kit.common import labels, seeded
from explorer.tabs.kit.desk import Desk, pausing
from explorer.tabs.kit.fields import Image, Kept, Label, Picture, Seed
from explorer.tabs.kit.filmed import film, watching
from explorer.tabs.kit.films import FilmDesk, Scene, Script
from explorer.tabs.kit.nearest import nearest

IMAGES = 4
MOST = 56  # frames of a film

DESK, ASKING = FilmDesk(threads=1), Desk(workers=1, line=60, nice=10)
filmed = functools.partial(film, desk=DESK)
asked = functools.partial(answer, desk=ASKING)


def because(model: nn.Module, capability: str) -> str:
    """That a model cannot do something, and why."""
    return f"cannot, because {reason(model, capability)}"


def reason(model: nn.Module, capability: str) -> str:
    """Why a model cannot do something, as it says itself if it does."""
    return getattr(model, "cannot", {}).get(capability, "this family has no way to do it")


def fed(model: nn.Module, picture: Image) -> Tensor:
    """A picture as the network is fed it: (1, *shape)."""
    return data.read(picture, model.space).to(device_of(model))


def conditioned(model: nn.Module, label: int | None, n: int) -> dict[str, Tensor]:
    """The classes that are asked for, as a sampler takes them; empty for any.

    Raises:
        ValueError: if the model knows no classes.
    """
    if label is None:
        return {}
    if not getattr(model, "classes", 0):
        raise ValueError(because(model, "label"))
    return {"label": labels(label, n)}


@filmed
def make(net: Net, seed: Seed, label: Label) -> Script:
    """The first four images that the family's own tab draws from this seed."""
    model, together = checkpoints.load(net), shown(family_of(net)).together
    given = conditioned(model, label, together)

    def steps() -> Iterator[Step]:
        return model.sample_steps(together, generator=seeded(seed), **given)

    return script(model.space, steps, total_of(net), compare.evaluations_a_step(model), together)


@functools.lru_cache(maxsize=64)
def total_of(net: str) -> int:
    """How many steps it takes to draw."""
    return next(checkpoints.load(net).sample_steps(1, generator=seeded(0))).total


@filmed
def finish(net: Net, picture: Picture, known: Kept, seed: Seed, label: Label) -> Script:
    """Four ways to fill in what is not known of a picture, or as many as the family finds at once."""
    model, how = checkpoints.load(net), shown(family_of(net))
    if not hasattr(model, "complete_steps"):
        raise ValueError(because(model, "complete"))
    keep = unpack_bits(known).bool().unsqueeze(0).to(device_of(model))
    if bool(keep.all()):
        raise ValueError("every pixel is kept: leave some to be filled in")
    x, given = fed(model, picture), conditioned(model, label, how.answers)

    def steps(n: int, given: dict) -> Iterator[Step]:
        pictures = x.expand(n, -1, -1, -1)
        return model.complete_steps(pictures, keep.expand_as(pictures), generator=seeded(seed), **given)

    total = next(steps(1, {})).total
    return script(model.space, lambda: steps(how.answers, given), total, how.evaluations, how.answers)


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


@asked
def likely(net: Net, picture: Picture) -> dict:
    """What a family says of the probability of a picture: exactly, by a bound, or why it cannot."""
    model = checkpoints.load(net)
    found = {"kind": compare.likelihood_kind(model) or "cannot", "space": model.space.name}
    if found["kind"] == "cannot":
        return found | {"nats": None, "se": None, "bits_per_dim": None, "words": because(model, "log_prob")}
    nats, se, draws = estimated(model, fed(model, picture), shown(family_of(net)).draws)
    found |= {"nats": nats, "se": se, "bits_per_dim": -nats / (model.space.dim * math.log(2))}
    told = f"{parts.number(-nats, se)} nats"
    if se is None:
        return found | {"words": f"−log p(x) is {told}, exactly."}
    return found | {"words": f"−log p(x) is at most {told}: a bound, the mean of {draws} estimates."}


def estimated(model: nn.Module, x: Tensor, draws: int) -> tuple[float, float | None, int]:
    """log p(x) of one picture (1, 1, 28, 28), or the mean of some estimates of the bound with its standard error."""
    exact = compare.likelihood_kind(model) == "exact"
    draws = 1 if exact else draws
    each = compare.likelihood(model, x.expand(draws, -1, -1, -1), generator=seeded(0)).double()
    return float(each.mean()), None if exact else float(each.std() / math.sqrt(draws)), draws


@asked
def odd(net: Net, picture: Picture) -> dict:
    """How odd a picture is to a family, in the units of its histogram."""
    model = checkpoints.load(net)
    if not compare.can_score(model):
        return {"score": None, "words": because(model, "odd")}
    x = fed(model, picture)
    if compare.likelihood_kind(model):
        return {"score": -estimated(model, x, shown(family_of(net)).draws)[0], "words": ""}
    return {"score": float(compare.oddness(model, x, generator=seeded(0))), "words": ""}


@asked
def one(net: Net, seed: Seed) -> dict:
    """One image of a family in black and white, whatever its pixels are, so that these give nothing away."""
    model = checkpoints.load(net)
    x = last(pausing(model.sample_steps(1, generator=seeded(seed)))).x.cpu()
    return {"x": BINARY.encode(data.binarise(x, data.APART + seed))}


SERVER_FUNCTIONS = [make, finish, likely, odd, one, *watching(DESK), nearest]
