"""The VAE tab: connects the latent map to its models."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.fields import Field, Flag, OneOf, Wholes
from explorer.models.posterior import elbo_of, exact_elbo, fit_steps, pathwise_gradients, posterior_grid
from explorer.networks.card import rows
from explorer.numbers import plots
from explorer.numbers.trained import Card, Found, cards_of
from explorer.stages.vae import VaeStage
from explorer.tabs.kit.ask.asks import with_asks
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.family import family_net, title_in_tab
from explorer.tabs.kit.layout.fields import DRAW, IMG, MOST_CLASSES, SEED, SOURCE
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.vae import class_codes, encode, evidence, explore, gaps, interpolate, learn, maths, sample
from explorer.tabs.vae.exercises import EXERCISES
from explorer.tabs.vae.shared import BETA, CHOICES, VIEW, WHICH, net_of

FOLDER = Path(__file__).parent
MODES = [explore.MODE, interpolate.MODE, encode.MODE, gaps.MODE, sample.MODE, learn.MODE]
NETS = {net_of(choice): choice for choice in CHOICES}


def to_props(net: str, card: Card) -> dict[str, Any]:
    """Return the stage's data about one network besides that of every family; with an error the card is empty."""
    return {
        "name": net,
        "model": f"pretrained/{net}",
        "sha": card.get("sha256", ""),
        "curve": parts.rounded(card.get("curve", [])),
        "beta_zero": parts.rounded(_zero(card)),
        "prior": f"{evidence.draws_reading(card['prior'])}." if "prior" in card else None,
    }


def _zero(card: Card) -> dict[str, float]:
    """Return the distortion at β = 0 as a point of the curve; {} if it was not measured."""
    return {
        key: each
        for row in rows(card, "distortion", beta=0)
        for key, each in (("beta", 0), ("distortion", row["value"]), ("distortion_se", row["se"]))
    }


def make_net(net: str) -> Checkpoint:
    """Return one of the displayed networks."""
    title = title_in_tab(net, several=False)
    return family_net(net, title, "vae", SHOWS, to_props, partial(evidence.tables, title))


def list_nets() -> list[Checkpoint]:
    """Return the displayed networks."""
    return [*map(make_net, NETS)]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields and the tour."""
    return {
        "nets": {choice: nets[net].value for net, choice in NETS.items()},
        "bundled": SHEETS,
    }


PUBLISHED = parts.Published(
    value=86.76,
    name="50 latents, 19 used",
    source="a VAE with 50 latents, of which it used 19 (Burda, Grosse and Salakhutdinov, Importance Weighted "
    "Autoencoders, 2016, arXiv:1509.00519, table 1: binarised afresh, a bound by 5,000 draws an image)",
)

SHOWS = {
    "beta-vae": parts.Shown(
        {"data": "{data}", "beta": "1", "mode": "sample", "pixels": "bits", "seed": "{seed}", "tap": "{image}"},
        published={"mnist": PUBLISHED},
    )
}
SHORT = {
    "VAE": "variational autoencoder",
    "ELBO": "evidence lower bound",
    "KL": "Kullback–Leibler divergence",
    "IWAE": "importance weighted autoencoder, and its bound",
}
ASKS = ["make", "complete", "likelihood", "anomaly", "interpolate"]
OWN = {"make": "sample", "interpolate": "interpolate"}
MECHANISM = Mechanism(
    [
        Part("x, an image", "x", "encode", shows="x", lights=["interpolate", "likelihood", "anomaly"]),
        Part("Encoder", "q(z | x)", "encode", "narrows", lights=["learn", "gaps"], tells=True),
        Part("z, its code", "z", "explore", shows="code", lights=["interpolate", "encode"]),
        Part(
            "Decoder",
            "p(x | z)",
            "sample",
            "widens",
            lights=["explore", "interpolate", "learn", "complete"],
            tells=True,
        ),
        Part("x̂, what is decoded", "x̂", "interpolate", shows="out", lights=["sample", "complete"]),
    ]
)
TAB = with_asks(
    Tab(
        name="vae",
        title="VAE",
        group="bound",
        question="What does a VAE trade away to make its latent space easy to sample?",
        opening=Opening({"img": 108, "z": (0.4, 0.7)}, "beta", (1, 30, 0.05, 1), seconds=8),
        folder=FOLDER,
        stage=VaeStage,
        shown=list_nets,
        opens=make_net,
        value=value,
        quotes=lambda nets: evidence.quotes(cards_of(nets)),
        whose="What is quoted here and in the tour was measured on MNIST; *The evidence* below has every data set.",
        formulas=(maths.show_kl, maths.show_reparameterise),
        nets=[*NETS],
        shows=SHOWS,
        short=SHORT,
        mechanism=MECHANISM,
        charts=[evidence.rate_distortion, plots.training],
        **of_modes(
            MODES,
            [
                WHICH,
                BETA,
                Field("view", VIEW, None, "the view"),
                Field("bg", Flag(), True, "whether the background is shown"),
                Field("as", OneOf(("dots", "images")), "dots", "what codes are shown as"),
                Field("off", Wholes(MOST_CLASSES - 1), (), "the classes that are hidden"),
                Field("rings", Flag(), True, "whether the rings of the prior are shown"),
                IMG,
                DRAW,
                SOURCE,
                SEED,
            ],
            FOLDER,
            exercises=EXERCISES,
            functions=[class_codes.codes_of_class],
            code={
                "Gradients": [pathwise_gradients],
                "Exact": [posterior_grid, exact_elbo, fit_steps, elbo_of],
                "This page": [maths.kl, maths.reparameterise],
            },
        ),
    ),
    ASKS,
    OWN,
)
