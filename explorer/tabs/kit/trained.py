"""What a page shows of a network: all of it, or a notice; and how it came about, as its card has it.

Everything that is shown of a network is made before any of it is laid out. So whatever is wrong with its files, or with
what they say, becomes that network's notice, and the rest of the page does not notice it.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from explorer import card as cards
from explorer import checkpoints
from explorer.tabs.kit import parts
from explorer.tabs.kit.rows import share, table

SHOWN_EPOCHS = 12
NATS = "nats"  # what a loss is in unless its model says otherwise
KEPT = "Until that is mended and the app started again, the rest of the page works without it."
Card = Mapping[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What a page shows of a network.

    Arguments:
        card: Its card, for what is quoted; empty where it cannot be shown.
        value: What the stage is told.
        evidence: What was measured, as Markdown; empty where it cannot be shown.
        error: Why it cannot be shown, or None.
    """

    card: Card
    value: dict[str, Any]
    evidence: str
    error: str | None


def read_card(name: str) -> dict[str, Any]:
    """Return a checkpoint's card, with the `recipe`, `history` and `loss_unit` of its training, once it is loaded.

    Raises:
        CheckpointError: If anything about the checkpoint is not as it should be.
    """
    model = checkpoints.load(name)
    folder = checkpoints.folder_of(name)
    recipe = checkpoints.read_json(folder / "config.json", checkpoints.CONFIG)["training"]
    kept = {"recipe": recipe, "history": checkpoints.snapshots_of(name)["history"]}
    kept["loss_unit"] = getattr(model, "loss_unit", NATS)
    return cards.read(folder / "card.json", checkpoints.CARD) | kept


def found(
    name: str,
    excuse: str,
    value: Callable[[Card, str | None], dict[str, Any]],
    evidence: Callable[[Card], str],
    read: Callable[[str], Card] = read_card,
) -> Found:
    """Return what is shown of a network, or show a notice that starts with the excuse.

    Arguments:
        value: What the stage is told of a card, or of an error, with which goes an empty card.
        evidence: What is said of a card.
    """
    try:
        card = read(name)
        shown = Found(card, value(card, None), evidence(card), None)
        orjson.dumps(shown.value)  # as it will be sent
        return shown
    except checkpoints.CheckpointError as broken:
        reason = str(broken)
    except Exception:  # the files are sound, but what they say is not what anything here can be made of
        log.exception("%s cannot be shown", name)
        folder = checkpoints.pretrained_folder() / name
        reason = str(checkpoints.damaged(folder, "holds a card or a recipe that makes no sense"))
    error = f"{excuse}: {reason}. {KEPT}"
    parts.notice(error)
    return Found({}, value({}, error), "", error)


def cards_of(nets: Mapping[str, Found]) -> dict[str, Card]:
    """Return the cards of those that can be shown."""
    return {name: each.card for name, each in nets.items() if each.error is None}


def show_evidence(nets: Mapping[str, Found], anchor: str = "evidence") -> None:
    """Lay out what was measured of each that can be shown."""
    for name, each in nets.items():
        if each.evidence:
            parts.prose(each.evidence, elem_id=f"{anchor}-{name}")


def training(card: Mapping[str, Any]) -> str:
    """Return how the network was trained, and its training loss at some epochs."""
    run, recipe = card["training"], card["recipe"]
    told = [
        f"{run['parameters']:,} parameters",
        f"{recipe['epochs']} epochs in batches of {recipe['batch_size']}",
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
    return f"Trained: {', '.join(filter(None, told))}. {made}\n\n{lost}"


def losses(found: list[float], unit: str) -> str:
    """Return the training loss of at most twelve epochs as a table; empty where there is none."""
    count = min(len(found), SHOWN_EPOCHS)
    if not count:
        return ""
    epochs = sorted({round(index * (len(found) - 1) / max(count - 1, 1)) for index in range(count)})
    told = [parts.number(found[epoch]) for epoch in epochs]
    return table(["epoch", *(epoch + 1 for epoch in epochs)], [[f"training loss ({unit})", *told]], left=1)
