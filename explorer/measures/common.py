"""Functions shared by the measures of all families."""

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import torch
from torch import Tensor

from explorer.data import Split
from explorer.networks.card import row
from explorer.networks.checkpoints import read_json, write_json

MEASURES_CHUNK = 2_000
Measured = dict[str, float]
Load = Callable[[str, str], Split]  # a data set's name and "train", "held-out" or "test"


def mean_and_error(values: Tensor, name: str) -> Measured:
    """Return the mean of per-image values (N,) and its standard error."""
    return {name: float(values.mean()), f"{name}_se": float(values.std() / math.sqrt(len(values)))}


def measured_mean(values: Tensor) -> Measured:
    """Return the mean of per-image values (N,), its standard error, and their number."""
    values = values.double()
    return {"value": float(values.mean()), "se": float(values.std() / math.sqrt(len(values))), "n": len(values)}


def mean_row(name: str, values: Tensor, kind: str = "estimate", **more: float | str | None) -> dict:
    """Return a row with the mean of per-image values (N,), its standard error, and their number."""
    return row(name, kind=kind, **measured_mean(values), **more)


def in_chunks(
    x: Tensor, function: Callable[[Tensor], Tensor | tuple[Tensor, ...]], size: int = MEASURES_CHUNK
) -> tuple[Tensor, ...]:
    """Apply a function to chunks of x (N, …), and concatenate its outputs (N, …) on the CPU."""
    answers = [function(part) for part in x.split(size)]
    answers = [answer if isinstance(answer, tuple) else (answer,) for answer in answers]
    return tuple(torch.cat(parts).cpu() for parts in zip(*answers))


def load_or_measure(question: dict, path: Path, answer: Callable[[], dict]) -> dict:
    """Return the contents of the file of a run; measure the run again if the file answers another question."""
    found = read_json(path) if path.exists() else {}
    if found.get("question") != question:
        found = {"question": question, "date": date.today().isoformat(), "torch": torch.__version__} | answer()
        write_json(path, found)
    return found
