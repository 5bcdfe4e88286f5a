"""*By hand*: the chain rule by hand, with four pixels."""

from explorer.fields import Field, Whole
from explorer.tabs.autoregressive.shared import CHANCES
from explorer.tabs.kit.layout.fields import SEEDS
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

DICE = Field("dice", SEEDS, 7, "the seed of the four pixels drawn by hand")
CHAIN = {
    "begin": "Fifteen numbers fix all sixteen probabilities. Each conditional divides the probability of its "
    "branch, so the bars sum to 1 whatever you put in.",
    "begun": "{chance}. The {count:0} images that begin so share exactly this: their bars sum to {sum:4}. {next} comes "
    "next.",
    "drawn": "{chance}, exactly: −log p = {cost} nats, the sum of four costs. The coloured bar shows p.",
    "example": "With the numbers on screen {chance}, −log p = {cost} nats.",
    "unreached": "With these conditionals 0, 1, 1, 0 is too rare to be drawn by any of the first 100,000 seeds.",
    "blank": "2 by 2 image, nothing drawn yet",
    "image": "2 by 2 image: {bits}",
    "white": "u is not below p(0) = {zero}: 1",
    "black": "u is below p(0) = {zero}: 0",
}
CHAIN_ROWS = [("probability", "{product:4}", ""), ("−log p", "{cost}", "nats")]


MODE = Mode(
    "chain",
    "By hand",
    "understand",
    entry="Chain rule",
    fields=[
        DICE,
        CHANCES,
        Field("step", Whole(0, 4), 0, "how many of the four pixels are drawn"),
    ],
    panel=Panel(
        None,
        controls=[[Control(DICE, "seed")]],
        shows=Shows("Set the conditionals, then draw pixel by pixel"),
        says=CHAIN,
        rows=CHAIN_ROWS,
    ),
)
