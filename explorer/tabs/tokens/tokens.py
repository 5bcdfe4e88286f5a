"""*Tokens*: an image's tokens; one of them becomes another code."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import torch
import torch.nn.functional as F

from explorer import data
from explorer.fields import Field, Wholes
from explorer.models.vqvae import PATCH, TOKENS, VQVAE, Codebook
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.numbers.answer import FINDING, Answer, Table
from explorer.numbers.words import brief, num, percent, place_of
from explorer.running.device import device_of
from explorer.spaces import BINARY
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.ask.nets import dataset_of, takes
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.fields import Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.tokens.shared import (
    CLOTHES,
    DIGITS,
    GRID,
    HEADS,
    MOST_CODES,
    TOKEN_NETS,
    Found,
    Token,
    TokenNet,
    at,
    costs,
    shown_tokens,
    tokenise,
)

# An exchanged token is one number: its position times `MOST_CODES`, plus its new code.
SWAPS = Field("swaps", Wholes(TOKENS * MOST_CODES - 1, TOKENS), (), "exchanged tokens")
Swaps = Annotated[tuple[int, ...], SWAPS]
AROUND = PATCH  # pixels of context around a code's patch in its picture
TOKENS_READ = 500  # bundled images
FAINTEST = 0.1  # lightest pixel of a code's mean that is shown as white


def exchange_words(swapped: int, changed: int) -> str:
    """Return the headline: how many pixels the exchanged tokens change visibly, or what the image is made of."""
    if not swapped:
        return f"The decoder draws this image from {TOKENS} codes."
    who = "One other code changes" if swapped == 1 else "The exchanged codes change"
    return f"{who} {changed} pixels of the image."


def token_answer(found: Found, token: int, use: Sequence[float] | None, changed: int) -> Answer:
    """Describe the chosen token, and the effect of the exchanges.

    Arguments:
        found: Answer of `look`.
        token: Position of the token.
        use: Share of each code among all tokens.
        changed: Number of pixels that the exchanges change visibly.
    """
    before, tokens, rates, pixels = found["before"], found["tokens"], found["rates"], found["distortions"]
    code, expected = tokens[token], found["expected"][token]
    often = f", which makes up {percent(use[code], 1)} of all tokens" if use else ""
    own = f"is code {code}" if code == before[token] else f"was code {before[token]} and is now code {code}"
    known = f"gives {'it' if expected == code else f'code {expected}'} the highest probability"
    token_words = [
        f"The token in {place_of(token, GRID)} {own}{often}.",
        f"Given the tokens before it, the prior {known}; it costs {brief(found['surprise'][token])} nats.",
    ]
    swapped = sum(one != other for one, other in zip(before, tokens, strict=True))
    if swapped:
        said = [
            f"{'One token is' if swapped == 1 else f'{swapped} tokens are'} exchanged: the tokens now cost "
            f"{num(rates[1], 1)} nats instead of {num(rates[0], 1)}.",
            f"{changed} of 784 pixels change by more than a tenth, where {16 * swapped} lie under the exchanged.",
            f"This image's pixels cost {num(pixels[1], 1)} nats instead of {num(pixels[0], 1)}.",
            *token_words,
        ]
    else:
        cost = f"All 49 tokens cost {num(rates[0], 1)} nats, and the pixels, given them, {num(pixels[0], 1)} more."
        said = [cost, *token_words]
    rows = [
        at(place) | {"code": before[place], "code now": code, "nats": found["surprise"][place]}
        for place, code in enumerate(tokens)
    ]
    return Answer([FINDING.of(exchange_words(swapped, changed)), *costs(found)], " ".join(said), Table(rows))


@light
def look(net: TokenNet, picture: Picture, swaps: Swaps, token: Token) -> Answer:
    """Return an image's tokens, some of them exchanged, and describe one of them."""
    found = tokenise(net, picture, swaps)
    return shown_tokens(found) | token_answer(found, token, checkpoints.card_of(net).get("use"), found["changed"])


@heavy
def codebook(net: TokenNet) -> Answer:
    """Return a picture of every code: the mean over bundled test images of the patch at its tokens, with context.

    Its lightest pixel is white, unless all are nearly black. Shapes: `pictures` (codes, side, side), black if no image
    has such a token.
    """
    model: VQVAE = checkpoints.load(net)
    codes = len(model.codebook.entries)
    dataset, side = dataset_of(net), PATCH + 2 * AROUND
    with torch.no_grad():
        x = data.binary_display_images(dataset) if model.space == BINARY else data.display_split(dataset).pixels()
        x = x[:TOKENS_READ].to(device_of(model))
        tokens = model.encode(x)
        around = F.unfold(F.pad(x, [AROUND] * 4), side, stride=PATCH).transpose(1, 2).flatten(0, 1)
        sums = torch.zeros(codes, side**2).to(around).index_add_(0, tokens.flatten(), around)
        counts = tokens.flatten().bincount(minlength=codes)
    means = sums / counts.clamp(min=1).unsqueeze(-1)
    pictures = to_bytes(means / means.amax(1, keepdim=True).clamp(min=FAINTEST))
    return Answer(view={"pictures": pictures, "codes": codes, "side": side})


def use_props(net: str, card: Card) -> Mapping[str, Any]:
    """Return the additional data of a network of tokens: the use of its codes."""
    if not takes(TOKEN_NETS, net):
        return {}
    return {"use": parts.rounded(card.get("use"))}


MODE = Mode(
    "tokens",
    "Tokens",
    "look",
    fields=[SWAPS],
    functions=[look, codebook],
    panel=Panel(
        look,
        controls=[],
        tries=[
            ("One token becomes another", {**DIGITS, "img": 108, "swaps": [24 * 64 + 3], "token": 24}),
            ("A digit for the tokens of clothes", {**CLOTHES, "img": 108, "set": "mnist", "swaps": [], "token": 24}),
        ],
        shows=Shows("Tap a token, then another code", (FINDING, *HEADS), others=True),
        nets=TOKEN_NETS,
    ),
    code={
        "Tokens": [look.plain, tokenise, VQVAE.encode, VQVAE.decode, Codebook.nearest],
    },
)
