"""*SDEdit*: SDEdit: a picture is noised halfway and denoised again."""

import math
from collections.abc import Iterable
from typing import Annotated

from torch import Tensor

from explorer import data
from explorer.fields import Field, Whole
from explorer.models.schedule import Schedule
from explorer.networks import checkpoints
from explorer.numbers.answer import Report, Table
from explorer.numbers.words import num
from explorer.serving.films import Script
from explorer.steps import Step
from explorer.tabs.diffusion.shared import (
    ANSWERS,
    CLOTHES,
    FEWER,
    GUIDED,
    TEST,
    TIMES,
    DiffusionNet,
    Scale,
    Steps,
    away_from,
    check_steps,
    levels,
    mean_distance,
    name_of,
    nearer_words,
    passes,
    script,
)
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.layout.fields import LABEL, SEED, Label, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

START = Field("start", Whole(1, TIMES), 500, "the time to start from")
Start = Annotated[int, START]
MIDDLE = {
    "films": "Four answers",
    "doing": "{title} denoises it four times",
    "lacks": "it is noised to the time chosen, and the network goes back from there.",
}
MIDDLE_ROWS = {"columns": [("mean L2 to picture", "{mean}", ""), ("L2 of each", "{four}", "")]}


def middle_answer(step: Step, picture: Tensor, name: str, start: int, alpha: float) -> Report:
    """Describe answers at a step, from a picture (1, 1, 28, 28) noised to `start`, where ᾱ is `alpha`."""
    x, time = levels(step.x), step.time
    away, among = away_from(x, picture), mean_distance(x)
    mean = num(float(away.mean()))
    left = (
        f"At t = {start} the signal-to-noise ratio is {num(alpha / (1 - alpha), 3)}. There xₜ is "
        f"{num(math.sqrt(alpha))} (√ᾱ) times {name} plus {num(math.sqrt(1 - alpha))} times the noise."
    )
    if time > 0:
        said = (
            f"By t = {time} the four lie {mean} (L2) from {name} on average and {num(among)} from each other, "
            "including the noise that is left."
        )
    else:
        close = among < float(away.mean())
        verdict = "agree with each other more than with it" if close else "differ from each other more than from it"
        said = (
            f"The four answers lie {mean} (L2) from {name} on average and {num(among)} from each other: they {verdict}."
        )
    table = [
        {"answer": k, "start": start, "L2 distance from the picture": value} for k, value in enumerate(away.tolist(), 1)
    ]
    figures = [
        ("mean L2 to picture", num(float(away.mean()))),
        ("L2 of each", ", ".join(map(num, away.tolist()))),
    ]
    finding = nearer_words(away, among, name)
    return Report(words=f"{left} {said}", view={"finding": finding, "figures": figures, "table": Table(table)})


@film
def middle(
    net: DiffusionNet, picture: Picture, start: Start, seed: Seed, label: Label, w: Scale, steps: Steps
) -> Script:
    """Film a picture noised four times to the time `start`, and denoised from there."""
    model = checkpoints.load(net)
    times = model.schedule.times(check_steps(steps), start)
    own = data.read(picture, model.space)

    def begin() -> tuple[Tensor, Iterable[Step]]:
        generator = rng(seed)
        noise = model.noise(ANSWERS, generator)
        x = model.schedule.add_noise(model.from_space(own.to(noise)), noise, start)
        how = {"x_t": x, "start": start, "label": labels(label, ANSWERS), "guidance_scale": w}
        return x, model.ddim_steps(ANSWERS, generator=generator, steps=steps, **how)

    def tell(step: Step) -> Report:
        return middle_answer(step, own, name_of(picture), start, float(model.schedule.alphas_cumprod[start]))

    return script(model, begin, ANSWERS, times, [passes(label, w)] * steps, tell)


MODE = Mode(
    "middle",
    "SDEdit",
    "play",
    entry="Steering",
    fields=[START],
    functions=[middle],
    panel=Panel(
        middle,
        [[Control(SEED, "seed")]],
        more=[[Control(LABEL, "class")], GUIDED, FEWER],
        says=MIDDLE,
        rows=MIDDLE_ROWS,
    ),
    tries=[
        ("A little noise", {"start": 250, "at": None}),
        ("Nearly all noise", {"start": 850, "at": None}),
        (
            "A boot, as a sneaker",
            TEST | {"net": CLOTHES, "img": 30, "label": 7, "w": 4, "start": 600, "seed": 7, "steps": 50, "at": None},
        ),
    ],
    code={
        "SDEdit": [middle.plain, Schedule.add_noise],
    },
)
