"""Sentences and figures of what the browser computes of autoregressive networks (`stages/kit/panel/says.js`)."""

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
PAID = "The entropies of the predictions sum to {expected:0} bits, the draws cost {total:0}"
AT_T = PAID + ": at T = {T} the drawn levels are {} than expected. −log p is always at T = 1."
GENERATE = {
    "nothing": "nothing is drawn yet",
    "blank": "Nothing is drawn yet: ▶ plays, » draws a row, › a pixel.",
    "became": "{place} became {level}.",
    "finished": "Finished: −log p(x) = {cost} nats.",
    "begin": "The network has not drawn anything yet, but it already has a first prediction. Press ▶, or drag the "
    "slider.",
    "begun": "{certain:%} of the first {at:0} pixels were nearly certain (p > 0.99).",
    "so_far": "So far the image has cost {total:1} bits.",
    "drawn": "{certain:%} of all {at:0} pixels were nearly certain (p > 0.99). Half of the {total:0} bits fall on "
    "{half:0} pixels.",
    "usual": PAID + ".",
    "likelier": AT_T.replace("{}", "likelier"),
    "less_likely": AT_T.replace("{}", "less likely"),
}
_DRAWN_ROWS = [
    ("pixel", "{at:0} of 784", ""),
    ("drawn", "{level}", ""),
    ("p of what was drawn", "{p}", ""),
    ("bits of this pixel", "{bits:3}", "bits"),
    ("its entropy", "{entropy:3}", "bits"),
]
GENERATE_ROWS = {
    "begun": [*_DRAWN_ROWS, ("−log p so far", "{cost}", "nats"), ("bits per pixel so far", "{rate:3}", "bits")],
    "drawn": [*_DRAWN_ROWS, ("−log p(x)", "{cost}", "nats"), ("bits/dim", "{rate:3}", "bits")],
}
ASK = {
    "none": "Choose a test image, or draw one of your own: then every pixel of it can be asked about.",
    "nothing": "no image is chosen",
    "generated": "the image that the network drew",
    "title": "Predicted for {place}",
    "board": "{place} is asked about: {bits} bits of surprise",
    "hovered": "{place}: {level}, {bits} bits of surprise.",
    "cost": "In {whose}, the pixel at {place} is {level} and cost {bits} bits.",
    "expected": "In {whose}, the pixel at {place} is {level} and cost {bits} bits: the network predicted it.",
}
ASK_ROWS = [
    ("pixel", "{place}", ""),
    ("it is", "{level}", ""),
    ("p of that", "{p}", ""),
    ("surprise", "{bits:3}", "bits"),
    ("entropy", "{entropy:3}", "bits"),
    ("−log p(x)", "{cost}", "nats"),
]
_OF_BRANCH = (
    "Of the {left:0} after it {after:0} came out differently, with the same random numbers. The overridden pixel costs "
    "{paid.1} nats instead of {paid.0}; −log p goes from {cost.0} to {cost.1} nats."
)
OVERRIDE = {
    "start": "Tap the marked pixel, or any other: it flips, and the network draws everything after it again.",
    "many": "At most {most:0} overrides: undo one first.",
    "one": "your override",
    "several": "your first override",
    "begun": "{again:0} of the {left:0} pixels after {which} ({place}) are drawn again, with the same random numbers: "
    "{after:0} of them came out differently so far.",
    "unchanged": "Before {which} ({place}) {before:0} of {first:0} pixels changed: they do not depend on it. "
    + _OF_BRANCH,
    "changed": "Before {which} ({place}) {before:0} of {first:0} pixels changed. " + _OF_BRANCH,
    "step": "1 pixel is drawn again, with the same random numbers.",
    "steps": "{again:0} pixels are drawn again, with the same random numbers.",
    "both": "Both branches are finished.",
    "cost": "−log p = {cost.0} nats",
    "none": "Nothing is overridden yet.",
    "waits": "Being drawn again…",
    "known": "{known:0} of 784 pixels are drawn; {after:0} later pixels differ so far",
    "done": "−log p = {cost.1} nats; {after:0} later pixels differ",
}
_AS_DRAWN = ("−log p, as it was drawn", "{cost.0}", "nats")
_DIFFER = ("later pixels that differ", "{differ:0}", "")
OVERRIDE_ROWS = {
    "drawn": [_AS_DRAWN, _AS_DRAWN, _DIFFER],
    "overridden": [("−log p, with your overrides", "{cost.1}", "nats"), _AS_DRAWN, _DIFFER],
}
