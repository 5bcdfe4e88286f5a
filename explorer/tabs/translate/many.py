"""*One answer or many*: several answers for one outline, of pix2pix and of a diffusion."""

import torch
from torch import Tensor

from explorer.models.outline_diffusion import OutlineDiffusion
from explorer.models.pix2pix import Pix2Pix
from explorer.models.sources import outline
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.spaces import LEVELS
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.translate.networks import GARMENTS, NETWORKS_DIFFUSION
from explorer.tabs.translate.shared import (
    TEST,
    Found,
    classify,
    figures,
    grey,
    grid,
    kept_share,
    outline_grid,
    predicted_class,
    recorded_difference,
    source_of,
)

SPREADS = {of: Figure(f"difference of two answers, {of}", unit="of white") for of in ("diffusion", "pix2pix")}
MEASURED = {of: Figure(f"the same on 500 test images, {of}", unit="of white") for of in ("diffusion", "pix2pix")}
KEPT_BY = {of: Figure(f"class kept, {of}") for of in ("diffusion", "pix2pix")}
DRAWN = 4  # of each network, for one outline
MANY_STEPS = 20  # of the diffusion
HEADS = (FINDING, *SPREADS.values(), *MEASURED.values(), *KEPT_BY.values())


def many_answer(answer: Found) -> Answer:
    """Describe several answers of pix2pix and of the diffusion."""
    one, other = (answer["families"][name] for name in ("pix2pix", "diffusion"))
    words = (
        "An outline leaves the grey levels open. The L1 term rewards one average answer, so pix2pix ignores its noise. "
        f"The diffusion was trained on the same pairs and draws from p(x | outline), in {answer['steps']} steps."
    )
    families = answer["families"]
    numbers = [
        FINDING.of(f"The diffusion's answers differ {other['spread'] / one['spread']:.1f} times as much as pix2pix's."),
        *(grey(each, families[of]["spread"]) for of, each in SPREADS.items()),
        *(recorded_difference(each, families[of]["measured"], "spread") for of, each in MEASURED.items()),
        *(kept_share(each, families[of]["measured"]) for of, each in KEPT_BY.items()),
    ]
    lines = [
        {"network": name, "answer": k, "class": of["name"], "probability": of["share"]}
        for name, each in families.items()
        for k, of in enumerate(each["made_as"])
    ]
    walls = [grid([*zip(each["made"], map(predicted_class, each["made_as"]), strict=True)]) for each in (one, other)]
    return Answer(
        numbers,
        words,
        Table(lines),
        grids=[*walls, outline_grid(answer)],
        pictures={"s": answer["source"], "y": one["made"][0]},
        view=answer,
    )


@heavy
@torch.no_grad()
def many(picture: Picture, seed: Seed) -> Answer:
    """Draw several answers for one outline, by pix2pix with other dropout and by the diffusion with other noise."""
    source, x = source_of(picture, outline)
    one: Pix2Pix = checkpoints.load(GARMENTS)
    other: OutlineDiffusion = checkpoints.load(NETWORKS_DIFFUSION)
    sources = source.expand(DRAWN, -1, -1, -1)
    made = {
        "pix2pix": one.sample(DRAWN, generator=rng(seed), source=sources),
        "diffusion": other.sample(DRAWN, generator=rng(seed), source=sources, steps=MANY_STEPS),
    }
    found = {
        "source": LEVELS.encode(source),
        "real": None if x is None else LEVELS.encode(x),
        "steps": MANY_STEPS,
        "families": {
            name: {
                "made": [LEVELS.encode(each) for each in images],
                "made_as": classify("fashion-mnist", images),
                "spread": mean_difference(images),
                "measured": figures(net, "kept", "spread", "classes"),
            }
            for (name, images), net in zip(made.items(), (GARMENTS, NETWORKS_DIFFUSION))
        },
    }
    return many_answer(found)


def mean_difference(images: Tensor) -> float:
    """Return the mean absolute difference of two of the images (n, 1, 28, 28), over all pairs and pixels."""
    flat = images.flatten(1)
    return float(torch.nn.functional.pdist(flat, p=1).mean() / flat.shape[1])


MODE = Mode(
    "many",
    "One answer or many",
    "look",
    functions=[many],
    panel=Panel(
        many,
        controls=[[Control(SEED, "seed")]],
        tries=[
            ("Four boots", TEST | {"img": 1, "seed": 3}),
            ("Four bags", TEST | {"img": 14, "seed": 3}),
        ],
        nets=[GARMENTS],
        shows=Shows(
            "How many garments have this outline?",
            HEADS,
            grids=[
                Grid("pix2pix, four times dropout", 4, rows=2.7, titled=True),
                Grid("diffusion, four times noise", 4, rows=2.7, titled=True),
                Grid("The outline and its real image", 2, rows=1, place="panel"),
            ],
        ),
    ),
    code={
        "One answer or many": [many.plain, OutlineDiffusion.sample_steps],
    },
)
