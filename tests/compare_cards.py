"""Small networks of every family whose cards hold figures that a test can find again in the comparison."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer.measures.quality import FLOOR
from explorer.networks import checkpoints
from explorer.networks.card import row
from tests.compare import DATASETS, write_nets
from tests.server import serve

UNMEASURED = "gan-fashion-mnist"
"""The one network whose card says nothing but how it was trained."""
AUROCS = {"beta-vae": 0.31, "pixelcnn": 0.99, "made": 0.72, "gan": 0.95, "flow": 0.96, "diffusion": 0.97}
"""Of the other data set; the blank page escapes every family."""
SECONDS = {"beta-vae": 0.1, "pixelcnn": 450.0, "made": 900.0, "gan": 0.2, "flow": 8.0, "diffusion": 80.0}
"""Milliseconds an image, that is."""
NLL = {"pixelcnn": 80.5, "made": 88.25}
EDGES = [float(10 * 1.2**step) for step in range(31)]


def odd(family: str, dataset: str) -> dict:
    """Anomaly scores of other images: all of the own in one bin, all of the others in another."""
    other = next(name for name in DATASETS if name != dataset)
    rows = {other: AUROCS[family], "noise": 1.0, "blank": 0.01, "rotated": 0.8, "inverted": 1.0}
    counts = [0] * 30
    return {
        "scale": "log",
        "edges": EDGES,
        "threshold": 400.0,
        "own": {"counts": [*counts[:9], 1000, *counts[10:]], "mean": 55.5, "n": 1000},
        "kinds": {
            name: {"counts": [*counts[:19], 1000, *counts[20:]], "mean": 350.5, "n": 1 if name == "blank" else 1000}
            | {"flagged": auroc / 2, "auroc": auroc, "se": 0.01}
            for name, auroc in rows.items()
        },
        "seed": 0,
    }


def figures(name: str, family: str, dataset: str) -> dict:
    """Content of a card beside the training."""
    place = list(AUROCS).index(family)
    made = {"date": "2026-01-02", "torch": "2", "device": "cpu"}
    runs = {"frechet": (4.6 + place, 5.4 + place), "precision": (0.7, 0.7), "recall": (0.5, 0.6), "entropy": (2.3, 2.3)}
    labelled = {"accuracy": (0.9 + place / 100,) * 2, "use": (0.8 + place / 100,) * 2}
    runs |= labelled if family not in ("beta-vae", "made") else {}
    floor = {"frechet": 2.0, "precision": 0.9, "recall": 0.88, "entropy": 2.3, "accuracy": 0.99, "use": 0.985}
    measured = [
        each
        for pixels in ("grey", "binarised")
        for each in (
            *(row(*figure, pixels=pixels, way=FLOOR) for figure in floor.items()),
            *(
                row(figure, value, seed=seed, pixels=pixels, way="a way")
                for figure, values in runs.items()
                for seed, value in enumerate(values)
            ),
        )
    ]
    quality = {"rows": measured, "n": 10_000, "seeds": [0, 1]}
    quality |= {"classifier": f"classifier-{dataset}", "precision": "float32"}
    sampling = {"n": 4, "steps": 3, "evaluations": 3, "milliseconds": SECONDS[family], "runs": 3}
    found = {
        "quality": quality | made | {"command": f"python -m explorer.evaluate {name} --quality"},
        "compare": {"odd": odd(family, dataset), "sampling": sampling, "threads": 2}
        | made
        | {"command": f"python -m explorer.evaluate {name} --compare"},
    }
    return found | ({"rows": [row("nll", NLL[family], "exact", se=0.2, n=10_000)]} if family in NLL else {})


def write(folder: Path) -> Path:
    """Write the networks, the real VAEs among them, and their cards."""
    write_nets(folder)
    for card in folder.glob("*/card.json"):
        name = card.parent.name
        config = checkpoints.read_json(card.parent / "config.json")
        if name != UNMEASURED:
            more = figures(name, config["family"], config["dataset"])
            checkpoints.write_json(card, checkpoints.read_json(card) | more)
    return folder


@contextmanager
def start(folder: Path) -> Iterator[str]:
    """The address of an app with these networks."""
    with serve(folder / "log.txt", timeout=400, EXPLORER_PRETRAINED=str(write(folder / "nets"))) as server:
        yield server.url
