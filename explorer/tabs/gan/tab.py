"""The GAN tab: connects the stage to its networks."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.fields import Field, Whole
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.trained import Card, Found, cards_of, read_card
from explorer.stages.gan import GanStage
from explorer.tabs.gan import cannot, collapse, evidence, game, generate, gradient, learn, maths
from explorer.tabs.gan.exercises import EXERCISES
from explorer.tabs.gan.game import grid
from explorer.tabs.gan.shared import D_STEPS, GAME_SEED, NET, PAINTED, POINTS, RATE_D, RATE_G, SPECTRAL
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.ask.asks import with_asks
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.family import family_net, title_in_tab
from explorer.tabs.kit.layout.fields import DRAW, IMG, LABEL, SEED, SET, SOURCE
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab

FOLDER = Path(__file__).parent
MODES = [generate.MODE, game.MODE, collapse.MODE, gradient.MODE, learn.MODE, cannot.MODE]
TITLES = {net: title_in_tab(net, several=False) for net in NET.kind.choices}
GAME = "gan-game"


def to_props(net: str, card: Card) -> dict[str, Any]:
    """Return the stage's data about one network besides that of every family; with an error the card is empty."""
    kept = ("epoch", "images", "discriminator", "generator", "averaged")
    return {
        "latent": card.get("latent"),
        "history": [parts.rounded({key: row[key] for key in kept if key in row}) for row in card.get("history", [])],
    }


def grid_value(card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about the grid of settings, and its date of recording; {} for an empty card."""
    if "figures" not in card:
        return {}
    return {"grid": grid(parts.rounded(card["figures"]) | {"recorded": card["date"], "torch": card["torch"]})}


def read(net: str) -> Card:
    """Return a card and the length of the network's codes.

    Raises:
        CheckpointError: If the checkpoint is invalid.
    """
    return read_card(net) | {"latent": checkpoints.load(net).latent}


def read_game(name: str) -> Card:
    """Return the card of the recorded games, or an empty one: without it games are played live.

    Raises:
        CheckpointError: If it is damaged, or not downloaded completely.
    """
    if not checkpoints.exists(name):
        return {}
    path = checkpoints.folder_of(name) / "card.json"
    return cards.read(path) if os.path.exists(path) else {}


def make_net(net: str) -> Checkpoint:
    """Return one of the displayed networks."""
    title = title_in_tab(net, several=False)
    return family_net(net, title, "gan", SHOWS, to_props, partial(evidence.tables, net, title), read)


def list_nets() -> list[Checkpoint]:
    """Return the displayed networks, and the recorded games."""
    games = Checkpoint(GAME, "What was measured of the games", grid_value, evidence.game_tables, read_game)
    return [*map(make_net, TITLES), games]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields and the tour."""
    return {
        "nets": {net: nets[net].value for net in TITLES},
        "bundled": SHEETS,
        "grid": nets[GAME].value.get("grid"),
    }


SHOWS = {
    "gan": parts.Shown(
        {"net": "{net}", "mode": "generate", "part": "image", "seed": "{seed}", "label": "{label}", "tap": "{image}"},
    )
}
SHORT = {
    "GAN": "generative adversarial network",
    "WGAN": "Wasserstein GAN",
    "KL": "Kullback–Leibler divergence",
    "JS": "Jensen–Shannon divergence",
}
ASKS = ["make", "complete", "likelihood", "anomaly", "interpolate"]
OWN = {"make": "generate", "likelihood": "cannot"}
SEARCHES = ["cannot", "complete", "interpolate"]  # of these, each searches for codes
MECHANISM = Mechanism(
    [
        Part("z, noise", "z", "cannot", lights=["complete", "interpolate"]),
        Part("Generator", "G(z)", "generate", "widens", lights=["learn", "game", *SEARCHES]),
        Part("x̂, generated", "x̂", "collapse", shows="out", lights=["generate", *SEARCHES]),
        Part("Discriminator", "D: real or generated?", "gradient", "narrows", lights=["learn", "game", "anomaly"]),
        Part("x, the data", "x", "game", shows="x", lights=["collapse", "complete", "anomaly"], arrow="←"),
    ]
)
TAB = with_asks(
    Tab(
        name="gan",
        title="GAN",
        group="none",
        question="Can two networks learn to draw by playing against each other, and what gets lost?",
        opening=Opening({"mode": "game"}),
        folder=FOLDER,
        stage=GanStage,
        shown=list_nets,
        opens=make_net,
        value=value,
        quotes=lambda nets: evidence.quotes(cards_of(nets) | {GAME: nets[GAME].card}),
        whose="What is quoted here and in the tour names its network or game; *The evidence* below has all of them.",
        formulas=(maths.show_optimal, maths.show_distances, maths.show_slopes, maths.show_penalty),
        nets=[*TITLES, GAME],
        shows=SHOWS,
        short=SHORT,
        mechanism=MECHANISM,
        **of_modes(
            MODES,
            [
                NET,
                SEED,
                LABEL,
                Field("at", Whole(0, 1000), None, "the frame of the film"),
                POINTS,
                SPECTRAL,
                D_STEPS,
                RATE_D,
                RATE_G,
                GAME_SEED,
                PAINTED,
                IMG,
                DRAW,
                SET,
                SOURCE,
            ],
            FOLDER,
            exercises=EXERCISES,
            functions=[frames, stop, nearest],
            code={
                "This page": [maths.best_discriminator, maths.jensen_shannon],
            },
        ),
    ),
    ASKS,
    OWN,
)
