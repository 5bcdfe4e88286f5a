"""Fields of the GAN tab and its games: those of the address, and the parameters of the server functions."""

from typing import Annotated

from explorer.data.toys import GAMES
from explorer.fields import Distinct, Field, Flag, Moves, OneOf, Points, Real, Whole
from explorer.models.game import LOSSES, Rules
from explorer.models.gan import GAN
from explorer.tabs.gan.exercises import EXERCISES
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import AT_STEP, DRAW, IMG, LABEL, SEED, SEEDS, SET, SOURCE
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise

MODES = {
    "generate": "Make",
    "game": "The game",
    "collapse": "Mode collapse",
    "gradient": "Vanishing gradient",
    "learn": "Watch it learn",
    "cannot": "What it cannot do",
    "tour": "Tour",
    "exercises": TITLE,
}
GRID = GAN.together  # images
ROUNDS = Whole(0, 3_000)  # rounds played so far, and rounds of a film
RATE = Real(0.00001, 0.1)
RULES = Rules()
PARTS = ("image", "plane", "film")

NET = Field("net", Nets(with_further("gan-mnist", "gan-fashion-mnist")), "gan-mnist", "the network")
CORNERS = Field("plane", Distinct(3, GRID - 1, "images of the grid"), (0, 1, 2), "the corners of the plane")
U = Field("u", Real(0, 1), 0.33, "u")  # a place in the plane is A + u (B − A) + v (C − A)
V = Field("v", Real(0, 1), 0.33, "v")

# The game in the plane: its points, its losses and its rules; the defaults are the model's rules.
POINTS = Field("data", OneOf((*GAMES, "painted")), "ring", "the points")
LOSS = Field("loss", OneOf(LOSSES), "non-saturating", "the loss")
SPECTRAL = Field("spectral", Flag(), RULES.spectral, "spectral norm")
D_STEPS = Field("dsteps", Whole(1, 10), RULES.d_steps, "the steps of D in a round")
RATE_D = Field("lrd", RATE, RULES.lr_d, "the learning rate of D")
RATE_G = Field("lrg", RATE, RULES.lr_g, "the learning rate of G")
GAME_SEED = Field("gseed", SEEDS, 0, "the seed", "The same seed and rules play the same game")
MOVES = Field("moves", Moves(60, ROUNDS.high), None, "moves")  # before the film starts
START = Field("start", ROUNDS, 0, "the rounds that the generator has played")  # before it is fixed
OVERLAY = Field("overlay", OneOf(("d", "optimal", "both")), "d", "the surface")
PAINTED = Field("points", Points(200, 2.2, "a painted point"), (), "painted points")

FIELDS = (
    NET,
    Field("mode", OneOf(tuple(MODES)), "generate", "the mode"),
    SEED,
    LABEL,
    Field("tap", Whole(0, GRID - 1), 0, "the image that was tapped"),
    CORNERS,
    U,
    V,
    Field("part", OneOf(PARTS), "image", "what is looked at"),  # of the grid, in the plane, or from A to B
    Field("at", Whole(0, 1000), None, "the frame of the film"),  # None is the first frame of the mode
    POINTS,
    LOSS,
    SPECTRAL,
    D_STEPS,
    RATE_D,
    RATE_G,
    GAME_SEED,
    Field("round", Whole(0, 100_000), None, "the round"),
    MOVES,
    START,
    Field("speed", Real(0.1, 100), 1, "the speed"),
    OVERLAY,
    PAINTED,
    Field("frame", Whole(0, 99), None, "the snapshot of the training"),  # None is the last
    IMG,
    DRAW,
    SET,
    SOURCE,
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""

GanNet = Annotated[str, NET]
Corners = Annotated[tuple[int, ...], CORNERS]
Ends = Annotated[tuple[int, ...], Field("pair", Distinct(2, GRID - 1, CORNERS.kind.what), title="the ends of the film")]
AlongU = Annotated[float, U]
AlongV = Annotated[float, V]
Data = Annotated[str, POINTS]
Painted = Annotated[tuple[tuple[float, float], ...], PAINTED]
Loss = Annotated[str, LOSS]
Spectral = Annotated[bool, SPECTRAL]
DSteps = Annotated[int, D_STEPS]
RateD = Annotated[float, RATE_D]
RateG = Annotated[float, RATE_G]
GameSeed = Annotated[int, GAME_SEED]
Played = Annotated[str, MOVES]
Rounds = Annotated[int, Field("rounds", ROUNDS, title="the number of rounds")]
Start = Annotated[int, START]
Steps = Annotated[int, Field("steps", Whole(1, ROUNDS.high), title="the steps of the discriminators")]
Live = Annotated[bool, Field("live", Flag(), title="whether to train it anew")]
