"""Load, save and verify checkpoints: each file from `pretrained/` first, then from a pinned revision on the Hub.

A checkpoint is a folder: `config.json` (the recipe), `model.safetensors` (the weights), `card.json` (the measured
figures, and the sha256 of the weights), and `snapshots/` if snapshots of the training were kept. Nothing is ever
unpickled, and no file is trusted: malformed content raises a `CheckpointError`.
"""

import functools
import gc
import hashlib
import json
import math
import os
import re
import threading
from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse_tensors
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from explorer.models import FAMILIES, NETWORKS, PREPARED
from explorer.models.model import Model
from explorer.models.replay import Replayed
from explorer.networks import extra, hub, installed, manifest, opened
from explorer.running import pauses, process, received
from explorer.running.device import best_device

ROOT = Path(__file__).parents[2]


def home() -> Path:
    """Return the folder that holds `pretrained/`: the repository, or a cache if the package is installed alone."""
    if (ROOT / "pyproject.toml").exists() or (ROOT / "pretrained").exists():
        return ROOT
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "explorer"


STARTED_IN = Path.cwd()  # the folder that relative paths refer to; the app works in ROOT
RUNS = Path(os.environ.get("EXPLORER_RUNS") or home() / "runs")
CONFIG = {"family": str, "dataset": str, "model": dict, "training": dict}
CARD = {"sha256": str, "training": dict}
CHECKPOINT_DAMAGED = "is missing or damaged"
MODEST, FEW_SETTINGS = (
    1_200,
    32,
)  # so few and so small numbers always fit into memory; other networks are first built without
LARGEST, MOST_SETTINGS, MOST_PARAMETERS = (
    10_000,
    100,
    50_000_000,
)  # larger networks are not built: our largest has 5.7 million
MOST_HEADER, MOST_TENSORS = 1_000_000, 5_000  # of a file of weights: our largest has 28 kB and 270 tensors
REAL = {"F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"}
MOST_SNAPSHOT_CODES = 1_000_000  # limit for a snapshot: ours have 150,000
SNAPSHOTS_KEPT = 8  # in memory, of up to 7 MB each
KNOWN = ChainMap(NETWORKS, PREPARED)
"""Families that a recipe may name."""
_INNERMOST = re.compile(r"[\[{][^\[\]{}]*[\]}]")
_loaded: dict[tuple[str, str], Model] = {}
_locks: dict[tuple[str, str], threading.Lock] = {}


class CheckpointError(RuntimeError):
    """A checkpoint cannot be used; the message says what to do."""


def pretrained_folder() -> Path:
    """Return the folder of the checkpoints: `EXPLORER_PRETRAINED`, else `pretrained/` at home."""
    return STARTED_IN / (os.environ.get("EXPLORER_PRETRAINED") or home() / "pretrained")


elsewhere: dict[str, Path] = {
    net: folder for name, family in installed.families.items() for net, folder in installed.nets(name, family)
}
"""Checkpoints outside the folder of checkpoints, by name: of installed families, and of `EXPLORER_EXTRA`."""


def place(name: str) -> Path:
    """Return the folder of a checkpoint, whether it exists or not."""
    return elsewhere.get(name) or pretrained_folder() / name


def names() -> list[str]:
    """Return the names of the checkpoints in the folder of checkpoints, complete or not."""
    return sorted(path.parent.name for path in pretrained_folder().glob("*/config.json"))


elsewhere |= extra.load(FAMILIES, STARTED_IN, {*names(), *elsewhere})


def exists(name: str) -> bool:
    """True if the checkpoint exists locally or is open, or is expected from the Hub after a request at the start."""
    if opened.is_name(name):
        return opened.is_open(name)
    return os.path.exists(place(name) / "config.json") or hub.is_expected(name, pretrained_folder())


def folder_of(name: str) -> Path:
    """Return the folder of a checkpoint, after fetching its missing files from the Hub.

    If no repository is named, a missing file is reported later, by the function that reads it.

    Raises:
        CheckpointError: if the checkpoint is neither here nor on the Hub, or is still being fetched.
    """
    folder = place(name)
    if name in elsewhere or not manifest.missing_required(folder):
        return folder
    if hub.is_named():
        _fetch(name)
    elif not exists(name):
        raise CheckpointError(
            f"there is no checkpoint “{name}” in {display_path(pretrained_folder())}: restore the folder, train it "
            f"with `python -m explorer.train {name}`, or name a Hub repository in EXPLORER_HUB_REPO"
        )
    return folder


def _fetch(name: str, *, later: bool = False) -> None:
    try:
        hub.fetch(name, pretrained_folder(), later=later)
    except hub.HubError as error:
        raise CheckpointError(str(error)) from error


def display_path(path: Path) -> str:
    """Return a path for messages: relative to the repository or the folder of checkpoints, else its last two parts."""
    root = next((root for root in (ROOT, pretrained_folder().parent) if path.is_relative_to(root)), None)
    short = path.relative_to(root) if root else Path(*path.parts[-2:])
    return os.fsencode(short.as_posix()).decode("utf-8", "replace")  # also if the locale cannot encode such letters


def file_error(path: Path, how: str = CHECKPOINT_DAMAGED) -> CheckpointError:
    """Return the error that describes the fault of a file, and how to restore it."""
    return CheckpointError(f"{display_path(path)} {how}: {_restore(path)}")


def _restore(path: Path) -> str:
    return f"restore it (`git checkout -- {display_path(path)}`)" if path.is_relative_to(ROOT) else "restore it"


def read_json(path: Path, wanted: Mapping[str, type] = {}) -> dict[str, Any]:
    """Read one of a checkpoint's JSON files: an object that has at least the entries `wanted`, with these types.

    Raises:
        CheckpointError: if the file is missing, is not JSON, or does not have that form.
    """
    raw = b""
    try:
        found = received.read_json(raw := path.read_bytes())
    except (OSError, ValueError) as error:
        raise file_error(path, received.IS_POINTER if received.is_pointer(raw) else CHECKPOINT_DAMAGED) from error
    if not isinstance(found, dict):
        raise file_error(path, "is not an object of named values")
    for key, kind in wanted.items():
        if not isinstance(found.get(key), kind):
            raise file_error(path, f"lacks its “{key}”, or holds something else there")
    return found


def read_card(folder: Path) -> dict[str, Any]:
    """Read the card of a checkpoint. One from elsewhere may have none: then nothing of it was measured.

    Raises:
        CheckpointError: if the card or, without one, the file of the weights is missing or damaged.
    """
    path = folder / "card.json"
    if folder not in elsewhere.values() or os.path.exists(path):
        return read_json(path, CARD)
    try:
        raw = (folder / "model.safetensors").read_bytes()
    except OSError as error:
        raise file_error(folder / "model.safetensors") from error
    return unmeasured_card(raw)


def unmeasured_card(raw: bytes) -> dict[str, Any]:
    """Return the card of weights that nobody measured."""
    return {"sha256": hashlib.sha256(raw).hexdigest(), "training": {}}


def card_of(name: str) -> dict[str, Any]:
    """Return the card of a checkpoint, or of a network that a visitor opened.

    Raises:
        CheckpointError: if the card is damaged, or there is no such checkpoint.
    """
    return opened.find(name).card if opened.is_name(name) else read_card(folder_of(name))


def recipe_of(name: str) -> dict[str, Any]:
    """Return the recipe of a checkpoint, or of a network that a visitor opened.

    Raises:
        CheckpointError: if the recipe is damaged, or there is no such checkpoint.
    """
    return opened.find(name).recipe if opened.is_name(name) else read_json(folder_of(name) / "config.json", CONFIG)


def build(config: dict) -> Model:
    """Build the untrained network that a recipe describes.

    Raises:
        CheckpointError: if its family is unknown, its arguments do not fit, or it is far too large.
    """
    family = config["family"]
    if family not in KNOWN:
        raise CheckpointError(f"unknown family “{family:.40}” in the recipe: this version knows {', '.join(NETWORKS)}")
    try:
        with pauses.calling(lambda: None):  # what a pause raises is no fault of the recipe
            _check_size(family, config["model"])
            return KNOWN[family](**config["model"])
    except Exception as error:  # any error a constructor may raise about unforeseen arguments
        raise CheckpointError(
            f"the recipe of this {family} cannot be built ({error!s:.200}): restore config.json"
        ) from error


def _check_size(family: str, arguments: dict) -> None:
    """Reject a network that would not fit into memory, before anything is allocated.

    Raises:
        ValueError: if a number or the network as a whole is too large.
    """
    values = [each for value in arguments.values() for each in (value if isinstance(value, list) else [value])]
    largest = max((abs(each) for each in values if isinstance(each, int | float)), default=0)
    if largest <= MODEST and len(values) <= FEW_SETTINGS:
        return  # skips the slower check
    if largest > LARGEST or len(values) > MOST_SETTINGS:
        raise ValueError("its numbers are too large or too many")
    network = build_on_meta(family, arguments)
    if count_parameters(network) > MOST_PARAMETERS:
        raise ValueError(f"it would have more than {MOST_PARAMETERS:,} parameters")


def count_parameters(network: nn.Module) -> int:
    """Return the number of parameters of a network."""
    return sum(each.numel() for each in network.parameters())


def build_on_meta(family: str, arguments: dict) -> Model:
    """Build a network without memory for its weights, to read their shapes."""
    with torch.device("meta"), _Unfilled():
        return KNOWN[family](**arguments)


class _Unfilled(TorchFunctionMode):
    """Leaves normal weights unfilled: to fill them on the meta device, torch imports its compiler for two seconds."""

    def __torch_function__(self, function: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        if getattr(function, "__name__", None) == "normal_":
            return args[0] if args else kwargs["tensor"]
        return function(*args, **(kwargs or {}))


def load(name: str, device: torch.device | str | None = None) -> Model:
    """Return a read-only model in eval mode, loaded once per process; loading one model does not block another.

    Raises:
        CheckpointError: if a file is missing, damaged, or does not have the shapes of the recipe.
        OpenError: if a visitor opened it, and it is no longer open.
    """
    if opened.is_name(name):
        return opened.find(name).model
    device = torch.device(device) if device is not None else best_device()
    key = (str(place(name)), str(device))
    if key in _loaded:
        return _loaded[key]
    folder = folder_of(name)  # before the lock: only existing names get one, and no thread holds it during a fetch
    with _locks.setdefault(key, threading.Lock()):
        if key not in _loaded:
            card = read_card(folder)
            _loaded[key] = completed(_build(folder, "model.safetensors", card["sha256"], device), card, device)
        return _loaded[key]


def completed(model: Any, card: dict[str, Any], device: torch.device) -> Any:
    """Return the network with what its weights lack: its measured log Z, and the network in whose codes it draws."""
    if hasattr(model, "read_log_z"):
        model.read_log_z(card)
    if part := getattr(model, "draws_in", None):
        model.attach(load(part, device))
    return model


def forget() -> None:
    """Free the loaded models; whoever needs one loads it again."""
    _loaded.clear()
    gc.collect()
    process.trim()


def _build(folder: Path, file: str, sha256: str, device: torch.device, codes: Any = None) -> Model:
    """Return the network of a file; if the log gives the number of stored codes, its decoder with these codes."""
    model = build(read_json(folder / "config.json", CONFIG))
    if codes is not None:
        model = _replay(model, codes, folder)
    load_weights(model, folder / file, sha256=sha256)
    return model.to(device).eval().requires_grad_(False)


def _replay(model: Model, codes: Any, folder: Path) -> Replayed:
    whole = isinstance(codes, list) and len(codes) == 2 and all(type(each) is int and each > 0 for each in codes)
    if not whole or math.prod(codes) > MOST_SNAPSHOT_CODES or not hasattr(model, "decoder"):
        raise file_error(
            folder / "snapshots" / "log.json", "says what its network cannot have of the codes in a snapshot"
        )
    return Replayed(model.decoder, *codes)


def snapshots_of(name: str) -> dict[str, list[dict]]:
    """Return the record of a checkpoint's training: `snapshots`, and losses as `history`; both may be empty.

    Raises:
        CheckpointError: if there is no such checkpoint, or its log is damaged.
    """
    if opened.is_name(name):
        return {"snapshots": [], "history": []}
    log = folder_of(name) / "snapshots" / "log.json"
    if not os.path.exists(log):
        return {"snapshots": [], "history": []}
    found = read_json(log, {"snapshots": list, "history": list})
    if not all(isinstance(row, dict) for row in found["snapshots"] + found["history"]):
        raise file_error(log)
    if not all(isinstance(row.get(key), str) for row in found["snapshots"] for key in ("file", "sha256")):
        raise file_error(log, "does not name its snapshots")
    return found


def snapshot(name: str, index: int) -> Model:
    """Return a snapshot of a network during training, or the part that is displayed; an LRU cache keeps recent ones.

    Raises:
        ValueError: if there is no such snapshot.
        CheckpointError: if the file is missing, or differs from the recorded one.
    """
    return _snapshot(place(name), name, index)


@functools.lru_cache(maxsize=SNAPSHOTS_KEPT)
def _snapshot(_: Path, name: str, index: int) -> Model:
    kept = snapshots_of(name)["snapshots"]
    if index >= len(kept):
        raise ValueError(f"there are {len(kept)} snapshots, numbered from 0")
    folder, row = folder_of(name), kept[index]
    if hub.is_named() and not os.path.exists(folder / "snapshots" / row["file"]):
        _fetch(name, later=True)
    return _build(folder, f"snapshots/{row['file']}", row["sha256"], best_device(), row.get("codes"))


def load_weights(model: nn.Module, path: Path, *, sha256: str) -> None:
    """Read weights into a model, and verify every key, every shape and the recorded hash.

    Raises:
        CheckpointError: if the file is missing or damaged, or a check fails.
    """
    name = display_path(path)
    advice = f"{_restore(path)} or train it again"
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{name} is missing: {advice}") from error
    tensors = read_tensors(raw, model.state_dict(), name, advice)
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise CheckpointError(f"{name} is not the file that was measured (its sha256 differs from the card): {advice}")
    model.load_state_dict(tensors)


def read_shapes(raw: bytes, name: str, advice: str) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return the data type and the shape of each tensor in the header of a safetensors file, without making any.

    Raises:
        CheckpointError: if the header is damaged, or lists more than a network of ours could have.
    """
    if received.is_pointer(raw):
        raise CheckpointError(f"{name} {received.IS_POINTER}")
    damaged = CheckpointError(f"{name} is damaged or cut short: {advice}")
    length = int.from_bytes(raw[:8], "little")
    if len(raw) < 8 or length > len(raw) - 8:
        raise damaged
    if length > MOST_HEADER:
        raise CheckpointError(f"{name} has a header of {length:,} bytes, of at most {MOST_HEADER:,}: {advice}")
    try:
        header = orjson.loads(raw[8 : 8 + length])
        header.pop("__metadata__", None)
        found = {key: (str(each["dtype"]), tuple(each["shape"])) for key, each in header.items()}
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise damaged from error
    if len(found) > MOST_TENSORS:
        raise CheckpointError(f"{name} holds {len(found):,} tensors, of at most {MOST_TENSORS:,}: {advice}")
    return found


def read_tensors(raw: bytes, wanted: Mapping[str, Tensor], name: str, advice: str) -> dict[str, Tensor]:
    """Return the tensors of a safetensors file, by name, after comparing its header with those of a network.

    Raises:
        CheckpointError: if the file is damaged, or does not hold these tensors with their shapes.
    """
    check_shapes(wanted, read_shapes(raw, name, advice), name, advice)
    try:
        return parse_tensors(raw)
    except SafetensorError as error:
        raise CheckpointError(f"{name} is damaged or cut short ({error!s:.200}): {advice}") from error


def check_shapes(
    wanted: Mapping[str, Tensor], found: Mapping[str, tuple[str, tuple[int, ...]]], name: str, advice: str
) -> None:
    """Check that a file lists the tensors of a network, with their shapes, in data types of real numbers.

    Raises:
        CheckpointError: if it does not.
    """
    if wanted.keys() != found.keys():
        odd = ", ".join(f"{each:.60}" for each in sorted(wanted.keys() ^ found.keys())[:3])
        raise CheckpointError(f"{name} does not hold the tensors of its recipe ({odd}): {advice}")
    for key, tensor in wanted.items():
        dtype, shape = found[key]
        if shape != tuple(tensor.shape):
            shapes = f"{shape!s:.60} where the recipe wants {tuple(tensor.shape)}"
            raise CheckpointError(f"{name} holds “{key}” with shape {shapes}: {advice}")
        if dtype not in REAL:
            raise CheckpointError(f"{name} holds “{key}” in the data type {dtype:.20}, not in real numbers: {advice}")


def save_weights(model: nn.Module, path: Path, dtype: torch.dtype = torch.float16) -> str:
    """Write weights as safetensors and return their sha256. Sorted names keep a network's entries contiguous.

    Bytes, such as the stored text of an n-gram model, stay bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    weights = {key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()}
    save_file({key: x if x.dtype == torch.uint8 else x.to(dtype) for key, x in weights.items()}, partial)
    partial.chmod(0o644)
    partial.replace(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, content: dict) -> None:
    """Write a recipe or a card in readable form: an innermost list or object, such as a row, takes one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2, ensure_ascii=False)
    text = _INNERMOST.sub(lambda match: re.sub(r"\n\s*", " ", match[0]), text)  # no string holds a line break
    path.write_text(text + "\n", encoding="utf-8")
