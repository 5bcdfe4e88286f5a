"""Measures of a flow of images: bits/dim of dequantised levels, round trips, the typical set, anomalies."""

import io
import math
from pathlib import Path

import torch
from PIL import Image
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, mean_row
from explorer.measures.compare import PAGE_DRAWS, auroc
from explorer.measures.quality import Draw, in_parts
from explorer.models.image_flow import ImageFlow, on_lattice
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of
from explorer.spaces.images import PIXELS

FLOW_CHUNK = 100
ROUNDING_IMAGES = 1_000
ODD_IMAGES = 2_000
MIXED = 1_000
FLOW_SAMPLES, AT_ONCE = 1_000, 100
BITS = PIXELS * math.log(2)  # nats of one bit/dim


@torch.no_grad()
def bounds(model: ImageFlow, split: data.Split, seed: int, *, labelled: bool = False) -> Tensor:
    """Draw the bound on log P of each image's levels once, in nats: (N,) in float64."""
    generator, device = torch.Generator().manual_seed(seed), device_of(model)
    found = []
    for start in track(range(0, len(split), FLOW_CHUNK), "bound"):
        part = split[start : start + FLOW_CHUNK]
        label = part.labels.to(device) if labelled else None
        found.append(model.elbo(part.pixels().to(device), generator=generator, label=label))
    return torch.cat(found).double().cpu()


def objectives(model: ImageFlow, held_out: data.Split, training: dict) -> list[float]:
    """Return minus the bound on log P of the first held-out images' levels, in nats, without a label."""
    return [-float(bounds(model, held_out[:ROUNDING_IMAGES], seed=0).mean())]


def figures(model: ImageFlow, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card of a flow of images, on the whole test split."""
    test = load(dataset, "test")
    rows = [
        mean_row("bits_per_dim", -bounds(model, test, seed) / BITS, "bound", unit="bits/dim", seed=seed),
        mean_row(
            *("bits_per_dim", -bounds(model, test, seed, labelled=True) / BITS, "bound"),
            **{"unit": "bits/dim", "seed": seed, "given": "label"},
        ),
    ]
    return {"rows": rows + typical(model, test, seed)}


@torch.no_grad()
def round_trip(model: ImageFlow, dataset: str, load: Load, seed: int) -> dict:
    """Measure the largest error of decode(encode(x)) over the test split, x and z in float32, in units of x."""
    generator, worst = torch.Generator().manual_seed(seed), 0.0
    for part in track(load(dataset, "test").pixels().split(FLOW_CHUNK), "round trip"):
        x = model.dequantise(part.to(device_of(model)), generator)
        worst = max(worst, float((model.decode(model.encode(x)) - x).abs().max()))
    return {"rows": [row("round_trip", worst, "exact", seed=seed)]}


@torch.no_grad()
def typical(model: ImageFlow, split: data.Split, seed: int) -> list[dict]:
    r"""Measure ‖z‖² of images, which is χ² with 784 degrees of freedom for noise; and the mode of the noise, z = 0.

    The rows `mode` and `samples` hold minus the log-density of the decoded z = 0 and of decoded draws, in bits/dim.
    """
    generator, device = torch.Generator().manual_seed(seed), device_of(model)
    lengths = []
    for part in track(split.pixels().split(FLOW_CHUNK), "z"):
        z = model.encode(model.dequantise(part.to(device), generator))
        lengths.append(z.flatten(1).square().sum(-1))
    squared = torch.cat(lengths).double().cpu()
    mode = model.decode(torch.zeros(1, *model.space.shape, device=device))
    drawn = [model.decode(model.noise(AT_ONCE, generator)) for _ in range(FLOW_SAMPLES // AT_ONCE)]
    return [
        mean_row("squared_length", squared, seed=seed, of="images"),
        row("squared_length_sd", float(squared.std()), n=len(squared), seed=seed, of="images"),
        row("squared_length", PIXELS, "exact", of="noise"),
        row("squared_length_sd", math.sqrt(2 * PIXELS), "exact", of="noise"),
        row("density_bits_per_dim", float(bits_per_dim(model, mode)), "exact", unit="bits/dim", of="mode"),
        mean_row(
            *("density_bits_per_dim", torch.cat([bits_per_dim(model, x) for x in drawn])),
            **{"unit": "bits/dim", "seed": seed, "of": "samples"},
        ),
    ]


def bits_per_dim(model: ImageFlow, x: Tensor) -> Tensor:
    """Return −log₂ of the density of continuous images per level and pixel: (B, 1, 28, 28) to (B,)."""
    return -(model.log_prob(x) - PIXELS * math.log(256)) / BITS


def anomaly(model: ImageFlow, dataset: str, load: Load, seed: int) -> dict:
    r"""Measure the AUROC of the other data set and of a blank page against own test images, by four scores.

    `raw` is minus the bound. `typicality` is its distance from the mean over held-out images (Nalisnick et al. 2019,
    1906.02994, for one image). `length` is the distance of ‖z‖² from 784. `complexity` is minus the bound minus the
    size of the image as PNG (Serrà et al. 2020, 1909.11480). Bound and PNG size are in nats. The one blank page is
    drawn `PAGE_DRAWS` times.
    """
    other = data.DATASETS[dataset].others
    usual = float(-bounds(model, load(dataset, "held-out")[:ODD_IMAGES], seed).mean())
    sets = {name: load(name, "test")[:ODD_IMAGES] for name in (dataset, other)}
    pages = torch.zeros(PAGE_DRAWS, *model.space.shape, dtype=torch.uint8)
    sets["blank"] = data.Split(pages, torch.zeros(PAGE_DRAWS, dtype=torch.long))
    scores = {name: _scores(model, split, usual, seed) for name, split in sets.items()}
    rows = []
    for by, own in scores[dataset].items():
        report = {"n": ODD_IMAGES, "seed": seed, "by": by}
        rows.append(row("auroc", **_auroc(own, scores[other][by]), **report))
        rows.append(row("auroc", **_auroc(own, scores["blank"][by]), **report, of="blank"))
    bits = {name: each["raw"] / BITS for name, each in scores.items()}
    return {"rows": rows + [mean_row("bits_per_dim", bits[name], "bound", unit="bits/dim", of=name) for name in bits]}


def _auroc(own: Tensor, other: Tensor) -> dict[str, float]:
    found = auroc(own, other)
    return {"value": found["auroc"], "se": found["se"]}


@torch.no_grad()
def _scores(model: ImageFlow, split: data.Split, usual: float, seed: int) -> dict[str, Tensor]:
    raw = -bounds(model, split, seed)
    generator = torch.Generator().manual_seed(seed)
    parts = (model.dequantise(part.to(device_of(model)), generator) for part in split.pixels().split(FLOW_CHUNK))
    squared = torch.cat([model.encode(part).flatten(1).square().sum(-1) for part in parts]).double().cpu()
    return {
        "raw": raw,
        "typicality": (raw - usual).abs(),
        "length": (squared - PIXELS).abs(),
        "complexity": raw - torch.tensor([png_nats(image) for image in split.images], dtype=torch.float64),
    }


def png_nats(image: Tensor) -> float:
    """Return the size of an image of bytes (1, 28, 28) as PNG, in nats."""
    file = io.BytesIO()
    Image.fromarray(image[0].numpy()).save(file, "png", optimize=True)
    return 8 * len(file.getvalue()) * math.log(2)


@torch.no_grad()
def measure_mixing(model: ImageFlow, dataset: str, load: Load, seed: int) -> dict:
    """Measure the predicted class for the coarse z of one image combined with the fine z of another class.

    `coarse_seen` is the share classified as the class of the first image, `fine_seen` as that of the second. `pixels`
    is the number of pixels whose z comes from the first. Pairs are neighbours among the first test images.
    """
    test, generator, device = load(dataset, "test")[:MIXED], torch.Generator().manual_seed(seed), device_of(model)
    classifier = checkpoints.load(f"classifier-{dataset}").to(device)
    parts = (model.dequantise(part.to(device), generator) for part in track(test.pixels().split(FLOW_CHUNK), "mixed z"))
    coarse = torch.cat([model.encode(part) for part in parts])
    fine, label = coarse.roll(1, 0), test.labels.to(device)
    other, pairs = label.roll(1), label != label.roll(1)
    found = []
    for stride in (16, 8, 4, 2):
        kept = on_lattice(stride).to(device)
        drawn = [
            model.to_space(model.decode(part), 0) for part in torch.where(kept, coarse, fine)[pairs].split(FLOW_CHUNK)
        ]
        seen = torch.cat([classifier(part).argmax(-1) for part in drawn])
        for name, wanted in (("coarse_seen", label), ("fine_seen", other)):
            shares = (seen == wanted[pairs]).double().cpu()
            found.append(mean_row(name, shares, seed=seed, pixels=int(kept.sum())))
    return {"rows": found}


PARTS = {"round_trip": round_trip, "anomaly": anomaly, "mixed": measure_mixing}


def samplers(model: ImageFlow) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator, label=label)

    return {"temperature 1": in_parts(draw, AT_ONCE, "temperature 1")}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    found = find(card, "bits_per_dim")
    return f"{found['value']:.4f} ± {found['se']:.4f} bits/dim"
