"""*Noise*: what fresh noise changes at each resolution."""

import torch

from explorer.measures import stylegan as measures
from explorer.measures.stylegan import STYLEGAN_LEVELS, classes_of, generate, replace_noise
from explorer.models.stylegan import RESOLUTIONS, Layer
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Grid, Panel, Shows
from explorer.tabs.style.shared import CLOTHES, SEEDS, StyleNet, figure_of, grid, judge_of

NOISE_DRAWS, NOISE_SEEN = 24, 5  # noise draws, and images shown of them
CHANGE = Figure("mean change of a pixel", unit="of white")
CHANGES = {
    level: Figure(f"by noise at {size}×{size}") for level, size in zip(STYLEGAN_LEVELS, RESOLUTIONS, strict=True)
}
CHANGED = Figure("change their class")
HEADS = (FINDING, CHANGE, *CHANGES.values(), CHANGED)


@heavy
def noise(net: StyleNet, seed: Seed) -> Answer:
    """Return one image with fresh noise at each resolution, and at all, and maps of what the noise moves."""
    model, judge = checkpoints.load(net), judge_of(net)
    w = model.w_of(model.codes(1, rng(seed))).expand(NOISE_DRAWS, -1)
    fixed, fresh = model.noise(1, rng(seed)), model.noise(NOISE_DRAWS, rng(seed + 1))
    images = [generate(model, w, replace_noise(fixed, fresh, level)) for level in (*range(len(STYLEGAN_LEVELS)), None)]
    maps = torch.stack([x.std(0) for x in images])
    maps = maps / maps.amax().clamp(min=1e-6)
    classes = len(classes_of(judge, images[-1]).unique())
    changed = figure_of(net, "class_changed", "± %", level="all")
    loudest = max(range(len(STYLEGAN_LEVELS)), key=lambda level: float(images[level].var(0).mean()))
    size = RESOLUTIONS[loudest]
    names = [*(f"at {size}×{size}" for size in RESOLUTIONS), "at all three"]
    shown = torch.cat([torch.cat([x[:NOISE_SEEN], map_.unsqueeze(0)]) for x, map_ in zip(images, maps)])
    return grid(
        shown, given=1, names=names, heads=[*(f"draw {k}" for k in range(1, NOISE_SEEN + 1)), "change"]
    ) | Answer(
        numbers=[
            FINDING.of(f"Noise at {size}×{size} changes the image most."),
            CHANGE.of(figure_of(net, "moved", "± %", level="all")),
            *(each.of(figure_of(net, "moved", "± %", level=level)) for level, each in CHANGES.items()),
            CHANGED.of(changed),
        ],
        words=f"{NOISE_DRAWS} draws of all noise are classified as "
        f"{classes} class{'es' * (classes > 1)}. Over many images, {changed} change their class. A white place in the "
        "last column changes most.",
    )


MODE = Mode(
    "noise",
    "Noise",
    "understand",
    functions=[noise],
    panel=Panel(
        noise,
        controls=[SEEDS],
        tries=[("Another image", {"seed": 11}), ("Clothes", CLOTHES | {"seed": 3})],
        shows=Shows(
            "Same code, fresh noise at one resolution a row: what changes?",
            HEADS,
            grids=[Grid("Fresh noise at each resolution", NOISE_SEEN + 1)],
        ),
    ),
    code={
        "Noise": [noise.plain, measures.replace_noise, Layer.forward],
    },
)
