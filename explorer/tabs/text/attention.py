"""*Attention*: which characters a head of the transformer reads."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import fmean
from typing import Annotated

import torch
from torch import Tensor

from explorer import verdicts
from explorer.fields import Field, OneOf, Text
from explorer.models.transformer import Attention, Transformer
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num, percent, with_sign
from explorer.spaces import TEXT
from explorer.spaces.packing import pack
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.exercises import SPEECH, TRANSFORMER
from explorer.tabs.text.shared import IN_BITS, entry, name_of

ATTENTION_READ = 200  # most characters whose attention is computed
LOOKED = Field("read", Text(ATTENTION_READ, 1), SPEECH, "the text")
LAYER = Field("layer", OneOf((1, 2, 3, 4, 5)), 3, "the layer")
HEAD = Field("head", OneOf((1, 2, 3, 4)), 4, "the head")
Looked = Annotated[str, LOOKED]
Layer = Annotated[int, LAYER]
HeadOf = Annotated[int, HEAD]
LOST = Figure("without this head", unit="bits/character")
WHOLE = Figure("with every head", unit="bits/character")
OFF = Figure("with this head off", unit="bits/character")
ATTENTION_HEADS = (FINDING, LOST, WHOLE, OFF)
HARDLY = 0.005  # bits that two digits show as none
AT_BREAK = 63  # a character of the speech, to predict which this head looks at a line break


def attention_answer(
    text: str, weights: Tensor, bits: Mapping[str, Sequence[float]], costs: Tensor, one: tuple[int, int]
) -> Answer:
    """Return the figures and sentences of one head: its weights (T, T), and what each head costs in bits (L, H)."""
    layer, head = one
    off, whole = (fmean(bits[name]) for name in ("without", "with"))
    top, tops = weights.max(-1)
    said = [
        f"To predict “{name_of(text[place])}”, layer {layer}, head {head} attends most to "
        f"{where(text, place, int(at))}: {percent(float(share))} of its weight. The grey characters are masked: "
        "the network has not read them."
        for place, (share, at) in enumerate(zip(top, tops, strict=True))
    ]
    moved = [f"{num(a)} → {num(b)}" for a, b in zip(bits["with"], bits["without"], strict=True)]
    table = [
        {"place": k, "predicted": character}
        | {f"weight on {f'place {at}' if at else 'the start'}": weight for at, weight in enumerate(row)}
        for k, (character, row) in enumerate(zip(text, weights.tolist(), strict=True), 1)
    ]
    return Answer(
        table=Table(table),
        charts=[of_heads(costs, one)],
        report=Answer(
            [FINDING.of(cost_words(off - whole)), LOST.of(with_sign(off - whole, 2)), WHOLE.of(whole), OFF.of(off)],
            said[0],
        ),
        view={
            "watched": 2 * len(text) // 3,
            "shares": [percent(float(share)) for share in top],
            "said": said,
            "characters": [("the chosen character", moved, "bits")],
        },
    )


def cost_words(cost: float) -> str:
    """Return what a text costs without one head, in bits a character, as a sentence."""
    if abs(cost) < HARDLY:
        return "Without this head the text costs as much."
    side = verdicts.sized(cost, larger="more", smaller="less")
    return f"Without this head a character costs {num(abs(cost))} bits {side}."


def where(text: str, place: int, top: int) -> str:
    """Return which character a head attends to: number `top`, 0 for the start, when it predicts number `place`."""
    if top == 0:
        return "the start"
    back = place - top + 1
    return f"“{name_of(text[top - 1])}”, {'the last' if back == 1 else f'{back} back'}"


def of_heads(costs: Tensor, one: tuple[int, int]) -> Chart:
    """Return what each head costs as bars, those of a layer side by side, and the chosen one labelled.

    Shapes: `costs` (layers, heads), in bits a character.
    """
    layers, heads = costs.shape
    wide = heads + 1
    places = [(layer * wide + head, cost) for layer, row in enumerate(costs.tolist()) for head, cost in enumerate(row)]
    chosen, cost = places[heads * (one[0] - 1) + one[1] - 1]
    bars = [{"x0": x, "x1": x + 1, "y": y, "colour": "you" if x == chosen else "quiet"} for x, y in places]
    highest = 1.2 * max(0.01, float(costs.max()))
    return Chart(
        x=Axis(
            ends=[0, layers * wide - 1],
            ticks=[layer * wide + heads / 2 for layer in range(layers)],
            names=[f"layer {layer + 1}" for layer in range(layers)],
        ),
        y=Axis("Cost of switching each head off", "bits/character", ends=[min(0, float(costs.min())), highest]),
        bars=bars,
        lines=[{"points": [[chosen + 0.5, max(0, cost)]], "label": with_sign(cost, 2), "colour": "you"}],
        words=", ".join(with_sign(cost, 2) for _, cost in places),
    )


@heavy
def attention(read: Looked, layer: Layer, head: HeadOf) -> Answer:
    """Return one head's attention weights for a text, the bits of its characters with and without this head, and costs.

    `weights` are (T, T), 16-bit floats: row t predicts character t; column s reads the start or character s − 1.
    `costs` are the bits a character that the text costs more if one head is switched off, for each layer and head.

    Reference: Vaswani et al. 2017, equation 1; Voita et al. 2019.
    """
    model: Transformer = checkpoints.load(TRANSFORMER)
    x, one = TEXT.codes(read).unsqueeze(0), (layer - 1, head - 1)
    model.trunk.check_head(one)
    weights = model.attention(x)[(one[0], 0, one[1])].cpu()
    bits = {"with": model.conditionals(x), "without": model.conditionals(x, off=one)}
    found = {name: entry(name, nats)["bits"] for name, nats in bits.items()}
    costs = head_costs(read)
    shown = attention_answer(read, weights, found, costs, (layer, head))
    view = {"text": read, "weights": pack(weights, torch.float16), "bits": found, "costs": round_numbers(costs)}
    return Answer(view=view) | shown


@lru_cache(64)
def head_costs(text: str) -> Tensor:
    """Return how many bits a character a text costs more without each head: (layers, heads)."""
    return checkpoints.load(TRANSFORMER).head_costs(TEXT.codes(text).unsqueeze(0))[0].cpu() / IN_BITS


MODE = Mode(
    "attention",
    "Attention",
    "understand",
    entry="The transformer",
    fields=[LOOKED, LAYER, HEAD],
    functions=[attention],
    panel=Panel(
        attention,
        named={"read": LOOKED},
        controls=[
            [Control(LOOKED, "text", f"Your text, up to {ATTENTION_READ} characters")],
            [Control(LAYER, "segments", "Layer", options={layer: str(layer) for layer in LAYER.kind.choices})],
            [Control(HEAD, "segments", "Head", options={head: str(head) for head in HEAD.kind.choices})],
        ],
        tries=[
            ("For line breaks", {"read": SPEECH, "layer": 3, "head": 1, "tap": AT_BREAK}),
            ("Of no use", {"read": SPEECH, "layer": 2, "head": 3, "tap": None}),
        ],
        shows=Shows("", ATTENTION_HEADS, texts=["Your text after its start"], charts=[("Cost of each head", 126)]),
    ),
    code={
        "Attention": [attention.plain, Attention.weights, Transformer.head_costs],
    },
)
