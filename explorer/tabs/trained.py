"""How a network came about, as its card has it: the run, and the training loss from the first epoch to the last."""

from collections.abc import Mapping
from typing import Any

from explorer import checkpoints
from explorer.tabs import parts

SHOWN_EPOCHS = 12


def read_card(name: str) -> dict[str, Any]:
    """Return a checkpoint's card and the recipe of its training, after loading the weights it vouches for.

    Raises:
        CheckpointError: If anything about the checkpoint is not as it should be.
    """
    checkpoints.load(name)
    folder = checkpoints.folder_of(name)
    recipe = checkpoints.read_json(folder / "config.json")["training"]
    return checkpoints.read_json(folder / "card.json") | {"recipe": recipe}


def training(card: Mapping[str, Any], unit: str = "nats") -> str:
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
    return f"Trained: {', '.join(filter(None, told))}. {made}\n\n{losses(run.get('losses', []), unit)}"


def losses(found: list[float], unit: str = "nats") -> str:
    """Return the training loss of at most twelve epochs as a table; empty where there is none."""
    count = min(len(found), SHOWN_EPOCHS)
    if not count:
        return ""
    epochs = sorted({round(index * (len(found) - 1) / max(count - 1, 1)) for index in range(count)})
    head = f"| epoch | {' | '.join(str(epoch + 1) for epoch in epochs)} |\n| :-- |{' --: |' * len(epochs)}"
    return f"{head}\n| training loss ({unit}) | {' | '.join(parts.number(found[epoch]) for epoch in epochs)} |"


def share(value: float) -> str:
    """Return a share in per cent."""
    if 0 < value < 0.005 or 0.995 < value < 1:
        return f"{100 * value:.2f} %"
    return f"{value:.0%}".replace("%", " %")
