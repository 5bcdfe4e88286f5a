"""*Denoising*: denoising: points and images that are rebuilt again and again."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf, Points, Real, Whole
from explorer.measures.plane_denoiser import known_density
from explorer.models.autoencoder import Autoencoder
from explorer.models.plane_denoiser import PlaneDenoiser
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, rows
from explorer.numbers.answer import Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num, percent
from explorer.spaces import LEVELS
from explorer.spaces.packing import pack
from explorer.steps import round_numbers
from explorer.tabs.autoencoders.shared import BESIDE, OF, PICTURE, PLANE_NETS, Found, MapNet, nets_of
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import Nets, dataset_of
from explorer.tabs.kit.layout.fields import POINTS, SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

WIDTHS = 5  # noise widths in the plane
PULL_VIEW = 3  # half the side of the displayed square
NOISE = Field("noise", Real(0, 1), 0.5, "the width of the noise")
WHERE = Field("where", OneOf(("plane", "images")), "plane", "where the denoising residual is shown")
SIGMA = Field("sigma", Whole(0, WIDTHS - 1), 1, "the width of the noise in the plane")
EXACT = Field("exact", OneOf(("noised", "clean")), "noised", "the score beside the denoising residual")
DROPS = Field("drops", Points(12, PULL_VIEW, "a dropped point"), (), "the dropped points")
PlaneNet = Annotated[str, Field("net", Nets(PLANE_NETS), title="the network of points")]
Sigma = Annotated[int, SIGMA]
Exact = Annotated[str, EXACT]
Drops = Annotated[tuple[tuple[float, float], ...], DROPS]
Noise = Annotated[float, NOISE]
NOISED = Figure("error against the score of the noised data")
CLEAN = Figure("error against the score of the data")
ONCE = Figure("squared error after one reconstruction, denoising", digits=1)
ONCE_PLAIN = Figure("the same, plain", digits=1)
EIGHT, EIGHT_PLAIN = (Figure(f"after eight, {of}", digits=1) for of in ("denoising", "plain"))
NOISY = Figure("of the noisy image", digits=1)
AGAIN = 8  # reconstructions of an image in a row
RETURNING = ("denoising-autoencoder", "autoencoder")
ROW_NAMES = {
    "denoising-autoencoder": "Denoising: the noisy image, then rebuilt 1, 2, … 8 times",
    "autoencoder": "Plain: the same",
}
PULL_SIGMAS = (0.05, 0.1, 0.2, 0.4, 0.8)  # of the networks
WIDTH_NAMES = {k: f"{sigma:g}" for k, sigma in enumerate(PULL_SIGMAS)}
ARROWS, SHADES = 17, 56  # cells a side, as in `stages/kit/plane/field_paint.js`
TIMES_AGAIN = 20  # reconstructions of a dropped point in a row
DROPPED_HEADS = (NOISED, CLEAN)
RETURNING_HEADS = (ONCE, ONCE_PLAIN, EIGHT, EIGHT_PLAIN, NOISY)


def pull_answer(rows: Mapping[str, Found], noise: float) -> Answer:
    """Describe an image that is noised and reconstructed repeatedly by two autoencoders, the denoising one first."""
    (own, errors), (other, beside) = ((family, each["errors"]) for family, each in rows.items())
    top, last = max(*errors, *beside), len(errors) - 1
    chart = Chart(
        x=Axis(
            ends=[0, last],
            ticks=[0, last // 2, last],
            names=["noisy", f"rebuilt {last // 2} times", f"{last} times"],
        ),
        y=Axis("squared error ‖x̂ − x‖²", ends=[0, top]),
        lines=[
            {"points": [*enumerate(errors)], "colour": BESIDE, "label": "denoising"},
            {"points": [*enumerate(beside)], "colour": "ink", "dash": [5, 4], "label": "plain"},
        ],
        words=f"{num(errors[0], 1)} at first; {num(errors[-1], 1)} denoising, {num(beside[-1], 1)} plain in the end",
    )
    table = [
        {"network": family, "times rebuilt": k, "squared error": error, "moved": moved}
        for family, each in rows.items()
        for k, (error, moved) in enumerate(zip(each["errors"], each["moved"]))
    ]
    return Answer(
        charts=[chart],
        numbers=[
            ONCE.of(errors[1]),
            ONCE_PLAIN.of(beside[1]),
            EIGHT.of(errors[-1]),
            EIGHT_PLAIN.of(beside[-1]),
            NOISY.of(errors[0]),
        ],
        words=f"One reconstruction leaves a squared error of {num(errors[1], 1)} by the denoising autoencoder, "
        f"{num(beside[1], 1)} by the plain one, which was trained without noise. Noise of width {num(noise)} had put "
        f"the image "
        f"{num(errors[0], 1)} away. After eight they are {num(errors[-1], 1)} and {num(beside[-1], 1)}. Each "
        "converges to an image that it reconstructs unchanged, which need not be your image.",
        table=Table(table),
    )


def residual_answer(card: Card, sigma: float, exact: str, means: Tensor, frames: Sequence[Tensor]) -> Answer:
    """Describe a denoising residual beside an exact score, and where dropped points have gone.

    Arguments:
        card: Card of the network.
        sigma: Noise level σ.
        exact: Density whose score is displayed: "noised" or "clean".
        means: Means (K, 2) of the Gaussians of the data.
        frames: Dropped points (N, 2) after each reconstruction.
    """
    errors = {"noised": "–", "clean": "–"}
    words = f"The arrows are the denoising residual r(x) − x of a network trained at σ = {sigma:g}. "
    if rows(card, "score_error", sigma=sigma):
        errors = {
            against: percent(find(card, "score_error", sigma=sigma, against=against)["value"], 1) for against in errors
        }
        shown = (
            f"; of the data's own score, which the thick arrows now show, it misses {errors['clean']}: that is only "
            "its limit for small σ."
            if exact == "clean"
            else f", which the thick arrows show; of the data's own score it misses {errors['clean']}."
        )
        words += f"Divided by σ² it misses the score of the noised data by {errors['noised']} of its mean square{shown}"
    else:
        words += "How much of the score it misses, divided by σ², was not measured."
    if len(frames) > 1:
        words += f" {_gone(means, frames)}"
    return Answer([NOISED.of(errors["noised"]), CLEAN.of(errors["clean"])], words)


def _gone(means: Tensor, frames: Sequence[Tensor]) -> str:
    start, end, count = frames[0], frames[-1], len(frames[0])
    far = float((end - start).norm(dim=-1).mean())
    before, after = (float((x[:, None] - means).norm(dim=-1).amin(-1).mean()) for x in (start, end))
    who, its = ("your point has", "its") if count == 1 else (f"your {count} points have", "their")
    return (
        f"Rebuilt {len(frames) - 1} times, {who} moved {num(far)} on average; {its} distance from the nearest of the "
        f"data's Gaussians fell from {num(before)} to {num(after)}. The residual leads uphill and stops there: it does "
        "not draw from p."
    )


@light
@torch.no_grad()
def returning(net: MapNet, picture: Picture, noise: Noise, seed: Seed) -> Answer:
    """Reconstruct a noisy picture repeatedly by two autoencoders; return its distance from the picture each time."""
    x = data.read(picture, LEVELS)
    noised = x + noise * torch.randn(x.shape, generator=rng(seed))
    rows, dataset = {}, dataset_of(net)
    for family in RETURNING:
        steps = list(checkpoints.load(f"{family}-{dataset}").return_steps(noised, AGAIN))
        images = torch.cat([step.x for step in steps])
        rows[family] = {
            "images": LEVELS.encode(images.clamp(0, 1)),
            "errors": round_numbers((images - x).square().flatten(1).sum(-1)),
            "moved": round_numbers(torch.cat([step.numbers["moved"] for step in steps])),
        }
    strips = [{"name": ROW_NAMES[family], "images": each["images"]} for family, each in rows.items()]
    out = LEVELS.encode(images[-1:].clamp(0, 1))
    shown = Answer(strips=strips, pictures={"x": LEVELS.encode(x), "out": out}, view={"rows": rows})
    return shown | pull_answer(rows, noise)


def cells(count: int) -> torch.Tensor:
    """Return the centres of the cells of the displayed square (count², 2), row by row from the top left."""
    places = ((2 * torch.arange(count) + 1) / count - 1) * PULL_VIEW
    down, across = torch.meshgrid(-places, places, indexing="ij")
    return torch.stack([across, down], -1).flatten(0, 1)


@light
@torch.no_grad()
def residual_field(net: PlaneNet, sigma: Sigma, exact: Exact, drops: Drops) -> Answer:
    """Return the denoising residual over σ² beside an exact score, and the way of points reconstructed repeatedly."""
    model: PlaneDenoiser = checkpoints.load(net)
    width, dataset = model.sigmas[sigma], dataset_of(net)
    density = known_density(dataset, width if exact == "noised" else 0.0)
    points, shades = cells(ARROWS), density.log_prob(cells(SHADES))
    residual, score = model.residual(points, width), density.score(points)
    frames = [torch.tensor(drops, dtype=torch.float32).view(-1, 2)]
    for _ in range(TIMES_AGAIN if drops else 0):
        frames.append(model.reconstruct(frames[-1], width))
    scale = known_density(dataset, width).sigma
    columns = ("x", "y", "residual x", "residual y", "score x", "score y")
    rows = torch.cat([points, residual, score], 1).tolist()
    view = {
        "shades": pack((shades - shades.max()).exp(), torch.float32),
        "arrows": {
            name: pack(each, torch.float32) for name, each in (("points", points), ("pull", residual), ("score", score))
        },
        "scale": scale,
        "frames": [round_numbers(frame.flatten()) for frame in frames],
    }
    table = Table([dict(zip(columns, row, strict=True)) for row in rows])
    shown = Answer(table=table, charts=[], strips=[], view=view)
    return shown | residual_answer(checkpoints.card_of(net), width, exact, known_density(dataset).means, frames)


MODE = Mode(
    "pull",
    "Denoising",
    "play",
    fields=[NOISE, WHERE, SIGMA, EXACT, DROPS],
    functions=[residual_field, returning],
    panel=Panel(
        None,
        controls=[[Control(WHERE, "segments", "Where", options={"plane": "Points", "images": "Images"})]],
        shows=Shows("Drop points or noise an image, and watch repeated reconstruction"),
        parts={"plane": "dropped", "images": "returning"},
    ),
    parts={
        "dropped": Panel(
            residual_field,
            controls=[
                [Control(POINTS, "points", "This mode is about points; the two moons are shown.")],
                [Control(SIGMA, "slider", "Noise σ", options=WIDTH_NAMES, live=True)],
            ],
            more=[
                [
                    Control(
                        EXACT,
                        "segments",
                        "Exact score",
                        options={"noised": "of the noised data", "clean": "of the data"},
                    )
                ]
            ],
            shows=Shows("", DROPPED_HEADS),
            nets=PLANE_NETS,
        ),
        "returning": Panel(
            returning,
            controls=[OF, [Control(NOISE, "slider", "Noise σ", step=0.05, digits=2)], [Control(SEED, "seed")]],
            shows=Shows(
                "",
                RETURNING_HEADS,
                charts=[("Squared distance from the image without noise", 270)],
                strips=[(9, 84), (9, 84)],
            ),
            nets=nets_of("denoising-autoencoder", "autoencoder"),
        ),
    },
    tries=[
        (
            "Six points, denoised",
            {"where": "plane", "net": "denoising-autoencoder-moons", "sigma": 2, "exact": "noised"}
            | {"drops": [-2, 1.5, -1, -1.6, 0, 2, 1.2, -2, 2.2, 0.6, 0, 0]},
        ),
        (
            "σ too large for the data's own score",
            {"where": "plane", "net": "denoising-autoencoder-moons", "sigma": 4, "exact": "clean", "drops": []},
        ),
        (
            "A noisy image, denoised",
            PICTURE | {"net": "denoising-autoencoder-mnist", "where": "images", "noise": 0.6, "seed": 7},
        ),
    ],
    code={
        "Denoising": [residual_field.plain, PlaneDenoiser.residual, returning.plain, Autoencoder.return_steps],
    },
)
