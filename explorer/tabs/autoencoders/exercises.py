"""Exercises on autoencoders, and what a classifier says of a decoded code."""

import functools
from pathlib import Path

import torch

from explorer import data
from explorer.lessons.written import read
from explorer.measures.autoencoder import SURE, top_class
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.tabs.autoencoders.shared import MAP_NETS
from explorer.tabs.kit.ask.nets import dataset_of

NET = MAP_NETS[0]
AE_IMAGES = 200  # test images whose codes can solve an exercise


@functools.lru_cache(maxsize=256)
def classify(net: str, z: tuple[float, float]) -> tuple[int, float]:
    """Return the predicted class of a decoded code, and its probability."""
    model = checkpoints.load(net)
    with torch.no_grad():
        image = model.decode(torch.tensor([z], dtype=torch.float32, device=device_of(model)))
        share, classes = top_class(checkpoints.load(f"classifier-{dataset_of(net)}"), image)
    return int(classes), float(share)


@functools.lru_cache(maxsize=8)
def places(net: str) -> dict[int, tuple[float, float]]:
    """Return a code for each confidently predicted class, from the codes of the first test images."""
    model = checkpoints.load(net)
    with torch.no_grad():
        z = model.encode(data.bundled_images(dataset_of(net)).pixels()[:AE_IMAGES].to(device_of(model)))
        share, classes = top_class(checkpoints.load(f"classifier-{dataset_of(net)}"), model.decode(z))
    ranked = share.argsort().tolist()  # the most confident comes last, and is kept
    found = {int(classes[i]): tuple(round(float(each), 2) for each in z[i]) for i in ranked}
    return {label: code for label, code in sorted(found.items()) if _is(net, code, label)}


def _is(net: str, z: tuple[float, float], label: int) -> bool:
    found, share = classify(net, z)
    return found == label and share >= SURE


def places_to_find() -> dict[int, tuple[float, float]]:
    """Return a code for each class but that of the middle of the map.

    Raises:
        ValueError: if there is none.
    """
    found = {label: z for label, z in places(NET).items() if label != classify(NET, (0.0, 0.0))[0]}
    if not found:
        raise ValueError("the classifier is not confident about any image of this network: is it trained?")
    return found


def has_map(net: str) -> bool:
    """Return whether a network has a map of digits."""
    return net in MAP_NETS and dataset_of(net) == dataset_of(NET)


GIVEN = {"NET": NET, "SURE": SURE, "classify": classify, "has_map": has_map, "places_to_find": places_to_find}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
