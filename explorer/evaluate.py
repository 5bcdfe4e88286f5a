"""Measure a checkpoint: `python -m explorer.evaluate NAME [--data DIR]`. Nothing else reads the test split.

Writes the figures into `pretrained/NAME/card.json` with the command, date, torch version and device that made them, and
`atlas.safetensors`, where the encoder puts the bundled images at every measured β.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.progress import track
from torch import Tensor

from explorer import checkpoints, data, measures
from explorer.models.beta_vae import BetaVAE
from explorer.train import RUNS

SEED = 0


def evaluate(
    name: Annotated[str, typer.Argument(help="A folder of pretrained/, for example beta-vae-mnist.")],
    data_dir: data.Folder = None,
) -> None:
    """Measure NAME on the whole test split and write its card."""
    try:
        folder = checkpoints.folder_of(name)
        dataset = checkpoints.read_json(folder / "config.json")["dataset"]
        model = checkpoints.load(name)
        test, train = data.load(dataset, "test", data_dir), data.load(dataset, "train", data_dir)
    except (data.DataError, checkpoints.CheckpointError) as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None
    x = data.binarise(test.pixels(), seed=SEED).to(next(model.parameters()).device)
    card = checkpoints.read_json(folder / "card.json")
    card = {key: card[key] for key in ("sha256", "training")} | {"dedicated": _dedicated(name, x, card["dedicated"])}
    card |= _figures(model, x, card["dedicated"])
    typer.echo("bounds, gaps and atlas")
    card |= {
        "bounds": measures.bounds(model, x, SEED),
        "gaps": measures.gaps(model, x, test.labels, train.pixels(), SEED),
        "atlas": measures.write_atlas(model, dataset, folder / "atlas.safetensors"),
    }
    checkpoints.write_json(folder / "card.json", card | _circumstances(name, x))
    one = card["figures"]["1"]
    typer.echo(f"−ELBO at β = 1: {-one['elbo']:.2f} ± {one['elbo_se']:.2f} nats. Wrote {folder}/card.json")


def _figures(model: BetaVAE, x: Tensor, dedicated: dict) -> dict:
    """The rate–distortion curve, its rows worth a table, and D + βR as a share of what dedicated networks reach."""
    curve = [measures.terms(model, x, beta, SEED) for beta in track(measures.measured_betas(model), "rate–distortion")]
    reported = {f"{beta:g}": measures.terms(model, x, beta, SEED) for beta in measures.REPORTED}
    return {
        "figures": reported,
        "beta_zero": measures.terms(model, x, 0.0, SEED),
        "curve": curve,
        "ratios": {beta: reported[beta]["objective"] / row["objective"] for beta, row in dedicated.items()},
    }


def _circumstances(name: str, x: Tensor) -> dict:
    return {
        "n": len(x),
        "seed": SEED,
        "binarisation": f"data.binarise(x, seed={SEED})",
        "command": f"python -m explorer.evaluate {name}",
        "date": date.today().isoformat(),
        "torch": torch.__version__,
        "device": str(x.device),
    }


def _dedicated(name: str, x: Tensor, earlier: dict) -> dict:
    """Measure the dedicated networks under runs/, and keep what was measured of those that are not there."""
    rows = dict(earlier)
    for folder in sorted(Path(RUNS).glob(f"{name}-dedicated-*")):
        card_path = folder / "card.json"
        if not card_path.exists():
            continue
        config, card = checkpoints.read_json(folder / "config.json"), checkpoints.read_json(card_path)
        network: BetaVAE = checkpoints.build(config)
        checkpoints.load_weights(network, folder / "model.safetensors", sha256=card["sha256"])
        beta = config["training"]["beta"]
        measured = measures.terms(network.to(x.device).eval(), x, beta, SEED)
        rows[f"{beta:g}"] = measured | {"training": card["training"], "epochs": config["training"]["epochs"]}
    return rows


if __name__ == "__main__":
    typer.run(evaluate)
