"""Metrics of damaged sets of real images: the matrix of which notices what, and their figures for few images.

There are no weights: the classifier of the data set judges real images. The figures of a set of N images are compared
with the *floor*, those of two sets of real images. In the record, a metric notices a set if its figure is worse than
the floor by more than two standard deviations of the floor. It is fooled if the figure is better by as much, and else
blind. A cell's word needs most of its sets. For one set alone the limit has the floor's own error, too (`limit_of`),
and a sentence on all metrics is asked once for each of them.

The results of a run are kept in `runs/`, so an interrupted measurement can continue.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import torch
from rich.progress import track
from torch import Tensor

from explorer import data, verdicts
from explorer.measures import damages
from explorer.measures.common import in_chunks, load_or_measure, measured_mean
from explorer.measures.damages import DAMAGES, Sets
from explorer.measures.intervals import wilson
from explorer.measures.metrics import (
    class_distance,
    density_coverage,
    frechet,
    inception_score,
    kernel_distance,
    nearest_distance,
    precision_recall,
)
from explorer.models.classifier import Classifier
from explorer.networks import checkpoints
from explorer.networks.card import Card, row
from explorer.running.device import device_of
from explorer.running.pauses import pause, pausing

CHUNK = 50  # fits the cache of a processor
LAB_LIMIT = 2  # of the floor's standard deviations, in the record
RUNS_APART = True
Figures = dict[str, float]


@dataclass(frozen=True)
class Metric:
    """Metric of a set.

    Arguments:
        title: Displayed name.
        short: Name at the head of a column.
        better: Whether low or high figures are better; "same" if both ways of leaving the floor are worse.
    """

    title: str
    short: str
    better: Literal["low", "high", "same"]


METRICS = {
    "frechet": Metric("Fréchet distance", "Fréchet", "low"),
    "kernel": Metric("Kernel distance", "Kernel", "low"),
    "inception": Metric("Inception score", "Inception", "high"),
    "precision": Metric("Precision", "Precision", "high"),
    "recall": Metric("Recall", "Recall", "high"),
    "density": Metric("Density", "Density", "high"),
    "coverage": Metric("Coverage", "Coverage", "high"),
    "nearest": Metric("Nearest training image", "Nearest", "same"),
    "classes": Metric("Class shares", "Classes", "low"),
}


@dataclass(frozen=True)
class Seen:
    """Images with what a classifier outputs for them.

    Arguments:
        x: Images (N, 1, 28, 28).
        features: Features (N, F).
        logits: Logits (N, classes).
    """

    x: Tensor
    features: Tensor
    logits: Tensor

    def __getitem__(self, chosen: Tensor) -> "Seen":
        return Seen(self.x[chosen], self.features[chosen], self.logits[chosen])

    @property
    def labels(self) -> Tensor:
        """Predicted classes (N,)."""
        return self.logits.argmax(-1)


def classify(classifier: Classifier, x: Tensor) -> Seen:
    """Evaluate a classifier for images (N, 1, 28, 28)."""

    @torch.no_grad()
    def look(part: Tensor) -> tuple[Tensor, Tensor]:
        features = classifier.features(part.to(device_of(classifier)))
        return features, classifier.head(features)

    return Seen(x, *in_chunks(x, look, CHUNK))


def figures(real: Seen, made: Seen) -> Figures:
    """Measure a set against the reference set, by each of `METRICS`."""
    found = {"frechet": frechet(real.features, made.features)}
    pause()
    found["kernel"] = kernel_distance(real.features, made.features)
    found["inception"] = inception_score(made.logits)
    found["precision"], found["recall"] = precision_recall(real.features, made.features)
    pause()
    found["density"], found["coverage"] = density_coverage(real.features, made.features)
    found["nearest"] = float(nearest_distance(real.x, made.x).mean())
    found["classes"] = class_distance(real.labels, made.labels, real.logits.shape[1])
    pause()
    return found


def pairs_of(everything: int, n: int, count: int, generator: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the indices of `count` pairs of disjoint random sets, (n,) each, with a pause after each pair."""
    for _ in pausing(range(count)):
        order = torch.randperm(everything, generator=generator)
        yield order[:n], order[n : 2 * n]


def floors(everything: Seen, n: int, count: int, seed: int) -> dict[str, Tensor]:
    """Measure pairs of disjoint random sets of n real images each: (count,) figures of each metric."""
    pairs = pairs_of(len(everything.x), n, count, torch.Generator().manual_seed(seed))
    found = [figures(everything[one], everything[other]) for one, other in pairs]
    return {name: torch.tensor([each[name] for each in found], dtype=torch.double) for name in METRICS}


def mean_and_sd(values: Tensor) -> tuple[float, float]:
    """Return the mean and the standard deviation of figures (K,)."""
    return float(values.mean()), float(values.std())


def worse_by(name: str, value: float, floor: tuple[float, float], metrics: Mapping[str, Metric] = METRICS) -> float:
    """Return by how many standard deviations a figure is worse than its floor; negative if it is better.

    `floor` is the floor's mean and standard deviation.
    """
    mean, deviation = floor
    away = (value - mean) / max(deviation, 1e-9)
    return {"low": away, "high": -away, "same": abs(away)}[metrics[name].better]


def limit_of(floors: int, metrics: int = 1) -> float:
    """Return how many standard deviations of a floor a real set exceeds in 5 % of cases, by any of some metrics.

    `floors` is the number of pairs of real sets that the floor was measured by.
    """
    return verdicts.critical(floors - 1, metrics) * math.sqrt(1 + 1 / floors)


def judgements(
    found: Figures,
    floor: Mapping[str, tuple[float, float]],
    metrics: Mapping[str, Metric] = METRICS,
    limit: float = LAB_LIMIT,
) -> list[dict[str, Any]]:
    """Return each figure with its floor, by how much it is worse, and whether the metric notices that."""
    items = []
    for name, value in found.items():
        mean, deviation = floor[name]
        worse = worse_by(name, value, floor[name], metrics)
        word = "notices" if worse > limit else "fooled" if worse < -limit else "blind"
        items.append(
            {"name": name, "value": value, "floor": mean, "deviation": deviation, "worse": worse, "verdict": word}
        )
    return items


def verdict(noticed: float, fooled: float, n: int) -> str:
    """Return what a metric did with n damaged sets, by the intervals of both shares: the word of a cell."""
    for word, share in (("notices", noticed), ("fooled", fooled)):
        if wilson(share * n, n)[0] > 0.5:
            return word
    return "blind" if wilson(noticed * n, n)[1] < 0.5 and wilson(fooled * n, n)[1] < 0.5 else "at times"


def record(recipe: dict, folder: Path, only: Sequence[str] | None = None) -> dict:
    """Measure the runs that are missing, or those of these names only; return the figures of all that are kept.

    Raises:
        CheckpointError: If there is no run of such a name.
    """
    every = {run["run"]: run for run in runs(recipe)}
    if unknown := set(only or ()) - every.keys():
        raise checkpoints.CheckpointError(f"there is no run {sorted(unknown)[0]!r}, only {', '.join(every)}")
    rows = []
    for name, run in every.items():
        path = folder / "runs" / f"{name}.json"
        if only is None or name in only or path.exists():
            rows += load_or_measure(run, path, lambda run=run: {"rows": MEASURED[run["part"]](run)})["rows"]
    return {"rows": rows}


def runs(recipe: dict) -> Iterator[dict]:
    """Yield the runs of a recipe: the floor, each damage, and the sizes, of each data set."""
    for dataset in recipe["datasets"]:
        same = {"dataset": dataset, "seed": recipe["seed"]}
        yield same | {"run": f"floor-{dataset}", "part": "floor"} | recipe["matrix"]
        for damage in DAMAGES:
            yield same | {"run": f"{damage}-{dataset}", "part": "damage", "damage": damage} | recipe["matrix"]
        yield same | {"run": f"sizes-{dataset}", "part": "sizes"} | recipe["sizes"]


@cache
def classify_test_set(dataset: str) -> tuple[Classifier, Seen, Tensor]:
    """Return the classifier of a data set, and the test images as it sees them, with their labels (M,)."""
    classifier, test = checkpoints.load(f"classifier-{dataset}"), data.load(dataset, "test")
    return classifier, classify(classifier, test.pixels()), test.labels


@cache
def floor_of(dataset: str, n: int, count: int, seed: int) -> dict[str, Tensor]:
    """Return the floors of the test images of a data set: (count,) figures of each metric."""
    return floors(classify_test_set(dataset)[1], n, count, seed)


def measure_floor(run: Mapping) -> list[dict]:
    """Measure the mean and the standard deviation of each floor."""
    found = floor_of(run["dataset"], run["n"], run["floors"], run["seed"])
    of = {"seed": run["seed"], "dataset": run["dataset"], "images": run["n"]}
    return [
        each
        for name, values in found.items()
        for each in (
            row("floor", **measured_mean(values), metric=name, **of),
            row("floor_sd", float(values.std()), n=len(values), metric=name, **of),
        )
    ]


def measure_damage(run: Mapping) -> list[dict]:
    """Measure how a damage changes each metric at each strength, on several random sets."""
    classifier, everything, labels = classify_test_set(run["dataset"])
    floor = floor_of(run["dataset"], run["n"], run["floors"], run["seed"])
    rows = []
    for strength in run["strengths"]:
        found = []
        for seed in track(range(run["sets"]), f"{run['run']} {strength}"):
            sets = damages.split(everything.x, labels, run["n"], torch.Generator().manual_seed(seed))
            found.append(
                figures(everything[sets.real], classify_damaged(classifier, everything, sets, run, strength, seed))
            )
        rows += cells(found, floor, {"seed": run["seed"], "damage": run["damage"], "strength": strength})
    return [each | {"dataset": run["dataset"]} for each in rows]


def classify_damaged(
    classifier: Classifier, everything: Seen, sets: Sets, run: Mapping, strength: float, seed: int
) -> Seen:
    """Return a damaged set as the classifier sees it; it is not asked again about images that stay as they are."""
    damage = DAMAGES[run["damage"]]
    chosen = damage.indices(sets, strength, seed)
    x = damage.apply(sets.images[chosen], strength, seed)
    return everything[chosen] if x.equal(sets.images[chosen]) else classify(classifier, x)


def cells(found: Sequence[Figures], floor: Mapping[str, Tensor], of: Mapping) -> list[dict]:
    """Return three rows for each metric: how much worse than its floor, and the shares of sets noticed and fooled.

    Shapes: `floor` holds figures (K,) of each metric.
    """
    rows = []
    for name in METRICS:
        worse = torch.tensor(
            [worse_by(name, each[name], mean_and_sd(floor[name])) for each in found], dtype=torch.double
        )
        rows.append(row("worse_by", **measured_mean(worse), metric=name, **of))
        for word, hit in (("noticed", worse > LAB_LIMIT), ("fooled", worse < -LAB_LIMIT)):
            rows.append(row(word, float(hit.double().mean()), n=len(hit), metric=name, **of))
    return rows


def measure_sizes(run: Mapping) -> list[dict]:
    """Measure each metric of sets of several sizes: two sets of training images, the second as it is or damaged."""
    classifier, train = checkpoints.load(f"classifier-{run['dataset']}"), data.load(run["dataset"], "train")
    x = train[: run["pool"]].pixels()
    blurred = DAMAGES[run["damage"]].apply(x, run["strength"], run["seed"])
    kinds = {"real": classify(classifier, x), run["damage"]: classify(classifier, blurred)}
    found = by_size(kinds, run["counts"], run["repeats"], run["seed"])
    return [each | {"dataset": run["dataset"], "seed": run["seed"]} for each in found]


def by_size(kinds: Mapping[str, Seen], counts: Sequence[int], repeats: int, seed: int) -> list[dict]:
    """Measure random disjoint sets of several sizes: a set of the kind "real" against one of each kind."""
    generator, rows = torch.Generator().manual_seed(seed), []
    for n in counts:
        found: dict[str, list[Figures]] = {kind: [] for kind in kinds}
        for one, other in pairs_of(len(kinds["real"].x), n, repeats, generator):
            for kind, second in kinds.items():
                found[kind].append(figures(kinds["real"][one], second[other]))
        rows += [
            row("value", **measured_mean(torch.tensor([each[name] for each in of])), metric=name, images=n, set=kind)
            for kind, of in found.items()
            for name in METRICS
        ]
    return rows


MEASURED = {"floor": measure_floor, "damage": measure_damage, "sizes": measure_sizes}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    shares = {word: [each for each in card["rows"] if each["name"] == word] for word in ("noticed", "fooled")}
    words = [verdict(a["value"], b["value"], a["n"]) for a, b in zip(*shares.values(), strict=True)]
    return ", ".join(f"{words.count(word)} cells {word}" for word in ("notices", "blind", "fooled", "at times"))
