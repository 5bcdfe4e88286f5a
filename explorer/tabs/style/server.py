"""Server functions of the style tab. Each answer has images, numbers to show, and a sentence about them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from explorer import data, verdicts
from explorer.measures.strokes import TRAITS, UNITS
from explorer.measures.stylegan import (
    LEVELS,
    PSIS,
    arcs,
    classes_of,
    generate,
    mixed_styles,
    principal_directions,
    replace_noise,
)
from explorer.models.classifier import Classifier
from explorer.models.spherical import straight_path
from explorer.models.stylegan import RESOLUTIONS, StyleGAN
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Each, Figure
from explorer.tabs.kit.numbers.rows import format_value, join_words, share
from explorer.tabs.kit.numbers.words import ticks
from explorer.tabs.style.fields import FAR, Along, Level, StyleNet
from explorer.tabs.style.names import names_of

ROWS, COLUMNS = 4, 5  # of the grid of mixed styles
SHEET = 16  # truncated samples
SHOWN, EVERY = 9, 4  # images of a path, and steps from one to the next
DRAWS, SEEN = 24, 5  # noise draws, and images shown of them
PLACES = tuple(range(-FAR, FAR + 1))
LABELS = {"precision": "precision: realism", "recall": "recall: variety"}
RECALL = LINE_IN_W = 3  # the class whose colour a curve has beside one in ink
KEEPS = Figure("images that keep their row's class")
TAKES = Figure("pairs that take their column's")
KEPT_HERE = Figure("of these images, keep it")
PRECISION = Figure("precision: samples that look real")
RECALLED = Figure("recall: real images covered")
VARIETY = Figure("different classes among these images")
RATIO = Figure("ratio of path lengths, z to w", unit="times as long")
LENGTHS = {space: Figure(f"path length in {space}") for space in ("z", "w")}
DETOURS = {space: Figure(f"detour here, {space}") for space in ("z", "w")}
CHANGE = Figure("mean change of a pixel", unit="of white")
CHANGES = {level: Figure(f"by noise at {size}×{size}") for level, size in zip(LEVELS, RESOLUTIONS, strict=True)}
CHANGED = Figure("change their class")
VARIANCE = Figure("variance of w along this direction")
CLASSIFIED = Figure("classified as")
STROKES = {name: Figure(name, unit=UNITS[name], digits=1) for name in TRAITS}
HEADS = {
    "mix": (KEEPS, TAKES, KEPT_HERE),
    "truncate": (PRECISION, RECALLED, VARIETY),
    "path": (RATIO, *LENGTHS.values(), *DETOURS.values()),
    "noise": (CHANGE, *CHANGES.values(), CHANGED),
    "directions": (VARIANCE, CLASSIFIED, *STROKES.values()),
}
"""Figures of each mode, the headline first."""


def judge_of(net: str) -> Classifier:
    """Return the classifier of a network's data set."""
    return checkpoints.load(f"classifier-{dataset_of(net)}")


def figure(net: str, name: str, form: str, **setting: float | str) -> str:
    """Return a figure of a network's card in one of the formats of `rows`; a dash if it was not measured."""
    try:
        return format_value(cards.find(cards.of(net), name, **setting), form)
    except KeyError:
        return "–"


def still(model: StyleGAN, n: int, seed: int) -> list[Tensor]:
    """Return noise of one draw for n images: (n, 1, H, W) for every layer."""
    return [each.expand(n, -1, -1, -1) for each in model.noise(1, rng(seed))]


@heavy
def mix(net: StyleNet, seed: Seed, level: Level) -> Answer:
    """Return a grid of images: each has the style of its column at one resolution, and of its row at the others."""
    model: StyleGAN = checkpoints.load(net)
    w = model.w_of(model.codes(ROWS + COLUMNS, rng(seed)))
    of_rows, of_columns = w[:ROWS], w[ROWS:]
    pairs = of_rows.repeat_interleave(COLUMNS, 0), of_columns.repeat(ROWS, 1)
    sources = generate(model, w, still(model, len(w), seed))
    made = generate(model, mixed_styles(*pairs, LEVELS.index(level)), still(model, len(pairs[0]), seed))
    classes = classes_of(judge_of(net), torch.cat([sources, made]))
    kept = int((classes[len(w) :].view(ROWS, COLUMNS) == classes[:ROWS, None]).sum())
    size = RESOLUTIONS[LEVELS.index(level)]
    rows = [torch.cat([sources[row : row + 1], made[row * COLUMNS : (row + 1) * COLUMNS]]) for row in range(ROWS)]
    keeps, takes = (figure(net, name, "± %", level=level) for name in ("kept", "taken"))
    images = torch.cat([torch.zeros_like(sources[:1]), sources[ROWS:], *rows])
    sources_at = [*range(1, COLUMNS + 1), *range(COLUMNS + 1, len(images), COLUMNS + 1)]
    marks = {str(place): "source" for place in sources_at}
    heads = ["others ↓", f"style at {size}×{size} →", *[""] * (COLUMNS - 1)]
    return grid(images, given=1, marks=marks, empty=[0], heads=heads) | Answer(
        numbers=[KEEPS.of(keeps), TAKES.of(takes), KEPT_HERE.of(f"{kept} of {ROWS * COLUMNS}")],
        words=f"Each image takes its style at {size}×{size} from the top row, the others from the left column. "
        f"{kept} of these {ROWS * COLUMNS} images keep the class of their row. "
        f"{mix_words(net, kept=keeps, taken=takes)}",
    )


def mix_words(net: str, kept: str, taken: str) -> str:
    """Describe what was measured on many pairs, and the resolution that decides most classes; empty if nothing was."""
    found = {row["level"]: verdicts.of_figure(row) for row in cards.rows(cards.of(net), "taken")}
    if not found:
        return ""
    first = [f"{RESOLUTIONS[LEVELS.index(level)]}" for level in verdicts.best_of(found)]
    size = join_words([f"{each}×{each}" for each in first], "or")
    shares = f"Of many pairs of different classes, {kept} keep the class of the row and {taken} take the column's."
    tie = f" (a tie; {verdicts.pairs_of(len(found))} pairs were compared)" if len(first) > 1 else ""
    return f"{shares} The style at {size} decides the class most often{tie}."


@heavy
def truncate(net: StyleNet, seed: Seed) -> Answer:
    """Return samples at every truncation ψ, and the precision and recall that were measured at each."""
    model, judge = checkpoints.load(net), judge_of(net)
    z, noise = model.codes(SHEET, rng(seed)), model.noise(SHEET, rng(seed + 1))
    steps = []
    for psi in PSIS:
        x = generate(model, model.w_of(z, psi), noise)
        count = len(classes_of(judge, x).unique())
        precision, recall = (figure(net, name, "± %", psi=psi) for name in ("precision", "recall"))
        shares = f"At ψ = {psi:g}, precision is {precision} and recall {recall}."
        words = f"{shares} {truncation_words(psi, count)}"
        numbers = [PRECISION.of(precision), RECALLED.of(recall), VARIETY.of(str(count))]
        steps.append(grid(x) | Answer(charts=[{"cursor": psi}], numbers=numbers, words=words))
    stops = {"psi": [(psi, psi) for psi in PSIS]}
    return Answer(charts=[precision_recall_chart(net)], stops=stops, each=Each("psi", PSIS, steps))


def grid(x: Tensor, **how: Any) -> Answer:
    """Return the part of an answer that shows a grid of images, the last of them in the diagram.

    Shapes: `x` (n, 1, 28, 28).
    """
    shown = to_bytes(x)
    return Answer(grids=[{"images": shown, "given": len(x)} | how], pictures={"out": to_bytes(x[-1:])})


def precision_recall_chart(net: str) -> Chart:
    """Return a chart of the measured precision and recall by ψ, with bands of 95 %."""
    curves = {
        name: (found, colour)
        for name, colour in (("precision", "ink"), ("recall", RECALL))
        if (found := curve(net, name))
    }
    bands = [
        {
            "points": [*((x, low) for x, _, low, _ in found), *((x, high) for x, *_, high in found[::-1])],
            "colour": colour,
        }
        for found, colour in curves.values()
    ]
    lines = [
        {"points": [(x, y) for x, y, *_ in found], "colour": colour, "label": LABELS[name], "at": len(found) // 2}
        for name, (found, colour) in curves.items()
    ]
    ends = ", ".join(f"{name} {found[0][1]:.2f} to {found[-1][1]:.2f}" for name, (found, _) in curves.items())
    return Chart(
        x=Axis(ticks=(0, 0.5, 1), names=["0", "0.5", "ψ = 1"]),
        y=Axis("share of images", note="bands: 95 %", ticks=(0, 0.5, 1)),
        areas=bands,
        lines=lines,
        words=f"from ψ = 0 to 1, {ends}",
    )


def truncation_words(psi: float, classes: int) -> str:
    """Describe sixteen truncated samples."""
    if psi == 0:
        return "All images have the mean of w: they differ only in their noise."
    every = "w is left as it is." if psi == 1 else f"Each w keeps {share(psi)} of its distance from the mean."
    return f"{every} These images are of {classes} class{'es' * (classes > 1)}."


def curve(net: str, name: str) -> list[list[float]]:
    """Return ψ, a figure measured there, and its 95 % interval, for every ψ; empty if it was not measured."""
    rows = [row for row in cards.rows(cards.of(net), name) if "psi" in row]
    return [[row["psi"], row["value"], *interval(row)] for row in rows]


def interval(row: cards.Row) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    away = cards.NORMAL * row["se"]
    return max(0.0, row["value"] - away), min(1.0, row["value"] + away)


@heavy
def path(net: StyleNet, seed: Seed) -> Answer:
    """Return images on an arc in z and on a line in w between two codes, and how far the features move each step."""
    model, judge = checkpoints.load(net), judge_of(net)
    a, b = model.codes(2, rng(seed)).split(1)
    count = EVERY * (SHOWN - 1) + 1
    places = torch.linspace(0, 1, count).to(a)
    lines = {
        "z": model.w_of(arcs(a.expand(count, -1), b.expand(count, -1), places)),
        "w": straight_path(model.w_of(a)[0], model.w_of(b)[0], count),
    }
    images = {space: generate(model, w, still(model, count, seed)) for space, w in lines.items()}
    moves = {space: feature_distances(judge, x) for space, x in images.items()}
    direct = float(feature_distances(judge, images["w"][[0, -1]]))
    detours = {space: float(each.sum()) / direct for space, each in moves.items()}
    ratio = figure(net, "path_ratio", "±")
    shorter = min(detours, key=detours.get)
    return grid(torch.cat([images[space][::EVERY] for space in ("z", "w")]), names=["arc in z", "line in w"]) | Answer(
        charts=[distance_chart({space: found.tolist() for space, found in moves.items()})],
        numbers=[
            RATIO.of(ratio),
            *(each.of(figure(net, "path_length", "±", of=space)) for space, each in LENGTHS.items()),
            *(each.of(detours[space]) for space, each in DETOURS.items()),
        ],
        words=f"Here the path in {shorter} is shorter. In the features, the arc in z is {detours['z']:.2f} times as "
        f"long as the straight way, and the line in w {detours['w']:.2f} times. Over many pairs, the perceptual path "
        f"length of z is {ratio} times that of w.",
    )


def distance_chart(moves: Mapping[str, list[float]]) -> Chart:
    """Return a chart of how far the classifier's features move with every step of both ways."""
    most = max(max(found) for found in moves.values())
    lines = [
        {
            "points": [((step + 0.5) / len(found), round(each, 4)) for step, each in enumerate(found)],
            "colour": {"z": "ink", "w": LINE_IN_W}[space],
            "label": {"z": "arc in z", "w": "line in w"}[space],
            "at": max(range(len(found)), key=found.__getitem__),
        }
        for space, found in moves.items()
    ]
    peaks = ", ".join(f"{max(found):.2f} in {space}" for space, found in moves.items())
    name = "change from step to step: distance of the classifier's features"
    return Chart(
        x=Axis(ticks=(0, 0.5, 1), names=["left image", "halfway", "right image"]),
        y=Axis(name, ends=(0, 1.15 * most), ticks=ticks(0, most)),
        lines=lines,
        words=f"the longest step is {peaks}",
    )


@torch.no_grad()
def feature_distances(judge: Classifier, x: Tensor) -> Tensor:
    """Return the distances of the features between neighbouring images (N, 1, 28, 28): (N - 1,)."""
    return judge.features(x.to(device_of(judge))).diff(dim=0).norm(dim=-1).cpu()


@heavy
def noise(net: StyleNet, seed: Seed) -> Answer:
    """Return one image with fresh noise at each resolution, and at all, and maps of what the noise moves."""
    model, judge = checkpoints.load(net), judge_of(net)
    w = model.w_of(model.codes(1, rng(seed))).expand(DRAWS, -1)
    fixed, fresh = model.noise(1, rng(seed)), model.noise(DRAWS, rng(seed + 1))
    images = [generate(model, w, replace_noise(fixed, fresh, level)) for level in (*range(len(LEVELS)), None)]
    maps = torch.stack([x.std(0) for x in images])
    maps = maps / maps.amax().clamp(min=1e-6)
    classes = len(classes_of(judge, images[-1]).unique())
    changed = figure(net, "class_changed", "± %", level="all")
    loudest = max(range(len(LEVELS)), key=lambda level: float(images[level].var(0).mean()))
    size = RESOLUTIONS[loudest]
    names = [*(f"at {size}×{size}" for size in RESOLUTIONS), "at all three"]
    shown = torch.cat([torch.cat([x[:SEEN], map_.unsqueeze(0)]) for x, map_ in zip(images, maps)])
    return grid(shown, given=1, names=names, heads=[*(f"draw {k}" for k in range(1, SEEN + 1)), "change"]) | Answer(
        numbers=[
            CHANGE.of(figure(net, "moved", "± %", level="all")),
            *(each.of(figure(net, "moved", "± %", level=level)) for level, each in CHANGES.items()),
            CHANGED.of(changed),
        ],
        words=f"Here the noise at {size}×{size} moves most. {DRAWS} draws of all noise are classified as "
        f"{classes} class{'es' * (classes > 1)}. Over many images, {changed} change their class. A white place in the "
        "last column changes most.",
    )


@lru_cache(maxsize=4)
def directions_of(net: str) -> tuple[Tensor, Tensor]:
    """Return the principal directions of a network's w, one standard deviation long, and their shares.

    Shapes: as for `principal_directions`.
    """
    return principal_directions(checkpoints.load(net))


@heavy
def directions(net: StyleNet, seed: Seed, along: Along) -> Answer:
    """Return the image at a place along the principal directions, and images along each direction through it."""
    model, judge = checkpoints.load(net), judge_of(net)
    axes, shares = directions_of(net)
    at = torch.tensor(along).to(axes)
    w = model.w_of(model.codes(1, rng(seed)))[0] + at @ axes
    strips = [w + (torch.tensor(PLACES).to(axes) - at[index])[:, None] * axis for index, axis in enumerate(axes)]
    every = torch.cat([w[None], *strips])
    x = generate(model, every, still(model, len(every), seed))
    with torch.no_grad():
        sure, labels = (each.tolist() for each in judge(x.to(device_of(judge))).softmax(-1).max(-1))
    classes = [data.CLASSES[dataset_of(net)][label] for label in labels]
    seen = f"{classes[0]}, {share(sure[0])}"
    lows = range(1, len(x), len(PLACES))  # the lower ends of the strips
    ends = [(classes[low], classes[low + len(PLACES) - 1]) for low in lows]
    changed = {name: measure(x) for name, measure in TRAITS.items()}
    changes = [{name: float(each[low + len(PLACES) - 1] - each[low]) for name, each in changed.items()} for low in lows]
    traits = [STROKES[name].of(float(measure(x[:1]))) for name, measure in TRAITS.items()]
    chosen = max(range(len(along)), key=lambda index: abs(along[index]))
    named, held = names_of(cards.of(net), ends, changes), share(float(shares[chosen]))
    middle, now = (len(PLACES) - 1) // 2, [round(place) for place in along]
    marks = {str(row * len(PLACES) + middle + place): "now" for row, place in enumerate(now)}
    heads = [f"−{FAR}σ", *[""] * (len(PLACES) - 2), f"+{FAR}σ"]
    return grid(x[1:], names=named, marks=marks, heads=heads) | Answer(
        pictures={"out": to_bytes(x[:1])},
        numbers=[VARIANCE.of(held), CLASSIFIED.of(seen), *traits],
        view={"seen": seen},
        words=f"The image is classified as {seen}. Direction {named[chosen]} holds {held} of the variance of w. "
        f"Each strip goes from −{FAR} to {FAR} standard deviations. Its name has the classes at its ends, and a trait "
        "that changes clearly both here and on average over many images.",
    )


SERVER_FUNCTIONS = [mix, truncate, path, noise, directions]
