"""*Between two*: straight and spherical ways between two codes."""

import math

from explorer import data
from explorer.fields import Field, OneOf
from explorer.models.vae import VAE
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num
from explorer.running.device import device_of
from explorer.spaces.packing import to_bytes
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import Other, Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.vae_room.shared import BESIDE, DIGIT, VaeNet

LINE = Figure("length of z halfway along the line", digits=1)
ARC = Figure("length of z halfway along the arc", digits=1)
TYPICAL = Figure("length of a typical draw, √J", digits=1)
APART = Figure("L2 distance of the two middle images", digits=1)
PLACES = 9  # between two pictures
HEADS = (FINDING, LINE, ARC, TYPICAL, APART)


def closer_path(straight: float, spherical: float, usual: float) -> str:
    """Return which path is halfway closer to the length of a typical draw, as a sentence."""
    name = "straight" if abs(straight - usual) < abs(spherical - usual) else "spherical"
    return f"The {name} path stays closer to the length of typical codes."


def paths_answer(latent: int, straight: list[float], spherical: list[float], apart: float) -> Answer:
    """Describe two ways between codes by the lengths of the codes, and how far their images are apart."""
    usual, middle, last = math.sqrt(latent), len(straight) // 2, len(straight) - 1
    top = 1.15 * max(*straight, *spherical, usual)
    shell = [(each, usual) for each in range(last + 1)]
    lines = [
        {
            "points": shell,
            "colour": "quiet",
            "dash": [2, 4],
            "label": f"a draw from the prior, √{latent} = {num(usual, 1)}",
            "at": last // 2,
        },
        {"points": [*enumerate(spherical)], "colour": "ink", "dash": [6, 4], "label": "spherical", "at": middle},
        {"points": [*enumerate(straight)], "colour": BESIDE, "label": "straight", "at": middle, "below": True},
    ]
    chart = Chart(
        x=Axis(ends=[0, last], ticks=[0, middle, last], names=["first image", "halfway", "second image"]),
        y=Axis("length of the code, ‖z‖", ends=[0.9 * min(*straight, *spherical), top]),
        lines=lines,
        words=f"straight {num(straight[middle], 1)} halfway, spherical {num(spherical[middle], 1)} halfway",
    )
    table = [
        {"place": k + 1, "length of the code, straight": line, "length of the code, spherical": arc}
        for k, (line, arc) in enumerate(zip(straight, spherical, strict=True))
    ]
    return Answer(
        [
            FINDING.of(closer_path(straight[middle], spherical[middle], usual)),
            LINE.of(straight[middle]),
            ARC.of(spherical[middle]),
            TYPICAL.of(usual),
            APART.of(apart),
        ],
        f"At the midpoint ‖z‖ is {num(straight[middle], 1)} on the straight path and "
        f"{num(spherical[middle], 1)} on the spherical one. The codes are {num(straight[0], 1)} and "
        f"{num(straight[-1], 1)} long; a draw from the prior is about √{latent} = {num(usual, 1)} long. The images of "
        f"both paths lie {num(apart, 1)} apart on average (L2), where a pixel goes from 0 to 1.",
        Table(table),
        charts=[chart],
    )


@light
def between(net: VaeNet, picture: Picture, other: Other) -> Answer:
    """Decode the linear and the spherical interpolation between two pictures, with the length of each code."""
    model: VAE = checkpoints.load(net)
    pair = [data.read(each, model.space).to(device_of(model)) for each in (picture, other)]
    images, lengths = {}, {}
    for name, spherical in (("Straight", False), ("Spherical", True)):
        (step,) = model.interpolate_steps(*pair, places=PLACES, spherical=spherical)
        images[name] = step.x
        lengths[name] = round_numbers(step.numbers["z"].norm(dim=-1))
    straight = images["Straight"]
    apart = float((straight - images["Spherical"]).flatten(1).norm(dim=1).mean())
    strips = [{"name": name, "images": to_bytes(x)} for name, x in images.items()]
    pictures = {"x": model.space.encode(pair[0]), "out": to_bytes(straight[PLACES // 2 :][:1])}
    said = paths_answer(model.latent, lengths["Straight"], lengths["Spherical"], apart)
    return said | Answer(strips=strips, pictures=pictures)


MODE = Mode(
    "paths",
    "Between two",
    "play",
    former=["interpolate"],
    fields=[Field("path", OneOf(("straight", "spherical")), "straight", "the path")],
    functions=[between],
    panel=Panel(
        between,
        controls=[],
        tries=[
            ("From a 3 to an 8", DIGIT | {"img": 108, "img2": 24}),
            ("From a boot to a dress", {"net": "vae-fashion-mnist", "img": 1, "img2": 2}),
        ],
        shows=Shows(
            "Straight or spherical: which path between two codes?",
            HEADS,
            charts=[("The length of the codes along both ways", 240)],
            strips=[(9, 84)] * 2,
        ),
    ),
    code={
        "Between two": [between.plain, VAE.interpolate_steps],
    },
)
