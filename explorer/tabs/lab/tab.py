"""The lab: sets of images are damaged on purpose, to see which metric notices it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.measures import damages, lab, metrics
from explorer.networks import card as cards
from explorer.stages.lab import LabStage
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.kit.numbers.trained import Card, Found
from explorer.tabs.lab import answers, evidence, features, marks, maths, server, slower
from explorer.tabs.lab.exercises import EXERCISES
from explorer.tabs.lab.fields import FIELDS, GENERATORS, IMAGES, MODES, RECORD
from explorer.tabs.lab.panels import PANELS

CLASSIFIERS = {dataset: f"classifier-{dataset}" for dataset in data.CLASSES}
CODE = {
    "Damage": [server.judge.plain, lab.figures, damages.blur, damages.drop, damages.imbalance],
    "Slower metrics": [slower.log_probs, slower.usefulness],
    "The metrics": [
        metrics.kernel_distance,
        metrics.precision_recall,
        metrics.density_coverage,
    ],
    "Which notices?": [lab.measure_damage, lab.worse_by, lab.verdict],
    "How many images?": [lab.measure_sizes],
    "Which features?": [features.features_of, features.flips],
    "Bound or estimate?": [marks.by_steps, marks.by_draws, marks.by_width, marks.Point.mark],
    "This page": [maths.frechet_of_two],
}
EQUAL = {"mean": [0, 0], "wide": 1.6, "narrow": 0.7, "turn": 0}
TRIES = {
    "gaussians": [
        ("Equal sets", EQUAL | {"shape": "gaussian"}),
        ("Another shape, distance 0", EQUAL | {"shape": "ring"}),
        ("Turned by 90°", EQUAL | {"turn": 90}),
        ("A shape that the kernel sees", EQUAL | {"shape": "uneven"}),
    ]
}


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
        "limit": lab.LIMIT,
        "metrics": [each.title for each in lab.METRICS.values()],
        "damages": {key: each.title for key, each in damages.DAMAGES.items()},
        "generators": GENERATORS,
        "heads": {"damage": answers.HEADS["damage"]},
    }


TAB = Tab(
    name="lab",
    title="Lab",
    group="all",
    question="Which metric notices what is wrong with generated images?",
    folder=Path(__file__).parent,
    stage=LabStage,
    fields=FIELDS,
    modes=MODES,
    shown=list_nets,
    value=value,
    quotes=lambda nets: evidence.quotes({name: found.card for name, found in nets.items()}),
    whose="",
    functions=server.SERVER_FUNCTIONS,
    formulas=(maths.show_frechet,),
    code=CODE,
    nets=[*CLASSIFIERS.values(), RECORD],
    short={"GAN": "generative adversarial network", "VAE": "variational autoencoder"},
    tries=TRIES,
    panels=PANELS,
    groups={"look": ["damage"], "test": ["matrix", "sizes", "features"], "understand": ["gaussians", "marks"]},
    mechanism=Mechanism(
        [
            Part("Real images", "x", "damage", shows="x"),
            Part("Damage", "x → x′", "damage", "step"),
            Part("Features", "φ(x′)", "features", "network", lights=["damage", "sizes"]),
            Part("Metric", "d(φ(x), φ(x′))", "matrix", lights=["damage", "sizes", "gaussians"]),
            Part("Its log p(x)", "= ≤ ≈", "marks"),
        ]
    ),
    charts=(),
    exercises=EXERCISES,
)
