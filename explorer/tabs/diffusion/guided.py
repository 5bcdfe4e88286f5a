"""*Guidance by hand*: what guidance draws where p(x | y) is known, beside what its name promises."""

import math
from typing import Annotated

import torch

from explorer.data.labelled import LABELLED, LABELLED_TITLES, Labelled
from explorer.fields import Field, OneOf, Real
from explorer.models.guided import Guidance
from explorer.numbers.answer import Answer
from explorer.tabs.diffusion.guided_line import LINE_HEADS, PUSHES, line_answer, on_line, shares_of
from explorer.tabs.diffusion.guided_plane import drawn_points, plane_answer
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

REFERENCES = {"all": "everything", "worse": "a worse network", "other": "the other label"}
BANDS = {"always": "all", "early": "high", "between": "middle", "late": "low"}
LEVELS = {"always": (0.0, math.inf), "early": (1.5, math.inf), "between": (0.25, 1.5), "late": (0.0, 0.25)}
WORSE = 0.6  # further blur of the worse network
WAYS = {"ode": "flow", "sde": "SDE"}
KNOWN = Field("known", OneOf(tuple(LABELLED)), "beside", "the distribution")
PUSH = Field(
    "push", Real(0, PUSHES[-1]), 3, "the guidance w", "0 draws the reference, 1 the class, more exaggerates it"
)
REFERENCE = Field("reference", OneOf(tuple(REFERENCES)), "all", "what guidance pushes away from")
BAND = Field("band", OneOf(tuple(BANDS)), "always", "the noise levels with guidance")
ERROR = Field("error", Real(0, 0.4), 0, "the blur of the network", "Standard deviation by which it blurs p(x | y)")
WAY = Field("way", OneOf(tuple(WAYS)), "ode", "the sampler of the points")
Known = Annotated[str, KNOWN]
Reference = Annotated[str, REFERENCE]
Band = Annotated[str, BAND]
Error = Annotated[float, ERROR]
Way = Annotated[str, WAY]
IN_PLANE = [name for name, data in LABELLED.items() if data.dim > 1]


def guidance_of(data: Labelled, reference: str, band: str, error: float) -> Guidance:
    """Return the guidance of a network that knows the data, blurred by `error`, away from a reference."""
    network = data.blur(error)
    wanted = network.given(0)
    references = {"all": network, "worse": wanted.blur(WORSE), "other": network.given(1)}
    return Guidance(wanted, references[reference], LEVELS[band])


@heavy
def guided(known: Known, reference: Reference, band: Band, error: Error, way: Way, seed: Seed) -> Answer:
    """Return what guidance draws for every w: exactly on the line, and as points in the plane."""
    data = LABELLED[known]
    guidance = guidance_of(data, reference, band, error)
    with torch.no_grad():
        if known in IN_PLANE:
            return plane_answer(data, drawn_points(guidance, way, seed), way)
        found = on_line(data.given(0), guidance, seed)
        other = shares_of(data.given(1).cdf(found.edges))
    return line_answer(found, other, exact=not error)


START = {"known": "beside", "push": 3, "reference": "all", "band": "always", "error": 0}
MODE = Mode(
    "guided",
    "Guidance by hand",
    "play",
    entry="Steering",
    fields=[KNOWN, PUSH, REFERENCE, BAND, ERROR, WAY],
    functions=[guided],
    panel=Panel(
        guided,
        [
            [Control(PUSH, "slider", "Guidance scale w", step=0.25, digits=2, live=True)],
            [Control(KNOWN, "list", "Data", options=LABELLED_TITLES)],
            [Control(REFERENCE, "list", "Push away from", options=REFERENCES)],
            [Control(BAND, "segments", "Noise levels with guidance", options=BANDS)],
        ],
        more=[
            [Control(ERROR, "slider", "Blur of the network", step=0.1, digits=1)],
            [Control(WAY, "segments", "Sampler of the points", options=WAYS, when={"known": IN_PLANE})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Only the middle levels", START | {"band": "between"}),
            ("Autoguidance mends a blur", START | {"push": 2, "reference": "worse", "error": 0.3}),
            ("A negative prompt", START | {"known": "apart", "push": 2, "reference": "other"}),
            ("Crescents, pushed out", START | {"known": "crescents", "push": 4}),
        ],
        shows=Shows(
            "Drag w: is what guidance draws what its formula promises?",
            LINE_HEADS,
            charts=[
                ("Densities on the line: drawn, promised, and the data", 360),
                ("Distances by the guidance scale w", 150, "push"),
            ],
            waits="Every w is computed…",
        ),
    ),
    code={"Guidance by hand": [guided.plain, Guidance.score, Guidance.flow, Guidance.wander, Guidance.drawn_cdf]},
)
