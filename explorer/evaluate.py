"""Measure a checkpoint: `python -m explorer.evaluate NAME [--data DIR]`. Nothing else reads the test split.

Writes the figures into `pretrained/NAME/card.json` with the command, date, torch version and device that made them.
What is measured of a family is in `explorer/measures/`.
"""

from datetime import date
from functools import partial
from typing import Annotated

import torch
import typer
from torch import nn

from explorer import checkpoints, data
from explorer.measures import MEASURES

SEED = 0


def evaluate(
    name: Annotated[str, typer.Argument(help="A folder of pretrained/, for example beta-vae-mnist.")],
    data_dir: data.Folder = None,
) -> None:
    """Measure NAME on the whole test split and write its card."""
    try:
        folder = checkpoints.folder_of(name)
        recipe, card = (checkpoints.read_json(folder / file) for file in ("config.json", "card.json"))
        model, measures = checkpoints.load(name), MEASURES[recipe["family"]]
        load = partial(data.load, folder=data_dir)
        measured = measures.figures(model, recipe["dataset"], folder, load, SEED, card)
        n = len(load(recipe["dataset"], "test"))
    except (data.DataError, checkpoints.CheckpointError) as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None
    card = {key: card[key] for key in ("sha256", "training")} | measured | _circumstances(name, n, model)
    checkpoints.write_json(folder / "card.json", card)
    typer.echo(f"{measures.headline(card)}. Wrote {folder}/card.json")


def _circumstances(name: str, n: int, model: nn.Module) -> dict:
    return {
        "n": n,
        "seed": SEED,
        "binarisation": f"data.binarise(x, seed={SEED})" if model.pixels == "binary" else "none: grey levels",
        "command": f"python -m explorer.evaluate {name}",
        "date": date.today().isoformat(),
        "torch": torch.__version__,
        "device": str(next(model.parameters()).device),
    }


if __name__ == "__main__":
    typer.run(evaluate)
