"""A patch of z is changed: which pixels follow, block by block, in a TarFlow and in a coupling flow."""

from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer.fields import Field, Real, Whole
from explorer.models.tarflow import CausalBlock, PatchFlow
from explorer.numbers.answer import Answer, Each, Figure, Table
from explorer.numbers.words import num
from explorer.spaces import COARSE
from explorer.spaces.packing import to_bytes
from explorer.tabs.flow.coarse import CAUSAL, COUPLED, FLOWS, drawn, flow_of, levels_of
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Picture, Seed

PATCH_COUNT = 16
PATCH = Field("patch", Whole(1, PATCH_COUNT), 6, "the patch whose z is changed")
BY = Field("by", Real(-3, 3), 2, "what is added to its z")
By = Annotated[float, BY]
LEAST_MOVE = 1e-4  # least change of a pixel that counts
LEAST_SHADE = 0.3  # brightness of the least change
FOLLOW = Figure("pixels that change, first block undone")
EARLIER = Figure("of these, in patches before it")
IN_X = Figure("pixels of x that change")
COUPLED_FOLLOW = Figure("coupling flow, first coupling undone")
COUPLED_IN_X = Figure("coupling flow, pixels of x")
OVERRIDE_HEADS = (FOLLOW, EARLIER, IN_X, COUPLED_FOLLOW, COUPLED_IN_X)
SHOWN_STATES = (0, 1, 2, -1)  # undone blocks
STATE_TITLES = ("z", "1 block undone", "2 blocks undone", "all undone: x")


def states_of(flow: PatchFlow, z: Tensor) -> list[Tensor]:
    """Return z (B, 1, 8, 8), and what it becomes after each inverted layer."""
    states = [z]
    for transform in reversed(flow.transforms):
        states.append(transform.inverse(states[-1]))
    return states


def changes_of(flow: PatchFlow, x: Tensor, by: float) -> tuple[list[Tensor], Tensor]:
    """Add a number to each patch of z in turn, and follow what changes.

    Returns the change of every state in `SHOWN_STATES` for each changed patch, (16, 1, 8, 8), and the decoded x.
    """
    first = next(each for each in reversed(flow.transforms))
    patches = first.patches
    eye = torch.eye(PATCH_COUNT).unsqueeze(-1).expand(-1, -1, patches.size)
    z = flow.encode(x)
    states = states_of(flow, torch.cat([z, z + by * patches.join(eye)]))
    return [(states[k][1:] - states[k][:1]).abs() for k in SHOWN_STATES], states[-1][1:]


def shades(change: Tensor) -> Tensor:
    """Draw changes of pixels (B, 1, 8, 8): black is none, and the largest of an image is white."""
    largest = change.flatten(1).amax(1).clamp(min=LEAST_MOVE).view(-1, 1, 1, 1)
    return drawn(torch.where(change > LEAST_MOVE, LEAST_SHADE + (1 - LEAST_SHADE) * change / largest, 0.0))


def earlier(patch: int, block: CausalBlock, moved: Tensor) -> int:
    """Count the moved pixels (1, 8, 8) in the patches that a block reads before one of them, numbered from 1."""
    place = block.patches.count - patch if block.reverse else patch - 1
    return int((block.places()[:place].any(0) & moved).sum())


@heavy
def override(picture: Picture, seed: Seed, by: By) -> Answer:
    """Add a number to the z of one patch, for each patch, and show which pixels follow on the way to x."""
    levels = levels_of(picture)
    found, counts, images = {}, {}, {}
    with torch.no_grad():
        for net in FLOWS:
            flow = flow_of(net)
            x = flow.dequantise(levels, rng(seed))
            found[net], images[net] = changes_of(flow, x, by)
            counts[net] = [(change > LEAST_MOVE).flatten(1).sum(1).tolist() for change in found[net]]
    block = next(each for each in reversed(flow_of(CAUSAL).transforms) if isinstance(each, CausalBlock))

    def part(k: int) -> Answer:
        at = {net: [column[k] for column in counts[net]] for net in FLOWS}
        before = earlier(k + 1, block, found[CAUSAL][1][k] > LEAST_MOVE)
        rows = torch.cat([shades(change[k : k + 1]) for net in FLOWS for change in found[net]])
        pictures = torch.cat([drawn(x), *(drawn(images[net][k : k + 1]) for net in FLOWS)])
        return Answer(
            [
                FOLLOW.of(f"{at[CAUSAL][1]} of {COARSE.dim}"),
                EARLIER.of(str(before)),
                IN_X.of(f"{at[CAUSAL][-1]} of {COARSE.dim}"),
                COUPLED_FOLLOW.of(f"{at[COUPLED][1]} of {COARSE.dim}"),
                COUPLED_IN_X.of(f"{at[COUPLED][-1]} of {COARSE.dim}"),
            ],
            override_words(k + 1, by, at[CAUSAL], at[COUPLED], before, block.reverse),
            grids=[
                {
                    "images": to_bytes(rows),
                    "names": list(FLOWS.values()),
                    "heads": list(STATE_TITLES),
                    "captions": [f"{count} of {COARSE.dim}" for net in FLOWS for count in at[net]],
                    "words": f"patch {k + 1} of z is changed",
                },
                {
                    "images": to_bytes(pictures),
                    "captions": ["x", *(f"{title}, changed" for title in FLOWS.values())],
                    "given": 1,
                    "words": "the digit, and what both flows decode from the changed z",
                },
            ],
        )

    table = [
        {"flow": title, "patch": k + 1}
        | {f"pixels changed, {name}": counts[net][s][k] for s, name in enumerate(STATE_TITLES)}
        for net, title in FLOWS.items()
        for k in range(PATCH_COUNT)
    ]
    numbers = [*range(1, PATCH_COUNT + 1)]
    parts = [part(k) for k in range(PATCH_COUNT)]
    pictures = {"x": to_bytes(drawn(levels))}
    return Answer(table=Table(table), pictures=pictures, each=Each("patch", numbers, parts))


def override_words(
    patch: int, by: float, causal: Sequence[int], coupled: Sequence[int], before: int, reverse: bool
) -> str:
    """Describe which pixels follow a change of one patch of z; both sequences count pixels by `SHOWN_STATES`."""
    if not causal[0]:
        return "Nothing was added, so nothing changes."
    order = "from the last patch to the first" if reverse else "from the first patch to the last"
    none = "None of them lies in a patch that is read before it."
    none = f"{before} of them lie in patches that are read before it." if before else none
    return (
        f"Patch {patch} of z is changed by {num(by, 1)}: once a block is undone, {causal[1]} pixels change. This block "
        f"reads {order}. {none} The next block reads the other way, and {causal[2]} pixels change. In x, "
        f"{causal[-1]} of {COARSE.dim} change. The coupling flow changes {coupled[1]} pixels first, and {coupled[-1]} "
        "in x."
    )
