"""*z or w?*: an arc in z and a line in w between the same two images."""

from collections.abc import Mapping

import torch
from torch import Tensor

from explorer.measures import stylegan as measures
from explorer.measures.stylegan import arcs, generate
from explorer.models import stylegan
from explorer.models.classifier import Classifier
from explorer.models.spherical import straight_path
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Figure
from explorer.numbers.words import ticks
from explorer.running.device import device_of
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Grid, Panel, Shows
from explorer.tabs.style.shared import CLOTHES, SEEDS, StyleNet, figure_of, grid, judge_of, still

PATH_IMAGES, PATH_EVERY = 9, 4  # images of a path, and steps from one to the next
LINE_IN_W = 3  # the class whose colour a curve has beside one in ink
RATIO = Figure("ratio of path lengths, z to w", unit="times as long")
LENGTHS = {space: Figure(f"path length in {space}") for space in ("z", "w")}
DETOURS = {space: Figure(f"detour here, {space}") for space in ("z", "w")}
HEADS = (RATIO, *LENGTHS.values(), *DETOURS.values())


@heavy
def path(net: StyleNet, seed: Seed) -> Answer:
    """Return images on an arc in z and on a line in w between two codes, and how far the features move each step."""
    model, judge = checkpoints.load(net), judge_of(net)
    a, b = model.codes(2, rng(seed)).split(1)
    count = PATH_EVERY * (PATH_IMAGES - 1) + 1
    places = torch.linspace(0, 1, count).to(a)
    lines = {
        "z": model.w_of(arcs(a.expand(count, -1), b.expand(count, -1), places)),
        "w": straight_path(model.w_of(a)[0], model.w_of(b)[0], count),
    }
    images = {space: generate(model, w, still(model, count, seed)) for space, w in lines.items()}
    moves = {space: feature_distances(judge, x) for space, x in images.items()}
    direct = float(feature_distances(judge, images["w"][[0, -1]]))
    detours = {space: float(each.sum()) / direct for space, each in moves.items()}
    ratio = figure_of(net, "path_ratio", "±")
    shorter = min(detours, key=detours.get)
    return grid(
        torch.cat([images[space][::PATH_EVERY] for space in ("z", "w")]), names=["arc in z", "line in w"]
    ) | Answer(
        charts=[distance_chart({space: found.tolist() for space, found in moves.items()})],
        numbers=[
            RATIO.of(ratio),
            *(each.of(figure_of(net, "path_length", "±", of=space)) for space, each in LENGTHS.items()),
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


MODE = Mode(
    "path",
    "z or w?",
    "understand",
    functions=[path],
    panel=Panel(
        path,
        controls=[SEEDS],
        tries=[("Another pair", {"seed": 12}), ("Clothes", CLOTHES | {"seed": 3})],
        shows=Shows(
            "Two paths between the same two images: along which do they change more evenly?",
            HEADS,
            charts=[("Distance of the features by step", 330)],
            grids=[Grid("Two paths from one image to another", PATH_IMAGES)],
        ),
    ),
    code={
        "z or w?": [path.plain, stylegan.Mapping.forward, measures.speeds],
    },
)
