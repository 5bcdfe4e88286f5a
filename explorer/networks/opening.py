"""Read a network from the files of a visitor: its recipe, its weights and maybe its card, all of them in memory.

The files are checked as those of every checkpoint are, and more: a visitor is a stranger. The recipe may ask for
twice as much as a network of ours, so that building and asking it take bounded time and memory. Every weight is finite.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.data import PointSet
from explorer.models import FAMILIES, NETWORKS
from explorer.models.model import Model
from explorer.networks import card as cards
from explorer.networks import checkpoints, extra
from explorer.networks.checkpoints import CheckpointError
from explorer.networks.opened import Files, OpenError
from explorer.running import received
from explorer.running.device import best_device
from explorer.spaces import PLANE

RECIPE, WEIGHTS, CARD = extra.NEEDED + extra.OPTIONAL
MOST_BYTES = 24_000_000  # in memory, of one network: our largest has 23 million
OPENING_TIMES, AT_LEAST = 2, 16  # numbers of a recipe: so many times the largest of ours, or so large
LONGEST_TEXT = 64
PICKLED = (b"\x80", b"PK\x03\x04")
ADVICE = f"open {RECIPE} and {WEIGHTS} of one folder"


@dataclass(frozen=True)
class Network:
    """Network of a visitor's files.

    Arguments:
        start: Start of its name: the family and the data set.
        model: The network.
        recipe: Its recipe.
        card: Its card; without one, only the hash of the weights.
        size: Bytes of its weights in memory.
    """

    start: str
    model: Model
    recipe: Mapping[str, Any]
    card: Mapping[str, Any]
    size: int


def read(files: Files) -> Network:
    """Build the network of these files.

    Raises:
        OpenError: if a check fails.
    """
    try:
        recipe = _json(files.recipe, RECIPE, checkpoints.CONFIG)
        start = _start(recipe)
        sketch = _sketch(recipe)
        size = _checked_size(sketch)
        tensors = _tensors(files.weights, sketch)
        card = _card(files)
        model = _fill(recipe, tensors)
        if hasattr(model, "read_log_z"):
            model.read_log_z(card)
    except OpenError:
        raise
    except CheckpointError as error:
        raise OpenError(f"This network cannot be opened: {error!s:.300}.") from error
    except Exception as error:  # whatever a constructor raises about unforeseen arguments
        raise OpenError(f"{RECIPE} describes no network of this family ({error!s:.200}).") from error
    if (model.space == PLANE) != isinstance(data.DATASETS[recipe["dataset"]], PointSet):
        raise OpenError(f"{RECIPE} names the data set “{recipe['dataset']}”, and this family has none of that kind.")
    return Network(start, model, recipe, card, size)


def _start(recipe: dict[str, Any]) -> str:
    """Return the start of the name of a recipe's network: its family and its data set."""
    family, dataset = recipe["family"], recipe["dataset"]
    if family not in FAMILIES and family not in extra.OF_POINTS:
        raise OpenError(f"{RECIPE} names the family “{family:.40}”. The page opens no network of that family.")
    if dataset not in data.DATASETS:
        raise OpenError(f"{RECIPE} names the data set “{dataset:.40}”. The page has no such data set.")
    return f"{extra.OF_POINTS.get(family, family)}-{dataset}"


def _json(raw: bytes, name: str, wanted: Mapping[str, type]) -> dict[str, Any]:
    try:
        found = received.read_json(raw)
    except ValueError:
        raise OpenError(f"{name} {received.IS_POINTER if received.is_pointer(raw) else 'is not JSON'}.") from None
    lacking = [
        key for key, kind in wanted.items() if not isinstance(found, dict) or not isinstance(found.get(key), kind)
    ]
    if lacking:
        raise OpenError(f"{name} lacks its “{lacking[0]}”, or holds something else there.")
    return found


def _card(files: Files) -> dict[str, Any]:
    """Return the card; it counts only if it was measured on these weights."""
    nobodys = checkpoints.unmeasured_card(files.weights)
    if files.card is None:
        return nobodys
    card = cards.check(_json(files.card, CARD, checkpoints.CARD), checkpoints.place(CARD))
    if card["sha256"] != nobodys["sha256"]:
        raise OpenError(f"{CARD} was measured on other weights: its sha256 differs from that of {WEIGHTS}.")
    return card


def _sketch(recipe: dict[str, Any]) -> Model:
    """Return the network of a recipe without memory for its weights."""
    for name, value in recipe["model"].items():
        _check_argument(recipe["family"], name, value)
    return checkpoints.build_on_meta(recipe["family"], recipe["model"])


def _checked_size(sketch: Model) -> int:
    """Return the bytes of the weights and buffers of a network, before any of them is allocated."""
    kept = [*sketch.state_dict().values(), *sketch.buffers()]
    size = sum(each.numel() for each in kept) * torch.get_default_dtype().itemsize
    if size > MOST_BYTES:
        raise OpenError(
            f"This network has {size / 1e6:,.0f} MB of weights, and at most {MOST_BYTES / 1e6:,.0f} are opened."
        )
    return size


def _check_argument(family: str, name: str, value: Any) -> None:
    values = value if isinstance(value, list) else [value]
    largest, longest = _largest(family).get(name, (0, 1))
    if len(values) > OPENING_TIMES * longest:
        raise OpenError(
            f"{RECIPE} gives {len(values)} numbers as “{name:.40}”, and at most {OPENING_TIMES * longest} are allowed."
        )
    for each in values:
        if not isinstance(each, int | float | str | None):
            raise OpenError(f"{RECIPE} holds “{name:.40}”, which is no number and no list of numbers.")
        most = max(AT_LEAST, OPENING_TIMES * largest) if isinstance(each, int) else checkpoints.LARGEST
        if isinstance(each, int | float) and abs(each) > most:
            raise OpenError(f"{RECIPE} asks for “{name:.40}” {each:g}, and at most {most:,} is allowed.")
        if isinstance(each, str) and len(each) > LONGEST_TEXT:
            raise OpenError(f"{RECIPE} holds a text as “{name:.40}” that is too long.")


@cache
def _largest(family: str) -> dict[str, tuple[int, int]]:
    """Return, for each argument of a family, the largest whole number and the longest list of the networks here."""
    signature = inspect.signature(NETWORKS[family])
    known = [{name: each.default for name, each in signature.parameters.items()}]
    for net in (*checkpoints.names(), *checkpoints.elsewhere):
        try:
            recipe = checkpoints.read_json(checkpoints.place(net) / RECIPE, checkpoints.CONFIG)
        except CheckpointError:
            continue
        if recipe["family"] == family:
            known.append(recipe["model"])
    found = {}
    for arguments in known:
        for name, value in arguments.items():
            values = value if isinstance(value, list | tuple) else [value]
            whole = [abs(each) for each in values if isinstance(each, int)]
            largest, longest = found.get(name, (0, 1))
            found[name] = max(largest, *whole, 0), max(longest, len(values))
    return found


def _tensors(raw: bytes, sketch: Model) -> dict[str, Tensor]:
    """Return the weights of a network; a pickle is refused unread, since reading it would run its code."""
    if raw.startswith(PICKLED) and raw[8:9] != b"{":
        raise OpenError(f"{WEIGHTS} is a pickle, which may run any code. Save the weights as safetensors.")
    return checkpoints.read_tensors(raw, sketch.state_dict(), WEIGHTS, ADVICE)


def _fill(recipe: dict[str, Any], tensors: dict[str, Tensor]) -> Model:
    """Return the network of a recipe with these weights, which are finite in the network's own precision."""
    model = checkpoints.build(recipe)
    model.load_state_dict(tensors)
    kept = model.state_dict().items()
    odd = [name for name, each in kept if each.is_floating_point() and not bool(each.isfinite().all())]
    if odd:
        raise OpenError(f"{WEIGHTS} holds numbers that are not finite, in “{odd[0]:.60}”.")
    return model.to(best_device()).eval().requires_grad_(False)
