"""Shared by several modes of tokens: an image's tokens, some of them exchanged, and what they cost."""

from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, Whole
from explorer.models.raster import RasterModel
from explorer.models.vqvae import TOKENS, VQVAE
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure
from explorer.numbers.words import num
from explorer.running.device import device_of
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import Picture

TOKEN_NETS = with_further("vqvae-mnist", "vqvae-fashion-mnist")
MOST_CODES = 64
TOKEN = Field("token", Whole(0, TOKENS - 1), TOKENS // 2, "the token that is looked at")
TokenNet = Annotated[str, Field("net", Nets(TOKEN_NETS), title="the network of tokens")]
Token = Annotated[int, TOKEN]
Found = dict[str, Any]
GRID = 7
VISIBLE = 25.5  # of 255 grey levels: a tenth of white
BOUND = Figure("−log p(x), ≤ bound", unit="nats")
OF_TOKENS = Figure("−log p(z), the tokens", unit="nats")
OF_PIXELS = Figure("−log p(x | z), the pixels", unit="nats")
EXACT = Figure("−log p(x) by PixelCNN, = exact", unit="nats", digits=1)
HEADS = (BOUND, OF_TOKENS, OF_PIXELS, EXACT)
"""Figures of an image's cost, the headline first."""
TEST = {"draw": None, "source": None}
DIGITS = {**TEST, "net": "vqvae-mnist", "set": None}
CLOTHES = {**TEST, "net": "vqvae-fashion-mnist", "set": None}


def costs(found: Found) -> list[Figure]:
    """Return the terms of the bound, with those before an exchange if they differ."""

    def now(before: float, after: float) -> str:
        return num(after, 1) + ("" if before == after else f" (was {num(before, 1)})")

    rates, pixels = found["rates"], found["distortions"]
    return [
        BOUND.of(now(rates[0] + pixels[0], rates[-1] + pixels[-1])),
        OF_TOKENS.of(now(rates[0], rates[-1])),
        OF_PIXELS.of(now(pixels[0], pixels[-1])),
        EXACT.of(None if found["exact"] is None else -found["exact"]),
    ]


def at(place: int) -> dict[str, int]:
    """Return the row and the column of a token, as the page counts them."""
    return {"row": place // GRID + 1, "column": place % GRID + 1}


def network_input(model: VQVAE, picture: Picture) -> Tensor:
    """Return a picture as the network's input: (1, 1, 28, 28)."""
    return data.read(picture, model.space).to(device_of(model))


def swap_tokens(tokens: Tensor, swaps: tuple[int, ...], codes: int) -> Tensor:
    """Return tokens (1, 49) with some of them exchanged.

    Raises:
        ValueError: if the codebook has no such code.
    """
    found = tokens.clone()
    for place, code in (divmod(each, MOST_CODES) for each in swaps):
        if code >= codes:
            raise ValueError(f"this codebook has {codes} codes, numbered from 0")
        found[0, place] = code
    return found


def shown_tokens(found: Found) -> Answer:
    """Return an image's tokens without what is said of them."""
    view = {key: each for key, each in found.items() if key != "x"}
    return Answer(charts=[], strips=[], pictures={"x": found["x"]}, view=view)


def tokenise(net: str, picture: Picture, swaps: tuple[int, ...]) -> Found:
    """Return an image's tokens, some of them exchanged, with the decoded image and both terms of the bound.

    `expected` is the code with the highest prior probability at each position, given the tokens before it.
    """
    model: VQVAE = checkpoints.load(net)
    with torch.no_grad():
        x = network_input(model, picture)
        before = model.encode(x)
        tokens = swap_tokens(before, swaps, len(model.codebook.entries))
        both = torch.cat([before, tokens])
        means, rates = model.decode(both).mean, model.rate(both)
        log_probs = model.prior(tokens).log_softmax(-1)[0]
        levels = (255 * means).round()
        return {
            "p": model.space.encode(means),
            "x": model.space.encode(x),
            "changed": int(((levels[0] - levels[1]).abs() > VISIBLE).sum()),
            "before": before[0].tolist(),
            "tokens": tokens[0].tolist(),
            "surprise": round_numbers(-log_probs.gather(-1, tokens[0].unsqueeze(-1))[:, 0]),
            "expected": log_probs.argmax(-1).tolist(),
            "rates": round_numbers(rates),
            "distortions": round_numbers(model.distortion(x.expand_as(means), both)),
            "exact": exact_log_p(net, x),
        }


def exact_log_p(net: str, x: Tensor) -> float | None:
    """Return the exact log p(x) of the same pixels by the data set's PixelCNN; None if there is none.

    Shapes: `x` (1, 1, 28, 28). The result is in nats.
    """
    name = rival_of(net)
    if not checkpoints.exists(name):
        return None
    rival: RasterModel = checkpoints.load(name)
    return float(rival.log_prob(x.to(device_of(rival))))


def rival_of(net: str) -> str:
    """Return the name of the PixelCNN, which draws the same images pixel by pixel."""
    return net.replace("vqvae", "pixelcnn")
