"""Measures of a uniform diffusion of binary images: its bound with and without labels, and samples."""

from pathlib import Path

from explorer.measures.common import Load, mean_row
from explorer.measures.d3pm import PRECISION, binary, bounds, headline, objectives
from explorer.measures.quality import Draw, drawing
from explorer.models.uniform_d3pm import UNIFORM_STEPS, UniformD3PM
from explorer.running.device import device_of

__all__ = ["figures", "headline", "objectives", "samplers"]


def figures(model: UniformD3PM, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure the bound on −log p(x), and on −log p(x | y), of the test images."""
    test = load(dataset, "test")
    x, labels = binary(test, model, seed), test.labels.to(device_of(model))
    of = {"kind": "bound", "unit": "nats", "seed": seed}
    return {
        "rows": [
            mean_row("nll", -bounds(model, x, seed), **of),
            mean_row("nll_label", -bounds(model, x, seed, labels), **of),
        ]
    }


def samplers(model: UniformD3PM) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""
    return {f"{UNIFORM_STEPS} steps": drawing(model, f"{UNIFORM_STEPS} steps", PRECISION, steps=UNIFORM_STEPS)}
