"""The GAN tab: joins the stage to the networks behind it."""

import os
from functools import partial
from pathlib import Path
from typing import Any

from explorer import checkpoints, data, fields
from explorer.measures.coverage import divergence, judged, optimal, shares_near
from explorer.models.game import Game, gradient_penalty, loss_of_d, loss_of_g, train_further
from explorer.models.gan import GAN, Discriminator, Generator
from explorer.models.search import search_steps
from explorer.neighbours import TrainingIndex
from explorer.stages.gan import GanStage
from explorer.tabs.gan import evidence as gan_evidence
from explorer.tabs.gan import game as game_server
from explorer.tabs.gan import maths as gan_maths
from explorer.tabs.gan import server as gan_server
from explorer.tabs.gan.fields import FIELDS, GRID, MODES, NET
from explorer.tabs.kit import lesson, parts
from explorer.tabs.kit.common import spherical_weights
from explorer.tabs.kit.trained import Card, cards_of, found, read_card, show_evidence

NAME = "gan"
TITLES = dict(zip(NET.kind.choices, ("MNIST", "Fashion-MNIST")))
GAME = "gan-game"
LESSON = Path(__file__).with_name("tour.md")
WHOSE = "What is quoted here and in the tour names its network or its game; *The evidence* below has all of them."
QUESTION = "Can two networks learn to draw by playing against each other, and what is lost when nobody keeps the score?"
CODE = {
    "Generate": [gan_server.generate.plain, GAN.sample_steps, Generator.forward, Discriminator.forward],
    "Between images": [gan_server.plane.plain, gan_server.mixed, gan_server.between.plain, spherical_weights],
    "The game": [game_server.play.plain, Game.d_step, Game.g_step, loss_of_d, loss_of_g, gradient_penalty, optimal],
    "Mode collapse": [game_server.race.plain, judged, shares_near, divergence],
    "Vanishing gradient": [game_server.face.plain, train_further, Game.pull],
    "Watch it learn": [gan_server.snapshot.plain, checkpoints.snapshot],
    "What it cannot do": [gan_server.search.plain, GAN.invert_steps, search_steps, TrainingIndex.nearest],
    "This page": [gan_maths.best_discriminator, gan_maths.jensen_shannon],
}


def net_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one network; an empty card goes with an error."""
    dataset = net.removeprefix("gan-")
    kept = ("epoch", "images", "discriminator", "generator", "averaged")
    return {
        "title": TITLES[net],
        "dataset": dataset,
        "classes": data.CLASSES[dataset],
        "latent": card.get("latent"),
        "history": [parts.brief({key: row[key] for key in kept if key in row}) for row in card.get("history", [])],
        "error": error,
        "card": {"figures": parts.brief(card["figures"])} if "figures" in card else {},
    }


def grid_value(card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told of the grid of settings, and when it was recorded; nothing of an empty card."""
    if "figures" not in card:
        return {}
    return {"grid": parts.brief(card["figures"]) | {"recorded": card["date"], "torch": card["torch"]}}


def read(net: str) -> Card:
    """Return a card and how long the network's codes are.

    Raises:
        CheckpointError: If anything about the checkpoint is not as it should be.
    """
    return read_card(net) | {"latent": checkpoints.load(net).latent}


def read_game(name: str) -> Card:
    """Return the card of the recorded games, or an empty one: they are played live without it.

    Raises:
        CheckpointError: If it is damaged, or still on its way.
    """
    if not checkpoints.exists(name):
        return {}
    path = checkpoints.folder_of(name) / "card.json"
    return checkpoints.read_json(path) if os.path.exists(path) else {}


def build() -> None:
    """Lay out the tab; a broken checkpoint becomes a notice, and the rest still works."""
    parts.question(QUESTION)
    nets = {
        net: found(
            net, f"{title} cannot be shown", partial(net_value, net), partial(gan_evidence.tables, net, title), read
        )
        for net, title in TITLES.items()
    }
    played = "What was measured of the games cannot be shown"
    game = found(GAME, played, grid_value, gan_evidence.game_tables, read_game)
    figures = gan_evidence.figures(cards_of(nets) | {GAME: game.card})
    value = {
        "tab": NAME,
        "nets": {net: each.value for net, each in nets.items()},
        "bundled": {dataset: f"explorer/bundled/{dataset}" for dataset in data.CLASSES},
        "grid": game.value.get("grid"),
        "tour": lesson.read(LESSON, figures, FIELDS),
        **fields.told(FIELDS, MODES),
    }
    functions = gan_server.SERVER_FUNCTIONS + game_server.SERVER_FUNCTIONS
    GanStage(value, server_functions=functions, elem_id="gan-stage", elem_classes="stage-block")
    parts.heading("The maths")
    parts.prose(WHOSE)
    gan_maths.build(figures)
    parts.heading("The code that ran")
    parts.code(CODE)
    parts.heading("The evidence")
    show_evidence(nets | {GAME: game})


SHOWS = {
    "gan": parts.Shown(
        "GAN",
        {"net": "{net}", "mode": "generate", "part": "image", "seed": "{seed}", "label": "{label}", "tap": "{image}"},
        together=GRID,
        completes="searched for: gradient descent on z, until what is known comes out",
        answers=1,
        evaluations=11,
    )
}
TAB = parts.Tab(NAME, "GAN", build, [*TITLES, GAME], SHOWS)
