"""Numbers, sentences, tables and a chart of the modes of tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Details, Each, Figure, Table
from explorer.tabs.kit.numbers.words import brief, num, percent, place_of

Found = Mapping[str, Any]
GRID = 7
VISIBLE = 25.5  # of 255 grey levels: a tenth of white
NOTHING = 0.05  # nats
BESIDE = 3  # the class whose colour a curve has beside one in ink
GRADIENTS = ("its tokens, decoded", "gradient at the decoder's input", "the same, copied to the encoder")
WAYS = {"pixels": "PixelCNN", "rows": "PixelRNN", "tokens": "Tokens"}
IN_TURN = {way: f"{name}, {'49' if way == 'tokens' else '784 pixels'} in turn" for way, name in WAYS.items()}
BOUND = Figure("−log p(x), ≤ bound", unit="nats")
OF_TOKENS = Figure("−log p(z), the tokens", unit="nats")
OF_PIXELS = Figure("−log p(x | z), the pixels", unit="nats")
EXACT = Figure("−log p(x) by PixelCNN, = exact", unit="nats", digits=1)
FASTER = Figure("how much faster tokens are, on this server", unit="times", digits=1)
TOKEN_STEP = Figure("a step of sixteen images, tokens", unit="ms")
PIXEL_STEP = Figure("the same, pixels", unit="ms")
GAIN = Figure("gain of this step, after re-quantising", unit="nats", digits=1)
PREDICTED = Figure("gain predicted by the gradient", unit="nats", digits=1)
GAIN_BEFORE = Figure("gain before re-quantising", unit="nats", digits=1)
COMMITMENT, CODEBOOK = Figure("commitment β‖z_e − e‖²"), Figure("codebook ‖z_e − e‖²")
APART = Figure("largest difference of the two gradients")
HEADS = {
    "tokens": (BOUND, OF_TOKENS, OF_PIXELS, EXACT),
    "surprise": (BOUND, OF_TOKENS, OF_PIXELS, EXACT),
    "slow": (FASTER, TOKEN_STEP, PIXEL_STEP),
    "straight": (GAIN, PREDICTED, GAIN_BEFORE, COMMITMENT, CODEBOOK, APART),
}
"""Figures of each mode, the headline first."""


@dataclass(frozen=True)
class Reached:
    """Figures of a network, by its card: −log p(x), and the mean Fréchet distance of its samples over its floor."""

    nll: Mapping[str, Any] | None
    frechet: float | None

    @property
    def nats(self) -> str:
        """The likelihood as text, with its kind."""
        return f"{'≤ ' if self.nll['kind'] == 'bound' else '= '}{num(self.nll['value'], 1)}" if self.nll else "–"

    @property
    def distance(self) -> str:
        """The Fréchet distance as text."""
        return "not measured" if self.frechet is None else num(self.frechet, 1)


def racing(done: int, ways: int) -> Answer:
    """Tell how many of the ways to draw were timed by now."""
    words = f"{done} of {ways} ways to draw are timed, one after the other."
    return Answer([each.unknown for each in HEADS["slow"]], words)


def race_answer(found: Mapping[str, Mapping[str, Any]], cards: Mapping[str, Reached]) -> Answer:
    """Describe the time of drawing by pixels and by tokens, beside what the networks reach.

    Arguments:
        found: Seconds, steps and threads of each way of `WAYS` that was timed.
        cards: Figures of the networks.
    """
    step = {way: num(1000 * each["seconds"] / each["steps"]) for way, each in found.items()}
    rows = {
        "steps, one after the other": {way: f"{each['steps']:,}" for way, each in found.items()},
        "seconds for sixteen, here": {way: num(each["seconds"]) for way, each in found.items()},
        "a step of sixteen, ms": step,
        "−log p(x), nats": {way: cards[way].nats for way in found},
        "Fréchet ÷ floor (mean)": {way: cards[way].distance for way in found},
    }
    details = [{"": name} | {WAYS[way]: text for way, text in texts.items()} for name, texts in rows.items()]
    table = [{"way": way} | {key: each[key] for key in ("steps", "seconds", "threads")} for way, each in found.items()]
    answer = Answer(details=Details(details), table=Table(table))
    if "pixels" not in found:
        numbers = [FASTER.unknown, TOKEN_STEP.of(step["tokens"]), PIXEL_STEP.unknown]
        return answer | Answer(numbers, "No network of these pixels is here to compare with.")
    pixels, tokens = found["pixels"], found["tokens"]
    faster = num(pixels["seconds"] / tokens["seconds"], 1)
    threads = f"{tokens['threads']} {'thread' if tokens['threads'] == 1 else 'threads'}"
    said = [
        f"Tokens take {num(pixels['steps'] / tokens['steps'], 0)} times fewer steps and are {faster} times as fast "
        f"here, on {threads}.",
        f"A step costs {step['tokens']} ms for sixteen images, where one pixel costs {step['pixels']}: so the time of "
        "a step counts too, not only their number.",
    ]
    if "rows" in found:
        said.append(
            f"A PixelRNN draws as many pixels, {step['rows']} ms each, and needs {cards['rows'].nats} nats. It is "
            "small and was trained for a short time: its rows must wait for each other in training, too."
        )
    if None not in (cards["pixels"].frechet, cards["tokens"].frechet):
        said.append(
            f"In Fréchet distance over that of training images, pixels reach {cards['pixels'].distance} and tokens "
            f"{cards['tokens'].distance}."
        )
    said.append(
        f"−log p(x): {cards['pixels'].nats} nats by pixels, {cards['tokens'].nats} by tokens, whose pixels are "
        "independent once the tokens are drawn."
    )
    numbers = [FASTER.of(faster), TOKEN_STEP.of(step["tokens"]), PIXEL_STEP.of(step["pixels"])]
    return answer | Answer(numbers, " ".join(said))


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
    said = [
        f"The token in {place_of(token, GRID)} {own}{often}.",
        f"Given the tokens before it, the prior {known}; it costs {brief(found['surprise'][token])} nats.",
    ]
    swapped = sum(one != other for one, other in zip(before, tokens, strict=True))
    if swapped:
        said += [
            f"{'One token is' if swapped == 1 else f'{swapped} tokens are'} exchanged: {changed} of 784 pixels change "
            f"by more than a tenth, where {16 * swapped} lie under the exchanged.",
            f"The tokens now cost {num(rates[1], 1)} nats instead of {num(rates[0], 1)}, this image's pixels "
            f"{num(pixels[1], 1)} instead of {num(pixels[0], 1)}.",
        ]
    else:
        said.append(f"All 49 cost {num(rates[0], 1)} nats, and the pixels, given them, {num(pixels[0], 1)} more.")
    rows = [
        at(place) | {"code": before[place], "code now": code, "nats": found["surprise"][place]}
        for place, code in enumerate(tokens)
    ]
    return Answer(costs(found), " ".join(said), Table(rows))


def at(place: int) -> dict[str, int]:
    """Return the row and the column of a token, as the page counts them."""
    return {"row": place // GRID + 1, "column": place % GRID + 1}


def surprising(found: Found, token: int) -> Answer:
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
        f"Ten of the 49 carry {percent(ten)} of the {num(rate, 1)} nats. The selected token, in "
        f"{place_of(token, GRID)}, cost {brief(surprise[token])} nats: code {code}, {known}. With the {num(pixels, 1)} "
        f"nats of the pixels, −log p(x) is at most {num(rate + pixels, 1)}.{beside}",
        numbers=costs(found),
        table=Table(rows),
    )


def steps(found: Mapping[str, Any]) -> Answer:
    """Describe steps down the gradient: predicted gain, gains before and after re-quantising, moved tokens."""
    promised, free, chosen, moved = (found[name] for name in ("promised", "free", "chosen", "moved"))
    held = found["weight"] * found["squares"]
    equal = "the two are equal" if found["apart"] == 0 else f"all but {brief(found['apart'])}"
    first = (
        f"This image costs {num(found['distortion'], 1)} nats, and its commitment {num(held)}. The gradient at the "
        f"decoder's input is copied to the encoder ({equal}), as if there were no quantisation in between."
    )

    def words(k: int) -> str:
        if k == 0:
            return f"{first} Drag the step."
        gone = "and nothing changes"
        if abs(chosen[k]) > NOTHING:
            gone = f"and {num(abs(chosen[k]), 1)} nats are {'gained' if chosen[k] < 0 else 'lost'}"
        tokens = "one token changes" if moved[k] == 1 else f"{moved[k] or 'no'} tokens change"
        return (
            f"The gradient predicts a gain of {num(promised[k], 1)} nats. After re-quantising, {tokens}, {gone}. "
            f"Without re-quantising the decoder would gain {num(-free[k], 1)}. {first}"
        )

    def numbers(k: int) -> list[Figure]:
        return [
            GAIN.of(-chosen[k]),
            PREDICTED.of(promised[k]),
            GAIN_BEFORE.of(-free[k]),
            COMMITMENT.of(held),
            CODEBOOK.of(found["squares"]),
            APART.of("0" if not found["apart"] else brief(found["apart"])),
        ]

    before, after = ([*zip(promised, (-each for each in lost), strict=True)] for lost in (free, chosen))
    last, gains = promised[-1], [gain for _, gain in (*before, *after)]
    chart = Chart(
        x=Axis(unit="nats of predicted gain", ends=[0, last], ticks=[0, last / 2, last]),
        y=Axis("gain of the step", "nats", note="below 0 a loss", ends=[min(*gains, -1), max(*gains, last)]),
        lines=[
            {"points": [(0, 0), (last, last)], "colour": "quiet", "dash": [5, 4], "label": "predicted", "at": 0}
            | {"points": [(last * k / 4, last * k / 4) for k in range(5)], "at": 3},
            {"points": before, "colour": "ink", "label": "before re-quantising", "below": True},
            {"points": after, "colour": BESIDE, "label": "after re-quantising"},
        ],
        words=f"predicted {num(last, 1)} at most",
    )
    parts = [Answer(numbers(k), words(k), charts=[{"cursor": value}]) for k, value in enumerate(promised)]
    table = [
        {
            "predicted gain, nats": promised[k],
            "before re-quantising, nats": free[k],
            "after re-quantising, nats": chosen[k],
            "tokens moved": moved[k],
        }
        for k in range(len(promised))
    ]
    return Answer(
        table=Table(table),
        charts=[chart],
        stops={"promise": [(value, round(2 * value) / 2) for value in promised]},
        strips=[],
        each=Each("promise", promised, parts),
    )
