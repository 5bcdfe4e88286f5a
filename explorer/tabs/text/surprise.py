"""*Surprise*: what each character of a text costs, by each network."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from statistics import fmean

from explorer.models.ngram import NGram
from explorer.models.text import TextModel
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Details, Figure, Table
from explorer.numbers.words import num
from explorer.running.pauses import pausing
from explorer.spaces import TEXT
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.exercises import LINE
from explorer.tabs.text.shared import BITS, NETS, TEXTS, WORDS, Entry, Words, entry, name_of, tinted_text

SURPRISE = Figure("surprise", unit="bits/character")
NATS = Figure("−log p of the text, exactly", unit="nats")
SIZE = Figure("as a file", unit="bytes")
SURPRISE_HEADS = (SURPRISE, NATS, SIZE)
NGRAM = "ngram-shakespeare"


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


@heavy
def surprise(words: Words) -> Answer:
    """Return the bits of every character of a text by each network, and by each order of the n-grams."""
    x = TEXT.codes(words).unsqueeze(0)
    found = [entry(NETS[net], model.conditionals(x)) for net, model in pausing(available_nets())]
    ngram: NGram = checkpoints.load(NGRAM)
    orders = [entry(f"{k} before", nats) for k, nats in enumerate(ngram.conditionals_by_order(x))]
    view = {"words": words, "models": found, "orders": orders}
    return Answer(view=view) | surprise_answer(words, found, orders)


def available_nets() -> Iterator[tuple[str, TextModel]]:
    """Yield the networks that can be loaded; the notice of the tab names the others."""
    for net in NETS:
        with suppress(checkpoints.CheckpointError):
            yield net, checkpoints.load(net)


MODE = Mode(
    "surprise",
    "Surprise",
    "test",
    entry="Measure a text",
    functions=[surprise],
    panel=Panel(
        surprise,
        controls=[[Control(WORDS, "text", "Your text, up to 500 characters", initial=LINE)]],
        tries=[
            ("Shakespeare", {"words": "O Romeo, Romeo! wherefore art thou Romeo?"}),
            ("Not Shakespeare", {"words": "The train to London leaves at seven from the second track."}),
            ("Backwards", {"words": "?oemoR uoht tra eroferehw !oemoR ,oemoR O"}),
        ],
        shows=Shows(
            "Type a text: darker characters were less expected",
            SURPRISE_HEADS,
            texts=["Your text"],
            bars="Bits of this text by each model",
            details=True,
            module=TEXTS,
        ),
    ),
    code={
        "Surprise": [surprise.plain, TextModel.conditionals, NGram.conditionals_by_order],
    },
)
