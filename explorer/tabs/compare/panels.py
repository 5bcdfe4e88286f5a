"""Panels of the comparison's own modes about images: *Which is real?* and the table."""

from explorer.tabs.compare import server, trade
from explorer.tabs.compare.advice import NEEDS
from explorer.tabs.compare.fields import LIT, SORT
from explorer.tabs.kit.layout.fields import ALL, SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.kit.numbers import ranking
from explorer.tabs.kit.numbers.answer import Figure

ANOTHER = "Another twenty"
REAL = {
    "asking": "Round {round:0} of {rounds:0}. Which one is real?",
    "drawing": "Round {round:0} of {rounds:0}. An image is being drawn…",
    "lost": "The image did not arrive.",
    "right": "Right: this is test image {real:0}, {one}; the other was made by {title}.",
    "wrong": "Wrong: the real one is test image {real:0}, {one}; the other was made by {title}, and you took it for "
    "real.",
    "another": ANOTHER,
    "guessing": "If you cannot distinguish the images, you guess, and your error rate is near 50 %. Real and generated "
    "images are both black and white here, so that grey levels reveal nothing.",
    "rate": "Wrong answers: {wrong:0} of {n:0}, {share:%} (95 % interval {low:%} to {high:%}): {verdict}.",
    "worse": "worse than guessing",
    "better": "better than guessing, so you can distinguish the images",
    "either": "guessing could give this, too",
    "unfooled": "No family has fooled you yet.",
    "most": "{most.title} fooled you most, in {most.wrong:0} of {most.n:0} rounds ({most.pairs:0} pairs compared).",
    "unclear": "So few rounds do not show which family fools you most: for {most.title}, with {most.wrong:0} of "
    "{most.n:0}, the 95 % interval is {most.low:%} to {most.high:%}. {most.pairs:0} pairs were compared.",
    "over": "The twenty are done; another seed gives another twenty.",
    "none": "No network of this data set draws images that could be taken for real ones.",
    "privacy": "Your answers stay in this browser. They are not sent anywhere.",
    "unkept": "This browser keeps nothing for this page: your answers last until you leave it.",
}
REAL_ROWS = {
    "all": [("your error rate", "{share:%}", "of {n:0}; guessing: 50 %")],
    "family": [("wrong", "{missed}", ""), ("d′, 95 %", "{sensitivity}", ""), ("Fréchet", "{frechet:1}", "")],
}
TABLE = {
    "none": "No card of this data set can be read.",
    "marks": "Bold: best. Dot: place in its column; line: interval. *: other pixels or fewer images.",
    "ties": "Bold: the best, or a tie with it. It is better than some figure of the same pixels and test images, and "
    "worse than none. A difference counts if chance exceeds it in at most 5 % of cases, divided by the number of pairs "
    "of a column. Figures of two seeds share one variance. Times were measured once, so none is bold. The line under a "
    "figure is its interval: 95 %, or the range over the seeds. Seeds are of drawing: another training may differ by "
    "more. "
    f"{ranking.BOUNDS}",
}
WANTED = {name: need.title for name, need in NEEDS.items()}
PANELS = {
    "real": Panel(
        server.one,
        [[Control(LIT, "maker", "Made by", options={None: "all families"})], [Control(SEED, "seed", ANOTHER)]],
        shows=Shows("Tap the real image, or press ← or →", [Figure("your error rate")]),
        says=REAL,
        rows=REAL_ROWS,
    ),
    "table": Panel(
        trade.trade,
        [
            [Control(SORT, "segments", "What matters most?", options=WANTED)],
            [Control(ALL, "toggle", options={False: "", True: "All columns"})],
        ],
        shows=Shows("Tap figures for sources", [], waits="Reading every card…"),
        says=TABLE,
    ),
}
