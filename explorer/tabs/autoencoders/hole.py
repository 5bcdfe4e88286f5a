"""*Random codes*: codes drawn at random: what the decoder makes of them."""

from collections.abc import Callable, Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf
from explorer.measures.autoencoder import OTHER, PRIORS, SURE, draw_codes, from_equal, top_class
from explorer.models.autoencoder import Autoencoder
from explorer.models.beta_vae import BetaVAE
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num, percent
from explorer.spaces import LEVELS
from explorer.spaces.packing import pack
from explorer.tabs.autoencoders.shared import (
    CLOTHES,
    KIND,
    KINDS,
    MAPS,
    OF,
    OF_TWO,
    PLAIN,
    Codes,
    Found,
    MapNet,
    family_of,
    map_of,
    nets_of,
)
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows

PRIOR = Field("prior", OneOf(PRIORS), "standard", "what codes are drawn from")
Prior = Annotated[str, PRIOR]
PRIOR_NAMES = {
    "standard": ("N(0, I)", "from N(0, I)"),
    "fitted": ("a fitted Gaussian", "from the Gaussian with the mean and covariance of the codes"),
}
HOLE_SHORT = 3  # letters of a class below a chart
KL, KL_VAE = (Figure(f"KL from uniform classes, {of}", unit="nats") for of in ("autoencoder", "VAE"))
SURENESS, SURE_VAE = (Figure(f"classifier confident, {of}") for of in ("autoencoder", "VAE"))
HOLE_DRAWN = 300  # codes drawn in the mode of the prior–posterior mismatch
DECODED = 12  # decoded images of them
HEADS = (FINDING, KL, KL_VAE, SURENESS, SURE_VAE)
TRIES = [
    ("From a fitted Gaussian", PLAIN | {"prior": "fitted", "seed": 7}),
    ("The contractive one, fitted", {"net": "contractive-autoencoder-mnist", "prior": "fitted", "seed": 7}),
    ("Clothes, fitted", CLOTHES | {"prior": "fitted", "seed": 7}),
]


def many(name: str) -> str:
    """Return many of a class: digits by their plural, clothes by the name of their class."""
    return f"{name}s" if len(name) == 1 else f"“{name}”"


def counts_of(classes: Sequence[int]) -> list[int]:
    """Return how many draws the classifier puts in each class."""
    return [classes.count(label) for label in range(10)]


def class_chart(counts: Sequence[int], top: int, names: Sequence[str], of: int) -> Chart:
    """Return the chart of the classes of some draws, with the equal share as a line."""
    return Chart(
        x=Axis(ends=[-0.5, 9.5], ticks=[*range(10)], names=[name[:HOLE_SHORT] for name in names]),
        y=Axis("classified as", f"of {of} draws", note="dashed: equal", ends=[0, top], ticks=[0, top]),
        bars=[{"x0": k - 0.5, "x1": k + 0.5, "y": count} for k, count in enumerate(counts)],
        lines=[{"points": [(-0.5, of / 10), (9.5, of / 10)], "colour": "ink", "dash": [4, 4]}],
        words=", ".join(f"{count} {many(name)}" for count, name in zip(counts, names, strict=True)),
    )


def draws_answer(kind: str, prior: str, own: Found, vae: Found, names: Sequence[str]) -> Answer:
    """Describe draws that an autoencoder and a VAE decode, by the classes that a classifier sees in them."""
    counts = [counts_of(each["classes"]) for each in (own, vae)]
    top = max(map(max, counts))
    of = len(own["classes"])

    def most(count: Sequence[int]) -> str:
        return f"{percent(max(count) / of)} of the draws look like {many(names[count.index(max(count))])}"

    kl = [f"{num(each['kl'])} ± {num(each['se'])}" for each in (own, vae)]
    sure = [percent(each["sure"]) for each in (own, vae)]
    never = counts[0].count(0)
    often = {0: "Every class occurs", 1: "1 class never occurs"}.get(never, f"{never} classes never occur")
    missing = f"{often} among {of} draws."
    return Answer(
        charts=[class_chart(count, top, names, of) for count in counts],
        numbers=[
            FINDING.of(f"{most(counts[0])}."),
            KL.of(kl[0]),
            KL_VAE.of(kl[1]),
            SURENESS.of(sure[0]),
            SURE_VAE.of(sure[1]),
        ],
        words=f"{missing} Their codes are {PRIOR_NAMES[prior][1]}, decoded "
        f"by the {kind} autoencoder: KL {kl[0]} nats from uniform classes. By the VAE, whose codes were trained "
        f"towards N(0, I), {most(counts[1])}: {kl[1]} nats. "
        f"The classifier is confident about {sure[0]} and {sure[1]}: it assigns a class to any image.",
    )


@heavy
@torch.no_grad()
def hole(net: MapNet, prior: Prior, seed: Seed) -> Answer:
    """Draw codes for an autoencoder and for the VAE with two latents, and classify the decoded images."""
    model: Autoencoder = checkpoints.load(net)
    dataset = dataset_of(net)
    vae: BetaVAE = checkpoints.load(f"{OTHER}-{dataset}")
    images = data.display_split(dataset)
    own = model.encode(images.pixels())
    others = vae.encode(data.binary_display_images(dataset), 1.0).mean
    z = {
        "own": draw_codes(prior, HOLE_DRAWN, own, rng(seed)),
        "vae": draw_codes(prior, HOLE_DRAWN, others, rng(seed)),
    }
    found = {
        "own": _drawn(dataset, model.decode, z["own"]),
        "vae": _drawn(dataset, lambda codes: vae.decode(codes, 1.0).mean, z["vae"]),
    }
    kind = KINDS.get(family_of(net), "chosen")
    names = {"own": f"The {kind} autoencoder", "vae": "The VAE, β = 1"}
    strips = [
        {"name": names[which], "images": each["images"], "says": f"the first {DECODED}"}
        for which, each in found.items()
    ]
    table = [
        {"network": which, "draw": i, "z1": z1, "z2": z2, "class seen": label}
        for which, each in found.items()
        for i, ((z1, z2), label) in enumerate(zip(z[which].tolist(), each["classes"], strict=True))
    ]
    plane = map_of(own, images.labels.tolist(), z["own"])
    drawn = {"drawn": pack(z["own"], torch.float32), "classes": found["own"]["classes"]}
    centre = LEVELS.encode(model.decode(torch.zeros(1, 2)))
    return draws_answer(kind, prior, found["own"], found["vae"], data.classes_of(dataset)) | Answer(
        table=Table(table),
        grids=[{"images": centre, "words": "one image"}],
        strips=strips,
        pictures={"out": centre},
        view=found | {"maps": [plane | drawn]},
    )


def _drawn(dataset: str, decode: Callable[[Tensor], Tensor], z: Tensor) -> Codes:
    judge = checkpoints.load(f"classifier-{dataset}")
    images = decode(z)
    share, classes = top_class(judge, images)
    kl, se = from_equal(classes, judge.head.out_features)
    return {
        "classes": classes.tolist(),
        "kl": kl,
        "se": se,
        "sure": float((share >= SURE).double().mean()),
        "images": LEVELS.encode(images[:DECODED]),
    }


MODE = Mode(
    "hole",
    "Random codes",
    "test",
    fields=[PRIOR],
    functions=[hole],
    panel=Panel(
        hole,
        controls=[
            OF,
            KIND,
            [
                Control(
                    PRIOR,
                    "segments",
                    "Codes from",
                    options={prior: name for prior, (name, _) in PRIOR_NAMES.items()},
                )
            ],
            [Control(SEED, "seed")],
        ],
        tries=TRIES,
        shows=Shows(
            "Draw codes at random, and count the classes of their images",
            HEADS,
            charts=[("Classes of the autoencoder's images", 150), ("Classes of the VAE's images", 150)],
            strips=[(12, 56), (12, 56)],
            grids=[Grid("Decoded at (0, 0)", 1, rows=8, place="panel", titled=True)],
            beside=True,
            module=MAPS,
        ),
        nets=nets_of(*OF_TWO),
    ),
    tries=TRIES,
    code={
        "Random codes": [hole.plain, draw_codes, from_equal],
    },
)
