"""Sentences and figures of what the browser computes of the VAE (`stages/kit/panel/says.js`)."""

EARLIER = {"earlier": "Dimmed: these belong to β = {beta}. They follow when β comes to rest."}
EXPLORE = EARLIER | {
    "autoencoder": "β = 0 is a plain autoencoder: z = μ, no noise, no KL term. Its {codes} codes spread "
    "{across} × {up} and reach {furthest:1} from the origin; nothing moves them towards the prior, which is 1 × 1.",
    "collapsed": "Posterior collapse: the rate is {rate} nats. All {codes} means lie within {furthest} of the origin "
    "and every posterior is as wide as the prior (σ = {width}), so z carries almost no information.",
    "cloud": "The codes have standard deviations {across} and {up}, the prior 1 and 1. A single posterior "
    "typically has {width:b}.",
    "nothing": "No code lies within {radius} of the cursor; the decoder outputs an image all the same.",
    "one": "One code lies within {radius} of the cursor, a “{most.name}”.",
    "all": "{count:0} codes lie within {radius} of the cursor, all of them “{most.name}”.",
    "most": "{count:0} codes lie within {radius} of the cursor, {most.count:0} of them “{most.name}”.",
    "undefined": "The rate is undefined here; the distortion is {distortion:1} nats.",
    "costs": "A code costs {rate} nats ({bits:1} bits) an image; the reconstruction costs {distortion:0} nats.",
    "nearest": "Nearest: test image {index:0}, “{name}”, {distance} away.",
    "asking": "Asking the model…",
    "lost": "The model did not answer.",
    "unmeasured": "The card of this model holds no measured curve yet.",
    "off": "β = 0 is off the curve: without a KL term the rate is undefined. Its distortion is {distortion:1} nats.",
    "curve": "β = {name}: D + βR = {sum:1} nats, −ELBO = D + R = {bound:1} nats.",
}
AT_CURSOR = [
    ("z", "{z:p}", ""),
    ("−log p(z)", "{far}", "nats"),
    ("codes within {radius}", "{count:0}", ""),
]
EXPLORE_ROWS = {
    "bound": [("−ELBO = D + R, test images", "{bound:1}", "nats"), *AT_CURSOR],
    "plain": [("D alone, R undefined, test images", "{distortion:1}", "nats"), *AT_CURSOR],
}
ENCODE = EARLIER | {
    "img": "fed: binarised",
    "draw": "fed: ink above half",
    "integrating": "Integrating over the plane…",
    "lost": "The integral did not arrive. Choose the image again to ask once more.",
    "step": "step {i:0}: ELBO {elbo:3} nats",
}
GAPS = {
    "lost": "With your q, the ELBO is {gap} nats below log p(x); with the encoder's, {encoder.gap}.",
    "best": "The best Gaussian reaches {best.gap}.",
    "bars": "Gap in nats; hatched: amortisation",
}
SAMPLE = EARLIER | {"draw": "Draw {at:0} of {draws:0}, z = {z:p}."}
LEARN = EARLIER | {
    "unreadable": "The snapshots of this data set cannot be read. The other modes still work.",
    "coming": "After {images} images: the codes are on their way.",
}
INTERPOLATE = {
    "aim": "Click or tap a point on the map for {end}.",
    "caption": "t = {t}, z = {z:p}",
    "fewest": "Codes near the emptiest point of the middle half: {here.near:0} at {here.name}, {other.near:0} at "
    "{other.name}. Near is within 0.15 of their root-mean-square distance from their centre. Where no code is near, "
    "the decoder was never trained.",
}
INTERPOLATE_ROWS = [("fewest codes near, {name}", "{near:0}", "of 2,000")]
