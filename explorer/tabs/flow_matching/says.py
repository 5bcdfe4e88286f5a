"""Sentences and figures of what the browser computes of flow matching (`stages/kit/panel/says.js`)."""

from explorer.tabs.kit.ask.says import RACE

PATHS = {
    "longer": "Learned paths never meet, so they bend: {longer:1%} longer than straight.",
    "straighter": "Few training lines meet, so the learned paths are nearly straight: {longer:1%} longer.",
    "independent": "Noise and points are paired by chance.",
    "ot": "Of this minibatch, noise and points are paired so that the squared distances have the least sum.",
    "reflow-1": "Each noise is paired with the point to which the independent field takes it.",
    "reflow-2": "Each noise is paired with the point to which the field of the first round takes it.",
    "noise": "t = 0: Gaussian noise.",
    "data": "t = 1: data.",
    "way": "{percent:0} % of the way.",
    "plane": "{title}: {count:0} pairs with their straight lines, and the learned paths from the same noise.",
    "lines": "Lines through {point:p} at t = {t} go {exact:p} on average and spread by {spread} around it; the network "
    "has one velocity at a place and predicts {learned:p}.",
    "alone": "At {point:p} and t = {t} the network predicts {learned:p}.",
    "bent": "Two of its paths are never at the same place at the same time. Their straightness S, the mean squared "
    "deviation "
    "of the velocity from that of the straight line, is {bent:3} (0 is straight).",
    "measured": "Over 2,500 paths S is {measured.straightness:3}, and lines of this coupling that meet differ from the "
    "field by {measured.residual:3} (mean square).",
}
PATH_ROWS = [
    ("extra path length", "{longer:1%}", ""),
    ("straightness S", "{bent:3}", ""),
    ("of 2,500 paths", "{measured.straightness:3}", ""),
    ("residual loss", "{measured.residual:3}", ""),
    ("your point", "{point:p}", ""),
    ("network's v there", "{learned:p}", ""),
    ("mean of lines", "{mean}", ""),
    ("spread of lines", "{spread}", ""),
    ("error of v", "{apart}", ""),
]
FIELDS = {
    "velocity": "velocity",
    "data": "path to the predicted data",
    "noise": "path from the noise",
    "score": "score",
    "both": "{title}: arrows of the {view} at t = {t}, the network's over the exact ones.",
    "learned": "{title}: arrows of the {view} at t = {t}, the network's alone.",
    "none": "{title}: no arrows, as this coupling has no score.",
    "scoreless": "The network predicts v = {learned.velocity:p} at x = {point:p}, t = {t}. Noise {learned.noise:p} and "
    "data {learned.data:p} follow for any pairs. {why}",
    "words": "The network predicts v = {learned.velocity:p}; the exact value is {exact.velocity:p}. The rest follows "
    "at x = {point:p}, t = {t}: noise {learned.noise:p}, data {learned.data:p}, score {learned.score:p}. What a "
    "network is trained to predict determines how errors count: one of 0.1 in v is {errors.data:3} in x̂₁, "
    "{errors.noise:3} in ε̂ and {errors.score:3} in the score. For a diffusion this x, divided by √(t² + (1 − t)²), "
    "is an x with ᾱ = {alpha:3}.",
}
FIELD_ROWS = [
    ("velocity v", "{learned.velocity:p}", ""),
    ("exactly", "{exact.velocity:p}", ""),
    ("data x̂₁", "{learned.data:p}", ""),
    ("exactly", "{exact.data:p}", ""),
    ("noise ε̂", "{learned.noise:p}", ""),
    ("exactly", "{exact.noise:p}", ""),
    ("score ∇log p", "{score}", ""),
    ("exactly", "{exact.score:p}", ""),
]
SOLVERS = RACE | {
    "films": "Solvers on one clock",
    "doing": "{title} draws",
    "points": "away",
    "images": "of white away",
    "words": "All begin with one noise. A single Euler step ends {one.distance:3} {unit} from 20 steps of Heun (root "
    "mean square). Ten Euler steps, {euler.evaluations:0} evaluations, end {euler.distance:3} away; five of Heun, "
    "{heun.evaluations:0} evaluations, {heun.distance:3}. The adaptive solver chose its steps by its own estimate of "
    "their error, took {adaptive.evaluations:0} evaluations and ended {adaptive.distance:3} away.",
}
SOLVER_ROWS = {
    "columns": [("evaluations", "{cost}", ""), ("server time, s", "{seconds}", ""), ("away (RMS)", "{away}", "")]
} | {
    kind: [("error of {title}", "{distance:3}", unit), ("its evaluations", "{evaluations:0}", "")]
    for kind, unit in (("points", "RMS"), ("images", "of white, RMS"))
}
REFLOW = {
    "caption": "In {few:0} Euler steps.",
    "one": "In 1 Euler step.",
    "plane": "at t = {t}; the ends have a squared energy distance of {distance:4} ± {distance_se:4} to fresh data "
    "(20 draws of 1,000), and {off:1%} of 2,500 lie where no data are.",
    "ends": "The numbers are those of the ends, t = 1.",
}
ROUND_ROWS = [
    ("D², 20 draws", "{distance:4} ± {distance_se:4}", ""),
    ("off the data", "{off:1%}", ""),
    ("straightness S", "{straightness:5}", ""),
]
