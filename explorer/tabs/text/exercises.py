"""Exercises on models of text: surprise, files, attention, the cache, and two states of the stage to find."""

import functools
import math
from urllib.parse import quote

import torch

from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.spaces import TEXT
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

TRANSFORMER = "transformer-shakespeare"
BITS = math.log(2)  # nats
LINE = "To be, or not to be, that is the question."
SPEECH = "ROMEO:\nBut soft! what light through yonder window breaks?\nIt is the east, and Juliet is the sun."
KNOWN = "KING RICHARD III:\nWhat is the matter, my lord?\n\nKING RICHARD III:\n"


@number("bits-per-character", "Surprise, by hand", state="mode=surprise")
def bits_per_character(draw: Draw) -> Number:
    """Ask for the mean surprise of four characters."""
    p = [draw.one_of((0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.8, 0.9)) for _ in range(4)]
    bits = [-math.log2(each) for each in p]
    answer = sum(bits) / 4
    return Number(
        f"A model assigns the four characters of “that” the probabilities {', '.join(map(brief, p))}, each given those "
        "before it. How many bits per character is this?",
        answer,
        0.01,
        ["The surprise of a character is −log₂ of its probability.", "Take the mean, not the sum."],
        [
            f"The surprises are {', '.join(map(say, bits))} bits.",
            f"Their mean is {say(sum(bits))} ÷ 4 = {say(answer)} bits per character.",
        ],
        {"p": p},
        unit="bits per character",
        slips=[
            (sum(bits), "That is the sum: divide by the number of characters."),
            (answer * BITS, "That is in nats: use the logarithm to base 2."),
            (-math.log2(sum(p) / 4), "Average the surprises, not the probabilities."),
        ],
    )


@number("file", "How long is the file?", state="mode=surprise")
def file(draw: Draw) -> Number:
    """Ask for the length of a file, from the loss in nats a character."""
    nats, length = draw.real(1.2, 2.4, 2), draw.whole(2, 40) * 100
    answer = nats * length / BITS / 8
    return Number(
        f"A model has a loss of {brief(nats)} nats per character. About how many bytes does a text of {length} "
        "characters take, if it is coded with this model?",
        answer,
        0.02 * answer,
        ["One bit is log 2 = 0.693 nats.", "A byte has 8 bits."],
        [
            f"{brief(nats)} ÷ 0.6931 = {say(nats / BITS)} bits per character.",
            f"{length} · {say(nats / BITS)} ÷ 8 = {say(answer, 1)} bytes.",
        ],
        {"nats": nats, "length": length},
        unit="bytes",
        slips=[
            (nats * length / BITS, "That is in bits: a byte has 8."),
            (nats * length / 8, "Convert the nats to bits first."),
            (nats * length * BITS / 8, "Divide by log 2 instead of multiplying by it."),
        ],
    )


@number("weight", "One row of attention", state="mode=attention")
def weight(draw: Draw) -> Number:
    """Ask for the attention weight of the first of three positions."""
    width, scores = draw.one_of((4, 16)), [draw.whole(-4, 8) for _ in range(3)]
    powers = [math.exp(each / math.sqrt(width)) for each in scores]
    answer = powers[0] / sum(powers)
    return Number(
        f"A head of width {width} may look at three positions. The products of its query with their keys are "
        f"{', '.join(map(brief, scores))}. What weight does the first position get?",
        answer,
        0.005,
        ["Divide each product by the square root of the width.", "The weights are a softmax: they sum to 1."],
        [
            f"Divided by √{width}: {', '.join(say(each / math.sqrt(width)) for each in scores)}.",
            f"{say(powers[0])} ÷ {say(sum(powers))} = {say(answer)}.",
        ],
        {"width": width, "scores": scores},
        slips=[
            (
                math.exp(scores[0]) / sum(map(math.exp, scores)),
                "Divide the products by the square root of the width first.",
            ),
            (powers[0], "The weights must sum to 1: divide by the sum."),
        ],
    )


@number("positions", "What the cache saves", state="mode=cached")
def positions(draw: Draw) -> Number:
    """Ask how many positions a sampler without a cache computes, for each one of a sampler with it."""
    length = draw.whole(20, 250)
    answer = (length + 1) / 2
    return Number(
        f"A transformer draws {length} characters. Without a cache it reads t positions to draw character t; with the "
        "cache it reads one. How many times as many positions does it read without the cache?",
        answer,
        0.6,
        ["Add up the numbers from 1 to T.", "With the cache there are T positions in all."],
        [
            f"Without the cache: {length} · {length + 1} ÷ 2 = {length * (length + 1) // 2} positions.",
            f"Divided by {length}: {say(answer, 1)} times.",
        ],
        {"length": length},
        unit="times",
        slips=[
            (length, "Early characters have few positions before them."),
            (length * (length + 1) / 2, "Divide by the number of positions with the cache."),
        ],
    )


@choice("no-cache", "Why can it not be cached?", state="mode=cached")
def no_cache(draw: Draw) -> Choice:
    """Ask why a masked diffusion cannot keep keys and values."""
    return Choice(
        "A masked diffusion uses the same transformer without the causal mask. Why can it not keep the keys and values "
        "of the characters that it has drawn?",
        "New characters on both sides change the features of those drawn before.",
        {
            "It draws several characters in one step, more than a cache can hold.": "The number does not matter. One "
            "character a step would change all features, too.",
            "Its masked positions are predicted, so that they have no keys at all.": "A masked position has a symbol "
            "of its own, with key and value.",
            "It is trained with random masks, so its weights are not the same.": "Weights are fixed after training.",
        },
        ["What may a position see in each of the two networks?", "What must stay the same, for a cache to be right?"],
        [
            "With the causal mask, a position sees only what is before it, and that never changes.",
            "Without the mask it sees both sides: each new character changes its features, its keys and its values.",
        ],
        draw.order(4),
    )


@functools.lru_cache(maxsize=256)
def bits_of(text: str) -> float:
    """Return the bits per character of a text by the transformer."""
    model = checkpoints.load(TRANSFORMER)
    with torch.no_grad():
        return float(-model.log_prob(TEXT.codes(text).unsqueeze(0).to(device_of(model)))) / len(text) / BITS


@setting("likely", "A text that it expects", reads="words", state=f"mode=surprise&words={quote(LINE)}")
def likely(draw: Draw) -> Setting:
    """Ask for a text that costs the transformer little."""
    least, most = draw.whole(30, 50), draw.real(1.2, 1.6)

    def holds(words: str) -> tuple[bool, str]:
        if len(words) < least:
            return False, f"the text has {len(words)} characters, and needs {least}"
        bits = bits_of(words)
        return bits < most, f"the text costs {say(bits, 2)} bits per character"

    return Setting(
        f"Type a text of at least {least} characters that costs the transformer less than {brief(most)} bits per "
        "character.",
        holds,
        {"words": KNOWN},
        ["Which words can be guessed from their first letters?", "Names of speakers come again and again."],
        [
            f"A common line between two names of the same speaker costs {say(bits_of(KNOWN), 2)} bits per character.",
            "The longer a name, the more of its letters cost almost nothing.",
        ],
    )


@functools.lru_cache(maxsize=64)
def costs_of(text: str) -> torch.Tensor:
    """Return the bits per character that each head saves on a text: (layers, heads)."""
    model = checkpoints.load(TRANSFORMER)
    return model.head_costs(TEXT.codes(text).unsqueeze(0).to(device_of(model)))[0].cpu() / BITS


@setting("head", "A head that matters", reads="read layer head", state="mode=attention&layer=1&head=2")
def head(draw: Draw) -> Setting:
    """Ask for a head that saves much on the text on the page."""
    least = draw.one_of((0.06, 0.08, 0.1))

    def holds(read: str, layer: int, head: int) -> tuple[bool, str]:
        cost = float(costs_of(read)[layer - 1, head - 1])
        return (
            cost >= least,
            f"without layer {layer}, head {head} the text costs {say(cost, 2)} bits per character more",
        )

    return Setting(
        f"Choose a head without which the text costs at least {brief(least)} bits per character more.",
        holds,
        {"read": SPEECH, "layer": 3, "head": 4},
        ["Compare the heads in the table beside the text.", "It is not in the first layer."],
        [f"Layer 3, head 4 costs {say(float(costs_of(SPEECH)[2, 3]), 2)} bits per character on this speech."],
    )


EXERCISES = (bits_per_character, file, weight, positions, no_cache, likely, head)
