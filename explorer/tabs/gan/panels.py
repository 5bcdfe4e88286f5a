"""Panels of the GAN's modes: sixteen images, and the game with its points and the rules that both players learn by."""

from typing import Any

from explorer.tabs.gan import game, says, server
from explorer.tabs.gan.answers import ERRORS, LEARNED, PLAYERS, SEARCHED
from explorer.tabs.gan.fields import D_STEPS, GAME_SEED, LOSS, OVERLAY, POINTS, RATE_D, RATE_G, SPECTRAL, START
from explorer.tabs.gan.game_answers import BOTH_LOSSES, COVERED, DIVERGED, FACED, LOSSES, NORMS, PLAYED, RACED
from explorer.tabs.kit.layout.fields import LABEL, SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

RATES = {rate: f"{rate:g}" for rate in (0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01)}
RENEWS = {"moves": None, "round": None, "at": None}  # another game has other places
RECIPE = {field.key: field.default for field in (SPECTRAL, D_STEPS, RATE_D, RATE_G, GAME_SEED)}
"""The rules of most recordings: the algorithm of Goodfellow et al. (2014) with k = 1."""

DATA = [
    Control(
        POINTS,
        "segments",
        "Points",
        options={"ring": "Ring", "grid": "5×5 grid", "moons": "Two moons", "painted": "Paint"},
    )
]
STEPS = Control(D_STEPS, "number", "D-steps a round")
NORM = Control(SPECTRAL, "segments", "Spectral norm in D", options={False: "no", True: "yes"})
RULES = [[Control(RATE_D, "list", "Rate of D", options=RATES), Control(RATE_G, "list", "of G", options=RATES)]]
SEEDS = [[Control(GAME_SEED, "seed")]]
SURFACE = Control(OVERLAY, "segments", "Surface", options={"d": "D", "optimal": "p ÷ (p + q)", "both": "both"})
DIGIT = {"net": "gan-mnist", "set": None, "img": 108, "draw": None, "source": None, "label": None}


def other(**rules: Any) -> dict[str, Any]:
    """Return the state of another game, by the usual rules but for these."""
    return RENEWS | RECIPE | rules


PANELS = {
    "generate": Panel(
        server.generate,
        controls=[[Control(SEED, "seed"), Control(LABEL, "class")]],
        shows=Shows("Tap an image, or drag in the plane"),
        says=says.GENERATE,
        rows=says.GENERATE_ROWS,
    ),
    "game": Panel(
        game.play,
        controls=[DATA, [Control(LOSS, "segments", "Loss", options=LOSSES)]],
        more=[[NORM, STEPS], *RULES, *SEEDS, [SURFACE]],
        tries=[
            ("Compare D with the best D", other(data="ring", loss="non-saturating", overlay="both")),
            ("25 modes", other(data="grid", loss="non-saturating", overlay="d")),
            ("D learns 10 times as fast as G", other(data="ring", loss="saturating", lrd=0.01, overlay="d")),
        ],
        renews=RENEWS,
        shows=Shows("Play, or change a rule", PLAYED, curves=[BOTH_LOSSES]),
    ),
    "collapse": Panel(
        game.race,
        controls=[DATA],
        more=[[NORM, STEPS], *RULES, *SEEDS],
        tries=[
            ("Fast D", other(data="ring", dsteps=5, lrd=0.005)),
            ("Spectral norm", other(data="ring", spectral=True)),
        ],
        renews=RENEWS,
        shows=Shows("Choose a cell: which modes are lost?", RACED, curves=[COVERED, DIVERGED]),
    ),
    "gradient": Panel(
        game.face,
        controls=[DATA, [Control(START, "segments", "Rounds played before", options={0: "no", 50: "50", 200: "200"})]],
        more=[[STEPS], *RULES, *SEEDS],
        tries=[
            ("A generator that has played 50 rounds", other(start=50, data="ring")),
            ("One that has played 200", other(start=200, data="ring")),
            ("Two moons", other(start=0, data="moons")),
        ],
        renews=RENEWS,
        shows=Shows("How does the generator's gradient change?", FACED, curves=[NORMS]),
    ),
    "cannot": Panel(
        server.search,
        controls=[[Control(SEED, "seed")]],
        more=[[Control(LABEL, "class")]],
        tries=[
            ("Another test image", DIGIT | {"img": 33}),
            ("A 3, searched for only among 8s", DIGIT | {"label": 8}),
            ("A 3, searched for among clothes", DIGIT | {"net": "gan-fashion-mnist", "set": "mnist"}),
        ],
        shows=Shows("Draw a picture: the generator searches for its nearest image", SEARCHED, curves=[ERRORS]),
    ),
    "learn": Panel(
        server.training,
        controls=[[Control(SEED, "seed")], [Control(LABEL, "class")]],
        tries=[
            ("Before the first image", {"frame": 0}),
            ("A fifth of an epoch", {"frame": 3}),
            ("Sixteen threes", {"label": 3}),
        ],
        shows=Shows("Sixteen codes during training; tap an image to follow it", LEARNED, curves=PLAYERS),
    ),
}
TRIES = {
    "generate": [
        ("Sixteen sevens", {"net": "gan-mnist", "label": 7, "part": "image"}),
        ("The middle of A, B and C", {"part": "plane", "u": 0.333, "v": 0.333}),
        ("Halfway from A to B", {"part": "film", "at": 16}),
        ("Sixteen clothes", {"net": "gan-fashion-mnist", "label": None, "part": "image"}),
    ],
}
