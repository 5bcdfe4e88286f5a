"""*Between two*: an image becomes noise without chance, and a way between two of them."""

import math
from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, Real
from explorer.models.samplers import Denoiser
from explorer.models.spherical import spherical_path
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Report, Table
from explorer.numbers.words import num
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.steps import Step
from explorer.tabs.diffusion.shared import (
    CLOTHES,
    EVALUATIONS,
    FEWER,
    PATH,
    DiffusionNet,
    Steps,
    away_from,
    check_steps,
    frame_steps,
    levels,
    scenes,
)
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import TESTS, Other, Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

PLACE = Field("place", Real(0, 1), 0.5, "the place along the path")
GREY_PIXELS = Figure("grey pixels, diffusion", unit="%", digits=0)
GREY_VAE = Figure("grey pixels, VAE", unit="%", digits=0)
TRAVEL_HEADS = (GREY_PIXELS, GREY_VAE, EVALUATIONS)
TRAVEL_GREY = 51 / 255, 204 / 255  # pixels between these are neither nearly black nor nearly white
REFINEMENTS = 3  # additional evaluations of an inverted step
BETA = 1.0  # of the VAE in the comparison of paths
TRIES = [
    ("A hundred steps", {"steps": 100, "at": None}),
    ("Five steps", {"steps": 5, "at": None}),
    ("A boot and a bag", {"net": CLOTHES, "img": 30, "img2": 21, "at": None}),
]


def inversion_answer(step: Step, each: int) -> Report:
    """Describe two images on their way to noise, by steps of `each` evaluations."""
    at = f"t = {step.time:,}"
    return Report(
        [GREY_PIXELS.unknown, GREY_VAE.unknown, EVALUATIONS.of(each * (step.index + 1))],
        caption="The two images, before any step." if step.time == 0 else f"Inverting: both images at {at}.",
        words=f"Both images are on their way to noise, at {at}. DDIM, run from image to noise, has added the "
        "noise that the network predicted.",
    )


def grey(x: Tensor) -> list[float]:
    """Compute the share of grey pixels of each image (B, 1, 28, 28)."""
    return ((x > TRAVEL_GREY[0]) & (x < TRAVEL_GREY[1])).flatten(1).double().mean(1).tolist()


def travel_answer(step: Step, noises: Tensor, ends: Tensor, vae: Tensor | None, before: int) -> Report:
    """Describe images between two noises on their way down; at time 0 beside the path of the VAE.

    Arguments:
        step: Step of the images of the path.
        noises: The two noises, (2, 1, 28, 28).
        ends: The two images that became them, (2, 1, 28, 28).
        vae: Images along the VAE's line, (n, 1, 28, 28); None without a VAE.
        before: Evaluations of the way up.
    """
    x, time, spent = levels(step.x), step.time, EVALUATIONS.of(before + step.index + 1)
    cosine = torch.cosine_similarity(*noises.flatten(1).double(), dim=0)
    sizes = " and ".join(num(value) for value in noises.flatten(1).double().square().mean(1).sqrt().tolist())
    turned = (
        f"The two noises are {num(math.degrees(math.acos(max(-1, min(1, float(cosine))))), 0)}° apart, independent "
        f"ones 90°. Their root mean square is {sizes} (pure noise: 1)."
    )
    if time > 0:
        return Report(
            [GREY_PIXELS.unknown, GREY_VAE.unknown, spent],
            f"{turned} Nine noises between them are being denoised, at t = {time:,}.",
            caption=f"Denoising nine noises: t = {time:,}.",
        )

    def distances(path: Tensor) -> tuple[str, str]:
        missed = away_from(path[[0, -1]], ends)
        return " and ".join(map(num, missed.tolist())), num(float(path.diff(dim=0).flatten(1).norm(dim=-1).max()))

    missed, jump = distances(x)
    said = f"{turned} Decoded again, the two ends lie {missed} (L2) from their images"
    if vae is None:
        said += "."
    else:
        by_vae, uneven = distances(vae)
        said += (
            f", the VAE's, of two numbers each, {by_vae}. The largest change between neighbours is {jump} on the upper "
            f"path and {uneven} on the lower."
        )
    own, other = grey(x), [] if vae is None else grey(vae)
    places = range(len(own))
    stops = [
        Answer([GREY_PIXELS.of(100 * own[k]), GREY_VAE.of(100 * other[k]) if other else GREY_VAE.unknown, spent])
        for k in places
    ]
    table = [
        {"place": k / places[-1], "grey pixels, diffusion": own[k], "grey pixels, VAE": other[k] if other else None}
        for k in places
    ]
    return Report(
        words=said,
        caption="Finished: nine interpolated noises, denoised.",
        view={"stops": stops, "table": Table(table)},
    )


@film
def travel(net: DiffusionNet, first: Picture, second: Other, steps: Steps) -> Script:
    """Film two images encoded to noise, then nine noises on the path between them decoded, beside the VAE's path."""
    model = checkpoints.load(net)
    times = model.schedule.times(check_steps(steps))
    shown = len(frame_steps(model.schedule, times[::-1])) + len(frame_steps(model.schedule, times))

    def roll() -> Iterator[Scene]:
        own = torch.cat([data.read(each, model.space) for each in (first, second)])
        x, noises, vae = own.to(device_of(model)), [], vae_path(net, first, second)

        def invert() -> Iterator[Step]:
            for step in model.invert_steps(x, steps=steps, refinements=REFINEMENTS):
                noises[:] = step.numbers["x_t"]
                yield step

        each = 1 + REFINEMENTS
        rising = partial(inversion_answer, each=each)
        up = scenes(model, model.from_space(x), invert(), times[::-1], [each] * steps, rising)
        for cost, found in up:
            if found and found["index"] < 0 and vae is not None:
                found["pictures"]["vae"] = model.space.encode(vae)
            yield cost, found
        between = spherical_path(*noises, PATH)
        back = model.ddim_steps(PATH, generator=rng(0), steps=steps, x_t=between, clip=False)
        pair = torch.stack(noises).cpu()
        falling = partial(travel_answer, noises=pair, ends=own, vae=vae, before=each * steps)
        yield from scenes(model, between, back, times, [1] * steps, falling)

    return Script(model.space, PATH, 2 + shown, (2 + REFINEMENTS) * steps, roll)


def vae_path(net: str, first: Picture, second: Picture) -> Tensor | None:
    """Decode nine points on the straight line between the VAE's codes of the same two images; None without a VAE.

    Shapes: (`PATH`, 1, 28, 28) in [0, 1].
    """
    try:
        model = checkpoints.load(f"beta-vae-{dataset_of(net)}")
    except checkpoints.CheckpointError:
        return None
    x = torch.cat([data.read(each, model.space) for each in (first, second)]).to(device_of(model))
    with torch.no_grad():
        a, b = model.encode(x, BETA).mean
        places = torch.linspace(0, 1, PATH).to(a).unsqueeze(-1)
        return model.decode((1 - places) * a + places * b, BETA).mean.cpu()


MODE = Mode(
    "travel",
    "Between two",
    "play",
    fields=[PLACE, Field("img2", TESTS, None, "the second test image")],
    functions=[travel],
    panel=Panel(
        travel,
        [[Control(PLACE, "slider", "Position on the path", step=1 / (PATH - 1), digits=3, live=True)]],
        more=[FEWER],
        tries=TRIES,
        shows=Shows("Interpolate between two images' noises", TRAVEL_HEADS),
    ),
    tries=TRIES,
    code={
        "Inversion": [travel.plain, Denoiser.invert_steps, spherical_path],
    },
)
