"""Load, save and verify checkpoints: `pretrained/` first, then a pinned revision of a Hub repository.

A checkpoint is a folder: `config.json` (the recipe), `model.safetensors` (the weights), `card.json` (what was measured,
and the sha256 of the weights). Nothing is ever unpickled.
"""

import hashlib
import json
import os
import re
import threading
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse_tensors
from safetensors.torch import save_file
from torch import Tensor, nn

from explorer.device import best_device
from explorer.models import NETWORKS

ROOT = Path(__file__).parent.parent
RUNS = Path(os.environ.get("EXPLORER_RUNS", ROOT / "runs"))
_loaded: dict[tuple[str, str], nn.Module] = {}
_lock = threading.Lock()


class CheckpointError(RuntimeError):
    """A checkpoint could not be used; the message says what to do."""


def pretrained_folder() -> Path:
    """Where checkpoints live: `EXPLORER_PRETRAINED`, else `pretrained/` beside the package."""
    return Path(os.environ.get("EXPLORER_PRETRAINED", ROOT / "pretrained"))


def folder_of(name: str) -> Path:
    """The folder of a checkpoint, fetched from the Hub if it is not here.

    Raises:
        CheckpointError: if it is neither here nor on the Hub.
    """
    folder = pretrained_folder() / name
    if (folder / "config.json").exists():
        return folder
    return _from_hub(name)


def _from_hub(name: str) -> Path:
    repo, revision = os.environ.get("EXPLORER_HUB_REPO"), os.environ.get("EXPLORER_HUB_REVISION", "")
    if not repo:
        raise CheckpointError(
            f"there is no checkpoint “{name}” in {shown(pretrained_folder())}: restore the folder, train it with "
            f"`python -m explorer.train {name}`, or name a Hub repository in EXPLORER_HUB_REPO"
        )
    if not re.fullmatch(r"[0-9a-f]{40}", revision):
        raise CheckpointError(
            "EXPLORER_HUB_REVISION must be the 40 hexadecimal digits of a commit, so that nothing moves"
        )
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(repo, revision=revision, allow_patterns=f"{name}/*", local_dir=pretrained_folder())
    except Exception as error:
        raise CheckpointError(
            f"“{name}” could not be fetched from {repo} at {revision[:8]} ({type(error).__name__}): "
            "check the connection and the repository's name"
        ) from error
    return pretrained_folder() / name


def shown(path: Path) -> str:
    """A path as a visitor may see it: from the repository's root, or its last two parts."""
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-2:])).as_posix()


def read_json(path: Path) -> dict:
    """Read one of a checkpoint's JSON files.

    Raises:
        CheckpointError: if it is missing or not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        name = shown(path)
        raise CheckpointError(f"{name} is missing or damaged: restore it (`git checkout -- {name}`)") from error


def build(config: dict) -> nn.Module:
    """Make the untrained network that a recipe describes.

    Raises:
        CheckpointError: if its family is unknown or its arguments do not fit.
    """
    family = config.get("family")
    if family not in NETWORKS:
        raise CheckpointError(f"unknown family “{family}” in the recipe: this version knows {', '.join(NETWORKS)}")
    try:
        return NETWORKS[family](**config["model"])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise CheckpointError(f"the recipe of this {family} cannot be built ({error}): restore config.json") from error


def load(name: str, device: torch.device | str | None = None) -> nn.Module:
    """An eval-mode, read-only model, loaded once a process.

    Raises:
        CheckpointError: if a file is missing, damaged, or not of the shapes that the recipe asks for.
    """
    device = torch.device(device) if device is not None else best_device()
    key = (str(pretrained_folder() / name), str(device))
    with _lock:
        if key not in _loaded:
            folder = folder_of(name)
            config, card = read_json(folder / "config.json"), read_json(folder / "card.json")
            model = build(config)
            load_weights(model, folder / "model.safetensors", sha256=card.get("sha256", ""))
            _loaded[key] = model.to(device).eval().requires_grad_(False)
        return _loaded[key]


def load_weights(model: nn.Module, path: Path, *, sha256: str) -> None:
    """Read weights into a model: every key, every shape, and the hash that was recorded.

    Raises:
        CheckpointError: if anything is not as it should be.
    """
    name = shown(path)
    advice = f"restore it (`git checkout -- {name}`) or train it again"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{name} is missing: {advice}") from error
    try:
        tensors = parse_tensors(raw)
    except SafetensorError as error:
        raise CheckpointError(f"{name} is damaged or cut short ({error}): {advice}") from error
    _check_tensors(model.state_dict(), tensors, name, advice)
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise CheckpointError(f"{name} is not the file that was measured (its sha256 differs from the card): {advice}")
    model.load_state_dict(tensors)


def _check_tensors(wanted: dict[str, Tensor], found: dict[str, Tensor], name: str, advice: str) -> None:
    if wanted.keys() != found.keys():
        odd = sorted(wanted.keys() ^ found.keys())[:3]
        raise CheckpointError(f"{name} does not hold the tensors of its recipe ({', '.join(odd)}): {advice}")
    for key, tensor in wanted.items():
        if found[key].shape != tensor.shape:
            shapes = f"{tuple(found[key].shape)} where the recipe wants {tuple(tensor.shape)}"
            raise CheckpointError(f"{name} holds “{key}” with shape {shapes}: {advice}")


def save_weights(model: nn.Module, path: Path, dtype: torch.dtype = torch.float16) -> str:
    """Write weights as safetensors and return their sha256. They lie sorted by name, so a network's are contiguous."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file({key: value.detach().cpu().to(dtype).contiguous() for key, value in model.state_dict().items()}, partial)
    partial.chmod(0o644)
    partial.replace(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, content: dict) -> None:
    """Write a recipe or a card, so that a reader can read it too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
