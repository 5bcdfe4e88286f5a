"""*How likely?*: log p(x) of pictures, and what it says about odd ones."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf
from explorer.models.made import MADE
from explorer.models.raster import RasterModel
from explorer.networks import card, checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Details, Table
from explorer.numbers.words import num
from explorer.spaces.images import Images
from explorer.spaces.packing import pack
from explorer.tabs.autoregressive.shared import (
    TEST,
    Part,
    Picture,
    RasterNet,
    _described,
    _predicted,
    image_of,
    load,
    place_row,
)
from explorer.tabs.autoregressive.verdict import area, name_of, percent, verdict
from explorer.tabs.autoregressive.words import HEADS, called, score_report
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Image
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows

SCORE_KINDS = ("test", "draw", "open", "blank", "noise")
OTHER = {"mnist": "pixelcnn-fashion-mnist", "fashion-mnist": "pixelcnn-mnist"}
ROWS = {"mnist": "MNIST test", "fashion-mnist": "Fashion-MNIST test", "noise": "noise", "blank": "blank page"}
HEIGHTS = {"own": 1.05, "other": 1.17, "flagged": 1.29, "yours": 1.41}  # of names, by the peak of each set
CANNOT = (
    "MADE was trained without labels: it defines p(x) but no p(x | y), so Bayes' rule does not apply. The two "
    "PixelCNNs were trained with the class."
)


def row_of(name: str) -> str:
    """Return the name of a set in a chart."""
    return ROWS.get(name, f"{name} test")


def axis(nats: float) -> float:
    """Return where a log-probability lies on the logarithmic axis; the less likely, the larger."""
    return math.log10(max(-nats, 1e-9))


def histogram(title: str, own: str, found: Mapping[str, Any], total: float | None) -> Chart:
    """Return the histograms of one network, trained on `own`, as a chart; `total` is the picture's log p."""
    edges = [axis(-edge) for edge in found["edges"]]
    threshold, areas, lines = axis(found["threshold"]), [], []
    for name, each in found["sets"].items():
        if name == "blank":
            lines.append({"points": [(axis(each["value"]), 0.06)], "label": "◇ blank page", "colour": "ink"})
            continue
        peak = max(each["counts"])
        steps = [(edge, count / peak) for k, count in enumerate(each["counts"]) for edge in edges[k : k + 2]]
        colour = "ink" if name == own else "quiet"
        areas.append({"points": [(edges[0], 0), *steps, (edges[-1], 0)], "colour": colour, "alpha": 0.3})
        lines.append({"points": steps, "colour": colour, "width": 1.5})
        top = each["counts"].index(peak)
        place = ((edges[top] + edges[top + 1]) / 2, HEIGHTS["own" if name in (own, "noise") else "other"])
        lines.append({"points": [place], "colour": colour, "label": row_of(name), "over": True})
    lines.append(
        {"points": [(threshold, 0), (threshold, HEIGHTS["flagged"])], "colour": "ink", "width": 1, "dash": [5, 4]}
    )
    lines.append({"points": [(threshold, HEIGHTS["flagged"])], "label": "flagged ▸", "colour": "ink"})
    means = ", ".join(f"{row_of(name)} {num(-each['value'], 1)}" for name, each in found["sets"].items())
    mark = "" if total is None else f" Your picture has {num(-total, 1)}."
    if total is not None:
        lines.append({"points": [(axis(total), HEIGHTS["yours"])], "label": f"yours {num(-total, 1)}", "colour": "you"})
    ticks = [value for k in range(-1, 6) for value in (10.0**k, 3 * 10.0**k) if found["edges"][0] <= value]
    ticks = [value for value in ticks if value <= found["edges"][-1]]
    names = [num(value, 1 if value < 1 else 0) for value in ticks]
    return Chart(
        x=Axis(ends=[edges[0], edges[-1]], ticks=[axis(-value) for value in ticks], names=names),
        y=Axis("−log p(x) in nats", f"under the {title} network", note="less likely →", ends=[0, 1.5], ticks=[]),
        areas=areas,
        lines=lines,
        cursor=None if total is None else axis(total),
        words=f"mean −log p in nats, {means}. What is above {num(-found['threshold'], 1)} is flagged.{mark}",
    )


def oddity(own: str, picture: Image) -> str:
    """Return what is odd about a picture under a network of `own`, if anything is known to be."""
    kind, *rest = picture
    if kind == "test" and rest[1] not in (None, own):
        return f", though it comes from {data.TITLES.get(rest[1], rest[1])}"
    return {"blank": ", though nothing is on it", "noise": ", though it is noise"}.get(kind, "")


def ruling(own: str, threshold: float, total: float, picture: Image) -> str:
    """Return what the rule says of one picture: flagged or not, and if that is known to be wrong."""
    line = f"the threshold of {num(-threshold, 1)}"
    if total >= threshold:
        return f"below {line}: it passes{oddity(own, picture)}"
    whose = f", though it is one of {name_of(own)}'s own" if picture[0] == "test" and picture[2] in (None, own) else ""
    return f"above {line}: flagged{whose}"


def histograms(totals: Mapping[str, float], picture: Image) -> Answer:
    """Return the charts, table and sentences of a picture by its log p under each of these networks."""
    charts, said, verdicts, shown, rows = [], [], [], [], []
    for net, total in totals.items():
        own, found = dataset_of(net), checkpoints.card_of(net).get("histograms") or {}
        title = name_of(own)
        text = f"Under the {title} network {called(picture)} has −log p(x) = {num(-total, 1)} nats"
        if "edges" not in found:
            said.append(f"{text}; the card of this network has no histograms.")
            continue
        said.append(f"{text}, {ruling(own, found['threshold'], total, picture)}.")
        verdicts.append(verdict(own, found))
        charts.append(histogram(title, own, found, total))
        shown += [
            {"": f"{title} network: {row_of(name)}"} | figures(name, own, each) for name, each in found["sets"].items()
        ]
        edges = found["edges"]
        rows += [
            {
                "network": title,
                "set": name,
                "−log p from, nats": edges[k],
                "−log p to, nats": edges[k + 1],
                "images": count,
            }
            for name, each in found["sets"].items()
            for k, count in enumerate(each["counts"])
        ]
    note = "Each set is scaled to its own peak. Nats of 2 and of 256 levels cannot be compared."
    return Answer(
        charts=charts,
        details=Details(shown, ("", "−log p", "AUROC", "flagged")),
        words=" ".join([*said, *verdicts, note]),
        table=Table(rows) if rows else None,
    )


def figures(name: str, own: str, found: Mapping[str, Any]) -> dict[str, str]:
    """Return mean −log p, AUROC and the share that is flagged of one set."""
    flagged = found["flagged"]
    yes = "yes" if flagged > 0 else "no"
    return {
        "−log p": num(-found["value"], 1),
        "AUROC": "–" if name == own else area(found["auroc"]),
        "flagged": yes if name == "blank" else percent(flagged),
    }


def bayes(net: str, picture: Image, nats: Sequence[float], posterior: Sequence[float]) -> Answer:
    """Return the posterior over classes as bars; `nats` are log p(x | y)."""
    own = dataset_of(net)
    classes = data.classes_of(own)
    kind, *rest = picture
    label = int(data.display_split(own).labels[rest[0]]) if kind == "test" and rest[1] in (None, own) else None
    best = max(range(len(classes)), key=posterior.__getitem__)
    bars = [
        {"title": f"{name}{' ✓' if y == label else ''}", "share": p, "text": area(p), "marked": y == best}
        for y, (name, p) in enumerate(zip(classes, posterior, strict=True))
    ]
    said = (
        f"With equal class priors (1/{len(classes)} each), {called(picture)} is most probably "
        f"{classes[best]}: {equals(posterior[best])}. {outcome(best, label, classes, posterior)} {accuracy(net)}"
    )
    return Answer(
        bars={"name": f"p(y | x){'' if label is None else '; ✓: true class'}", "rows": bars},
        details=Details(
            [
                {"class": name, "−log p(x | y), nats": num(-nats[y]), "p(y | x)": area(posterior[y])}
                for y, name in enumerate(classes)
            ]
        ),
        words=said,
        table=Table(
            [
                {"class": name, "log p(x | y), nats": nats[y], "p(y | x)": posterior[y]}
                | {"": "true class" if y == label else ""}
                for y, name in enumerate(classes)
            ]
        ),
    )


def equals(p: float) -> str:
    """Return a probability as "p = 0.983"; one that is nearly 0 or 1 as "p > 0.999"."""
    text = area(p)
    return f"p {text[0]} {text[1:]}" if text[0] in "<>" else f"p = {text}"


def outcome(best: int, label: int | None, classes: Sequence[str], posterior: Sequence[float]) -> str:
    """Return whether the most probable class is right."""
    if label is None:
        count = "ten" if len(classes) == 10 else len(classes)
        return f"None of the classes need be right: the {count} always add up to 1, whatever the picture is."
    if best == label:
        return "That is its true class."
    return f"Its true class is {classes[label]}, with {equals(posterior[label])}."


def accuracy(net: str) -> str:
    """Return how often this classifier is right."""
    measured = card.rows(checkpoints.card_of(net), "accuracy")
    if not measured:
        return "How often this classifier is right was not measured yet."
    found = measured[0]
    return (
        f"On {found['n']:,} test images the network is right in {num(100 * found['value'])} ± "
        f"{num(100 * found['se'])} % (standard error), though nobody trained it to classify."
    )


@heavy
def score(net: RasterNet, picture: Picture, part: Part) -> Answer:
    """Return the exact log p(x) with its pixels, or what follows from it.

    The `part` "histograms" places it among those of test images, under two networks; "bayes" is the posterior over
    classes by Bayes' rule with a uniform prior.
    """
    model = load(net)
    x = image_of(model, picture)
    log_prob, entropy, parameters = _predicted(model, x, None)
    nats = log_prob[0].cpu().double()
    total = float(nats.sum())
    found = score_report(nats, entropy[0].cpu().double(), picture, isinstance(model, MADE))
    grey = pack(255 * x, torch.uint8)
    found |= Answer(charts=[], pictures={"x": grey, "out": grey}, view={"total": total, "levels": model.levels})
    if part == "histograms":
        return found | histograms({net: total} | _other_total(net, picture), picture)
    if part == "bayes":
        return found | _classified(net, model, x, picture)
    levels_of = (x.flatten() * (model.levels - 1)).round().int().tolist()
    rows = [
        place_row(pixel) | {"level": level, "log p, nats": float(value), "surprise, bits": -float(value) / math.log(2)}
        for pixel, (level, value) in enumerate(zip(levels_of, nats, strict=True))
    ]
    return found | _described(model, x, log_prob, entropy, parameters) | Answer(table=Table(rows))


def _other_total(net: str, picture: Image) -> Mapping[str, float]:
    """Return log p of the picture under the network of the other data set, if there is one that can be loaded."""
    other = OTHER.get(dataset_of(net))
    if other is None:
        return {}
    with suppress(checkpoints.CheckpointError):
        model = load(other)
        return {other: float(_predicted(model, image_of(model, picture), None)[0].cpu().double().sum())}
    return {}


def _classified(net: str, model: RasterModel, x: Tensor, picture: Image) -> Answer:
    """Return the posterior over classes; or why there is none."""
    if not model.classes:
        return Answer(bars={"name": CANNOT, "rows": []}, view={"classes": None, "posterior": None})
    with torch.no_grad():
        each = model.log_prob(x.expand(model.classes, -1, -1, -1), torch.arange(model.classes)).cpu().double()
    nats, posterior = each.tolist(), each.softmax(-1).tolist()
    return Answer(view={"classes": nats, "posterior": posterior}) | bayes(net, picture, nats, posterior)


MODE = Mode(
    "score",
    "How likely?",
    "look",
    fields=[Field("kind", OneOf(SCORE_KINDS), "test", "the kind of picture")],
    functions=[score],
    panel=Panel(
        score,
        controls=[],
        tries=[
            (
                "A boot, to the digits' network",
                TEST | {"net": "pixelcnn-mnist", "set": "fashion-mnist", "img": 30, "part": "histograms"},
            ),
            (
                "A digit, to Fashion's",
                TEST | {"net": "pixelcnn-fashion-mnist", "set": "mnist", "img": 33, "part": "histograms"},
            ),
            ("Nothing at all", {"kind": "blank", "part": "histograms"}),
            ("Which class is noise?", {"kind": "noise", "net": "pixelcnn-mnist", "part": "bayes"}),
        ],
        shows=Shows(
            "",
            HEADS,
            charts=[("Histograms of −log p", 240)] * 2,
            details=True,
            others=True,
            kinds=True,
            bars="Posterior over classes",
        ),
    ),
    code={
        "How likely?": [RasterModel.log_prob, score.plain, Images.noise],
    },
)
