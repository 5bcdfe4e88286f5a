"""Server functions of the autoregressive networks: drawing, scoring, completion, and dependencies of a prediction.

Arrays travel as base64 in raster order of the pixels, for any order of prediction. Values are levels (0 … L − 1).
Log-probabilities and entropies are in nats, always at temperature 1.
"""

import functools
import math
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.models import levels
from explorer.models.made import MADE
from explorer.models.raster import PIXELS, SIDE, RasterModel
from explorer.networks import checkpoints
from explorer.questions import codefile
from explorer.running.device import device_of
from explorer.running.pauses import pausing
from explorer.serving.work import Batch
from explorer.spaces.packing import pack, pack_bits
from explorer.steps import Step, last
from explorer.tabs.autoregressive import likelihoods, words
from explorer.tabs.autoregressive.fields import (
    GRID,
    NET,
    Count,
    Known,
    Label,
    Order,
    Part,
    Picture,
    Pixel,
    RasterNet,
    Rows,
    Temperature,
)
from explorer.tabs.autoregressive.masks import leaning, masks, reach
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.compressing import compress_answer
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import File, Image, Index, Pixels, Seed
from explorer.tabs.kit.numbers.answer import Answer, Table

NETS = NET.kind.choices
COMPLETIONS = 8
AT_ONCE = 24  # images drawn in one batch: under a second


def load(net: str, order: int = 0) -> RasterModel:
    """Load the network; a MADE in the requested pixel order.

    Raises:
        ValueError: if the network supports raster order only.
    """
    model = checkpoints.load(net)
    if isinstance(model, MADE):
        return model.in_order(order)
    if order:
        raise ValueError("this network predicts from row to row only: pixel orders 1 to 3 are MADE's")
    return model


def image_of(model: RasterModel, picture: Image) -> Tensor:
    """Return a picture as the network's input: (1, 1, 28, 28).

    Raises:
        ValueError: if its levels are not those of the network.
    """
    return data.read(picture, model.space).to(device_of(model))


def _order_of(model: RasterModel) -> str | None:
    raster = not getattr(model, "which", 0)
    return None if raster else pack(model.order, torch.uint16)


def _described(model: RasterModel, image: Tensor, log_prob: Tensor, entropy: Tensor, parameters: Tensor) -> Answer:
    view = {
        "values": pack(image * (model.levels - 1), torch.uint8),
        "log_prob": pack(log_prob, torch.float32),
        "entropy": pack(entropy, torch.float16),
        "parameters": pack(parameters, torch.float32),
        "order": _order_of(model),
    }
    return Answer(view=view)


def _drawn(model: RasterModel, steps: Iterable[Step], counts: list[int]) -> list[Answer]:
    """Return the predictions before each pixel of a drawing, one answer per visitor; `counts` are their images."""
    pixels, taken = [], []
    for step in steps:
        pixels.append(step.time)
        taken.append(step.numbers)
    back = torch.tensor(pixels).argsort().to(step.x.device)
    names = ("log_prob", "entropy", "parameters")
    found = [torch.stack([numbers[name] for numbers in taken], dim=1)[:, back] for name in names]
    each = zip(*(part.split(counts) for part in (step.x, *found)), strict=True)
    return [_described(model, image, log_prob, entropy, parameters[0]) for image, log_prob, entropy, parameters in each]


@torch.no_grad()
def _predicted(model: RasterModel, x: Tensor, label: int | None) -> tuple[Tensor, Tensor, Tensor]:
    """Return log p and entropy of every pixel of a known image, and the predictions' parameters, in one pass.

    Shapes: `x` (1, 1, 28, 28).
    """
    parameters = model.parameters_of(x, labels(label, 1))
    predicted = model.distribution(parameters)
    return predicted.log_prob(x.flatten(1)), levels.entropy(predicted.log_probs), parameters


def _traced(model: RasterModel, x: Tensor, label: int | None) -> Answer:
    """Return the predictions of every pixel of a known image, and their sum."""
    log_prob, *rest = _predicted(model, x, label)
    return _described(model, x, log_prob, *rest) | Answer(view={"total": float(log_prob.cpu().double().sum())})


def draw_together(questions: list[dict[str, Any]]) -> list[Answer]:
    """Draw the images of several visitors in one batch, each with the predictions before each of its pixels.

    All requests have the same network and pixel order. Every visitor has separate random numbers, class and
    temperature, so the images equal those of a separate request.
    """
    model = load(questions[0]["net"], questions[0]["order"])
    counts = [question["count"] for question in questions]
    start = time.perf_counter()
    u = [torch.rand(question["count"], PIXELS, generator=rng(question["seed"])) for question in questions]
    temperatures = torch.tensor([question["temperature"] for question in questions])
    label = None
    if any(question["label"] is not None for question in questions):
        label = torch.tensor([model.classes if each["label"] is None else each["label"] for each in questions])
        label = label.repeat_interleave(torch.tensor(counts))
    how = {"label": label, "temperature": temperatures.repeat_interleave(torch.tensor(counts))}
    drawn = _drawn(model, pausing(model.draw_steps(torch.cat(u), **how)), counts)
    seconds = time.perf_counter() - start
    return [
        found | Answer(view={"count": count, "seconds": seconds}) for count, found in zip(counts, drawn, strict=True)
    ]


TOGETHER = Batch(draw_together, lambda asked: (asked["net"], asked["order"]), lambda asked: asked["count"], AT_ONCE)


@functools.partial(heavy, batch=TOGETHER)
def generate(net: RasterNet, seed: Seed, count: Count, label: Label, temperature: Temperature, order: Order) -> Answer:
    """Draw images pixel by pixel, each with the predictions before each of its pixels."""
    asked = {"net": net, "seed": seed, "count": count, "label": label, "temperature": temperature, "order": order}
    return draw_together([asked])[0]


@light
def trace(net: RasterNet, picture: Picture, label: Label, order: Order) -> Answer:
    """Return the prediction of each pixel of an image from the pixels before it, and the exact log p."""
    model = load(net, order)
    return _traced(model, image_of(model, picture), label)


@heavy
def resume(
    net: RasterNet,
    seed: Seed,
    index: Index,
    label: Label,
    temperature: Temperature,
    order: Order,
    pixels: Pixels,
    known: Known,
) -> Answer:
    """Keep the first pixels, and draw the others with the random numbers of one image of a grid."""
    if index >= GRID:
        raise ValueError(f"a grid has {GRID} images, numbered from 0")
    model = load(net, order)
    image = model.space.from_levels(pixels)
    u = torch.rand(index + 1, PIXELS, generator=rng(seed))[index:]
    start = time.perf_counter()
    if known < PIXELS:
        given = {"prefix": image[:, model.order[:known]], "label": labels(label, 1)}
        image = last(model.draw_steps(u, temperature=temperature, **given)).x
    seconds = time.perf_counter() - start
    return _traced(model, image.view(1, 1, SIDE, SIDE).to(device_of(model)), label) | Answer(view={"seconds": seconds})


@heavy
def complete(net: RasterNet, picture: Picture, rows: Rows, seed: Seed, label: Label) -> Answer:
    """Draw eight completions of the first rows of an image, with the exact log p of the drawn pixels and the real ones.

    A network without classes ignores the label.
    """
    model = load(net)
    label = label if model.classes else None
    real = image_of(model, picture)
    given = real.flatten(1)[:, : rows * SIDE].expand(COMPLETIONS, -1)
    given_labels = labels(label, COMPLETIONS)
    start = time.perf_counter()
    x = last(model.sample_steps(COMPLETIONS, generator=rng(seed), label=given_labels, prefix=given)).x
    with torch.no_grad():
        log_prob = model(x, given_labels).log_prob(x).flatten(1)
    seconds = time.perf_counter() - start
    before, after = log_prob.cpu().double().tensor_split([rows * SIDE], dim=1)
    rest = after.sum(-1).tolist()
    real_rest = float(_predicted(model, real, label)[0].cpu().double()[0, rows * SIDE :].sum())
    view = {
        "values": pack(x * (model.levels - 1), torch.uint8),
        "log_prob": pack(log_prob, torch.float32),
        "given": float(before[0].sum()),
        "rest": rest,
        "real": pack(real * (model.levels - 1), torch.uint8),
        "real_rest": real_rest,
        "seconds": seconds,
    }
    return Answer(view=view) | words.completion_report(rows, seed, picture, rest, real_rest)


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
    found = words.score_report(nats, entropy[0].cpu().double(), picture, isinstance(model, MADE))
    grey = pack(255 * x, torch.uint8)
    found |= Answer(charts=[], pictures={"x": grey, "out": grey}, view={"total": total, "levels": model.levels})
    if part == "histograms":
        return found | likelihoods.histograms({net: total} | _other_total(net, picture), picture)
    if part == "bayes":
        return found | _classified(net, model, x, picture)
    levels_of = (x.flatten() * (model.levels - 1)).round().int().tolist()
    rows = [
        place_row(pixel) | {"level": level, "log p, nats": float(value), "surprise, bits": -float(value) / math.log(2)}
        for pixel, (level, value) in enumerate(zip(levels_of, nats, strict=True))
    ]
    return found | _described(model, x, log_prob, entropy, parameters) | Answer(table=Table(rows))


def place_row(pixel: int) -> dict[str, int]:
    """Return the columns of a table that name a pixel, from one."""
    return {"row": pixel // SIDE + 1, "column": pixel % SIDE + 1}


def _other_total(net: str, picture: Image) -> Mapping[str, float]:
    """Return log p of the picture under the network of the other data set, if there is one that can be loaded."""
    other = likelihoods.OTHER.get(dataset_of(net))
    if other is None:
        return {}
    with suppress(checkpoints.CheckpointError):
        model = load(other)
        return {other: float(_predicted(model, image_of(model, picture), None)[0].cpu().double().sum())}
    return {}


def _classified(net: str, model: RasterModel, x: Tensor, picture: Image) -> Answer:
    """Return the posterior over classes; or why there is none."""
    if not model.classes:
        return Answer(bars={"name": likelihoods.CANNOT, "rows": []}, view={"classes": None, "posterior": None})
    with torch.no_grad():
        each = model.log_prob(x.expand(model.classes, -1, -1, -1), torch.arange(model.classes)).cpu().double()
    nats, posterior = each.tolist(), each.softmax(-1).tolist()
    return Answer(view={"classes": nats, "posterior": posterior}) | likelihoods.bayes(net, picture, nats, posterior)


@heavy
def compress(net: RasterNet, picture: Picture) -> Answer:
    """Return the file of a picture by a network, the bits of each pixel, and the sizes by other tools."""
    model = load(net)
    x = image_of(model, picture)
    found = compress_answer(net, x, "pixel", "MADE" if isinstance(model, MADE) else "PixelCNN")
    values = (x.flatten() * (model.levels - 1)).round().int().tolist()
    pairs = zip(values, found.view["bits"], strict=True)
    rows = [place_row(i) | {"level": level, "bits": bits} for i, (level, bits) in enumerate(pairs)]
    grey = pack(255 * x, torch.uint8)
    shown = Answer(table=Table(rows), pictures={"x": grey, "out": grey}, view={"levels": model.levels})
    return shown | found


@heavy
def decompress(file: File) -> Answer:
    """Return the levels of the picture of a file, and the network that compressed it."""
    nets = [*NETS, *filter(NET.kind.takes, [codefile.parse(file).net])]
    found, x = codefile.read(file, nets)
    levels = checkpoints.load(found.net).levels
    return Answer(view={"net": found.net, "values": pack(x * (levels - 1), torch.uint8), "levels": levels})


@light
def receptive(net: RasterNet, picture: Picture, label: Label, order: Order, pixel: Pixel) -> Answer:
    """Return the gradient of one prediction with respect to each pixel, and the field that the kernels allow."""
    model = load(net, order)
    found, field = gradient(model, image_of(model, picture), label, pixel), reach(model, pixel)
    before = model.order.tolist().index(pixel)
    words = leaning(found.cpu(), int(field.sum()), pixel, before)
    return Answer(words=words, view={"gradient": pack(found, torch.float32), "reach": pack_bits(field)})


def gradient(model: RasterModel, x: Tensor, label: int | None, pixel: int) -> Tensor:
    r"""Return $|\partial f / \partial x_j|$ of one pixel's logit, or with 256 levels of its expected value: (28, 28).

    Shapes: `x` (1, 1, 28, 28).
    """
    x = x.clone().requires_grad_()
    parameters = model.parameters_of(x, labels(label, 1))[0, pixel]
    if model.levels == 2:
        predicted = parameters[0]
    else:
        values = torch.linspace(0, 1, model.levels).to(x)
        predicted = (model.distribution(parameters).log_probs.exp() * values).sum()
    (found,) = torch.autograd.grad(predicted, x)
    return found[0, 0].abs()


SERVER_FUNCTIONS: list[Callable[[dict], dict]] = [
    *(generate, trace, resume, complete, score, compress, decompress, receptive, masks),
    nearest,
]
