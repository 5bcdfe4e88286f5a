"""Measure a checkpoint: `python -m explorer.evaluate NAME [--quality | --compare | --probe | --frontier | --only …]`.

No other program reads the test split. The command writes the figures into `pretrained/NAME/card.json`, with the
command, date, torch version and device. The measures of each family are in `explorer/measures/`.

Some measurements are the same for every family, and the card keeps them until the weights change. `--quality` measures
the quality of samples, which takes longer. `--compare` measures the anomaly scores of other images and the cost of
sampling. `--probe` measures the accuracy of a linear layer on the model's codes. `--frontier` measures quality against
the number of network evaluations, one sampler setting after another. It stores each result at once, and resumes when
called again; `--only SAMPLER,…` restricts it to some samplers.

`--only` measures a single part from a family's `PARTS` again; each part records its own circumstances.
`--compare --only odd` does the same for the anomaly scores, because timings on a busy machine are worthless.
"""

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Annotated

import torch
import typer
from torch import nn

from explorer import data
from explorer.measures import measures_of
from explorer.measures.common import Load
from explorer.measures.compare import compare_headline, comparison, odd
from explorer.measures.frontier import frontier as measured_frontier
from explorer.measures.frontier import frontier_headline
from explorer.measures.probe import probe as measured_probe
from explorer.measures.probe import probe_headline
from explorer.measures.quality import quality as measured_quality
from explorer.measures.quality import quality_headline
from explorer.networks import checkpoints
from explorer.questions import anomaly
from explorer.running.device import device_of
from explorer.spaces import BINARY, Tokens, Wave

SEED = 0
EVALUATE_KEPT = ("sha256", "training", "quality", "compare", "probe", "frontier")


def evaluate(
    name: Annotated[str, typer.Argument(help="A folder of pretrained/, for example beta-vae-mnist.")],
    data_dir: data.Folder = None,
    quality: Annotated[bool, typer.Option(help="Measure 10,000 samples instead, for several seeds.")] = False,
    compare: Annotated[bool, typer.Option(help="Measure what is compared across families instead.")] = False,
    probe: Annotated[bool, typer.Option(help="Measure what a linear layer reads from its codes instead.")] = False,
    frontier: Annotated[bool, typer.Option(help="Measure what evaluations of the network buy instead.")] = False,
    images: Annotated[int | None, typer.Option(help="Measure so many samples, if time is short.")] = None,
    only: Annotated[str | None, typer.Option(help="Measure this part of the card again, and keep the rest.")] = None,
) -> None:
    """Measure NAME on the whole test split and write its card."""
    try:
        folder = checkpoints.folder_of(name)
        recipe = checkpoints.read_json(folder / "config.json")
        measures = measures_of(recipe["family"])
        if hasattr(measures, "record") and not (quality or compare or probe or frontier):
            return _record(name, recipe, folder, measures, only)
        card, model = checkpoints.read_card(folder), checkpoints.load(name)
        load = partial(data.load, folder=data_dir)
        if quality:
            measured = {"quality": _quality(name, model, measures, recipe["dataset"], load, images)}
        elif compare:
            measured = {"compare": _compare(name, model, measures, recipe["dataset"], load, only, card)}
        elif probe:
            measured = {"probe": _probe(name, model, recipe["dataset"], load)}
        elif frontier:
            measured = {"frontier": _frontier(name, model, measures, recipe["dataset"], load, only, folder)}
        elif only:
            measured = _parts(name, model, measures, recipe["dataset"], load, [only])
        else:
            measured = measures.figures(model, recipe["dataset"], folder, load, SEED, card)
            measured |= _parts(name, model, measures, recipe["dataset"], load, getattr(measures, "PARTS", ()))
            measured |= _circumstances(name, _size(load(recipe["dataset"], "test")), model)
        card = (
            _part_to_keep(folder, card["sha256"], whole=bool(quality or compare or probe or frontier or only))
            | measured
        )
    except (data.DataError, checkpoints.CheckpointError) as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None
    checkpoints.write_json(folder / "card.json", card)
    if frontier:
        return typer.echo(f"{frontier_headline(card['frontier'])}. Wrote {folder}/card.json")
    if only and not compare:
        return typer.echo(f"Measured {only}. Wrote {folder}/card.json")
    alike = quality_headline if quality else compare_headline if compare else probe_headline if probe else None
    headline = alike or measures.headline
    typer.echo(f"{headline(card)}. Wrote {folder}/card.json")


def _record(name: str, recipe: dict, folder: Path, measures: ModuleType, only: str | None) -> None:
    """Measure a family that has no weights; some of its runs only, beside those that are kept, if it can do that."""
    if only and not hasattr(measures, "RUNS_APART"):
        raise checkpoints.CheckpointError(f"{name} is measured as a whole")
    found = measures.record(recipe, folder, only.split(",")) if only else measures.record(recipe, folder)
    card = found | _when(name)
    checkpoints.write_json(folder / "card.json", card)
    typer.echo(f"{measures.headline(card)}. Wrote {folder}/card.json")


def _part_to_keep(folder: Path, sha256: str, whole: bool) -> dict:
    """Return the part of the card to keep, read again because another measurement may have written it meanwhile.

    Raises:
        CheckpointError: if the weights have changed meanwhile.
    """
    card = checkpoints.read_card(folder)
    if card["sha256"] != sha256:
        raise checkpoints.CheckpointError(f"{folder.name} was trained again meanwhile: measure it again")
    return card if whole else {key: card[key] for key in EVALUATE_KEPT if key in card}


def _quality(
    name: str, model: nn.Module, measures: ModuleType, dataset: str, load: Load, images: int | None = None
) -> dict:
    _check_images(name, measures)
    labelled, binary = bool(getattr(model, "classes", 0)), model.space == BINARY
    fewer = f" --images {images}" if images else ""
    return measured_quality(measures.samplers(model), dataset, load, labelled, binary, images) | {
        "command": f"python -m explorer.evaluate {name} --quality{fewer}",
        "device": str(device_of(model)),
        "precision": getattr(measures, "PRECISION", "float32"),
    }


def _compare(
    name: str, model: nn.Module, measures: ModuleType, dataset: str, load: Load, only: str | None, card: dict
) -> dict:
    if not anomaly.can_score(model):
        _check_images(name, measures)
    command = f"python -m explorer.evaluate {name} --compare"
    if only is None:
        return comparison(model, dataset, load, SEED) | {"command": command}
    if only != "odd" or "compare" not in card:
        raise checkpoints.CheckpointError("of what is compared, only odd can be measured again alone")
    made = _when(name) | {"command": f"{command} --only odd"}
    return card["compare"] | {"odd": odd(model, dataset, load, SEED) | made}


def _probe(name: str, model: nn.Module, dataset: str, load: Load) -> dict:
    if not hasattr(model, "features"):
        raise checkpoints.CheckpointError(f"{name} has no representation of images that a layer could read")
    made = {"command": f"python -m explorer.evaluate {name} --probe", "device": str(device_of(model)), "seed": SEED}
    return measured_probe(model, dataset, load) | made


def _frontier(
    name: str, model: nn.Module, measures: ModuleType, dataset: str, load: Load, only: str | None, folder: Path
) -> dict:
    """Measure quality against the number of evaluations; write the card after each way to sample."""
    if not hasattr(measures, "frontier_samplers"):
        raise checkpoints.CheckpointError(f"{name} cannot draw in more evaluations or fewer")
    ways = [way for way in measures.frontier_samplers(model) if only is None or way.name in only.split(",")]
    sha256 = checkpoints.read_card(folder)["sha256"]
    made = {"device": str(device_of(model)), "precision": getattr(measures, "PRECISION", "float32")} | _when(name)
    made["command"] += " --frontier"
    found = checkpoints.read_card(folder).get("frontier", {})
    for part in measured_frontier(ways, found.get("rows", []), dataset, load, SEED):
        found = part | made
        checkpoints.write_json(folder / "card.json", _part_to_keep(folder, sha256, whole=True) | {"frontier": found})
    return found


def _parts(
    name: str, model: nn.Module, measures: ModuleType, dataset: str, load: Load, wanted: Iterable[str]
) -> dict[str, dict]:
    """Measure some parts of a card, each with the circumstances of its measurement."""
    known = getattr(measures, "PARTS", {})
    if unknown := set(wanted) - set(known):
        raise checkpoints.CheckpointError(f"{name} has no part {sorted(unknown)[0]!r}, only {sorted(known)}")
    made = {"device": str(device_of(model)), "seed": SEED} | _when(name)
    return {
        part: known[part](model, dataset, load, SEED) | made | {"command": f"{made['command']} --only {part}"}
        for part in wanted
    }


def _check_images(name: str, measures: ModuleType) -> None:
    if not hasattr(measures, "samplers"):
        raise checkpoints.CheckpointError(f"{name} makes no images that could be judged")


def _size(split: data.Split | data.Points | data.Texts | data.Recordings) -> int:
    """Return the number of images, points or recordings, or of the characters of a text."""
    return len(split.codes) if isinstance(split, data.Texts) else len(split)


def _circumstances(name: str, n: int, model: nn.Module) -> dict:
    kinds = {Tokens: "none: characters", Wave: "none: µ-law levels"}
    levels = kinds.get(type(model.space), "none: grey levels")
    return {
        "n": n,
        "seed": SEED,
        "binarisation": f"data.binarise(x, seed={SEED})" if model.space == BINARY else levels,
        "device": str(device_of(model)),
    } | _when(name)


def _when(name: str) -> dict:
    return {
        "command": f"python -m explorer.evaluate {name}",
        "date": date.today().isoformat(),
        "torch": torch.__version__,
    }


if __name__ == "__main__":
    typer.run(evaluate)
