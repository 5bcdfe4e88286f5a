"""Panels of the modes of translations."""

from explorer.tabs.kit.fields import SEED
from explorer.tabs.kit.panel import Control, Panel
from explorer.tabs.translate import server
from explorer.tabs.translate.fields import BOLD, DIGITS, GARMENTS, L1, NET, PAIRED, SLANT, TERM, TERMS, UNPAIRED, WAY

KIND = [Control(NET, "segments", "Digits", options=UNPAIRED)]
DIRECTION = [Control(WAY, "segments", "Direction", options={"there": "there →", "back": "← back"})]
TEST = {"draw": None, "source": None, "set": None}

PANELS = {
    "paired": Panel(
        server.paired,
        controls=[[Control(NET, "segments", "Translation", options=PAIRED)], [Control(SEED, "seed")]],
        tries=[
            ("An ankle boot", TEST | {"net": GARMENTS, "img": 1}),
            ("A bag", TEST | {"net": GARMENTS, "img": 14}),
            ("A digit from its skeleton", TEST | {"net": DIGITS, "img": 0}),
        ],
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
    ),
    "many": Panel(
        server.many,
        controls=[[Control(SEED, "seed")]],
        tries=[
            ("Four boots", TEST | {"img": 1, "seed": 3}),
            ("Four bags", TEST | {"img": 14, "seed": 3}),
        ],
    ),
    "unpaired": Panel(
        server.unpaired,
        controls=[KIND, DIRECTION],
        tries=[
            ("A seven becomes bold", TEST | {"net": BOLD, "img": 23, "way": "there"}),
            ("A two becomes thin", TEST | {"net": BOLD, "img": 3, "way": "back"}),
            ("A four leans", TEST | {"net": SLANT, "img": 34, "way": "there"}),
        ],
    ),
    "permutes": Panel(
        server.permutes,
        controls=[KIND, DIRECTION, [Control(TERM, "list", "Loss", options=TERMS)]],
        tries=[
            ("Without the cycle term", {"net": BOLD, "way": "there", "term": "free"}),
            ("Made upright, without the cycle term", {"net": SLANT, "way": "back", "term": "free"}),
        ],
    ),
}
