"""*Which features?*: the same damaged sets, ranked by Fréchet distances in the features of three networks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import combinations
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import verdicts
from explorer.measures.common import in_chunks
from explorer.measures.damages import DAMAGES, Sets
from explorer.measures.lab import CHUNK, mean_and_sd, pairs_of
from explorer.measures.metrics import frechet
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Details, Each, Figure, Table
from explorer.numbers.rows import join_words
from explorer.numbers.words import num
from explorer.running.device import device_of
from explorer.running.pauses import pausing
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Parts, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.lab.shared import IMAGES, LEVEL, Dataset, Level, images_of, sets_of

FEATURES_PAIRS = 12  # pairs of real sets, which the floor is measured by
FEATURES_FIRST = "classifier"  # whose order the others are compared with
FLIPS = {
    "pixels": Figure("pairs that raw pixels rank differently", digits=0),
    "autoencoder": Figure("pairs that the autoencoder ranks differently", digits=0),
}
RANK = Figure("rank")
HEADS = (*FLIPS.values(), RANK, RANK, RANK)
FEATURES = {FEATURES_FIRST: "a classifier's features", "autoencoder": "an autoencoder's code", "pixels": "raw pixels"}
SHORT = ["classifier", "autoencoder", "raw pixels"]
KINDS = len(FEATURES)


@torch.no_grad()
def features_of(dataset: str, name: str, x: Tensor) -> Tensor:
    """Return features (N, F) of images (N, 1, 28, 28): a classifier's, an autoencoder's, or means of 2×2 pixels."""
    if name == "pixels":
        return F.avg_pool2d(x, 2).flatten(1)
    model = checkpoints.load(f"{'classifier' if name == FEATURES_FIRST else 'latent-diffusion'}-{dataset}")
    return in_chunks(x, lambda part: model.features(part.to(device_of(model))), CHUNK)[0]


@lru_cache(maxsize=8)
def bundled_features(dataset: str, name: str) -> Tensor:
    """Return the features of all bundled test images: (2000, F)."""
    return features_of(dataset, name, images_of(dataset, False))


@lru_cache(maxsize=8)
def floor_of(dataset: str, name: str) -> tuple[float, float]:
    """Return the mean and the standard deviation of the distance between two sets of real images."""
    features = bundled_features(dataset, name)
    pairs = pairs_of(len(features), IMAGES, FEATURES_PAIRS, rng(0))
    found = [frechet(features[one], features[other]) for one, other in pairs]
    return mean_and_sd(torch.tensor(found, dtype=torch.double))


def distances(dataset: str, name: str, sets: Sets, strength: float, seed: int) -> dict[str, float]:
    """Return the Fréchet distance of each damaged set, in one kind of features.

    Features of images that stay as they are were computed before.
    """
    known, found = bundled_features(dataset, name), {}
    for damage, how in pausing(list(DAMAGES.items())):
        chosen = how.indices(sets, strength, seed)
        x = how.apply(sets.images[chosen], strength, seed)
        same = x.equal(sets.images[chosen])
        found[damage] = frechet(known[sets.real], known[chosen] if same else features_of(dataset, name, x))
    return found


@lru_cache(maxsize=32)
def cached_distances(dataset: str, name: str, strength: float, seed: int) -> dict[str, float]:
    """Return the distance of each damaged set in one kind of features, as `distances` computes it."""
    return distances(dataset, name, sets_of(dataset, False, seed), strength, seed)


def rank_damages(dataset: str, strength: float, seed: int, parts: int = KINDS) -> Answer:
    """Return the Fréchet distance over its floor of each damage by each kind of features, and the pairs that flip.

    With fewer `parts` than there are kinds of features, it is the ranking by the first of them.
    """
    by = {name: cached_distances(dataset, name, strength, seed) for name in [*FEATURES][:parts]}
    floors = {name: floor_of(dataset, name) for name in by}
    over = {name: {each: value / floors[name][0] for each, value in found.items()} for name, found in by.items()}
    asked = verdicts.pairs_of(len(DAMAGES))
    columns = [
        {"name": name, "title": FEATURES[name], "over": found, "noise": noise_of(floors[name], asked) / floors[name][0]}
        for name, found in over.items()
    ]
    if len(columns) < KINDS:
        return Answer(more=True) | partial_answer(columns)
    found = {
        "columns": columns,
        "flips": {
            other: flips(by[FEATURES_FIRST], by[other], floors[FEATURES_FIRST], floors[other])
            for other in by
            if other != FEATURES_FIRST
        },
        "pairs": len(DAMAGES) * (len(DAMAGES) - 1) // 2,
    }
    return Answer(view=found) | ranking_answer(found)


def orders(columns: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return the damages by each kind of features, the worst first."""
    return [sorted(column["over"], key=column["over"].get, reverse=True) for column in columns]


def partial_answer(columns: Sequence[Mapping[str, Any]]) -> Answer:
    """Return the chart of the first kinds of features, and how many are measured."""
    order = orders(columns)
    lines = [each for damage in DAMAGES if order for each in line(order, damage, False)[:1]]
    lines += [{"points": [(1, -len(DAMAGES) / 2)], "colour": "quiet", "label": "measuring…"}]
    return Answer(
        HEADS,
        f"{len(columns)} of {KINDS} kinds of features are measured, {len(DAMAGES)} damages each.",
        charts=[replace(chart(order or [[*DAMAGES]]), lines=lines)],
    )


def ranking_answer(found: Mapping[str, Any]) -> Answer:
    """Return the chart of a ranking, with what stands out and the numbers for each damage, and its table."""
    columns, of = found["columns"], f"of {found['pairs']}"
    order = orders(columns)
    counts = [each.of(len(found["flips"][name]), of) for name, each in FLIPS.items()]
    damages = order[0]

    def drawn(chosen: str) -> list[dict[str, Any]]:
        last = sorted(damages, key=chosen.__eq__)
        return [each for damage in last for each in line(order, damage, damage == chosen)]

    parts = [
        Answer(
            [*counts, *(rank_of(chosen, column, ranks) for column, ranks in zip(columns, order, strict=True))],
            sentence(found),
            charts=[{"lines": drawn(chosen)}],
        )
        for chosen in damages
    ]
    details = [
        {"÷ floor": DAMAGES[damage].title} | {column["title"]: num(column["over"][damage], 1) for column in columns}
        for damage in damages
    ]
    table = [
        {"features": column["name"], "damage": damage, "frechet_over_floor": over}
        for column in columns
        for damage, over in column["over"].items()
    ]
    places = [(at, damage, -ranks.index(damage)) for damage in damages for at, ranks in enumerate(order)]
    return Answer(
        table=Table(table),
        charts=[chart(order)],
        each=Each("damage", damages, parts),
        stops={"damage": places},
        details=Details(details),
    )


def rank_of(damage: str, column: Mapping[str, Any], ranks: Sequence[str]) -> Figure:
    """Return the rank of a damage by one kind of features, and its distance over the floor."""
    over = num(column["over"][damage], 1)
    return RANK.of(
        f"{ranks.index(damage) + 1}, ÷ floor {over}", name=f"{DAMAGES[damage].title}, {column['title']}: {RANK.name}"
    )


def chart(order: Sequence[Sequence[str]]) -> Chart:
    """Return the axes of a chart of the ranks of all damages by each kind of features, the worst on top."""
    most = len(order[0])
    ranks = [", ".join(DAMAGES[damage].title for damage in ranks) for ranks in order]
    return Chart(
        x=Axis(ends=(0, 2.9), ticks=(0, 1, 2), names=SHORT),
        y=Axis(
            "The worst damage on top, by three kinds of features",
            ends=(0.5 - most, 0.5),
            ticks=[-rank for rank in range(most)],
            names=[DAMAGES[damage].title for damage in order[0]],
        ),
        words=". ".join(f"{title}: {said}" for title, said in zip(FEATURES.values(), ranks)),
    )


def line(order: Sequence[Sequence[str]], damage: str, is_chosen: bool) -> list[dict[str, Any]]:
    """Return the line of a damage through its ranks, and its name beside the end."""
    how = {"colour": "you", "width": 4} if is_chosen else {"colour": "quiet", "width": 1.5}
    points = [(at, -ranks.index(damage)) for at, ranks in enumerate(order)]
    points += [(0.1, points[0][1])] * (len(points) == 1)
    return [how | {"points": points}, how | {"points": points[-1:], "label": DAMAGES[damage].title, "beside": True}]


def flips(
    one: Mapping[str, float], other: Mapping[str, float], floor: tuple[float, float], floor_other: tuple[float, float]
) -> list[list[str]]:
    """Return the pairs that two kinds of features rank in opposite order, both by more than their noise.

    The noise of a difference is that of two sets, and all pairs are compared.
    """
    asked = verdicts.pairs_of(len(one))
    noise, noise_other = (noise_of(each, asked) for each in (floor, floor_other))
    found = []
    for a, b in combinations(one, 2):
        gap, gap_other = one[a] - one[b], other[a] - other[b]
        if gap * gap_other < 0 and abs(gap) > noise and abs(gap_other) > noise_other:
            found.append([a, b])
    return found


def noise_of(floor: tuple[float, float], asked: int) -> float:
    """Return the largest difference of two sets by chance, of so many pairs that are asked."""
    return verdicts.critical(FEATURES_PAIRS - 1, asked) * 2**0.5 * floor[1]


def worst_of(over: Mapping[str, float], noise: float) -> list[str]:
    """Return the damages that no other exceeds by more than the noise, as multiples of the floor."""
    return [name for name, value in over.items() if value >= max(over.values()) - noise]


def sentence(found: Mapping[str, Any]) -> str:
    """Return the sentences about a ranking."""
    phrases = [f"{len(pairs)} of {found['pairs']} pairs by {FEATURES[name]}" for name, pairs in found["flips"].items()]
    worst = [worst_of(column["over"], column["noise"]) for column in found["columns"]]
    shared = [name for name in worst[0] if all(name in each for each in worst)]
    listed = ", ".join(
        f"{join_words([f'“{DAMAGES[name].title}”' for name in each], 'or')} for {FEATURES[kind]}"
        for each, kind in zip(worst, FEATURES, strict=True)
    )
    top = f"They do not agree on the worst: {listed}."
    if shared:
        only = all(len(each) == 1 for each in worst)
        top = f"All three call “{DAMAGES[shared[0]].title}” worst." if only else f"The worst, or a tie: {listed}."
    return (
        f"Compared with the classifier, {phrases[0]} and {phrases[1]} change order, by more than noise. {top} "
        "The features decide what counts as alike."
    )


@partial(heavy, seconds=5)
def features(data: Dataset, level: Level, seed: Seed, parts: Parts = KINDS) -> Answer:
    """Return the ranking of all damages of one strength by the features of three networks, or of the first of them."""
    return rank_damages(data, level / 100, seed, parts)


MODE = Mode(
    "features",
    "Which features?",
    "test",
    functions=[features],
    panel=Panel(
        features,
        controls=[
            [Control(LEVEL, "segments", "Strength", options={25: "0.25", 50: "0.5", 100: "1"})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Clothes", {"data": "fashion-mnist", "level": 25, "damage": "halves"}),
            ("Copies of few images", {"data": "mnist", "level": 100, "damage": "copies"}),
            ("Missing classes", {"data": "mnist", "level": 100, "damage": "drop"}),
        ],
        shows=Shows(
            "Choose a damage: does it keep its rank with other features?",
            HEADS,
            charts=[("Ranks of the damages", 430, "damage")],
            details=True,
            waits="Ten damages are measured with three kinds of features, which takes a few seconds.",
        ),
    ),
    code={
        "Which features?": [features_of, flips],
    },
)
