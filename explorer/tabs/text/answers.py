"""Tints, bars, numbers and sentences of texts whose characters are measured."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Any

from torch import Tensor

from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Details, Figure, Report, Table
from explorer.tabs.kit.numbers.words import num, percent, with_sign

STRONGEST = 8  # bits of the strongest tint
NAMES = {" ": "space", "\n": "line break"}
SURPRISE = Figure("surprise", unit="bits/character")
NATS = Figure("−log p of the text, exactly", unit="nats")
SIZE = Figure("as a file", unit="bytes")
SURPRISE_HEADS = (SURPRISE, NATS, SIZE)
LOST = Figure("without this head", unit="bits/character")
WHOLE = Figure("with every head", unit="bits/character")
OFF = Figure("with this head off", unit="bits/character")
ATTENTION_HEADS = (LOST, WHOLE, OFF)
START = "▸"
NOW = Figure("surprise", unit="bits")
ENTROPY = Figure("expected surprise (entropy)", unit="bits")
ALL_DRAWN = Figure("all drawn characters", unit="bits/character")
CUT = Figure("cut away", unit="%")
GENERATE_HEADS = (NOW, ENTROPY, ALL_DRAWN, CUT)
OF_DRAWN = Figure("surprise of the drawn characters", unit="bits/character")
MASKED = Figure("masked characters", digits=0)
DRAWN = Figure("drawn characters", digits=0)
EVALUATIONS = Figure("network evaluations", digits=0)
FILL_HEADS = (OF_DRAWN, MASKED, DRAWN, EVALUATIONS)
JUDGED = Figure("the transformer's surprise at the end", unit="bits/character")
UNMASK_HEADS = (JUDGED, *FILL_HEADS)
HOW = {"random": "in a random order", "left": "from left to right", "confident": "the most confident ones first"}
BITS = math.log(2)  # nats
Entry = Mapping[str, Any]


def name_of(character: str) -> str:
    """Return a character as the page names it."""
    return NAMES.get(character, character)


def tinted_text(text: str, bits: Sequence[float], given: int = 0) -> dict[str, Any]:
    """Return a text with the tints of its characters; the first `given` are not measured."""
    tints = [0 if place < given else round(min(1, cost / STRONGEST), 2) for place, cost in enumerate(bits)]
    return {"characters": text, "tints": tints, "kinds": ["given"] * given}


def surprise_answer(text: str, models: Sequence[Entry], orders: Sequence[Entry]) -> Answer:
    """Return the bars, figures and sentences of a text by several models, and by each order of the n-grams."""
    every = [*models, *orders]
    means = [fmean(each["bits"]) for each in every]
    top = max(means)
    first, bits = models[0]["title"], models[0]["bits"]
    total, dearest = sum(bits), max(range(len(bits)), key=bits.__getitem__)
    best = min(models, key=lambda each: sum(each["bits"]))["title"]
    saved = [blind - min(others) for blind, *others in zip(*(each["bits"] for each in orders), strict=True)]
    numbers = [
        SURPRISE.of(total / len(bits), name=f"{first}: surprise"),
        NATS.of(f"= {num(total * BITS)}"),
        SIZE.of(total / 8),
    ]
    rows = [
        {
            "title": each["title"].replace("before", "characters" if each["title"] != "1 before" else "character"),
            "share": mean / top,
            "text": num(mean),
            "marked": each in models,
        }
        for each, mean in zip(every, means, strict=True)
    ]
    details = [
        {"": each["title"], "bits/char": num(mean), "perplexity": num(2**mean)}
        for each, mean in zip(every, means, strict=True)
    ]
    table = [
        {"character": character} | {each["title"]: each["bits"][place] for each in every}
        for place, character in enumerate(text)
    ]
    return Answer(
        table=Table(table),
        bars={"name": "Surprise, bits/character; grey: n-grams by context", "rows": rows},
        details=Details(details),
        view={
            "texts": [tinted_text(text, bits)],
            "watched": max(range(len(saved)), key=saved.__getitem__),
            "characters": [(each["title"], [num(cost) for cost in each["bits"]], "bits") for each in models],
        },
        report=Answer(
            numbers,
            f"The {first} is most surprised by “{name_of(text[dearest])}”, {num(bits[dearest])} bits. Of all "
            f"models here, “{best}” gives this text the highest probability.",
        ),
    )


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
        report=Answer([LOST.of(with_sign(off - whole, 2)), WHOLE.of(whole), OFF.of(off)], said[0]),
        view={
            "watched": 2 * len(text) // 3,
            "shares": [percent(float(share)) for share in top],
            "said": said,
            "characters": [("the chosen character", moved, "bits")],
        },
    )


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


@dataclass
class Drawn:
    """Text about the characters that a network draws one after another; call it once for each."""

    bits: list[float] = field(default_factory=list)

    def __call__(self, place: int, total: int, character: str, log_prob: float, entropy: float, cut: float) -> Report:
        """Return the figures and sentences of the character that is drawn now, number `place`; nats."""
        cost = -log_prob / BITS
        self.bits.append(cost)
        return Report(
            [NOW.of(cost), ENTROPY.of(entropy / BITS), ALL_DRAWN.of(fmean(self.bits)), CUT.of(100 * cut)],
            caption=f"{place + 1} of {total} characters",
            view={"tint": round(min(1, cost / STRONGEST), 2), "counter": f"{place + 1}/{total}"},
            words=f"“{name_of(character)}” had a probability of {num(100 * math.exp(log_prob))} %. That is "
            f"{num(cost)} bits of surprise. Take another one from the list, and the network goes on from there with "
            "the same random numbers.",
            row={"place": place + 1, "character": character, "bits": cost, "entropy_bits": entropy / BITS},
        )


def masked_sentence(left: int) -> str:
    """Return how many characters are masked."""
    return "1 character is masked" if left == 1 else f"{left} characters are masked"


@dataclass
class Filled:
    """Text about masked characters that become known; call it once for each frame.

    Arguments:
        masked: Number of characters that are masked at first.
        nats: Cost of the characters that are drawn by now.
        steps: Number of steps by now.
    """

    masked: int
    nats: float = 0
    steps: int = -1

    def __call__(self, fresh: str, left: int, log_prob: float) -> Report:
        """Return the figures and sentences after a step: the characters it drew, and how many are masked still."""
        self.steps += 1
        self.nats -= log_prob
        count = self.masked - left
        numbers = [
            OF_DRAWN.of(self.nats / BITS / count if count else None),
            MASKED.of(left),
            DRAWN.of(count or None),
            EVALUATIONS.of(self.steps),
        ]
        return Report(numbers, self.words(fresh, left), self.caption(left))

    def caption(self, left: int) -> str:
        """Return what stands under the text."""
        if not left:
            return "Nothing is masked"
        return f"{masked_sentence(left)}; the grey ones are the network's guesses"

    def words(self, fresh: str, left: int) -> str:
        """Return the sentences."""
        if self.steps == 0:
            return f"{masked_sentence(left)}. The network sees the text on both sides of a gap."
        drew = f"“{name_of(fresh)}”" if len(fresh) == 1 else f"{len(fresh)} characters at once"
        now = f"Step {self.steps} drew {drew}; {left} {'is' if left == 1 else 'are'} masked."
        if not left:
            drawn = "The masked character is" if self.masked == 1 else f"All {self.masked} masked characters are"
            now = f"{drawn} drawn, given the text on both sides."
        return f"{now} Characters of one step do not see each other, so fewer steps fit worse."


@dataclass
class Unmasked(Filled):
    """The same of a text of nothing but masks, or of characters `again` that are drawn again.

    Arguments:
        order: Order in which they are drawn.
        total: Number of steps.
        again: Number of characters that a visitor masked again.
    """

    order: str = ""
    total: int = 0
    again: int = 0
    drawn: str = ""

    def caption(self, left: int) -> str:
        """Return what stands under the text."""
        return masked_sentence(left) if left else "Nothing is masked"

    def words(self, fresh: str, left: int) -> str:
        """Return the sentences."""
        self.drawn += fresh
        if self.again and not left:
            drawn = ", ".join(f"“{name_of(character)}”" for character in self.drawn)
            p = percent(math.exp(-self.nats))
            return f"Given all the others, the network drew {drawn}: a probability of {p}. Tap another one."
        if self.steps == 0:
            return f"{masked_sentence(left)}, and every step draws some of them. Here they come {HOW[self.order]}."
        if left:
            return super().words(fresh, left)
        each = self.masked // self.total
        return (
            f"All {self.masked} characters are drawn, {'one' if each == 1 else each} at a time, {HOW[self.order]}. Tap "
            "one to mask it again."
        )

    def with_cost(self, report: Report, nats: float | None) -> Report:
        """Return the report with the cost of the text by another network, in nats a character, as its first number."""
        return replace(report, numbers=[JUDGED.of(None if nats is None else nats / BITS), *report.numbers])
