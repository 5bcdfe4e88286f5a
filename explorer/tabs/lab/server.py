"""Server functions of the lab: a damaged set with its images, its metrics, and the recorded figures."""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from explorer.measures import lab
from explorer.measures.damages import DAMAGES
from explorer.measures.intervals import wilson
from explorer.measures.lab import METRICS, Seen, figures, judgements, limit_of, spread, verdict
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import rows
from explorer.running.pauses import pausing
from explorer.spaces import BINARY
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Parts, Seed
from explorer.tabs.kit.numbers.answer import Answer
from explorer.tabs.lab import answers, by_number
from explorer.tabs.lab import marks as marking
from explorer.tabs.lab.features import KINDS, rank_damages
from explorer.tabs.lab.fields import (
    DAMAGED,
    IMAGES,
    RECORD,
    STEP,
    Count,
    DamageOf,
    Dataset,
    KnobOf,
    Level,
    MetricOf,
    Number,
    Of,
    Strength,
)
from explorer.tabs.lab.sets import images_of, sets_of
from explorer.tabs.lab.slower import Labelled, slow_judgements

SHOWN = 30  # images of a set on the sheet
FLOORS = 20  # pairs of real sets, unless the floor is recorded
SIZES, REPEATS, BLURRED = (100, 200, 500, 1_000), 6, 0.25  # where no figures by size are recorded
CHUNK = 50  # images that are drawn together
STEPS = round(1 / STEP)


@lru_cache(maxsize=4)
def classifier_outputs(dataset: str, binary: bool) -> Seen:
    """Return the bundled test images as the classifier sees them."""
    return lab.classify(checkpoints.load(f"classifier-{dataset}"), images_of(dataset, binary))


@lru_cache(maxsize=4)
def floor_of(dataset: str, binary: bool) -> Mapping[str, tuple[float, float]]:
    """Return the mean and the standard deviation of each metric for two sets of real images: recorded, or measured."""
    with suppress(checkpoints.CheckpointError, KeyError):
        found = {(row["name"], row["metric"]): row["value"] for row in rows(record(), dataset=dataset, images=IMAGES)}
        if not binary:
            return {name: (found["floor", name], found["floor_sd", name]) for name in METRICS}
    measured = lab.floors(classifier_outputs(dataset, binary), IMAGES, FLOORS, seed=0)
    return {name: spread(values) for name, values in measured.items()}


def judge_by_floor(dataset: str, binary: bool, found: lab.Figures) -> list[dict[str, Any]]:
    """Return the judgements of one set by all metrics that are fast."""
    return judgements(found, floor_of(dataset, binary), limit=limit_of(floors_of(dataset, binary)))


def floors_of(dataset: str, binary: bool) -> int:
    """Return the number of pairs of real sets that the floor was measured by."""
    with suppress(checkpoints.CheckpointError):
        if not binary and (found := rows(record(), "floor_sd", dataset=dataset, images=IMAGES)):
            return found[0]["n"]
    return FLOORS


def record() -> cards.Card:
    """Return the recorded figures."""
    return cards.of(RECORD, {"rows": list})


@heavy
def sheet(data: Dataset, damage: DamageOf, seed: Seed) -> Answer:
    """Return the first images of a damaged set at each strength, from 0 to 1."""
    sets, how = sets_of(data, False, seed), DAMAGES[damage]
    frames = [how.damaged_set(sets, step / STEPS, seed)[:SHOWN] for step in pausing(range(STEPS + 1))]
    return Answer(view={"frames": to_bytes(torch.stack(frames)), "shown": SHOWN, "steps": STEPS})


@heavy
def judge(data: Dataset, of: Of, damage: DamageOf, strength: Strength, seed: Seed) -> Answer:
    """Measure a damaged set of test images, or a set that a network draws, against other test images."""
    binary, made = requested_set(data, of, damage, strength, seed)
    real = classifier_outputs(data, binary)[sets_of(data, binary, seed).real]
    made = made.x
    judged = lab.classify(checkpoints.load(f"classifier-{data}"), made)
    view = {"images": to_bytes(made[:SHOWN]), "classes": shares(judged.labels, real.logits.shape[1])}
    rows = judge_by_floor(data, binary, figures(real, judged))
    return Answer(view=view) | answers.judge_answer(rows, IMAGES, floors_of(data, binary))


@heavy
def slower(data: Dataset, of: Of, damage: DamageOf, strength: Strength, seed: Seed) -> Answer:
    """Measure the same set by all metrics, by those that take seconds, too: −log p, and a classifier trained on it."""
    binary, made = requested_set(data, of, damage, strength, seed)
    sets = sets_of(data, binary, seed)
    real, seen = Labelled(sets.images[sets.real], sets.labels[sets.real]), classifier_outputs(data, binary)[sets.real]
    found = figures(seen, lab.classify(checkpoints.load(f"classifier-{data}"), made.x))
    judged = [*judge_by_floor(data, binary, found), *slow_judgements(data, binary, made, real)]
    return answers.judge_answer(judged, IMAGES, floors_of(data, binary))


def requested_set(dataset: str, of: str, damage: str, strength: float, seed: int) -> tuple[bool, Labelled]:
    """Return whether pixels are binary, and a damaged set of real images or one that a network draws."""
    if of != DAMAGED:
        return draw_set(dataset, of, seed)
    sets, how = sets_of(dataset, False, seed), DAMAGES[damage]
    return False, Labelled(how.damaged_set(sets, strength, seed), sets.labels[how.indices(sets, strength, seed)])


@lru_cache(maxsize=4)
def draw_set(dataset: str, family: str, seed: int) -> tuple[bool, Labelled]:
    """Return whether a network's pixels are binary, and a set that it draws, of 500 images.

    A conditional network is asked for the classes of the real set. Otherwise the classifier says what it drew.
    """
    model = checkpoints.load(f"{family}-{dataset}")
    binary = model.space == BINARY
    sets, generator = sets_of(dataset, binary, seed), rng(seed)
    labels = sets.labels[sets.fresh].split(CHUNK)
    conditional = bool(getattr(model, "classes", 0))
    parts = [
        model.sample(len(part), generator=generator, **({"label": part} if conditional else {}))
        for part in pausing(labels)
    ]
    x = torch.cat(parts).float()
    if not conditional:
        labels = lab.classify(checkpoints.load(f"classifier-{dataset}"), x).labels
    return binary, Labelled(x, sets.labels[sets.fresh] if conditional else labels)


def shares(labels: Tensor, classes: int) -> list[float]:
    """Return the share of each class in labels (N,)."""
    return [round(count / len(labels), 4) for count in labels.bincount(minlength=classes).tolist()]


@light
def matrix(data: Dataset, level: Level) -> Answer:
    """Return what each metric did with each damage of one strength, as recorded on several sets."""
    found = rows(record(), dataset=data, strength=level / 100)
    by = {(row["damage"], row["metric"], row["name"]): row for row in found}
    measured = [damage for damage in DAMAGES if any(row["damage"] == damage for row in found)]
    return answers.matrix([cell(by, damage, metric) for damage in measured for metric in METRICS], data, level)


def cell(by: dict[tuple[str, str, str], cards.Row], damage: str, metric: str) -> Mapping[str, Any]:
    """Return one cell of the matrix."""
    noticed, fooled, worse = (by[damage, metric, name] for name in ("noticed", "fooled", "worse_by"))
    return {
        "damage": damage,
        "metric": metric,
        "n": noticed["n"],
        "worse": worse["value"],
        "noticed": [noticed["value"], *wilson(noticed["value"] * noticed["n"], noticed["n"])],
        "fooled": [fooled["value"], *wilson(fooled["value"] * fooled["n"], fooled["n"])],
        "verdict": verdict(noticed["value"], fooled["value"], noticed["n"]),
    }


@heavy
def sizes(data: Dataset, metric: MetricOf, count: Count) -> Answer:
    """Return one metric of sets of several sizes, real and damaged, and of the sizes the one nearest to `count`."""
    recorded = recorded_sizes(data)
    found = [row for row in recorded or measure_sizes(data) if row["metric"] == metric]
    kinds = dict.fromkeys(row["set"] for row in found)
    lines = {kind: [[row["images"], row["value"], row["se"]] for row in found if row["set"] == kind] for kind in kinds}
    nearest = min((row["images"] for row in found), key=lambda images: abs(images - count))
    of = "training" if recorded else "test"
    return by_number.size_answer(by_number.Sizes(METRICS[metric].title, nearest, found[0]["n"], of, lines))


def recorded_sizes(dataset: str) -> list[cards.Row]:
    """Return the recorded figures of sets of several sizes; empty if there are none."""
    with suppress(checkpoints.CheckpointError):
        return [row for row in rows(record(), "value", dataset=dataset) if "set" in row]
    return []


@lru_cache(maxsize=4)
def measure_sizes(dataset: str) -> list[cards.Row]:
    """Measure sets of bundled test images of several sizes, real and blurred."""
    real = classifier_outputs(dataset, False)
    blurred = DAMAGES["blur"].apply(real.x, BLURRED, 0)
    kinds = {"real": real, "blur": lab.classify(checkpoints.load(f"classifier-{dataset}"), blurred)}
    return lab.by_size(kinds, SIZES, REPEATS, seed=0)


@heavy
def marks(data: Dataset, knob: KnobOf, no: Number, seed: Seed, parts: Parts = 1) -> Answer:
    """Return log p(x) of a test image for less and for more work, with its marks; of no `parts`, the empty chart."""
    image = images_of(data, False)[no : no + 1]
    found = marking.marks_answer(knob, data, image, seed) if parts else marking.axes(knob)
    return found | Answer(grids=[{"images": to_bytes(image[0]), "given": 1}])


@heavy
def features(data: Dataset, level: Level, seed: Seed, parts: Parts = KINDS) -> Answer:
    """Return the ranking of all damages of one strength by the features of three networks, or of the first of them."""
    return rank_damages(data, level / 100, seed, parts)


SERVER_FUNCTIONS = [sheet, judge, slower, matrix, sizes, features, marks]
