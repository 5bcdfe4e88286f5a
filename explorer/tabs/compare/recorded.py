"""Recorded films of *Make* and *Complete*, so that every family stands there at once as the comparison opens.

`python -m explorer.tabs.compare.recorded` asks every network as the page does, and keeps `KEPT_FRAMES` of its frames.
The sheet has the images of one frame after the other; the index has the rest of each frame. A recording answers only
the question that it was asked, and only of the weights that drew it. Seconds are not recorded: they are those of a
server.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.networks import card, checkpoints
from explorer.serving.films import Script
from explorer.spaces.images import PIXELS, SIDE
from explorer.spaces.packing import pack_bits
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.ask.nets import nets_of
from explorer.tabs.kit.layout.fields import KEEP
from explorer.tabs.kit.layout.typical import typical_seeds

DATASET = "mnist"
KEPT_FRAMES = 8
OPENED = 108  # test image of a mode that is opened by hand, `OPENED` of `stages/kit/image/picture.js`
SHEET, INDEX = data.BUNDLED / f"compare-{DATASET}.png", data.BUNDLED / f"compare-{DATASET}.json"
SHA_DIGITS = 12


def asked() -> dict[str, dict[str, Any]]:
    """Return the questions that the comparison opens with, by mode, as the page asks them of each network."""
    seed = {mode: typical_seeds()["compare"][mode][DATASET] for mode in ("make", "finish")}
    known = pack_bits(torch.arange(PIXELS) < SIDE * KEEP.default)
    picture = {"test": OPENED, "set": DATASET}
    return {
        "make": {"seed": seed["make"], "label": None},
        "finish": {"seed": seed["finish"], "picture": picture, "known": known},
    }


def script_of(mode: str, net: str, question: Mapping[str, Any]) -> Script | None:
    """Return the film that answers a question; None if the network cannot answer it."""
    if mode == "make":
        return questions.ask_make.plain(net, question["seed"], None)
    if not hasattr(checkpoints.load(net), "complete_steps"):
        return None
    picture = "test", question["picture"]["test"], question["picture"]["set"]
    return questions.ask_complete.plain(net, picture, base64.b64decode(question["known"]), question["seed"], None)


def images_of(text: str) -> Tensor:
    """Decode the images of a frame: (n, 1, 28, 28), levels from 0 to 255."""
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.uint8).view(-1, 1, SIDE, SIDE)


def kept(script: Script) -> list[dict[str, Any]]:
    """Return `KEPT_FRAMES` frames of a film, evenly spaced, with the last one; all of them if there are fewer."""
    frames = [frame for _, frame in script.scenes() if frame]
    places = torch.linspace(0, len(frames) - 1, min(KEPT_FRAMES, len(frames)) + 1).round().long()[1:]
    return [frames[place] for place in places.unique().tolist()] if len(frames) > 1 else frames


def nearest_to(x: Tensor) -> tuple[list[dict[str, Any]], Tensor]:
    """Return the class and the distance of the training images nearest to x (n, 1, 28, 28), and these images."""
    found = [nearest.props(DATASET, each.numpy().tobytes()) for each in x]
    facts = [{"label": each["label"], "distance": round(each["distance"], 4)} for each in found]
    return facts, torch.cat([images_of(each["image"]) for each in found])


def film(net: str, script: Script, meets: bool = False) -> tuple[dict[str, Any], list[Tensor]]:
    """Return what the index has of a film, and its images: of its frames, and the training images that it `meets`.

    Shapes: (n, 1, 28, 28) each; a frame of a VAE has the decoder's means.
    """
    frames = kept(script)
    shown = [images_of(frame["pictures"].get("mean", frame["x"])) for frame in frames]
    facts = [
        {key: frame[key] for key in ("index", "total", "time", "known")}
        | {"evaluations": frame["numbers"]["evaluations"], "mean": "mean" in frame["pictures"]}
        for frame in frames
    ]
    near, images = nearest_to(shown[-1]) if meets else ([], shown[-1][:0])
    about = {"net": net, "space": script.space.name, "count": script.count, "planned": script.evaluations}
    return about | {"frames": facts, "near": near}, [*shown, images]


def films(mode: str, question: Mapping[str, Any], nets: list[str]) -> Iterator[tuple[dict[str, Any], list[Tensor]]]:
    """Yield the films of those networks that can answer."""
    for net in nets:
        if script := script_of(mode, net, question):
            yield film(net, script, meets=mode == "make")


def weights(net: str) -> str:
    """Return the first digits of the sha256 of a network's weights, from its card; empty without a card."""
    try:
        return card.of(net).get("sha256", "")[:SHA_DIGITS]
    except checkpoints.CheckpointError:
        return ""


def to_props(nets: Sequence[str]) -> dict[str, Any]:
    """Return the recording for the browser: its path, and those of these networks whose weights drew it."""
    drew = json.loads(INDEX.read_text(encoding="utf-8"))["weights"] if INDEX.exists() else {}
    return {"path": f"explorer/bundled/{SHEET.stem}", "nets": [net for net in nets if drew.get(net) == weights(net)]}


def record() -> None:
    """Ask every network of the data set, and write the sheet and its index."""
    index, images = [], []
    for mode, question in asked().items():
        found = [*films(mode, question, nets_of(DATASET))]
        index.append({"mode": mode, "asked": question, "films": [facts for facts, _ in found]})
        images += [image for _, shown in found for image in shown]
    data.write_sheet(torch.cat(images), SHEET)
    drew = {net: weights(net) for net in nets_of(DATASET)}
    text = json.dumps({"weights": drew, "recordings": index}, separators=(",", ":"))
    INDEX.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    record()
