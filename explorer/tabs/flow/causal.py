"""*Causal flow*: TarFlow encodes a digit in one pass a block and decodes it patch by patch, beside a coupling flow."""

from collections.abc import Iterator
from itertools import chain, repeat

import torch
from torch import Tensor

from explorer.fields import Field, OneOf
from explorer.models.patch_coupling import PatchCoupling
from explorer.models.tarflow import CausalBlock, Conditioner, PatchFlow, TarFlow
from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import num, with_sign
from explorer.serving.films import Scene, Script
from explorer.spaces import COARSE, LEVELS
from explorer.steps import Step, frame
from explorer.tabs.flow.coarse import (
    CAUSAL,
    COUPLED,
    FLOWS,
    IN_SENTENCES,
    bound_of,
    drawn,
    drawn_code,
    flow_of,
    levels_of,
)
from explorer.tabs.flow.override import BY, OVERRIDE_HEADS, PATCH, changes_of, override
from explorer.tabs.flow.race import BARS_NAME, RACE_HEADS, RACE_TITLES, RACED_DIGITS, milliseconds, race
from explorer.tabs.flow.shared import DIGIT
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Grid, Panel, Shows

CAUSAL_PARTS = {"passes": "There and back", "override": "Change z", "race": "Samples, time"}
CAUSAL_PART = Field("causal", OneOf(tuple(CAUSAL_PARTS)), "passes", "what is looked at")
AS_RESTORED = 1e-3  # largest difference of pixels that count as restored
OF_X = {net: Figure(f"pixels of x restored, {name}") for net, name in IN_SENTENCES.items()}
PASSES = Figure("passes back so far")
LOG_PS = {net: Figure(f"log p(x), {name}", unit="nats") for net, name in IN_SENTENCES.items()}
BITS_OF = {net: Figure(f"its levels, {name}", unit="bits/dim") for net, name in IN_SENTENCES.items()}
PASSES_HEADS = (OF_X[CAUSAL], OF_X[COUPLED], PASSES, *LOG_PS.values(), *BITS_OF.values())
RESTORED = Curves(
    "Pixels of x that each flow has restored, pass by pass",
    "pixels of x restored: TarFlow, and dashed the coupling flow",
    110,
    [{"colour": "ink", "width": 2}, {"colour": "ink", "width": 1.5, "dash": [4, 4]}],
    (0, COARSE.dim),
    (0, 32, COARSE.dim),
    along="passes",
)


def causal_states(flow: TarFlow, z: Tensor) -> Iterator[tuple[Tensor, Tensor, int]]:
    """Yield the states from z to x, the mask of pixels that are those of x, and the number of blocks left.

    Shapes: `z` and the states (1, 1, 8, 8); the masks booleans (1, 8, 8).
    """
    places = flow.blocks[0].places()
    for step in flow.decode_steps(z):
        done = step.index - (flow.passes - len(places))  # patches of the block that is undone last
        yield step.numbers["state"], places[: max(0, done)].any(0), int(step.time)


def coupled_states(flow: PatchFlow, z: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the states from z to x, and the masks of pixels that are those of x, like those of `causal_states`."""
    last = flow.transforms[0]
    assert isinstance(last, PatchCoupling)
    moved = last.put(torch.zeros_like(z), torch.ones_like(last.part(z)))[0].bool()
    for step in flow.decode_steps(z):
        left = int(step.time)
        known = torch.zeros_like(moved) if left > 1 else ~moved if left else torch.ones_like(moved)
        yield step.numbers["state"], known


def mixed_picture(state: Tensor, known: Tensor) -> Tensor:
    """Draw a state whose known pixels are those of x, and whose others are still codes: (1, 1, 28, 28)."""
    return torch.where(drawn(known.unsqueeze(0).float()) > 0, drawn(state), drawn_code(state))


def restored(state: Tensor, x: Tensor) -> int:
    """Count the pixels of a state that are those of x, both (1, 1, 8, 8)."""
    return int(((state - x).abs() < AS_RESTORED).sum())


@film
def passes(picture: Picture, seed: Seed) -> Script:
    """Film the way back from z to x, a pass a frame, by both flows; both encoded x before."""
    causal, coupled = flow_of(CAUSAL), flow_of(COUPLED)
    assert isinstance(causal, TarFlow)
    levels, total = levels_of(picture), causal.passes + 1

    @torch.no_grad()
    def scenes() -> Iterator[Scene]:
        x = causal.dequantise(levels, rng(seed))
        flows = {CAUSAL: causal, COUPLED: coupled}
        codes = {net: flow.encode(x) for net, flow in flows.items()}
        log_p = {net: float(flow.log_prob(x)) for net, flow in flows.items()}
        bits = {net: bound_of(flow, levels, seed) for net, flow in flows.items()}
        other = list(coupled_states(coupled, codes[COUPLED]))
        others = chain(other, repeat(other[-1]))
        given = {"x": drawn(x), "z": torch.cat([drawn_code(z) for z in codes.values()])}
        steps = zip(causal_states(causal, codes[CAUSAL]), others, strict=False)
        for index, ((state, known, left), (beside, same)) in enumerate(steps):
            images = torch.cat([mixed_picture(state, known), mixed_picture(beside, same)])
            done = {CAUSAL: restored(state, x), COUPLED: restored(beside, x)}
            shot = frame(Step(images, index, total, left, pictures={} if index else given), LEVELS)
            report = passes_report(index, causal, len(coupled.transforms), done, log_p, bits)
            yield 1, shot | {"report": report.to_props()}

    return Script(LEVELS, 2, total, total, scenes)


def passes_report(
    index: int,
    causal: TarFlow,
    couplings: int,
    done: dict[str, int],
    log_p: dict[str, float],
    bits: dict[str, float],
) -> Report:
    """Describe both flows after some passes on the way from z to x.

    Arguments:
        index: Number of passes.
        causal: The TarFlow.
        couplings: Passes of the coupling flow, each way.
        done: Restored pixels of both flows.
        log_p: Log-density of x under both, in nats.
        bits: Bounds for its levels under both, in bits/dim.
    """
    blocks, count = len(causal.blocks), causal.blocks[0].patches.count
    undone, patches = divmod(index, count)
    total = causal.passes
    if not index:
        words = (
            f"Both flows have encoded the digit x: {blocks} passes of TarFlow, {couplings} of the coupling flow. "
            f"On its way back, TarFlow needs {total} passes, since a patch is known only after those before it."
        )
    elif index < total:
        order = "from the last patch to the first" if causal.blocks[-1 - undone].reverse else "in raster order"
        where = f"TarFlow has undone {undone} of {blocks} blocks."
        where += f" Of the next block it has {patches} of {count} patches, {order}." if patches else ""
        rest = "is back at x" if index >= couplings else f"has {couplings - index} passes left"
        words = f"After {index} of {total} passes, {where} The coupling flow {rest}."
    else:
        words = (
            f"TarFlow is back at x after {total} passes, the coupling flow after {couplings}. Levels of this digit "
            f"cost at most {num(bits[CAUSAL])} bits/dim under TarFlow, {num(bits[COUPLED])} under the coupling flow."
        )
    caption = f"{undone} of {blocks} blocks undone" if patches == 0 else f"block {blocks - undone}: patch {patches}"
    numbers = [OF_X[net].of(f"{done[net]} of {COARSE.dim}") for net in FLOWS]
    numbers += [PASSES.of(f"{index} of {total}"), *(LOG_PS[net].of(with_sign(log_p[net])) for net in FLOWS)]
    numbers += [BITS_OF[net].of(f"≤ {num(bits[net])}") for net in FLOWS]
    row = {"passes": index} | {OF_X[net].name: done[net] for net in FLOWS}
    return Report(numbers, words, caption, row, place=index, end=total, curves=[[*done.values()]])


CAUSAL_DIGIT = DIGIT | {"img": 108}
ENCODED = [[Control(SEED, "seed")]]
MODE = Mode(
    "causal",
    "Causal flow",
    "look",
    entry="Layers",
    fields=[CAUSAL_PART, PATCH, BY],
    functions=[passes, override, race],
    panel=Panel(
        None,
        controls=[[Control(CAUSAL_PART, "segments", "What is looked at", options=CAUSAL_PARTS)]],
        shows=Shows("Four passes to z, 64 passes back: play the way back"),
        parts={part: part for part in CAUSAL_PARTS},
    ),
    parts={
        "passes": Panel(
            passes,
            controls=[],
            more=ENCODED,
            shows=Shows("", PASSES_HEADS, curves=[RESTORED]),
            nets=[DIGIT["net"]],
        ),
        "override": Panel(
            override,
            controls=[
                [Control(PATCH, "slider", "Patch of z, in raster order", live=True)],
                [Control(BY, "slider", "Added to its z", step=0.5, digits=1)],
            ],
            more=ENCODED,
            shows=Shows(
                "",
                OVERRIDE_HEADS,
                grids=[
                    Grid("Pixels that change", 4, rows=3.4),
                    Grid("The digit, and both decoded from the changed z", 3, rows=3.4),
                ],
                waits="Each patch of z is changed…",
                examples=(108,),
            ),
            nets=[DIGIT["net"]],
        ),
        "race": Panel(
            race,
            controls=[[Control(SEED, "seed")]],
            shows=Shows(
                "",
                RACE_HEADS,
                grids=[Grid(name, RACED_DIGITS, rows=1, titled=True) for name in RACE_TITLES],
                bars=BARS_NAME,
                waits="Both flows are timed…",
            ),
            nets=[DIGIT["net"]],
        ),
    },
    tries=[
        ("Sixteen passes of 64", CAUSAL_DIGIT | {"causal": "passes", "at": 0.25}),
        ("The first patch of z", CAUSAL_DIGIT | {"causal": "override", "patch": 1, "by": 2}),
        ("The last patch of z", CAUSAL_DIGIT | {"causal": "override", "patch": 16, "by": 2}),
    ],
    code={
        "Causal flow": [
            passes.plain,
            CausalBlock.forward_and_log_det,
            CausalBlock.inverse_steps,
            Conditioner.forward,
            Conditioner.curve,
            PatchCoupling.curve,
            changes_of,
            milliseconds,
        ],
    },
)
