"""Networks of text and of sound, which the comparison asks beside those of images."""

from typing import Any

from explorer.networks import checkpoints
from explorer.questions import compress
from explorer.tabs.sound import recordings as sound_recordings
from explorer.tabs.text.shared import DIFFUSION, NETS

OTHERS = {"text": NETS | {DIFFUSION: "Masked diffusion"}, "sound": {sound_recordings.NET: "WaveNet"}}
"""Networks of the x that are no pictures, with their titles, by their tabs."""
BESIDES = [net for nets in OTHERS.values() for net in nets]


def coders() -> dict[str, list[dict[str, Any]]]:
    """Return, for text and for sound, what the page needs to know of each network, as of a column."""
    return {tab: [coder(net, title) for net, title in nets.items()] for tab, nets in OTHERS.items()}


def coder(net: str, title: str) -> dict[str, Any]:
    """Return the entry of a network; if it cannot be loaded, the entry has a notice."""
    report = {"net": net, "title": title, "error": None}
    try:
        model = checkpoints.load(net)
    except checkpoints.CheckpointError as error:
        return report | {"error": str(error), "space": None, "can": {"compress": None}, "cannot": {}}
    able = {"can": {"compress": compress.how(model)}, "cannot": {"compress": compress.why_not(model)}}
    return report | {"space": model.space.name} | able
