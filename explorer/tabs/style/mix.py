"""*Mix*: images with the style of one image at a resolution, and of another one elsewhere."""

from typing import Annotated

import torch
from torch import Tensor

from explorer import verdicts
from explorer.fields import Field, OneOf
from explorer.measures import stylegan as measures
from explorer.measures.stylegan import STYLEGAN_LEVELS, classes_of, generate, mixed_styles
from explorer.models.stylegan import RESOLUTIONS, Styled, StyleGAN, Synthesis
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.numbers.rows import join_words
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.style.shared import CLOTHES, SEEDS, StyleNet, figure_of, grid, judge_of, still

LEVEL = Field("level", OneOf(STYLEGAN_LEVELS), "coarse", "the resolution")
Level = Annotated[str, LEVEL]
SIZES = {level: f"{level} {size}×{size}" for level, size in zip(LEVEL.kind.choices, RESOLUTIONS)}
MIX_ROWS, MIX_COLUMNS = 4, 5  # of the grid of mixed styles
KEEPS = Figure("images that keep their row's class")
TAKES = Figure("pairs that take their column's")
KEPT_HERE = Figure("of these images, keep it")
HEADS = (FINDING, KEEPS, TAKES, KEPT_HERE)
MOSTLY, RARELY = 0.75, 0.25  # shares of the images that keep their class, as the headline says them


@heavy
def mix(net: StyleNet, seed: Seed, level: Level) -> Answer:
    """Return a grid of images: each has the style of its column at one resolution, and of its row at the others."""
    model: StyleGAN = checkpoints.load(net)
    w = model.w_of(model.codes(MIX_ROWS + MIX_COLUMNS, rng(seed)))
    of_rows, of_columns = w[:MIX_ROWS], w[MIX_ROWS:]
    pairs = of_rows.repeat_interleave(MIX_COLUMNS, 0), of_columns.repeat(MIX_ROWS, 1)
    sources = generate(model, w, still(model, len(w), seed))
    made = generate(model, mixed_styles(*pairs, STYLEGAN_LEVELS.index(level)), still(model, len(pairs[0]), seed))
    classes = classes_of(judge_of(net), torch.cat([sources, made]))
    kept = int((classes[len(w) :].view(MIX_ROWS, MIX_COLUMNS) == classes[:MIX_ROWS, None]).sum())
    size = RESOLUTIONS[STYLEGAN_LEVELS.index(level)]
    rows = [
        torch.cat([sources[row : row + 1], made[row * MIX_COLUMNS : (row + 1) * MIX_COLUMNS]])
        for row in range(MIX_ROWS)
    ]
    keeps, takes = (figure_of(net, name, "± %", level=level) for name in ("kept", "taken"))
    images = torch.cat([torch.zeros_like(sources[:1]), sources[MIX_ROWS:], *rows])
    sources_at = [*range(1, MIX_COLUMNS + 1), *range(MIX_COLUMNS + 1, len(images), MIX_COLUMNS + 1)]
    marks = {str(place): "source" for place in sources_at}
    heads = ["rest ↓", f"style at {size}×{size} from these →", *[""] * (MIX_COLUMNS - 1)]
    return grid(images, given=1, marks=marks, empty=[0], heads=heads) | Answer(
        numbers=[
            FINDING.of(kept_words(level, kept / (MIX_ROWS * MIX_COLUMNS))),
            KEEPS.of(keeps),
            TAKES.of(takes),
            KEPT_HERE.of(f"{kept} of {MIX_ROWS * MIX_COLUMNS}"),
        ],
        words=f"With another image's {level} style, {kept} of these {MIX_ROWS * MIX_COLUMNS} images keep the class of "
        f"their row. The top row gives its style at {size}×{size}, the left column the others. "
        f"{mix_words(net, kept=keeps, taken=takes)}",
    )


def kept_words(level: str, share: float) -> str:
    """Return the headline: how often images keep the class of their row, by their share."""
    often = "Most" if share >= MOSTLY else "Few" if share < RARELY else "Only some"
    return f"{often} images keep their class with another image's {level} style."


def mix_words(net: str, kept: str, taken: str) -> str:
    """Describe what was measured on many pairs, and the resolution that decides most classes; empty if nothing was."""
    found = {row["level"]: verdicts.of_figure(row) for row in cards.rows(cards.of(net), "taken")}
    if not found:
        return ""
    first = [f"{RESOLUTIONS[STYLEGAN_LEVELS.index(level)]}" for level in verdicts.best_of(found)]
    size = join_words([f"{each}×{each}" for each in first], "or")
    shares = f"Of many pairs of different classes, {kept} keep the class of the row and {taken} take the column's."
    tie = f" (a tie; {verdicts.pairs_of(len(found))} pairs were compared)" if len(first) > 1 else ""
    return f"{shares} The style at {size} decides the class most often{tie}."


def sources_of(net: str, seed: int) -> Tensor:
    """Return the images of a seed whose styles are mixed: (n, 1, 28, 28)."""
    model: StyleGAN = checkpoints.load(net)
    w = model.w_of(model.codes(MIX_ROWS + MIX_COLUMNS, rng(seed)))
    return generate(model, w, still(model, len(w), seed))


MODE = Mode(
    "mix",
    "Mix",
    "look",
    draws=sources_of,
    fields=[LEVEL],
    functions=[mix],
    panel=Panel(
        mix,
        controls=[[Control(LEVEL, "segments", "Style from the top row", options=SIZES)], SEEDS],
        tries=[
            ("Middle styles", {"level": "middle"}),
            ("Fine styles", {"level": "fine"}),
            ("Clothes, middle", CLOTHES | {"level": "middle"}),
        ],
        shows=Shows(
            "Choose which style comes from the top row",
            HEADS,
            grids=[Grid("Mixed styles", MIX_COLUMNS + 1)],
        ),
    ),
    code={
        "Mix": [mix.plain, measures.mixed_styles, Styled.forward, Synthesis.forward],
    },
)
