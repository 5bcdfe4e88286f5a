"""Server functions of the translations: paired, with several weights and answers, unpaired, and what permutes."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.measures.cyclegan import gap
from explorer.models.cyclegan import CycleGAN
from explorer.models.outline_diffusion import OutlineDiffusion
from explorer.models.pix2pix import Pix2Pix
from explorer.models.sources import outline, skeleton
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import rows
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Image, Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer
from explorer.tabs.translate import answers
from explorer.tabs.translate.fields import (
    DIFFUSION,
    GARMENTS,
    KINDS,
    SOURCES,
    TERMS,
    TRAINED,
    WEIGHTS,
    Direction,
    PairedNet,
    Term,
    UnpairedNet,
    Weight,
    dataset_of,
    net_with,
)

ANSWERS = 4  # of each network, for one outline
STEPS = 20  # of the diffusion


def source_of(picture: Image, kind: Any) -> tuple[Tensor, Tensor | None]:
    """Return the source of a picture, and the picture itself if it is a test image: (1, 1, 28, 28) each.

    A drawing is thinned, and stands for an outline or a skeleton as it is.
    """
    x = data.read(picture, LEVELS)
    return (skeleton(x), None) if picture[0] == "bits" else (kind(x), x)


@torch.no_grad()
def classify(dataset: str, x: Tensor) -> list[dict[str, Any]]:
    """Return for each image (n, 1, 28, 28) the class that the classifier predicts, its name, and its probability."""
    shares = checkpoints.load(f"classifier-{dataset}")(x).softmax(-1)
    names = data.CLASSES[dataset]
    return [
        {"label": label, "name": names[label], "share": round(share, 4)}
        for share, label in zip(*(each.tolist() for each in shares.max(-1)))
    ]


def figures(net: str, *wanted: str, **setting: str) -> Mapping[str, Any]:
    """Return recorded figures of a network by their names, without those that are not measured."""
    try:
        card = cards.of(net)
    except checkpoints.CheckpointError:
        return {}
    found = {name: [row for row in rows(card, name, **setting) if not {"label", "of"} & row.keys()] for name in wanted}
    return {name: {key: each[0].get(key) for key in ("value", "se", "n")} for name, each in found.items() if each}


@light
@torch.no_grad()
def translate_paired(net: PairedNet, picture: Picture, seed: Seed) -> Answer:
    """Translate a picture's source, and score the patches of the answer."""
    model: Pix2Pix = checkpoints.load(net)
    source, x = source_of(picture, model.source)
    source = source.to(device_of(model))
    made = model.sample(1, generator=rng(seed), source=source)
    dataset = dataset_of(net)
    found = {
        "source": LEVELS.encode(source),
        "made": LEVELS.encode(made),
        "patches": round_numbers(model.score(source, made).sigmoid().flatten()),
        "made_as": classify(dataset, made)[0],
        "measured": figures(net, "kept", "error"),
    }
    if x is not None:
        found |= {
            "real": LEVELS.encode(x),
            "real_as": classify(dataset, x)[0],
            "difference": float((made - x).abs().mean()),
        }
    return answers.paired_answer(found, SOURCES[net])


@light
@torch.no_grad()
def weights(picture: Picture, seed: Seed, l1: Weight) -> Answer:
    """Translate an outline by the networks of all weights λ, with the same noise."""
    source, x = source_of(picture, outline)
    models: Mapping[int, Pix2Pix] = {weight: checkpoints.load(net) for weight, net in WEIGHTS.items()}
    made = torch.cat([model.sample(1, generator=rng(seed), source=source) for model in models.values()])
    found = {
        "source": LEVELS.encode(source),
        "real": None if x is None else LEVELS.encode(x),
        "chosen": l1,
        "weights": list(models),
        "made": [LEVELS.encode(each) for each in made],
        "made_as": classify("fashion-mnist", made),
        "differences": None if x is None else round_numbers(gap(made, x)),
        "measured": [figures(net, "kept", "error", "frechet", "spread") for net in WEIGHTS.values()],
        "epochs": [len(cards.of(net)["training"]["losses"]) for net in WEIGHTS.values()],
    }
    return answers.weight(found)


@heavy
@torch.no_grad()
def many(picture: Picture, seed: Seed) -> Answer:
    """Draw several answers for one outline, by pix2pix with other dropout and by the diffusion with other noise."""
    source, x = source_of(picture, outline)
    one: Pix2Pix = checkpoints.load(GARMENTS)
    other: OutlineDiffusion = checkpoints.load(DIFFUSION)
    sources = source.expand(ANSWERS, -1, -1, -1)
    made = {
        "pix2pix": one.sample(ANSWERS, generator=rng(seed), source=sources),
        "diffusion": other.sample(ANSWERS, generator=rng(seed), source=sources, steps=STEPS),
    }
    found = {
        "source": LEVELS.encode(source),
        "real": None if x is None else LEVELS.encode(x),
        "steps": STEPS,
        "families": {
            name: {
                "made": [LEVELS.encode(each) for each in images],
                "made_as": classify("fashion-mnist", images),
                "spread": mean_difference(images),
                "measured": figures(net, "kept", "spread", "classes"),
            }
            for (name, images), net in zip(made.items(), (GARMENTS, DIFFUSION))
        },
    }
    return answers.many_answer(found)


def mean_difference(images: Tensor) -> float:
    """Return the mean absolute difference of two of the images (n, 1, 28, 28), over all pairs and pixels."""
    flat = images.flatten(1)
    return float(torch.nn.functional.pdist(flat, p=1).mean() / flat.shape[1])


@light
@torch.no_grad()
def translate_unpaired(net: UnpairedNet, picture: Picture, way: Direction) -> Answer:
    """Translate a digit there and back, by the networks trained with different terms of the loss.

    The digit is first converted to the source's kind, as the training images were. So the right answer is known.
    """
    back = way == "back"
    models: Mapping[str, CycleGAN] = {term: checkpoints.load(net_with(net, term)) for term in TRAINED[net]}
    to_source, to_target = models["cycle"].domains[:: -1 if back else 1]
    x = data.read(picture, LEVELS)
    source, target = to_source(x), to_target(x)
    found = {}
    for term, model in models.items():
        made, same = model.translate(source, back), model.translate(target, back)
        again = model.translate(made, not back)
        found[term] = {
            "made": LEVELS.encode(made),
            "again": LEVELS.encode(again),
            "same": LEVELS.encode(same),
            "made_as": classify("mnist", made)[0],
            "cycle": float(gap(again, source)),
            "identity": float(gap(same, target)),
            "difference": float(gap(made, target)),
            "measured": figures(net_with(net, term), "kept", "cycle", "identity", way=way),
        }
    answer = {
        "source": LEVELS.encode(source),
        "target": LEVELS.encode(target),
        "source_as": classify("mnist", source)[0],
        "terms": found,
    }
    return answers.unpaired_answer(answer, KINDS[net][:: -1 if back else 1])


@light
def permutes(net: UnpairedNet, way: Direction, term: Term) -> Answer:
    """Return the recorded share of each digit's translations that is classified as each digit."""
    try:
        matrix = cards.of(net_with(net, term)).get("matrix", {}).get(way)
    except checkpoints.CheckpointError:
        matrix = None
    kept = {each: figures(net_with(net, each), "kept", way=way) for each in TERMS}
    return answers.permutes({"matrix": matrix, "kept": {each: found.get("kept") for each, found in kept.items()}}, term)


SERVER_FUNCTIONS = [translate_paired, weights, many, translate_unpaired, permutes]
