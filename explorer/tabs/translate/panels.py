"""Panels of the modes of translations."""

from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.translate import answers, server
from explorer.tabs.translate.fields import (
    BOLD,
    DIGITS,
    DIRECTION,
    GARMENTS,
    L1,
    NET,
    PAIRED,
    SLANT,
    TERM,
    TERMS,
    UNPAIRED,
)

KIND = [Control(NET, "segments", "Digits", options=UNPAIRED)]
THERE_OR_BACK = [Control(DIRECTION, "segments", "Direction", options={"there": "there →", "back": "← back"})]
GIVEN = Grid("What is given and its real image", 1, rows=1, place="side")
TEST = {"draw": None, "source": None, "set": None}

PANELS = {
    "paired": Panel(
        server.translate_paired,
        controls=[[Control(NET, "segments", "Translation", options=PAIRED)], [Control(SEED, "seed")]],
        tries=[
            ("An ankle boot", TEST | {"net": GARMENTS, "img": 1}),
            ("A bag", TEST | {"net": GARMENTS, "img": 14}),
            ("A digit from its skeleton", TEST | {"net": DIGITS, "img": 0}),
        ],
        nets=[*PAIRED],
        shows=Shows(
            "Choose a test image, or draw one: the generator fills in its outline",
            answers.HEADS["paired"],
            grids=[Grid("The translation", 1, rows=1), GIVEN],
        ),
    ),
    "weight": Panel(
        server.weights,
        controls=[
            [Control(L1, "segments", "Weight λ of L1", options={each: str(each) for each in L1.kind.choices})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Adversarial loss alone", TEST | {"img": 1, "l1": 0}),
            ("A small weight", TEST | {"img": 14, "l1": 1}),
        ],
        nets=[GARMENTS],
        shows=Shows(
            "Choose λ, and compare what the two terms of the loss reward",
            answers.HEADS["weight"],
            grids=[Grid("The translations by weight", 2, rows=2), GIVEN],
            details=True,
        ),
    ),
    "many": Panel(
        server.many,
        controls=[[Control(SEED, "seed")]],
        tries=[
            ("Four boots", TEST | {"img": 1, "seed": 3}),
            ("Four bags", TEST | {"img": 14, "seed": 3}),
        ],
        nets=[GARMENTS],
        shows=Shows(
            "How many garments have this outline?",
            answers.HEADS["many"],
            grids=[
                Grid("pix2pix, four times dropout", 4, rows=2.7, titled=True),
                Grid("diffusion, four times noise", 4, rows=2.7, titled=True),
                Grid("The outline and its real image", 2, rows=1, place="panel"),
            ],
        ),
    ),
    "unpaired": Panel(
        server.translate_unpaired,
        controls=[KIND, THERE_OR_BACK],
        tries=[
            ("A bold 7", TEST | {"net": BOLD, "img": 23, "way": "there"}),
            ("A thin 2", TEST | {"net": BOLD, "img": 3, "way": "back"}),
            ("A slanted 4", TEST | {"net": SLANT, "img": 34, "way": "there"}),
        ],
        nets=[*UNPAIRED],
        shows=Shows(
            "Does a digit come back?",
            answers.HEADS["unpaired"],
            grids=[
                Grid("The digit there and back, by terms of the loss", 3, rows=3.4),
                Grid("The digit in both domains", 1, rows=1, place="side"),
            ],
        ),
    ),
    "permutes": Panel(
        server.permutes,
        controls=[KIND, THERE_OR_BACK, [Control(TERM, "list", "Loss", options=TERMS)]],
        tries=[
            ("Without the cycle loss", {"net": BOLD, "way": "there", "term": "free"}),
            ("Made upright, without the cycle loss", {"net": SLANT, "way": "back", "term": "free"}),
        ],
        nets=[*UNPAIRED],
        shows=Shows(
            "Which digit becomes which?",
            answers.HEADS["permutes"],
            matrix="What each digit becomes",
        ),
    ),
}
