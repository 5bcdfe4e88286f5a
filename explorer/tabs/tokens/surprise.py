"""*Surprise*: the cost of each token under the prior."""

from explorer.models.prior import TokenPrior
from explorer.models.vqvae import VQVAE
from explorer.numbers.answer import FINDING, Answer, Table
from explorer.numbers.words import brief, num, percent, place_of
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.tokens.shared import (
    CLOTHES,
    DIGITS,
    GRID,
    HEADS,
    TOKEN_NETS,
    Found,
    Token,
    TokenNet,
    at,
    costs,
    shown_tokens,
    tokenise,
)


def surprise_answer(found: Found, token: int) -> Answer:
    """Describe the cost of each token, and what the prior expected at the chosen one."""
    surprise, code = found["surprise"], found["tokens"][token]
    ranked = sorted(range(len(surprise)), key=lambda place: -surprise[place])
    ten = sum(surprise[place] for place in ranked[:10]) / sum(surprise)
    expected = found["expected"][token]
    known = "the most probable one" if expected == code else f"where code {expected} was the most probable"
    rate, pixels = found["rates"][0], found["distortions"][0]
    beside = ""
    if found["exact"] is not None:
        beside = f" A PixelCNN's own −log p(x) of the same pixels is {num(-found['exact'], 1)}, exactly."
    rows = [at(place) | {"code": found["tokens"][place], "nats": nats} for place, nats in enumerate(surprise)]
    return Answer(
        words=f"The most surprising token is in {place_of(ranked[0], GRID)}: {num(surprise[ranked[0]], 1)} nats. "
        f"All 49 cost {num(rate, 1)}. The selected token, in "
        f"{place_of(token, GRID)}, cost {brief(surprise[token])} nats: code {code}, {known}. With the {num(pixels, 1)} "
        f"nats of the pixels, −log p(x) is at most {num(rate + pixels, 1)}.{beside}",
        numbers=[FINDING.of(f"Ten tokens carry {percent(ten)} of the code's cost."), *costs(found)],
        table=Table(rows),
    )


@light
def surprise(net: TokenNet, picture: Picture, token: Token) -> Answer:
    """Return an image's tokens, and describe what each of them costs."""
    found = tokenise(net, picture, ())
    return shown_tokens(found) | surprise_answer(found, token)


MODE = Mode(
    "surprise",
    "Surprise",
    "test",
    functions=[surprise],
    panel=Panel(
        surprise,
        controls=[],
        tries=[
            ("A shoe for the prior of digits", {**DIGITS, "img": 4, "set": "fashion-mnist", "token": 24}),
            ("Clothes", {**CLOTHES, "img": 4, "token": 24}),
        ],
        shows=Shows("Which tokens are unlikely under the prior? Tap one", [FINDING, *HEADS], others=True),
        nets=TOKEN_NETS,
    ),
    code={
        "Surprise": [surprise.plain, TokenPrior.forward, VQVAE.rate, VQVAE.distortion],
    },
)
