"""Fields of a training on the playground: its points, its families and their settings."""

from typing import Annotated

from explorer.data.playground import NOISES, PLAYGROUND_DRAWN, PRESETS
from explorer.fields import Drawing, Field, OneOf, Real, Wholes
from explorer.models.learners import LEARNERS
from explorer.tabs.kit.layout.fields import SEED

NAMES = tuple(LEARNERS)
PLAYGROUND_MOST = 9  # families at once
OWN = "drawing"
MOST_CHOICES = max(len(each.knob.choices) for each in LEARNERS.values() if each.knob)
SHORT = 200  # steps that the answer of an exercise may wait for

ONLY = Field("net", OneOf(("playground",)), "playground", "the network")
DATA = Field("data", OneOf((*PRESETS, OWN)), "moons", "the points")
BOARD = Field("board", Drawing(PLAYGROUND_DRAWN), None, "a drawing", optional=True)
NOISE = Field("noise", Real(*NOISES), 0.1, "the noise")
N = Field("n", OneOf((20, 50, 200, 1_000, 5_000)), 1_000, "the number of points")
LEARN = Field("learn", Wholes(len(NAMES) - 1, PLAYGROUND_MOST, 1), (0, 1, 2, 3, 4, 5, 6, 7), "the families")
STEPS = Field("steps", OneOf((200, 500, 1_000, 2_000, 5_000, 10_000)), 1_000, "how many steps the training has")
WIDTH = Field("width", OneOf((16, 32, 64, 128)), 64, "the units of a layer")
DEEPER = Field("deeper", OneOf((-1, 0, 1, 2)), 0, "the number of further layers", optional=True)
RATE = Field("rate", Real(0.01, 100), 1, "the factor on the learning rates")
BATCH = Field("batch", OneOf((8, 32, 128, 512)), 128, "the points of a batch")
USUAL = tuple(each.knob.initial if each.knob else 0 for each in LEARNERS.values())
KNOBS = Field("knobs", Wholes(MOST_CHOICES - 1, len(NAMES)), USUAL, "the families' own settings", optional=True)
CLOCK = Field("clock", OneOf(("steps", "seconds")), "steps", "the clock")
SIDE_SECONDS = 0.002  # of computing for each step of the clock, where that counts seconds
TRAINED_BY = {
    each.key: each for each in (DATA, BOARD, NOISE, N, LEARN, STEPS, CLOCK, WIDTH, DEEPER, RATE, BATCH, KNOBS, SEED)
}
"""Fields that determine a training, by their keys."""
TRAINING = [DATA, BOARD, NOISE, N, LEARN, STEPS, WIDTH, DEEPER, RATE, BATCH, KNOBS]

Data = Annotated[str, DATA]
Board = Annotated[bytes | None, BOARD]
Noise = Annotated[float, NOISE]
Count = Annotated[int, N]
Learn = Annotated[tuple[int, ...], LEARN]
Steps = Annotated[int, STEPS]
Width = Annotated[int, WIDTH]
Deeper = Annotated[int, DEEPER]
Rate = Annotated[float, RATE]
Clock = Annotated[str, CLOCK]
Batch = Annotated[int, BATCH]
Knobs = Annotated[tuple[int, ...], KNOBS]
