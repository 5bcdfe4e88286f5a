"""The lab: sets of images are damaged on purpose, to see which metric notices it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.measures import damages, lab, metrics
from explorer.networks import card as cards
from explorer.numbers.trained import Card, Found
from explorer.stages.lab import LabStage
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.layout.fields import DATA, SEED
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.lab import damage, evidence, features, gaussians, marks, maths, matrix, power, sizes
from explorer.tabs.lab.damage import GENERATORS
from explorer.tabs.lab.exercises import EXERCISES
from explorer.tabs.lab.shared import IMAGES, LEVEL, RECORD

FOLDER = Path(__file__).parent
MODES = [damage.MODE, matrix.MODE, sizes.MODE, power.MODE, features.MODE, gaussians.MODE, marks.MODE]
CLASSIFIERS = {dataset: f"classifier-{dataset}" for dataset in data.CLASSES}


def net_value(dataset: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about the figures of one data set."""
    return {"title": data.TITLES[dataset], "dataset": dataset, "error": error}


def list_nets() -> list[Checkpoint]:
    """Return the recorded figures of each data set, which stand where other tabs have networks."""

    def read(name: str) -> Card:
        return cards.of(RECORD, {"rows": list})

    return [
        Checkpoint(dataset, data.TITLES[dataset], partial(net_value, dataset), partial(evidence.tables, dataset), read)
        for dataset in data.CLASSES
    ]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    return {
        "nets": {dataset: found.value for dataset, found in nets.items()},
        "bundled": SHEETS,
        "images": IMAGES,
        "limit": lab.LAB_LIMIT,
        "metrics": [each.title for each in lab.METRICS.values()],
        "damages": {key: each.title for key, each in damages.DAMAGES.items()},
        "generators": GENERATORS,
    }


TAB = Tab(
    name="lab",
    title="Lab",
    group="all",
    question="Which metric notices what is wrong with generated images?",
    opening=Opening({"strength": 0.6}, "strength", (0.6, 1, 0, 0.6)),
    folder=FOLDER,
    stage=LabStage,
    shown=list_nets,
    value=value,
    quotes=lambda nets: evidence.quotes({name: found.card for name, found in nets.items()}),
    whose="",
    formulas=(maths.show_frechet,),
    nets=[*CLASSIFIERS.values(), RECORD],
    short={"GAN": "generative adversarial network", "VAE": "variational autoencoder"},
    mechanism=Mechanism(
        [
            Part("Real images", "x", "damage", shows="x"),
            Part("Damage", "x → x′", "damage", "step"),
            Part("Features", "φ(x′)", "features", "network", lights=["damage", "sizes", "power"]),
            Part("Metric", "d(φ(x), φ(x′))", "matrix", lights=["damage", "sizes", "power", "gaussians"]),
            Part("Its log p(x)", "= ≤ ≈", "marks"),
        ]
    ),
    charts=(),
    **of_modes(
        MODES,
        [DATA, SEED, LEVEL],
        FOLDER,
        exercises=EXERCISES,
        code={
            "The metrics": [
                metrics.kernel_distance,
                metrics.precision_recall,
                metrics.density_coverage,
            ],
            "This page": [maths.frechet_of_two],
        },
    ),
)
