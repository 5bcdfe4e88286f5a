"""The tab of words: text becomes colour pictures, by a diffusion in the latents of scenes."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer.fields import Field, Whole
from explorer.models.scene_autoencoder import SceneAutoencoder
from explorer.models.words import WordsTransformer
from explorer.models.words_diffusion import WordsDiffusion
from explorer.numbers import plots
from explorer.numbers.rows import Quotes
from explorer.numbers.trained import Card, Found
from explorer.stages.words import WordsStage
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.words import changed, codes, copies, evidence, maths, prompt, reads, unseen, ways
from explorer.tabs.words.exercises import EXERCISES
from explorer.tabs.words.networks import DRAWER, NET, known_nets
from explorer.tabs.words.reads import PAINTS
from explorer.tabs.words.shared import EULER, PROMPT, WORDS_GUIDANCE, vocabulary
from explorer.tabs.words.ways import COLUMN_TITLES

FOLDER = Path(__file__).parent
MODES = [prompt.MODE, changed.MODE, ways.MODE, unseen.MODE, reads.MODE, copies.MODE, codes.MODE]


def net_value(title: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about one network."""
    return {"title": title, "error": error}


def list_nets() -> list[Checkpoint]:
    """Return the networks of the tab."""
    return [Checkpoint(net, title, partial(net_value, title), evidence.tables) for net, title in known_nets().items()]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    return {
        "nets": {DRAWER: nets[DRAWER].value},
        "bundled": {},
        "vocabulary": vocabulary(),
        "paints": PAINTS,
        "ways": COLUMN_TITLES,
    }


TAB = Tab(
    name="words",
    title="Words",
    group="none",
    question="How do words become pictures?",
    folder=FOLDER,
    stage=WordsStage,
    shown=list_nets,
    value=value,
    quotes=lambda nets: Quotes({name: found.card for name, found in nets.items()} | copies.emoji_cards(), DRAWER, {}),
    whose="",
    formulas=(maths.show_attention, maths.show_words_guidance),
    nets=list(known_nets()),
    short={"CFG": "classifier-free guidance"},
    mechanism=Mechanism(
        [
            Part("Words", "c", "changed", lights=["prompt", "unseen", "ways", "reads"]),
            Part(
                "Velocity network",
                "v(z_t, t, c)",
                "prompt",
                "network",
                lights=["changed", "unseen", "ways", "reads"],
                tells=True,
            ),
            Part("Latents", "z", "codes", lights=["prompt", "changed", "ways"]),
            Part(
                "Decoded scene", "x = D(z)", "prompt", shows="x", lights=["changed", "unseen", "codes", "ways", "reads"]
            ),
        ],
        apart={"copies": "five small networks of pixels draw emoji, without latents"},
    ),
    charts=(plots.training,),
    **of_modes(
        MODES,
        [NET, PROMPT, SEED, WORDS_GUIDANCE, EULER, Field("at", Whole(0, 50), None, "the frame of the film")],
        FOLDER,
        exercises=EXERCISES,
        functions=[frames, stop],
        code={"The network": [WordsTransformer.forward, WordsDiffusion.velocity, SceneAutoencoder.decode]},
    ),
)
