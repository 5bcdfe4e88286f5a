"""Sentences and figures of what the browser computes of autoregressive networks (`stages/kit/panel/says.js`)."""

CHAIN = {
    "begin": "Fifteen numbers fix all sixteen probabilities. Each conditional shares out what its branch was given, so "
    "the bars sum to 1 whatever you put in.",
    "begun": "{chance}. The {count:0} images that begin so share exactly this: their bars sum to {sum:4}. {next} comes "
    "next.",
    "drawn": "{chance}, exactly: −log p = {cost} nats, the sum of four costs. It is the height of the coloured bar.",
    "example": "With the numbers on screen {chance}, −log p = {cost} nats.",
    "unreached": "With these conditionals 0, 1, 1, 0 is too rare to be drawn by any of the first 100,000 seeds.",
    "blank": "2 by 2 image, nothing drawn yet",
    "image": "2 by 2 image: {bits}",
    "white": "u is not below p(0) = {zero}: 1",
    "black": "u is below p(0) = {zero}: 0",
}
CHAIN_ROWS = [("probability", "{product:4}", ""), ("−log p", "{cost}", "nats")]
