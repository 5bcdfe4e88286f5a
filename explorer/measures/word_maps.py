r"""Where a diffusion's attention to a word lies: the share of it inside the word's object.

A position of the transformer has a weight for each word of the caption. The map of a word is its weight at all 6×6
positions, averaged over heads and layers, and over the later half of the steps. With the map's share $s$ inside the
object's box, and the box's share $b$ of the picture's area, the figure is $s / b$: 1 if the attention is spread evenly,
and at most $1 / b$.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data import SCENES
from explorer.data.captions import COLOUR_WORDS, GROUNDS, WORDS, Caption
from explorer.data.scenes import Box
from explorer.measures.common import mean_row
from explorer.measures.word_drawing import Drawer, kept_rows
from explorer.models.words_diffusion import WordsDiffusion
from explorer.running.device import device_of
from explorer.spaces.colour import COLOUR_SIDE

MAP_STEPS = 20
MAP_SEED, CAPTIONS_PER_MAP = 7, 20
OFF_GROUND = 0.12  # difference to the ground beyond which a pixel belongs to the object
LEAST_PIXELS = 2  # of the object in a row or a column of its box


@torch.no_grad()
def drawn_with_maps(
    model: WordsDiffusion, tokens: Tensor, guidance: float, seed: int, steps: int = MAP_STEPS
) -> tuple[Tensor, Tensor]:
    """Draw scenes as `sample` does, and return them with the map of every word.

    Shapes: `tokens` (N, 13); the scenes (N, 3, 48, 48) and the maps (N, 13, 6, 6) on the CPU.
    """
    generator, maps, x = torch.Generator().manual_seed(seed), [], tokens
    asked = {"tokens": tokens.to(device_of(model)), "guidance": guidance, "steps": steps}
    for step in model.sample_steps(len(tokens), generator=generator, maps=True, **asked):
        x = step.x
        if 2 * step.index >= steps:
            maps.append(step.numbers["attention"].mean(1))
    found = torch.stack(maps).mean(0).transpose(1, 2).unflatten(2, (model.side, model.side))
    return x.cpu(), found.cpu()


def object_box(x: Tensor) -> Box | None:
    """Return the box of what differs from the plain ground of a scene (3, 48, 48) in [0, 1]; None if nothing does."""
    border = torch.cat([x[:, 0], x[:, -1], x[:, :, 0], x[:, :, -1]], 1)
    ground = border.median(1).values[:, None, None]
    differs = (x - ground).abs().amax(0) > OFF_GROUND
    columns, rows = ((differs.sum(axis) >= LEAST_PIXELS).nonzero()[:, 0].tolist() for axis in (0, 1))
    if not columns or not rows:
        return None
    return Box(columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)


def concentration(word_map: Tensor, box: Box) -> float:
    """Return the share of a map (h, w) inside a box, divided by the box's share of the picture's area."""
    inside = torch.zeros(COLOUR_SIDE, COLOUR_SIDE)
    inside[box.y : box.y + box.height, box.x : box.x + box.width] = 1
    covered = F.adaptive_avg_pool2d(inside[None], list(word_map.shape))[0]
    return float((word_map * covered).sum() / word_map.sum() / inside.mean())


def single_captions(n: int) -> list[Caption]:
    """Draw n seen captions of one single object with a colour."""
    scenes = SCENES.graded("", CAPTIONS_PER_MAP * n, 1, seed=MAP_SEED)
    drawn = (scenes.layout(index).caption for index in range(len(scenes)))
    found = [caption for caption in drawn if caption.phrases[0].count == 1 and caption.phrases[0].colour]
    return found[:n]


def kind_of_word(word: str) -> str | None:
    """Return “object”, “colour” or “ground” for a word that has a place in the picture."""
    known = {"colour": COLOUR_WORDS, "ground": GROUNDS}
    named = next((kind for kind, words in known.items() if word in words), None)
    return named or ("object" if WORDS.index(word) > WORDS.index(GROUNDS[-1]) else None)


def maps(model: Drawer, n: int, guidance: float, seed: int) -> list[dict]:
    """Measure the concentration of the maps of n captions with one object: rows by the kind of word.

    A network without a diffusion has no such rows. Scenes without an object are left out.
    """
    if not isinstance(model, WordsDiffusion):
        return []

    def measure() -> list[dict]:
        captions = single_captions(n)
        x, found = drawn_with_maps(model, torch.tensor([each.tokens for each in captions]), guidance, seed)
        return map_rows(captions, x, found, guidance=guidance, seed=seed)

    return kept_rows({"part": "maps", "guidance": guidance, "seed": seed, "n": n}, [model], measure)


def map_rows(captions: list[Caption], x: Tensor, found: Tensor, **setting: float | str) -> list[dict]:
    """Return rows of scenes (N, 3, 48, 48) and maps (N, 13, h, w): concentrations, and the boxes' share of the area."""
    values: dict[str, list[float]] = {"object": [], "colour": [], "ground": []}
    areas = []
    for caption, scene, word_maps in zip(captions, x, found, strict=True):
        box = object_box(scene)
        if box is None:
            continue
        areas.append(box.width * box.height / COLOUR_SIDE**2)
        for word, each in zip(caption.words, word_maps):
            if kind := kind_of_word(word):
                values[kind].append(concentration(each, box))
    named = [("concentration", kind, each) for kind, each in values.items()] + [("box_share", "object", areas)]
    return [mean_row(name, torch.tensor(each), word=kind, **setting) for name, kind, each in named if len(each) > 1]
