"""Pools of generated images as classifier features, recorded so that metrics can be computed many times at once.

`python -m explorer.pools` draws `POOL_IMAGES` images of each network of `DRAWN`, with the class proportions of the
bundled test images, and writes `explorer/bundled/features-DATASET.safetensors`. A feature has 256 levels, from 0 to its
maximum in the pool. The file names the weights that drew it, and those of the classifier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from explorer import data
from explorer.measures.common import in_chunks
from explorer.measures.quality import CHUNK, in_parts
from explorer.models.classifier import Classifier
from explorer.networks import checkpoints

POOL_IMAGES = 4_000  # images of each network
POOL_SEED = 0
LEVELS_OF_FEATURE = 255
CLASSIFIER = "classifier"
DRAWN: Mapping[str, Mapping[str, Any]] = {
    "gan": {},
    "stylegan": {},
    "latent-diffusion": {"steps": 10},
}
"""Families with grey pixels that draw with few evaluations, and how each draws."""


@dataclass(frozen=True)
class Pool:
    """Images as the classifier sees them.

    Arguments:
        features: Features (N, F).
        logits: Logits (N, classes).
    """

    features: Tensor
    logits: Tensor


def pool_file(dataset: str) -> Path:
    """Return the file of the pools of a data set."""
    return data.BUNDLED / f"features-{dataset}.safetensors"


def drawn_features(dataset: str, family: str, n: int = POOL_IMAGES) -> Tensor:
    """Draw images by a network and return their features, in double precision: (n, F).

    The first features are the same for every n that is a multiple of `CHUNK`.
    """
    model, classifier = (checkpoints.load(f"{name}-{dataset}") for name in (family, CLASSIFIER))
    labels = data.bundled_images(dataset).labels.repeat(-(-n // data.SAMPLE))[:n]

    def draw(count: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        given = {"label": label} if getattr(model, "classes", 0) else {}
        return model.sample(count, generator=generator, **given, **DRAWN[family])

    with torch.no_grad():
        x = in_parts(draw, CHUNK, f"{family}-{dataset}")(n, torch.Generator().manual_seed(POOL_SEED), labels)
        return in_chunks(x, classifier.features, CHUNK)[0].double()


def quantised(features: Tensor) -> tuple[Tensor, Tensor]:
    """Return features (N, F) as bytes of `LEVELS_OF_FEATURE` steps, and the maximum of each feature: (F,)."""
    scale = features.amax(0).clamp(min=1e-12).float()
    return (features / scale * LEVELS_OF_FEATURE).round().to(torch.uint8), scale


def restored(levels: Tensor, scale: Tensor) -> Tensor:
    """Return features from bytes (N, F) and the maximum of each feature (F,), in double precision: (N, F)."""
    return levels.double() / LEVELS_OF_FEATURE * scale.double()


def record(dataset: str, families: list[str]) -> None:
    """Draw the pools of some families anew, and write them beside the others."""
    drawn = {family: quantised(drawn_features(dataset, family)) for family in families}
    kept, weights = _read(dataset) if pool_file(dataset).exists() else ({}, {})
    for family, (levels, scale) in drawn.items():
        kept[family], kept[f"{family}.scale"] = levels, scale
        weights[family] = weights_of(dataset, family)
    save_file({name: each.contiguous() for name, each in kept.items()}, pool_file(dataset), metadata=weights)


def recorded_pool(dataset: str, family: str) -> Pool:
    """Return the recorded pool of a network.

    Raises:
        DataError: If it is missing, damaged, or of other weights.
    """
    try:
        found, weights = _read(dataset)
        features = restored(found[family], found[f"{family}.scale"])
    except (OSError, KeyError, SafetensorError) as error:
        raise data.DataError(f"{pool_file(dataset).name} lacks {family} ({error}): restore it") from error
    if weights[family] != weights_of(dataset, family):
        raise data.DataError(f"{pool_file(dataset).name} is of other weights: run python -m explorer.pools")
    return pool_of(dataset, features)


@torch.no_grad()
def pool_of(dataset: str, features: Tensor) -> Pool:
    """Return features (N, F) with the logits that the classifier computes from them."""
    classifier: Classifier = checkpoints.load(f"{CLASSIFIER}-{dataset}")
    head = classifier.head
    return Pool(features, (features.to(head.weight) @ head.weight.T + head.bias).double().cpu())


def weights_of(dataset: str, family: str) -> str:
    """Return the sha256 of the weights of a network and of the classifier, from their cards."""
    return " ".join(checkpoints.card_of(f"{name}-{dataset}")["sha256"] for name in (family, CLASSIFIER))


def _read(dataset: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    with safe_open(pool_file(dataset), "pt") as file:
        names = file.keys()
        return {name: file.get_tensor(name) for name in names}, dict(file.metadata())
