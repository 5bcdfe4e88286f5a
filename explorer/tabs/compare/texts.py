"""Text: every network of characters is asked how likely one text is, and goes on from it."""

import math
from typing import Annotated

import torch
import torch.nn.functional as F

from explorer import checkpoints
from explorer.fields import Field, OneOf
from explorer.pauses import pausing
from explorer.questions import complete, likelihood
from explorer.spaces import TEXT
from explorer.tabs.compare.compressing import OTHERS
from explorer.tabs.kit.answers import heavy
from explorer.tabs.kit.fields import SEED, Seed
from explorer.tabs.kit.panel import Control, Panel
from explorer.tabs.text.fields import WORDS
from explorer.tabs.text.panels import SEEN, UNSEEN

ADDED = 80  # characters that are drawn after the text
Net = Annotated[str, Field("net", OneOf(tuple(OTHERS["text"])), title="the network")]
Words = Annotated[str, WORDS]


@heavy
def ask_text(net: Net, words: Words, seed: Seed) -> dict:
    """Return log p of a text by a network, with the `kind` of this value, and how the network goes on.

    The `limit` is the number of characters that a network knows, None without one. It cannot answer for a longer text.
    What it draws then depends on the last characters only.
    """
    model, x = checkpoints.load(net), TEXT.codes(words).unsqueeze(0)
    limit = getattr(model, "context", None) if likelihood.kind(model) == "bound" else None
    told = {"limit": limit, "kind": likelihood.kind(model), "bits": None, "se": None}
    if limit is None or len(words) <= limit:
        found = likelihood.ask(model, x)
        told["bits"] = -found.nats / math.log(2) / len(words)
        told["se"] = found.se and found.se / math.log(2) / len(words)
    kept = x if limit is None else x[:, max(0, len(words) - limit + ADDED) :]
    known = F.pad(torch.ones_like(kept, dtype=torch.bool), (0, ADDED), value=False)
    *_, last = pausing(complete.steps(model, F.pad(kept, (0, ADDED)), known, 1, seed))
    return told | {"added": TEXT.text(last.x[0, kept.shape[1] :])}


PANEL = Panel(
    ask_text,
    controls=[[Control(WORDS, "text", "Your text, up to 500 characters")], [Control(SEED, "seed")]],
    tries=[
        ("A scene that no network saw", {"words": UNSEEN}),
        ("A scene from their training", {"words": SEEN}),
        ("Not Shakespeare", {"words": "The train to London leaves at seven from the second track."}),
    ],
)
