"""*Explore*: a point of the latent space is dragged and decoded, which the browser does."""

import functools
import math
from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, Reals
from explorer.models.beta_vae import BetaVAE
from explorer.models.posterior import log_prior
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.numbers.words import brief, num
from explorer.running.device import device_of
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.vae.shared import EARLIER, Beta, Which, _codes, _model, _rounded, set_of

POINT = Reals((("z₁", -1000, 1000), ("z₂", -1000, 1000)))
Z = Field("z", POINT, (0.6, 0.4), "a latent point")
PIN = Field("pin", POINT, None, "the place that the whole model is asked about")  # stays as the cursor moves
Point = Annotated[tuple[float, float], Z]
EXPLORE = EARLIER | {
    "autoencoder": "β = 0 is a plain autoencoder: z = μ, no noise, no KL term. Its {codes} codes spread "
    "{across} × {up} and reach {furthest:1} from the origin; nothing moves them towards the prior, which is 1 × 1.",
    "collapsed": "Posterior collapse: the rate is {rate} nats. All {codes} means lie within {furthest} of the origin "
    "and every posterior is as wide as the prior (σ = {width}), so z carries almost no information.",
    "cloud": "The codes have standard deviations {across} and {up}, the prior 1 and 1. A single posterior "
    "typically has {width:b}.",
    "nothing": "No code lies within {radius} of the cursor; the decoder outputs an image all the same.",
    "one": "One code lies within {radius} of the cursor, a “{most.name}”.",
    "all": "{count:0} codes lie within {radius} of the cursor, all of them “{most.name}”.",
    "most": "{count:0} codes lie within {radius} of the cursor, {most.count:0} of them “{most.name}”.",
    "hole": "No code of a test image lies here.",
    "known": "All codes here belong to “{most.name}”.",
    "mostly": "Most codes here belong to “{most.name}”.",
    "shared": "Several classes share this place.",
    "undefined": "The rate is undefined here; the distortion is {distortion:1} nats.",
    "costs": "It trades detail away: a code keeps {rate:1} nats of an image, and the rest costs {distortion:0}.",
    "nearest": "Nearest: test image {index:0}, “{name}”, {distance} away.",
    "asking": "Asking the model…",
    "lost": "The model did not answer.",
    "unmeasured": "The card of this model holds no measured curve yet.",
    "off": "β = 0 is off the curve: without a KL term the rate is undefined. Its distortion is {distortion:1} nats.",
    "curve": "β = {name}: D + βR = {sum:1} nats, −ELBO = D + R = {bound:1} nats.",
}
AT_CURSOR = [
    ("z", "{z:p}", ""),
    ("−log p(z)", "{far}", "nats"),
    ("codes within {radius}", "{count:0}", ""),
]
EXPLORE_ROWS = {
    "bound": [FINDING.of("{finding}"), ("−ELBO = D + R, test images", "{bound:1}", "nats"), *AT_CURSOR],
    "plain": [FINDING.of("{finding}"), ("D alone, R undefined, test images", "{distortion:1}", "nats"), *AT_CURSOR],
}
PRIOR = Figure("prior density p(z)")
STRETCH = Figure("stretch", unit="per unit")
EXPLORE_NEAR = 0.15


def probe_numbers(prior: float, stretch: Sequence[float]) -> list[Figure]:
    """Return the density of the prior at a latent point, and the stretch of the decoder."""
    stretches = " and ".join(num(each, 1) for each in stretch)
    return [PRIOR.of(brief(prior, 3)), STRETCH.of(stretches)]


@functools.lru_cache(maxsize=64)
def _bundled_codes(dataset: str, beta: float) -> Tensor:
    return _codes(_model(dataset), data.binary_display_images(set_of(dataset)), beta)


@light
def probe(dataset: Which, beta: Beta, z: Point) -> Answer:
    """Return figures at one latent point: prior density, number of encoded neighbours, stretch of the decoder."""
    model = _model(dataset)
    point = torch.tensor(z, device=device_of(model))
    log_density = float(log_prior(point))
    values, directions = model.stretch(point, beta)
    near = (_bundled_codes(dataset, beta) - point).norm(dim=-1) < EXPLORE_NEAR
    view = {
        "prior": math.exp(log_density),
        "neighbours": int(near.sum()),
        "radius": EXPLORE_NEAR,
        "stretch": _rounded(values),
        "directions": directions.tolist(),
    }
    return Answer(probe_numbers(math.exp(log_density), values.tolist()), view=view)


MODE = Mode(
    "explore",
    "Explore",
    "look",
    fields=[Z, PIN],
    functions=[probe],
    panel=Panel(
        probe,
        [],
        named={"z": PIN},
        shows=Shows(
            "Move over the map; click or tap pins a place",
            [
                FINDING,
                Figure("−ELBO = D + R, test images", unit="nats"),
                Figure("z"),
                Figure("−log p(z)", unit="nats"),
                Figure(f"codes within {EXPLORE_NEAR}"),
            ],
        ),
        says=EXPLORE,
        rows=EXPLORE_ROWS,
    ),
    code={
        "Explore": [BetaVAE.decode, BetaVAE.stretch],
    },
)
