"""Networks that stand alone on the Hub: each family with the methods of `huggingface_hub`'s own mixin.

A repository of one network holds what a folder of `pretrained/` holds: `config.json`, `model.safetensors`, `card.json`
and a model card. So `from_pretrained` reads both, and *Open a network* in the app takes either. Nothing is unpickled.
"""

import functools
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import ModelCard, PyTorchModelHubMixin

from explorer.models.model import Model
from explorer.networks import checkpoints, manifest, model_cards
from explorer.running.device import best_device

CODES_FOLDER = "codes"
"""Folder of the network in whose codes another one draws, among the files of that one."""


class Shared(Model, PyTorchModelHubMixin, library_name="explorer", license="mit"):
    """A network of some family with `from_pretrained`, `save_pretrained` and `push_to_hub`.

    `push_to_hub` writes the network's model card. Weights are saved as float16, as all weights here.
    """

    recipe: dict[str, Any]
    """What `config.json` holds: the family, the data set, the arguments of the model, and the training."""
    name: str
    """Name of the checkpoint, or else of its family."""
    card: dict[str, Any]
    """What was measured of it; only that its weights are unmeasured, if nobody did."""

    def _save_pretrained(self, save_directory: Path) -> None:
        sha256 = checkpoints.save_weights(self, save_directory / "model.safetensors")
        if self.card["sha256"] != sha256:  # the weights are no longer those that were measured
            self.card = {"sha256": sha256, "training": {}}
        checkpoints.write_json(save_directory / "card.json", self.card)
        checkpoints.write_json(save_directory / "config.json", self.recipe)

    @classmethod
    def _load_as_safetensor(cls, model: Any, model_file: str, map_location: str, strict: bool) -> Any:
        raw = Path(model_file).read_bytes()
        tensors = checkpoints.read_tensors(raw, model.state_dict(), Path(model_file).name, "fetch it again")
        model.load_state_dict(tensors)
        model.card = checkpoints.unmeasured_card(raw)
        return model.to(map_location).eval()

    @classmethod
    def _load_as_pickle(cls, model: Any, model_file: str, map_location: str, strict: bool) -> Any:
        raise checkpoints.CheckpointError("this repository holds pickled weights, which are never read here")

    def generate_model_card(self, *args: Any, **kwargs: Any) -> ModelCard:
        """Return the card of the network, with what was measured if its weights are those measured."""
        return model_cards.of_network(self.name, self.recipe, self.card)


@functools.cache
def family(name: str) -> type[Shared]:
    """Return the class of a family whose constructor takes the entries of a recipe.

    Raises:
        CheckpointError: if there is no such family.
    """
    if name not in checkpoints.KNOWN:
        raise checkpoints.CheckpointError(f"unknown family “{name:.40}”: choose one of {', '.join(checkpoints.KNOWN)}")
    base: Any = checkpoints.KNOWN[name]

    def __init__(self, family: str, dataset: str, model: dict[str, Any], training: dict[str, Any]) -> None:
        base.__init__(self, **model)
        self.recipe = {"family": family, "dataset": dataset, "model": model, "training": training}
        self.name, self.card = name, {"sha256": "", "training": {}}

    return type(base.__name__, (Shared, base), {"__init__": __init__, "__doc__": base.__doc__, "__module__": __name__})


def load(name: str | Path, device: torch.device | str | None = None) -> Shared:
    """Return a checkpoint as a network of its own, as `explorer.load` does; a path is a folder of its files."""
    folder = name if isinstance(name, Path) else checkpoints.folder_of(name)
    recipe = checkpoints.read_json(folder / "config.json", checkpoints.CONFIG)
    card = _card(folder) if isinstance(name, Path) else checkpoints.card_of(name)
    network = family(recipe["family"])(**{key: recipe[key] for key in checkpoints.CONFIG})
    checkpoints.load_weights(network, folder / manifest.WEIGHTS, sha256=card["sha256"])
    network.name, network.card = folder.name, card
    device = torch.device(device) if device is not None else best_device()
    network = network.to(device).eval()
    if getattr(network, "draws_in", None) and (folder / CODES_FOLDER).is_dir():
        network.attach(load(folder / CODES_FOLDER, device))
        return network
    return checkpoints.completed(network, card, device)


def _card(folder: Path) -> dict[str, Any]:
    """Return the card of a folder; without one, that of weights that nobody measured."""
    if (folder / "card.json").exists():
        return checkpoints.read_json(folder / "card.json", checkpoints.CARD)
    try:
        return checkpoints.unmeasured_card((folder / manifest.WEIGHTS).read_bytes())
    except OSError as error:
        raise checkpoints.file_error(folder / manifest.WEIGHTS) from error
