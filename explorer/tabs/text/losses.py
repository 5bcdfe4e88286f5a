"""Server function of the losses: drift on a network's own text, and losses by size and by amount of text."""

from functools import cache

import torch
from torch import Tensor

from explorer import card as cards
from explorer import checkpoints, data
from explorer.measures.text_judged import BEGINNING, DRIFT_LENGTH, ITSELF, filled, judged, judges, random_excerpts
from explorer.models.text import TextModel
from explorer.spaces import TEXT
from explorer.steps import rounded
from explorer.tabs.kit import parts
from explorer.tabs.kit.answers import heavy
from explorer.tabs.kit.fields import Seed
from explorer.tabs.text.fields import NETS, SIZES, Judge, Net, Part, Share, Width
from explorer.tabs.text.server import BITS


@heavy
def loss(part: Part, net: Net, judge: Judge, seed: Seed, width: Width, share: Share) -> dict:
    """Return the losses of one part of the mode: `drift` of a network, or those of one of the networks by `size`."""
    return drift(net, judge, seed) if part == "drift" else size(width, share)


def drift(net: str, judge: str, seed: int) -> dict:
    """Continue a test text after its real beginning; return both texts with their bits, and the card's figures.

    `judge` says who measures the bits: the network itself, or another one.
    """
    model: TextModel = checkpoints.load(net)
    measured = checkpoints.card_of(net).get("drift")
    if measured is None:
        raise checkpoints.CheckpointError(f"nothing was measured of “{NETS[net]}”: `python -m explorer.evaluate {net}`")
    found = judges(model)
    name = ITSELF if judge == ITSELF else next(each for each in found if each != ITSELF)
    real = random_excerpts(unseen(), 1, DRIFT_LENGTH, seed)
    texts = {"real": real, "own": filled(model, real, torch.arange(DRIFT_LENGTH) < BEGINNING, seed)}
    return {
        "beginning": BEGINNING,
        "judge": NETS[net if name == ITSELF else name],
        "texts": {kind: TEXT.text(x[0]) for kind, x in texts.items()},
        "bits": {kind: rounded(judged(found[name], x)[0] / BITS) for kind, x in texts.items()},
        "rows": parts.brief(cards.rows(measured, judge=name)),
    }


@cache
def unseen() -> Tensor:
    """Return the text that no network was trained on: (N,)."""
    return data.load("shakespeare", "test").codes


def size(width: int, share: int) -> dict:
    """Return the recorded figures of all networks by size, and the name of the chosen one in `curves`."""
    card = cards.of(SIZES, {"rows": list, "curves": dict})
    return {"run": f"{width}-{share}", "rows": parts.brief(card["rows"]), "curves": card["curves"]}
