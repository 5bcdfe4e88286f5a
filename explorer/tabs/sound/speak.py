"""*Speak*: a film of a sound that is drawn sample by sample."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Annotated

from explorer.fields import Field, OneOf, Real
from explorer.models.wavenet import Queues, WaveNet
from explorer.networks import card, checkpoints
from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import num, percent
from explorer.serving.films import Scene, Script
from explorer.spaces import SOUND
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.sound.charts import BLOCK
from explorer.tabs.sound.recordings import label_of, recording
from explorer.tabs.sound.shared import BITS, SAID, Digit, SoundNet, Speaker

GIVEN = Field("given", OneOf((0, 50, 100, 200)), 0, "the given beginning, in milliseconds")
TEMPERATURE = Field("temperature", Real(0.1, 1.5), 1, "the temperature", "Below 1 likely levels become likelier")
Given = Annotated[int, GIVEN]
Temperature = Annotated[float, TEMPERATURE]
MILLISECONDS = {0: "none", 50: "50", 100: "100", 200: "200"}
DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPOKEN = {"at": None, "temperature": 1, "given": 0}
SURPRISE = Figure("surprise so far", unit="bits/sample")
ENTROPY = Figure("expected surprise (entropy)", unit="bits/sample")
EVALUATIONS = Figure("network evaluations", digits=0)
HEADS = (SURPRISE, ENTROPY, EVALUATIONS)


def keep_last_prediction(step: Step) -> Step:
    """Keep the prediction of a step's last sample only."""
    return replace(step, numbers=dict(step.numbers) | {"p": step.numbers["p"][:, -1]})


@film
def speak(net: SoundNet, digit: Digit, speaker: Speaker, seed: Seed, temperature: Temperature, given: Given) -> Script:
    """Film half a second of sound, 5 ms a frame; a test recording gives its first `given` ms."""
    model: WaveNet = checkpoints.load(net)
    prefix = recording(digit, speaker)[:, : given * SOUND.rate // 1_000] if given else None
    left = SOUND.length - (prefix.shape[1] if given else 0)

    def roll() -> Iterator[Scene]:
        how = {"label": label_of(digit, speaker), "prefix": prefix, "temperature": temperature, "together": BLOCK}
        tell = Spoken(digit, speaker, SOUND.length - left, share_heard(net))
        for step in model.sample_steps(1, generator=rng(seed), **how):
            nats, entropy = (step.numbers[name][0].tolist() for name in ("log_prob", "entropy"))
            said = {"report": tell(int(step.x[0, int(step.time)]), nats, entropy).to_props()}
            found = frame(keep_last_prediction(step), SOUND, ["log_prob", "entropy", "p"])
            yield min(BLOCK, left - step.index * BLOCK), found | said

    return Script(SOUND, 1, math.ceil(left / BLOCK), left, roll)


def share_heard(net: str) -> float | None:
    """Return how often a classifier hears the digit that was asked for, if that was measured."""
    return next((row["value"] for row in card.rows(checkpoints.card_of(net), "heard")), None)


@dataclass
class Spoken:
    """Text about a sound that is drawn sample by sample; call it once for each frame.

    Arguments:
        digit: Digit that is asked for.
        speaker: Speaker that is asked for.
        given: Number of samples that are given.
        heard: Share of such sounds in which a classifier hears the digit that was asked for; None if unmeasured.
        nats: log p of the samples so far.
        entropies: Entropy of their predictions.
    """

    digit: int
    speaker: str
    given: int
    heard: float | None
    nats: list[float] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)

    def __call__(self, level: int, log_prob: Sequence[float], entropy: Sequence[float]) -> Report:
        """Return the figures and sentences after a frame: its last level, log p and entropies of its samples; nats."""
        self.nats += log_prob
        self.entropies += entropy
        numbers = [
            SURPRISE.of(-fmean(self.nats) / BITS),
            ENTROPY.of(fmean(self.entropies) / BITS),
            EVALUATIONS.of(len(self.nats)),
        ]
        heard = (
            "" if self.heard is None else f"; a classifier recognises the digit in {percent(self.heard)} of such sounds"
        )
        return Report(
            numbers,
            f"{self.speaker.capitalize()} saying {DIGIT_WORDS[self.digit]}, made sample by sample{heard}. "
            f"Level {level} had a probability of {num(100 * math.exp(log_prob[-1]))} %. Drag the cursor to "
            "see the prediction at another sample.",
            caption=f"{1000 * (self.given + len(self.nats)) / SOUND.rate:.0f} ms",
            view={"given": self.given},
        )


MODE = Mode(
    "speak",
    "Speak",
    "look",
    fields=[GIVEN, TEMPERATURE],
    functions=[speak],
    panel=Panel(
        speak,
        controls=[
            SAID,
            [Control(SEED, "seed")],
            [Control(GIVEN, "segments", "Real sound given first, ms", options=MILLISECONDS)],
        ],
        more=[[Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)]],
        tries=[
            ("A three by George", SPOKEN | {"digit": 3, "speaker": "george"}),
            ("Cold", SPOKEN | {"temperature": 0.5}),
            ("Continue a real seven", SPOKEN | {"given": 200}),
        ],
        shows=Shows("", HEADS),
    ),
    code={
        "Speak": [speak.plain, WaveNet.draw_steps, Queues],
    },
)
