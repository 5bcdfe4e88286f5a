"""Display of a trained network, or what is wrong with it; and the record of its training, from its card.

The displayed content of a network is computed before any of it is laid out. So any error in its files or their content
becomes a notice for that network. The rest of the page is unaffected.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.rows import share, table
from explorer.tabs.kit.layout import parts

SHOWN_EPOCHS = 12
NATS = "nats"  # unit of a loss unless its model names another
TRAINED_KEPT = "Until that is mended and the app started again, the rest of the page works without it."
UNTOLD = "Nobody recorded how this network was trained. Its weights have the shapes of its recipe."
TRAINED_UNMEASURED = "Nothing was measured of this network."
Card = Mapping[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """Displayed content of a network.

    Arguments:
        card: Its card, for quotes; empty if it cannot be shown.
        value: Data for the stage.
        evidence: Measurements as Markdown; empty if it cannot be shown.
        error: Reason why it cannot be shown, or None.
    """

    card: Card
    value: dict[str, Any]
    evidence: str
    error: str | None


def read_card(name: str) -> dict[str, Any]:
    """Load a checkpoint and return its card, with the `recipe`, `history` and `loss_unit` of its training.

    Raises:
        CheckpointError: If the checkpoint is missing, damaged or inconsistent.
    """
    model = checkpoints.load(name)
    kept = {"recipe": checkpoints.recipe_of(name)["training"], "history": checkpoints.snapshots_of(name)["history"]}
    kept["loss_unit"] = getattr(model, "loss_unit", NATS)
    return cards.check(checkpoints.card_of(name), checkpoints.place(name) / "card.json") | kept


def content_of(
    name: str,
    excuse: str,
    value: Callable[[Card, str | None], dict[str, Any]],
    evidence: Callable[[Card], str],
    read: Callable[[str], Card] = read_card,
) -> Found:
    """Return the displayed content of a network, or an error that starts with the excuse.

    Arguments:
        name: Name of the checkpoint.
        excuse: Start of the error.
        value: Returns the stage's data for a card, or for an empty card and an error.
        evidence: Returns the measurements of a card as Markdown.
        read: Reads the card.
    """
    try:
        card = read(name)
        shown = Found(card, value(card, None), evidence(card), None)
        orjson.dumps(shown.value)  # serialised as in the response
        return shown
    except checkpoints.CheckpointError as broken:
        reason = str(broken)
    except Exception:  # the files are intact, but their content is invalid
        log.exception("%s cannot be shown", name)
        folder = checkpoints.place(name)
        reason = str(checkpoints.file_error(folder, "holds a card or a recipe that makes no sense"))
    error = f"{excuse}: {reason}. {TRAINED_KEPT}"
    return Found({}, value({}, error), "", error)


def cards_of(nets: Mapping[str, Found]) -> dict[str, Card]:
    """Return the cards of the networks that can be shown."""
    return {name: each.card for name, each in nets.items() if each.error is None}


def show_evidence(nets: Mapping[str, Found], anchor: str = "evidence") -> None:
    """Lay out the measurements of each network that can be shown."""
    for name, each in nets.items():
        if each.evidence:
            parts.prose(each.evidence, elem_id=f"{anchor}-{name}")


def training(card: Mapping[str, Any]) -> str:
    """Return how the network was trained, and its training loss at some epochs."""
    run, recipe = card["training"], card["recipe"]
    if not run:
        return UNTOLD if card.get("rows") else f"{UNTOLD} {TRAINED_UNMEASURED}"
    phrases = [
        f"{run['parameters']:,} parameters",
        f"{recipe['epochs']} epochs in batches of {recipe['batch_size']}" if "epochs" in recipe else "",
        f"{run['minutes']:g} minutes on {run['device']}",
        f"seed {recipe['seed']}",
        f"an average of the weights with decay {recipe['average']:g}" if "average" in recipe else "",
        f"labels left out for {share(recipe['label_dropout'])} of the images" if "label_dropout" in recipe else "",
        f"another order than raster for {share(recipe['other_orders'])} of the batches"
        if "other_orders" in recipe
        else "",
        f"{recipe['discriminator_steps']} steps of the discriminator for one of the generator"
        if "discriminator_steps" in recipe
        else "",
    ]
    made = f"Weights: sha256 `{card['sha256'][:12]}`, by `{run['command']}` on {run['date']}, torch {run['torch']}."
    lost = losses(run.get("losses", []), card.get("loss_unit", NATS))
    return f"Trained: {', '.join(filter(None, phrases))}. {made}\n\n{lost}"


def losses(found: list[float], unit: str) -> str:
    """Return the training loss of at most twelve epochs as a table; empty if there is none."""
    count = min(len(found), SHOWN_EPOCHS)
    if not count:
        return ""
    epochs = sorted({round(index * (len(found) - 1) / max(count - 1, 1)) for index in range(count)})
    items = [parts.number(found[epoch]) for epoch in epochs]
    return table(["epoch", *(str(epoch + 1) for epoch in epochs)], [[f"training loss ({unit})", *items]], left=1)
