"""The presets and the tour of texts do what they say."""

import pytest
from playwright.sync_api import Page

from explorer.tabs.text import tab as text
from tests.promises import Promise, Stage, check_presets, check_tour

DRAWN = "m.drawn?.frames.length === m.drawn?.total"
SCORED = "m.answer?.value && m.answer.value.words === x.store.get().words"
ANSWERED = "m.answer?.isCurrent"
ATTENDED = ANSWERED
LOSS = ANSWERED
SPEAKER = "ROMEO:\n"


def says(words: str, arrived: str = DRAWN, **state: object) -> Promise:
    """The mode's sentences hold these words, and the state is as is said."""
    there = f"{arrived} && m.seen?.element.innerText.includes({words!r})"
    return Promise(
        lambda came: words in came.words and all(came.state[key] == value for key, value in state.items()), there
    )


def writes(**state: object) -> Promise:
    return says("bits of surprise", net="transformer-shakespeare", prompt=SPEAKER, **state)


TEXT = Stage(
    ".stage.text",
    "tab=text&mode=generate",
    lambda state: "shakespeare",
    {"net": "ngram-shakespeare", "seed": 5, "prompt": "JULIET:\n", "length": 100, "temperature": 0.5, "k": 5, "p": 0.9}
    | {"words": "Who is there?", "gap": "a __ b", "order": "left", "steps": 8}
    | {"mark": "gumbel", "delta": 3, "context": 2, "changed": 20, "tested": "wrong", "own": "Who is there?"}
    | {"read": "Who is there?", "layer": 1, "head": 1, "part": "size", "judge": "other", "width": 16, "share": 8},
    {
        ("generate", "Temperature 0.2"): writes(temperature=0.2),
        ("generate", "Temperature 1.8"): writes(temperature=1.8),
        ("generate", "Top-p 0.5"): writes(p=0.5),
        ("surprise", "Shakespeare"): says("is most surprised by", SCORED),
        ("surprise", "Not Shakespeare"): says("is most surprised by", SCORED),
        ("surprise", "Backwards"): says("is most surprised by", SCORED),
        ("watermark", "Strong"): says("Found", ANSWERED, mark="green", delta=4),
        ("watermark", "Free of cost"): says("Found", ANSWERED, mark="gumbel"),
        ("watermark", "40 characters changed"): says("characters are green", ANSWERED, delta=2, changed=40),
        ("watermark", "Another key"): says("Not found", ANSWERED, mark="gumbel", tested="wrong"),
        ("unmask", "Eight steps"): says("16 at a time, in a random order", steps=8),
        ("unmask", "Eight, by confidence"): says("16 at a time, the most confident", steps=8),
        ("unmask", "One at a time, by confidence"): says("one at a time, the most confident", steps=128),
        ("attention", "For line breaks"): says("attends most to “line break”", ATTENDED, layer=3, head=1),
        ("attention", "Of no use"): says("layer 2, head 3 attends most to", ATTENDED, layer=2, head=3),
        ("cached", "Eight steps a text"): says("evaluates its network 8 times", steps=8),
        ("cached", "One step a character"): says("evaluates its network 128 times", steps=128),
        ("loss", "Its own text, judged by another"): says("Measured by the LSTM", LOSS, part="drift", judge="other"),
        ("loss", "Too little text"): says("this network over-fits", LOSS, part="size", width=32, share=64),
        ("loss", "All of the text"): says("no over-fitting", LOSS, part="size", width=32, share=1),
        ("fill", "One gap"): says(" masked characters are drawn", order="random", steps=64),
        ("fill", "All at once"): says("All 64 masked characters are drawn", steps=1),
        ("fill", "From nothing, by confidence"): says(" masked characters are drawn", order="confident", gap="_" * 64),
    },
    {
        "The next character": (writes(), writes()),
        "Temperature": (writes(temperature=1), writes(temperature=0.2)),
        "Surprise": (says("is most surprised by", SCORED), says("is most surprised by", SCORED)),
        "Attention": (says("attends most to “line break”", ATTENDED), says("attends most to “line break”", ATTENDED)),
        "A gap with two sides": (says("20 characters are masked"), says(" masked characters are drawn")),
        "Which order?": (says("128 characters are masked"), says("16 at a time, in a random order")),
        "Its own text": (says("Measured by the Transformer", LOSS), says("Measured by the LSTM", LOSS, judge="other")),
        "Many epochs": (
            says("no over-fitting", LOSS, share=1),
            says("this network over-fits", LOSS, share=64),
        ),
        "The length of a file": (says("the code has", ANSWERED), says("the code has", ANSWERED)),
        "A watermark": (says("Found", ANSWERED), says("characters are green", ANSWERED, changed=40)),
        "The cache": (says("For 32 characters"), says("For 256 characters")),
    },
)


@pytest.mark.parametrize("mode", dict.fromkeys(mode for mode, _ in TEXT.presets))
def test_every_preset_does_what_its_label_says(page: Page, app_url: str, mode: str):
    page.emulate_media(reduced_motion="reduce")
    check_presets(TEXT, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    check_tour(TEXT, page, app_url, text.TAB.tour(text.TAB.quotes({})))
