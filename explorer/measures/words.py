"""Measures of the networks that draw from words: how often a scene has what its words ask for, by the judge.

Captions are seen ones, and unseen ones of each grade. The judge's accuracy on real scenes of the same captions is on
its own card, and the ceiling of these figures.
"""

from pathlib import Path

import torch
from torch import Tensor

from explorer.data import Scenes
from explorer.measures.common import Load
from explorer.measures.scene_judge import kinds_of_captions, readings, rows_of
from explorer.models.scene_judge import SceneJudge, answers
from explorer.models.words_diffusion import WordsDiffusion
from explorer.models.words_masked import WordsMasked
from explorer.models.words_tokens import WordsTokens
from explorer.networks import checkpoints
from explorer.networks.card import Card, find
from explorer.running.device import device_of

SCENE_JUDGE = "judge-scenes"
DRAWN_AT_ONCE = 100
PROMPTS = 1_000  # for each kind of captions
GUIDANCES = (1.0, 2.0, 4.0)
ROUNDING_SCENES = 500
Drawer = WordsDiffusion | WordsTokens | WordsMasked


def begin(model: Drawer, training: dict) -> None:
    """Attach the frozen autoencoder in whose latents or tokens the network draws."""
    model.attach(checkpoints.load(model.draws_in))


@torch.no_grad()
def objectives(model: Drawer, held_out: Scenes, training: dict) -> list[float]:
    """Return the training loss on held-out scenes with fixed noise."""
    split, generator, device = held_out[:ROUNDING_SCENES], torch.Generator().manual_seed(0), device_of(model)
    parts = zip(split.pixels().split(DRAWN_AT_ONCE), split.labels.split(DRAWN_AT_ONCE))
    losses = [model.training_loss(x.to(device), training, generator=generator, label=y.to(device)) for x, y in parts]
    return [float(torch.stack(losses).mean())]


@torch.no_grad()
def draw(model: Drawer, tokens: Tensor, guidance: float, seed: int) -> Tensor:
    """Draw a scene for each caption (N, 13): (N, 3, 48, 48) on the CPU, rounded to 256 levels."""
    generator = torch.Generator().manual_seed(seed)
    parts = [part.to(device_of(model)) for part in tokens.split(DRAWN_AT_ONCE)]
    drawn = [model.sample(len(part), generator=generator, tokens=part, guidance=guidance).cpu() for part in parts]
    return (255 * torch.cat(drawn)).round() / 255


def faithfulness(model: Drawer, judge: SceneJudge, n: int, guidances: tuple[float, ...], seed: int) -> list[dict]:
    """Measure each attribute of n scenes for each kind of captions and each guidance."""
    found = []
    for (kind, phrases), scenes in kinds_of_captions(n).items():
        tokens = scenes[:].labels
        for guidance in guidances:
            setting = {"captions": kind, "phrases": phrases, "guidance": guidance, "seed": seed}
            found += rows_of(readings(judge, draw(model, tokens, guidance, seed)), answers(tokens), **setting)
    return found


def figures(model: Drawer, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure how often drawn scenes have what their words ask for."""
    return {"rows": faithfulness(model, checkpoints.load(SCENE_JUDGE), PROMPTS, GUIDANCES, seed)}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    shares = [
        f"{find(card, 'all', captions='seen', phrases=phrases, guidance=GUIDANCES[-1])['value']:.1%}"
        for phrases in (1, 2)
    ]
    return f"all attributes right in {shares[0]} of scenes with one phrase, in {shares[1]} with two"
