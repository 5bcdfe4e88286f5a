"""Small VAEs with the names of the large ones, and small runs that are recorded in a moment."""

from pathlib import Path
from unittest.mock import patch

from explorer import data
from explorer.data import shapes
from explorer.measures import disentangling, vae_runs
from explorer.networks import checkpoints
from explorer.networks.card import row
from tests import tiny_nets

SMALL = tiny_nets.VAES["vae-mnist"]
RUNS = [
    {"run": "plain"},
    {"run": "free", "free_nats": 0.5},
    {"run": "reach-1"},
    {"run": "reach-7", "reach": 7},
]
RECIPE = {
    "family": "vae-runs",
    "dataset": "mnist",
    "model": {"latent": 4, "hidden": 8, "reach": 1},
    "training": {"seed": 0, "images": 64, "epochs": 2, "batch_size": 16}
    | {"learning_rate": 0.01, "weight_decay": 0.0, "clip_norm": 50.0},
    "runs": RUNS,
}

SHAPES = {
    "family": "small-vae",
    "dataset": "shapes",
    "model": {"latent": 10, "hidden": 8, "reach": 1},
    "training": {"epochs": 1, "batch_size": 16} | {"learning_rate": 0.01, "weight_decay": 0.0, "clip_norm": 50.0},
    "seeds": {"0.5": 1, "1": 2, "4": 2},
}


def write_runs(folder: Path) -> dict:
    """Train and record small runs on bundled images, and write their card."""
    checkpoints.write_json(folder / "config.json", RECIPE)
    small = {"TESTED": 20, "BOUNDED": 4}
    with (
        patch.object(data, "load", lambda dataset, split: data.bundled_images(dataset)),
        patch.multiple(vae_runs, **small),
    ):
        card = vae_runs.record(RECIPE, folder) | {"command": "x", "date": "2026-01-02", "torch": "2"}
    checkpoints.write_json(folder / "card.json", card)
    return card


def write_shapes(folder: Path) -> dict:
    """Train small networks of a few shapes, and write their card."""
    checkpoints.write_json(folder / "config.json", SHAPES)
    few = {"SIZES": {"train": 64, "held-out": 16}, "LEVELS": dict.fromkeys(shapes.LEVELS, 2) | {"kind": 3}}
    with patch.multiple(shapes, **few), patch.object(disentangling, "TURNS", 2):
        disentangling.grid.cache_clear()
        disentangling.read.cache_clear()
        card = disentangling.record(SHAPES, folder) | {"command": "x", "date": "2026-01-02", "torch": "2"}
    disentangling.grid.cache_clear()
    disentangling.read.cache_clear()
    checkpoints.write_json(folder / "card.json", card)
    return card


def write(folder: Path) -> Path:
    """Write small networks whose cards have the KL of every latent, the runs, and the networks of shapes."""
    made = {"command": "x", "date": "2026-01-02", "torch": "2"}
    tiny_nets.write(folder, {f"vae-{dataset}": SMALL for dataset in data.CLASSES}, jitter=0.2)
    for dataset in data.CLASSES:
        path = folder / f"vae-{dataset}" / "card.json"
        kl = [row("kl", 2 - rank / 16, "exact", unit="nats", latent=(5 * rank) % 32) for rank in range(32)]
        checkpoints.write_json(path, checkpoints.read_json(path) | made | {"rows": [*kl, row("active", 20, "exact")]})
    write_runs(folder / "vae-runs")
    write_shapes(folder / "vae-shapes")
    return folder
