"""*Your own text*: three models learn a visitor's text on one clock; then they draw, measure and compress on it."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer.fields import Field, Flag, OneOf, Text
from explorer.measures.archivers import xz_size
from explorer.models.own_text import OwnNGram, continued, rows
from explorer.models.text import TextModel
from explorer.networks import checkpoints
from explorer.networks.own_texts import OWN_TEXTS, OwnText
from explorer.numbers.answer import FINDING, Answer, Figure, Report, Table
from explorer.numbers.words import num, percent
from explorer.questions import learn_text
from explorer.questions.compress import compress, expand
from explorer.questions.learn_text import NAMES, Copied, Done, Learned, Look, Moment, longest_copy
from explorer.running.pauses import pausing
from explorer.serving.films import Scene, Script
from explorer.serving.work import GUESS
from explorer.spaces import TEXT
from explorer.spaces.alphabet import Alphabet
from explorer.spaces.tokens import LONGEST
from explorer.tabs.kit.ask.answers import film, heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, File, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text import own_file
from explorer.tabs.text.shared import BITS, TEMPERATURE, Temperature, tinted_text
from explorer.verdicts import Estimate, best_of

OWN_BASE = "transformer-shakespeare"
EXAMPLE_TITLES = {
    "english": "English: lessons of this page",
    "code": "Python: models of this page",
    "german": "German: words of this page",
    "random": "Random letters",
    "own": "Your own text",
}
STOPS = {name: {"go": False} for name in EXAMPLE_TITLES}
STOPPED = {"do": "learn", "go": False}
PARTS = {"learn": "Learn", "draw": "Generate", "measure": "Surprise", "pack": "Compress"}
SHARES = {10: "10 %", 25: "25 %", 50: "50 %", 100: "all"}
DURATIONS = {15: "15 s", 30: "30 s", 60: "60 s", 120: "120 s"}
PASSAGE = 30  # characters shown around a copied part
OWN_LOOK_SECONDS = 1.2  # of a look at both transformers, about
DRAWN_OWN = 200  # characters of a generated text

OWN_PART = Field("do", OneOf(tuple(PARTS)), "learn", "what is done with your text")
EXAMPLE = Field("example", OneOf(tuple(EXAMPLE_TITLES)), "english", "the text")
GO = Field("go", Flag(), False, "whether the training has begun")
SHARE = Field("used", OneOf(tuple(SHARES)), 100, "the share of the training text in per cent")
DURATION = Field("duration", OneOf(tuple(DURATIONS)), 30, "the seconds of training")
START = Field("start", Text(100), "The ", "the beginning")
PHRASE = Field("phrase", Text(LONGEST, 1), "The model learns from the data, and then it predicts.", "the text")
KEY = Field("key", Text(40), "", "the key of your text", optional=True)
OwnKey = Annotated[str, KEY]
Share = Annotated[int, SHARE]
Duration = Annotated[int, DURATION]
Beginning = Annotated[str, START]
Phrase = Annotated[str, PHRASE]

CONTINUED, SCRATCH, COUNTED = (
    Figure(f"{title}: held-out text", unit="bits/character") for title in ("continued", "from scratch", "n-gram")
)
LONGEST_COPY = Figure("longest copy in its sample", unit="characters", digits=0)
REAL_COPY = Figure("longest copy in real text", unit="characters", digits=1)
OWN_HEADS = (FINDING, CONTINUED, SCRATCH, COUNTED, LONGEST_COPY, REAL_COPY)
COSTS = (CONTINUED.of(None, name="continued"), SCRATCH.of(None, name="from scratch"), COUNTED.of(None, name="n-gram"))
DRAWN_HEADS = (FINDING, *COSTS)
SIZES = (
    Figure("continued", unit="bytes", digits=0),
    Figure("from scratch", unit="bytes", digits=0),
    Figure("n-gram", unit="bytes", digits=0),
    Figure("xz, without its header", unit="bytes", digits=0),
)
WHO = {"ngram": "The n-gram", "scratch": "The new transformer", "continued": "The continued transformer"}
ORDER_SHOWN = ("continued", "scratch", "ngram")
OWN_UNTRAINED = "No model has learned your text yet. Choose Learn, and press Train."


def passage_of(text: str, copied: Copied) -> dict[str, Any]:
    """Return the passage of the training text that a sample copies, with some characters on both sides."""
    start, end = copied.place, copied.place + copied.length
    low, high = max(0, start - PASSAGE), min(len(text), end + PASSAGE)
    return {"before": text[low:start], "copied": text[start:end], "after": text[end:high]}


def sample_props(name: str, look: Look, train: str) -> dict[str, Any]:
    """Return a sample for the browser: its text, where its longest copy stands, and the passage that it copies."""
    return {
        "title": NAMES[name],
        "bits": f"{num(look.bits.value)} bits/character",
        "sample": look.sample,
        "from": look.copied.start,
        "length": look.copied.length,
        "passage": passage_of(train, look.copied),
    }


def own_finding(looks: Mapping[str, Look]) -> str:
    """Return which model predicts held-out text best, as a headline."""
    best = best_of({name: each.bits for name, each in looks.items()}, least=True)
    if len(best) > 1:
        return f"{len(best)} of {len(looks)} models predict held-out text equally well."
    return f"{WHO[best[0]]} predicts held-out text best: {num(looks[best[0]].bits.value)} bits a character."


def own_words(kept: Mapping[str, Look], moment: Moment, real: float) -> str:
    """Return the sentences about a moment: the kept steps, and copies beside those of real text."""
    stops = " and ".join(f"{WHO[name].lower()} at {num(kept[name].seconds, 0)} s" for name in ("scratch", "continued"))
    look = moment.looks["continued"]
    copy = (
        f"The longest copy in the sample of the continued one has {look.copied.length} characters; real passages of "
        f"this length share {num(real, 1)} on average."
    )
    if not moment.time:
        return f"Before the first step. {copy}"
    later = [name for name in ("scratch", "continued") if moment.looks[name].bits.value > kept[name].bits.value]
    over = f" {WHO[later[0]]} has become worse since: it overfits." if later else ""
    return f"Kept so far: {stops}.{over} {copy}"


def own_report(moment: Moment, seen: Sequence[Moment], real: float, seconds: float) -> Report:
    """Return figures, sentences and curves of a moment; `seen` are the moments so far, this one the last."""
    kept = {name: seen[index].looks[name] for name, index in moment.kept.items()}
    look = moment.looks["continued"]
    numbers = [
        FINDING.of(own_finding(kept)),
        CONTINUED.of(kept["continued"].bits.value),
        SCRATCH.of(kept["scratch"].bits.value),
        COUNTED.of(kept["ngram"].bits.value),
        LONGEST_COPY.of(look.copied.length),
        REAL_COPY.of(real),
    ]
    row = {"seconds": moment.time} | {
        f"{NAMES[name]}: {what}": value
        for name, each in moment.looks.items()
        for what, value in (("steps", each.steps), ("bits/character", each.bits.value), ("loss", each.loss))
    }
    return Report(
        numbers,
        own_words(kept, moment, real),
        f"After {num(moment.time, 1)} s of training each",
        row=row,
        view={"counter": f"{num(moment.time, 1)}/{num(seconds, 0)} s", "place": moment.time},
    )


def charts_of(seen: Sequence[Moment], seconds: float, entry: OwnText) -> dict[str, Any]:
    """Return the points of the curves so far, the kept looks, and the bits of every training by the text used."""
    curves = {name: [[each.time, each.looks[name].bits.value] for each in seen] for name in NAMES}
    kept = {name: curves[name][index] for name, index in seen[-1].kept.items() if name != "ngram"}
    amounts = {
        name: sorted([count, found[name]] for (count, long), found in entry.results.items() if long == seconds)
        for name in NAMES
    }
    return {"curves": curves, "kept": kept, "amounts": amounts, "end": seconds}


@film
def learn_own(key: OwnKey, share: Share, duration: Duration, seed: Seed) -> Script:
    """Film three models that learn a visitor's text, each transformer for so many seconds."""
    entry, base = OWN_TEXTS.find(key), checkpoints.load(OWN_BASE)
    text = learn_text.Text(entry.codes, entry.space, share / 100)
    looks = len(learn_text.MARKS)

    def scenes() -> Iterator[Scene]:
        learned, seen = Learned(), []
        train, real = entry.space.text(text.train), text.real_copies()
        for done in learn_text.steps(text, base, duration, seed, learned):
            if isinstance(done, Done):
                yield done.seconds / GUESS, None
                continue
            seen.append(done)
            if len(seen) == looks:
                found = {name: seen[index].looks[name].bits.value for name, index in done.kept.items()}
                entry.results[len(text.train), duration] = found
                OWN_TEXTS.learn(key, learned, learned.bytes)
            samples = [sample_props(name, done.looks[name], train) for name in ORDER_SHOWN]
            yield (
                OWN_LOOK_SECONDS / GUESS,
                {"x": TEXT.encode(torch.zeros(1, 1)), "index": len(seen) - 1, "total": looks, "time": done.time}
                | {"samples": samples, "charts": charts_of(seen, duration, entry)}
                | {"report": own_report(done, seen, real, duration).to_props()},
            )

    return Script(TEXT, 1, looks, (2 * duration + looks * OWN_LOOK_SECONDS) / GUESS, scenes)


def learned_of(key: str) -> tuple[OwnText, Learned]:
    """Return a text with what was learned from it.

    Raises:
        ValueError: if it is no longer kept, or nothing has learned it.
    """
    entry = OWN_TEXTS.find(key)
    if entry.learned is None:
        raise ValueError(OWN_UNTRAINED)
    return entry, entry.learned


def codes_of(space: Alphabet, words: str) -> Tensor:
    """Return the numbers of the characters of a text, (1, T).

    Raises:
        ValueError: if your text lacks one of them.
    """
    if unknown := "".join(dict.fromkeys(each for each in words if each not in space.alphabet)):
        raise ValueError(f"Your text has no “{unknown[0]}”, so its models give it no probability.")
    return space.codes(words).unsqueeze(0)


def each_model(entry: OwnText, learned: Learned) -> Iterator[tuple[str, TextModel, dict[str, int]]]:
    """Yield the name of each model, the model, and what else its reading takes."""
    for name in ORDER_SHOWN:
        if name == "ngram":
            yield name, learned.ngram, {"order": learned.order}
        else:
            yield name, learned.transformer(name, entry.space), {}


def compare_words(costs: Mapping[str, Estimate]) -> str:
    """Return which model gives a text the fewest bits, as a headline."""
    best = best_of(costs, least=True)
    if len(best) > 1:
        return f"{len(best)} models give this text about as many bits."
    return f"{WHO[best[0]]} needs the fewest bits a character: {num(costs[best[0]].value)}."


def per_character(nats: Tensor) -> list[float]:
    """Return costs (1, T) in nats as bits."""
    return [round(each, 3) for each in (-nats[0] / BITS).tolist()]


@heavy
def draw_own(key: OwnKey, seed: Seed, start: Beginning, temperature: Temperature) -> Answer:
    """Return a text by each model that learned the visitor's text, from the same random numbers."""
    entry, learned = learned_of(key)
    prefix = codes_of(entry.space, start) if start else None
    texts, means, longest = [], {}, {}
    train = entry.codes.numpy()
    for name, model, reading in each_model(entry, learned):
        how = {"prefix": prefix, "length": DRAWN_OWN, "temperature": temperature, **reading}
        *_, last = pausing(model.sample_steps(1, generator=rng(seed), **how))
        bits = per_character(model.conditionals(last.x, **reading))
        texts.append(tinted_text(entry.space.text(last.x[0]), bits, len(start)))
        own = bits[len(start) :]
        means[name] = sum(own) / len(own)
        longest[name] = longest_copy(last.x[0].numpy()[len(start) :], train).length
    copier = max(longest, key=longest.__getitem__)
    figures = [each.of(means[name]) for each, name in zip(COSTS, ORDER_SHOWN, strict=True)]
    words = "Each text costs its own model so many bits a character. Longest copies of your text: " + ", ".join(
        f"{NAMES[name]} {longest[name]} characters" for name in ORDER_SHOWN
    )
    finding = f"{WHO[copier]} copies {longest[copier]} characters of your text in a row."
    return Answer([FINDING.of(finding), *figures], f"{words}.", view={"texts": texts})


@heavy
def measure_own(key: OwnKey, phrase: Phrase) -> Answer:
    """Return the bits of every character of a text by each model that learned the visitor's text."""
    entry, learned = learned_of(key)
    x = codes_of(entry.space, phrase)
    found = {
        name: per_character(model.conditionals(x, **reading)) for name, model, reading in each_model(entry, learned)
    }
    means = {name: sum(bits) / len(bits) for name, bits in found.items()}
    costs = {name: Estimate(value) for name, value in means.items()}
    numbers = [each.of(means[name]) for each, name in zip(COSTS, ORDER_SHOWN, strict=True)]
    rows = [
        {"title": NAMES[name], "share": value / max(means.values()), "text": num(value), "marked": name == "continued"}
        for name, value in means.items()
    ]
    table = [
        {"character": character} | {NAMES[name]: bits[place] for name, bits in found.items()}
        for place, character in enumerate(phrase)
    ]
    total = means["continued"] * len(phrase)
    return Answer(
        [FINDING.of(compare_words(costs)), *numbers],
        f"The continued network gives your text {num(total)} bits in all, {num(total / 8, 0)} bytes.",
        table=Table(table),
        bars={"name": "Bits a character", "rows": rows},
        view={"texts": [tinted_text(phrase, found[name]) for name in ORDER_SHOWN]},
    )


@heavy
def pack_own(key: OwnKey, phrase: Phrase) -> Answer:
    """Return the length of a text's code by each model, and check that the code gives the text back."""
    entry, learned = learned_of(key)
    x = codes_of(entry.space, phrase)
    sizes, texts, file = {}, [], b""
    for name, model, reading in each_model(entry, learned):
        ordered = model.at_order(reading["order"]) if name == "ngram" else model
        packed = compress(ordered, x)
        if not torch.equal(expand(ordered, packed.code, x.shape[1]), x):
            raise ValueError("The code did not give the text back.")
        sizes[name] = len(packed.code)
        if name == "continued":
            file = own_file.write(learned, phrase, packed.code)
        texts.append(tinted_text(phrase, packed.bits))
    raw = phrase.encode()
    rival = xz_size(raw).code
    numbers = [each.of(value) for each, value in zip(SIZES, [*(sizes[name] for name in ORDER_SHOWN), rival])]
    best = min(sizes, key=sizes.__getitem__)
    ties = [name for name in sizes if sizes[name] == sizes[best]]
    who = " and ".join(NAMES[name] for name in ties)
    titles = {NAMES[name]: size for name, size in sizes.items()} | {"xz": rival, "UTF-8": len(raw)}
    most = max(titles.values())
    rows = [
        {"title": title, "share": size / most, "text": f"{size:,}", "marked": title in NAMES.values()}
        for title, size in titles.items()
    ]
    return Answer(
        [FINDING.of(f"{who}: {percent(sizes[best] / len(raw))} of the size in UTF-8."), *numbers],
        f"Your text has {len(raw):,} bytes in UTF-8. Each code was decoded again and gave it back exactly. Whoever "
        "decodes needs the model, which is not counted.",
        bars={"name": "Bytes", "rows": rows},
        view={"texts": texts, "file": base64.b64encode(file).decode()},
    )


@heavy
def unpack_own(key: OwnKey, file: File) -> Answer:
    """Return the text of a file that the continued network of this text has compressed."""
    entry, learned = learned_of(key)
    return Answer(words=own_file.read(learned, entry.space, file, LONGEST))


TITLES_SHOWN = [NAMES[name] for name in ORDER_SHOWN]
MODE = Mode(
    "own",
    "Your own text",
    "play",
    fields=[OWN_PART, EXAMPLE, GO, SHARE, DURATION, START, PHRASE],
    functions=[learn_own, draw_own, measure_own, pack_own, unpack_own],
    panel=Panel(
        None,
        controls=[[Control(OWN_PART, "segments", "What is done with your text", options=PARTS)]],
        shows=Shows("Paste or open a text, then press Train: three models learn it"),
        parts={name: f"own_{name}" for name in PARTS},
    ),
    parts={
        "own_learn": Panel(
            learn_own,
            named={"key": None},
            controls=[
                [Control(EXAMPLE, "list", "Text", options=EXAMPLE_TITLES, also=STOPS)],
                [Control(SHARE, "segments", "Training text used", options=SHARES)],
                [Control(DURATION, "segments", "Seconds of training each", options=DURATIONS)],
            ],
            more=[[Control(SEED, "seed")]],
            shows=Shows("", OWN_HEADS),
        ),
        "own_draw": Panel(
            draw_own,
            named={"key": None},
            controls=[
                [Control(START, "text", "Beginning, in characters of your text")],
                [Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)],
                [Control(SEED, "seed")],
            ],
            shows=Shows("", DRAWN_HEADS, texts=TITLES_SHOWN, waits="Three models draw…"),
        ),
        "own_measure": Panel(
            measure_own,
            named={"key": None},
            controls=[[Control(PHRASE, "text", "A text, up to 500 characters")]],
            shows=Shows("", DRAWN_HEADS, texts=TITLES_SHOWN, bars="Bits a character", waits="Three models read…"),
        ),
        "own_pack": Panel(
            pack_own,
            named={"key": None},
            controls=[[Control(PHRASE, "text", "A text, up to 500 characters")]],
            shows=Shows("", (FINDING, *SIZES), texts=TITLES_SHOWN, bars="Bytes", waits="Three models compress…"),
        ),
    },
    tries=[
        ("English, all of it", STOPPED | {"example": "english", "used": 100}),
        ("A tenth of it", STOPPED | {"example": "english", "used": 10}),
        ("German", STOPPED | {"example": "german", "used": 100}),
        ("Python", STOPPED | {"example": "code", "used": 100}),
        ("Random letters", STOPPED | {"example": "random", "used": 100}),
    ],
    code={
        "Your own text": [
            learn_own.plain,
            learn_text.steps,
            learn_text.Trainee.step,
            continued,
            rows,
            OwnNGram.__init__,
            learn_text.measure,
            longest_copy,
        ],
    },
)
