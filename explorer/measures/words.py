"""Measures of the networks that draw from words: how often a scene has what its words ask for, by the judge.

Captions are seen ones, and unseen ones of each grade (`word_reading`). At other guidances there are fewer of them. The
card also has parts: whose colour is whose in scenes of two objects; how often the network reads a word of a test scene
(`word_bayes`); and, for a diffusion, where its attention to a word lies (`word_maps`). What was measured once is kept
(`word_drawing`), so a stopped evaluation goes on.
"""

from pathlib import Path

import torch
from rich.progress import track

from explorer.data import Scenes
from explorer.measures import word_bayes, word_maps
from explorer.measures.common import Load
from explorer.measures.word_drawing import DRAWN_AT_ONCE, Drawer, own_guidance
from explorer.measures.word_reading import (
    BINDING_PROMPTS,
    FEWER_PROMPTS,
    PROMPT_KINDS,
    bindings,
    faithfulness,
    prompts_of,
)
from explorer.networks import checkpoints
from explorer.networks.card import Card, find
from explorer.running.device import device_of

SCENE_JUDGE = "judge-scenes"
WORD_GUIDANCES = (1.0, 2.0, 4.0, 8.0)
ROUNDING_SCENES = 500
MAP_PROMPTS = 100


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


def figures(model: Drawer, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure every attribute of every kind of captions at the network's own guidance."""
    judge, guidance = checkpoints.load(SCENE_JUDGE), own_guidance(model)
    cells = track(PROMPT_KINDS.items(), description=f"{len(PROMPT_KINDS)} kinds of captions")
    rows = [faithfulness(model, judge, kind, prompts_of(key), guidance, seed) for key, kind in cells]
    return {"rows": sum(rows, [])}


def other_guidances(model: Drawer, dataset: str, load: Load, seed: int) -> dict:
    """Measure every attribute of fewer captions of every kind at other guidances."""
    judge = checkpoints.load(SCENE_JUDGE)
    cells = [(kind, each) for each in WORD_GUIDANCES if each != own_guidance(model) for kind in PROMPT_KINDS.values()]
    tracked = track(cells, description=f"{len(cells)} cells at other guidances")
    rows = [faithfulness(model, judge, kind, FEWER_PROMPTS, guidance, seed) for kind, guidance in tracked]
    return {"rows": sum(rows, [])}


def colour_bindings(model: Drawer, dataset: str, load: Load, seed: int) -> dict:
    """Measure whose colour is whose in scenes of two objects in two colours."""
    return {"rows": bindings(model, checkpoints.load(SCENE_JUDGE), BINDING_PROMPTS, own_guidance(model), seed)}


def attention_maps(model: Drawer, dataset: str, load: Load, seed: int) -> dict:
    """Measure where the attention to words lies, if the network is a diffusion."""
    return {"rows": word_maps.maps(model, MAP_PROMPTS, own_guidance(model), seed)}


def reads(model: Drawer, dataset: str, load: Load, seed: int) -> dict:
    """Measure how often a word of a test scene is read, by Bayes' rule or by the least error, if the network can."""
    return {"rows": word_bayes.readings_by_words(model, checkpoints.load(SCENE_JUDGE), seed)}


PARTS = {"guidances": other_guidances, "bindings": colour_bindings, "maps": attention_maps, "reads": reads}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    guidance = card["rows"][0]["guidance"]
    shares = [
        f"{find(card, 'all', captions='seen', phrases=phrases, guidance=guidance)['value']:.1%}" for phrases in (1, 2)
    ]
    return f"all attributes right in {shares[0]} of scenes with one phrase, in {shares[1]} with two"
