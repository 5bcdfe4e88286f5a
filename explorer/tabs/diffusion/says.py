"""Sentences and figures of what the browser computes of the diffusion (`stages/kit/panel/says.js`)."""

FORWARD = {
    "caption": "xₜ = {signal:3} x₀ + {noise:3} ε",
    "clean": "At t = 0 there is no noise: x₀ is {name} itself, black at −1 and white at 1. Drag the slider, or press "
    "▶.",
    "at": "At t = {t:0} of 1,000 ᾱₜ is {alpha:4}: {balance} (signal-to-noise ratio {ratio}).",
    "image": "the image outweighs the noise",
    "noisy": "the noise outweighs the image",
    "even": "image and noise weigh the same",
    "pixels": "The 784 pixels have mean {mean} and standard deviation {deviation}; those of noise have 0 and "
    "1{hardly}.",
    "hardly": ": hardly any difference is left",
    "other": "The {other} schedule would have left {less} of it: ᾱₜ = {there:4}.",
    "trained": "The networks of this tab were trained with the linear one.",
}
FORWARD_ROWS = [
    ("signal-to-noise ratio", "{ratio}", ""),
    ("ᾱₜ", "{alpha:5}", ""),
    ("mean of the pixels", "{mean:3}", ""),
    ("their standard deviation", "{deviation:3}", ""),
]
FIELD = {
    "field": "At t = {t:0} the noise has a standard deviation of {deviation}. Where points lie, the network's ε̂ is off "
    "by {off:1} % of the exact −√(1−ᾱ) ∇log p: {verdict}.",
    "close": "the thin arrows lie on the thick ones",
    "near": "the arrows nearly agree",
    "far": "so little noise is hard to distinguish from the data, and the arrows differ",
    "plane": "{title}: arrows of the score at time {t:0} of 1,000; mean squared difference of network and exact noise "
    "{difference.error:b}.",
    "dropped": "Points dropped: {count:0}.",
}
FIELD_ROWS = [
    ("‖ε̂ − ε*‖ at the cursor", "{gap:3}", ""),
    ("cursor", "{cursor:p}", ""),
    ("log p at t", "{probe.logP}", "nats"),
    ("ε̂, the network's", "{probe.learned:p}", ""),
    ("−√(1−ᾱ) ∇log p", "{probe.exact:p}", ""),
    ("√ᾱ, √(1−ᾱ)", "{shares:p}", ""),
    ("mean ‖ε̂ − ε*‖²", "{difference.error:b}", ""),
    ("of mean ‖ε*‖²", "{difference.size:b}", ""),
    ("so off by", "{off:1}", "%"),
]
GUIDANCE = {
    "films": "Guidance, step by step",
    "doing": "{title} draws",
    "unmeasured": "Accuracy and diversity of this network are not measured yet.",
    "measured": "Accuracy is {none.accuracy.value:1%} at w = 0 and {strong.accuracy.value:1%} at w = 7. At w = 1 it is "
    "{plain.accuracy.value:1%} of {n} draws. Their features vary {plain.diversity.value} times as much as "
    "those of test images of the class at w = 1, and {strong.diversity.value} times at w = 7.",
    "way": "At t = {t:0} the eight xₜ lie {plain.apart} (L2) apart at w = 1 and {strong.apart} at w = 7.",
    "images": "The eight images here lie {plain.apart} (L2) apart at w = 1 and {strong.apart} at w = 7.",
    "seen": "The classifier recognises {name} in {plain.hits:0} of these 8 at w = 1 and in {strong.hits:0} at w = 7.",
}
GUIDANCE_ROWS = [
    ("classified as asked, w = {w:0}", "{accuracy.value:1%}", "of {n}"),
    ("diversity, w = {w:0}", "{diversity.value}", "times test images"),
]
SAMPLERS = {"films": "Samplers on one clock", "doing": "{title} draws"}
SAMPLER_ROWS = {
    "columns": [("evaluations", "{cost}", ""), ("seconds", "{seconds}", ""), ("L2 to 100 steps", "{away}", "")],
    "fixed": [("{title}, L2 from {few.evaluations:0} to {many.evaluations:0} evaluations", "{few.distance}", "")],
    "cost": [("{many.evaluations:0} evaluations take", "{cost:0}", "times as long as {few.evaluations:0}")],
}
FEW_ROWS = {
    "columns": [("evaluations", "{cost}", ""), ("seconds", "{seconds}", ""), ("L2 to reference", "{away}", "")],
    "teacher": [
        ("one evaluation of the diffusion, L2 away", "{teacher.distance}", ""),
        ("two different images, L2 apart", "{others}", ""),
    ],
}
FEW_ROWS["student"] = [
    ("student's jump, L2 away", "{student.distance}", ""),
    *FEW_ROWS["teacher"],
]
FEW = {
    "films": "Few evaluations, side by side",
    "doing": "{title} draws",
    "teacher": "Left: the diffusion, by DDIM.",
    "student": "Right: a network of the same size, distilled from its paths in {minutes:0} minutes.",
    "mean": "One evaluation of the diffusion ends {teacher.distance} (L2) from where its path ends. It is the mean of "
    "all images that may have led to this noise. Two different images lie {others} apart.",
    "jump": "One jump of the student{after} ends {student.distance} from there.",
    "four": "Four add fresh noise and end at another image, {four.distance} away: that is no error.",
    "way": "At t = {t}, the last prediction in the diffusion's row of four lies {teacher.distance} (L2) from the end "
    "of its path, that in the student's row {student.distance}.",
}
MIDDLE = {
    "films": "Four answers",
    "doing": "{title} denoises it four times",
    "lacks": "it is noised to the time chosen, and the network goes back from there.",
}
MIDDLE_ROWS = {"columns": [("mean L2 to picture", "{mean}", ""), ("L2 of each", "{four}", "")]}
COMPLETE = {
    "films": "Four answers",
    "doing": "{title} fills in the rest",
    "lacks": "what you keep of it stays, and the network fills in the rest.",
    "all": "Everything is kept. Rub out a part of the picture, and the network fills it in four times.",
}
COMPLETE_ROWS = {
    "columns": [
        ("mean L2 to real rest", "{mean}", ""),
        ("L2 of each", "{four}", ""),
        ("L2 between them", "{among}", ""),
    ]
}
