"""*Damage*: a set that is damaged, or drawn by a network, is judged by every metric."""

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf, Real
from explorer.measures import damages, lab
from explorer.measures.common import in_chunks
from explorer.measures.damages import DAMAGES
from explorer.measures.lab import METRICS, Metric, figures, judgements, limit_of, mean_and_sd
from explorer.measures.use import right, train_classifier
from explorer.networks import checkpoints
from explorer.networks.card import rows
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.rows import join_words
from explorer.numbers.words import num
from explorer.questions import likelihood
from explorer.running.device import device_of
from explorer.running.pauses import pause, pausing
from explorer.spaces import BINARY
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel
from explorer.tabs.lab.shared import (
    DAMAGED,
    IMAGES,
    Dataset,
    Rows,
    classifier_outputs,
    images_of,
    record,
    sets_of,
    within,
    worse,
)

STEP = 0.1
"""Step of the strength; the browser is given the images of each."""
GENERATORS = {
    "gan": "GAN",
    "stylegan": "StyleGAN",
    "vae": "VAE",
    "vqvae": "VQ-VAE",
    "beta-vae": "β-VAE",
    "latent-diffusion": "latent diffusion",
}
"""Families that draw a set in a few seconds."""
DAMAGE = Field("damage", OneOf(tuple(DAMAGES)), "blur", "the damage")
STRENGTH = Field("strength", Real(0, 1), 0.3, "the strength of the damage")
OF = Field("of", OneOf((DAMAGED, *GENERATORS)), DAMAGED, "the set that is judged")
DamageOf = Annotated[str, DAMAGE]
Strength = Annotated[float, STRENGTH]
Of = Annotated[str, OF]
SLOWER = {
    "pixelcnn": Metric("−log p by PixelCNN", "PixelCNN", "low"),
    "flow": Metric("−log p by a flow", "Flow", "low"),
    "use": Metric("Classifier trained on the set", "Use", "high"),
}
ALL = METRICS | SLOWER
NOTICE = Figure("metrics that notice")
BY_METRIC = {name: Figure(each.title) for name, each in ALL.items()}
BROKEN = {"of": [DAMAGED]}
REAL = {"of": DAMAGED}
ON_THE_SHEET = 30  # images of a set on the sheet
FLOORS = 20  # pairs of real sets, unless the floor is recorded
CHUNK = 50  # images that are drawn together
STEPS = round(1 / STEP)
DAMAGE_READ, DAMAGE_SCORED = 100, 25  # images of a set whose log p is computed, and those computed together
SOLVER_STEPS, DAMAGE_BATCH = 60, 50  # of the training of the classifier
DAMAGE_PAIRS = 3  # pairs of real sets, which the floor of the classifier is measured by
HEADS = (FINDING, NOTICE, *BY_METRIC.values())


def judge_answer(rows: Rows, n: int, floors: int) -> Answer:
    """Return the judgements of all metrics of a set of n images with their numbers, sentence and table.

    `floors` is the number of pairs of real sets that the floor was measured by.
    """
    by = {row["name"]: row for row in rows}
    fooled, blind = (
        [within(ALL[row["name"]].title) for row in rows if row["verdict"] == verdict] for verdict in ("fooled", "blind")
    )
    noticed = len(rows) - len(fooled) - len(blind)
    numbers = [
        FINDING.of(notice_words(rows, noticed, len(fooled))),
        NOTICE.of(f"{noticed} of {len(rows)}"),
        *(judged(each, by[name]) if name in by else each for name, each in BY_METRIC.items()),
    ]
    words = ""
    if len(fooled) > noticed:
        are, rate = ("is", "it rates") if len(fooled) == 1 else ("are", "they rate")
        words = f"{len(fooled)} of {len(rows)} metrics {are} fooled: {rate} this set better than real images. "
    elif noticed:
        words = f"{noticed_best(rows)} "
    words += f"Fooled: {join_words(fooled)}. " if fooled else ""
    words += f"Blind: {join_words(blind)}. " if blind else ""
    words += (
        f"{noticed} of {len(rows)} metrics {'notices' if noticed == 1 else 'notice'} this set.{beyond(rows, floors)}"
    )
    words += (
        f" Each set has {n} images. The floor is the figure of two sets of real images, with standard deviation σ. A "
        f"metric notices a figure that is {num(limit_of(floors), 1)} σ worse: 5 % of real sets leave this range."
    )
    table = [
        {
            "metric": row["name"],
            "value": row["value"],
            "floor": row["floor"],
            "floor_sd": row["deviation"],
            "worse_by_sd": row["worse"],
            "verdict": row["verdict"],
        }
        for row in rows
    ]
    shown = [
        {**row, "title": ALL[row["name"]].title, "says": f"{worse(row['worse'])}: {row['verdict']}"} for row in rows
    ]
    return Answer(numbers, words, Table(table), view={"rows": shown})


def notice_words(rows: Rows, noticed: int, fooled: int) -> str:
    """Return the headline: how many metrics are fooled by a set, or notice it, and which notices it most."""
    if fooled > noticed:
        return f"{fooled} {'metric rates' if fooled == 1 else 'metrics rate'} this set above real images."
    if not noticed:
        return "No metric notices anything."
    best = within(ALL[max(rows, key=lambda row: row["worse"])["name"]].title)
    return f"{noticed} {'metric notices' if noticed == 1 else 'metrics notice'} it; {best} most clearly."


def noticed_best(rows: Rows) -> str:
    """Return which metric notices a set best, and which one least, as a sentence."""
    best, least = (
        f"{within(ALL[row['name']].title)} ({worse(row['worse'])})"
        for row in (pick(rows, key=lambda row: row["worse"]) for pick in (max, min))
    )
    return f"It is noticed best by {best}, least by {least}."


def judged(figure: Figure, row: Mapping[str, Any]) -> Figure:
    """Return the figure of a metric with its judgement: its value, its floor, and by how much it is worse."""
    return figure.of(f"{num(row['value'])} (floor {num(row['floor'])})", worse(row["worse"]))


def beyond(rows: Rows, floors: int) -> str:
    """Return whether the largest deviation exceeds what chance does by the largest of so many metrics."""
    limit = limit_of(floors, len(rows))
    if any(abs(row["worse"]) > limit for row in rows):
        return ""
    return f" Of {len(rows)} metrics, chance alone reaches {num(limit, 1)} σ: the set may be as real ones are."


@lru_cache(maxsize=4)
def floor_of(dataset: str, binary: bool) -> Mapping[str, tuple[float, float]]:
    """Return the mean and the standard deviation of each metric for two sets of real images: recorded, or measured."""
    with suppress(checkpoints.CheckpointError, KeyError):
        found = {(row["name"], row["metric"]): row["value"] for row in rows(record(), dataset=dataset, images=IMAGES)}
        if not binary:
            return {name: (found["floor", name], found["floor_sd", name]) for name in METRICS}
    measured = lab.floors(classifier_outputs(dataset, binary), IMAGES, FLOORS, seed=0)
    return {name: mean_and_sd(values) for name, values in measured.items()}


def judge_by_floor(dataset: str, binary: bool, found: lab.Figures) -> list[dict[str, Any]]:
    """Return the judgements of one set by all metrics that are fast."""
    return judgements(found, floor_of(dataset, binary), limit=limit_of(floors_of(dataset, binary)))


def floors_of(dataset: str, binary: bool) -> int:
    """Return the number of pairs of real sets that the floor was measured by."""
    with suppress(checkpoints.CheckpointError):
        if not binary and (found := rows(record(), "floor_sd", dataset=dataset, images=IMAGES)):
            return found[0]["n"]
    return FLOORS


@heavy
def sheet(data: Dataset, damage: DamageOf, seed: Seed) -> Answer:
    """Return the first images of a damaged set at each strength, from 0 to 1."""
    sets, how = sets_of(data, False, seed), DAMAGES[damage]
    frames = [how.damaged_set(sets, step / STEPS, seed)[:ON_THE_SHEET] for step in pausing(range(STEPS + 1))]
    return Answer(view={"frames": to_bytes(torch.stack(frames)), "shown": ON_THE_SHEET, "steps": STEPS})


@partial(heavy, seconds=3)
def judge(data: Dataset, of: Of, damage: DamageOf, strength: Strength, seed: Seed) -> Answer:
    """Measure a damaged set of test images, or a set that a network draws, against other test images."""
    binary, made = requested_set(data, of, damage, strength, seed)
    real = classifier_outputs(data, binary)[sets_of(data, binary, seed).real]
    made = made.x
    judged = lab.classify(checkpoints.load(f"classifier-{data}"), made)
    view = {"images": to_bytes(made[:ON_THE_SHEET]), "classes": shares(judged.labels, real.logits.shape[1])}
    rows = judge_by_floor(data, binary, figures(real, judged))
    return Answer(view=view) | judge_answer(rows, IMAGES, floors_of(data, binary))


@partial(heavy, seconds=20)
def slower(data: Dataset, of: Of, damage: DamageOf, strength: Strength, seed: Seed) -> Answer:
    """Measure the same set by all metrics, by those that take seconds, too: −log p, and a classifier trained on it."""
    binary, made = requested_set(data, of, damage, strength, seed)
    sets = sets_of(data, binary, seed)
    real, seen = Labelled(sets.images[sets.real], sets.labels[sets.real]), classifier_outputs(data, binary)[sets.real]
    found = figures(seen, lab.classify(checkpoints.load(f"classifier-{data}"), made.x))
    judged = [*judge_by_floor(data, binary, found), *slow_judgements(data, binary, made, real)]
    return judge_answer(judged, IMAGES, floors_of(data, binary))


@dataclass(frozen=True)
class Labelled:
    """Images (N, 1, 28, 28) with their classes (N,)."""

    x: Tensor
    labels: Tensor


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


def log_probs(name: str, dataset: str, x: Tensor) -> Tensor:
    """Compute log p(x), or one draw of its bound, of the first `DAMAGE_READ` images, in nats: (n,).

    Shapes: `x` (N, 1, 28, 28) in [0, 1].
    """
    model = checkpoints.load(f"{name}-{dataset}")
    x = x[:DAMAGE_READ]
    x = data.binarise(x, seed=0) if model.space == BINARY else (x * 255).round() / 255
    generator = rng(0)

    @torch.no_grad()
    def look(part: Tensor) -> Tensor:
        pause()
        return likelihood.log_prob(model, part.to(device_of(model)), generator=generator)

    return in_chunks(x, look, DAMAGE_SCORED)[0].double()


@lru_cache(maxsize=8)
def slow_floor_of(name: str, dataset: str, binary: bool) -> tuple[float, float]:
    """Return the mean of a metric for real images, and the standard deviation of its difference between two sets.

    That of an accuracy has the spread of a few trainings, and that of a share of images.
    """
    x = images_of(dataset, binary)
    if name != "use":
        each = log_probs(name, dataset, x)
        return -float(each.mean()), float(each.std()) * math.sqrt(2 / len(each))
    labels, found = data.bundled_images(dataset).labels, []
    for seed in pausing(range(DAMAGE_PAIRS)):
        order = torch.randperm(len(x), generator=rng(seed))
        made, real = (Labelled(x[part], labels[part]) for part in order[: 2 * IMAGES].split(IMAGES))
        found.append(usefulness(made, real))
    mean, deviation = mean_and_sd(torch.tensor(found, dtype=torch.double))
    return mean, math.sqrt(deviation**2 + mean * (1 - mean) / IMAGES)


def usefulness(made: Labelled, real: Labelled) -> float:
    """Train a small classifier on random batches of a set, and return its accuracy on real images."""
    generator = rng(0)

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        for _ in pausing(range(SOLVER_STEPS)):
            chosen = torch.randint(len(made.x), (DAMAGE_BATCH,), generator=generator)
            yield made.x[chosen], made.labels[chosen]

    return right(train_classifier(batches(), SOLVER_STEPS), real.x, real.labels)


def slow_judgements(dataset: str, binary: bool, made: Labelled, real: Labelled) -> list[dict[str, Any]]:
    """Return the figures of a set by each of `SLOWER`, with floors and verdicts as for the other metrics."""
    values = {name: -float(log_probs(name, dataset, made.x).mean()) for name in SLOWER if name != "use"}
    values["use"] = usefulness(made, real)
    return judgements(values, {name: slow_floor_of(name, dataset, binary) for name in values}, SLOWER)


MODE = Mode(
    "damage",
    "Damage",
    "look",
    fields=[DAMAGE, STRENGTH, OF],
    functions=[sheet, judge, slower],
    panel=Panel(
        judge,
        controls=[
            [Control(OF, "list", "Set", options={DAMAGED: "real images, damaged"} | GENERATORS)],
            [
                Control(
                    DAMAGE, "list", "Damage", options={key: each.title for key, each in DAMAGES.items()}, when=BROKEN
                )
            ],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Sensitive: a little noise", REAL | {"damage": "noise", "strength": 0.1}),
            ("Memorised", REAL | {"damage": "memorise", "strength": 1}),
            ("Classes are missing", REAL | {"damage": "drop", "strength": 0.5}),
            ("A GAN", {"of": "gan"}),
        ],
    ),
    heads=HEADS,
    code={
        "Damage": [judge.plain, lab.figures, damages.blur, damages.drop, damages.imbalance],
        "Slower metrics": [log_probs, usefulness],
    },
)
