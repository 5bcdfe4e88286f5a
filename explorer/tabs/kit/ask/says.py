"""Sentences and figures of the shared questions that are drawn (`stages/kit/panel/says.js`)."""

RACE = {
    "nobody": "At {time} no network has drawn anything yet.",
    "under way": "At {time} of the clock these are not finished: {still}. Evaluations of the network for each sample "
    "so far: {costs}.",
    "recorded": "The networks drew this before the page opened; Draw again has them draw now.",
    "so far": "Finished so far: {done:0}.",
}
"""Progress of films on one clock, before its end."""
MEAN = "The decoder's means are shown: pixels drawn from them look rougher."
COST = [("evaluations", "{evaluations}", ""), ("server time, s", "{seconds}", "")]
MAKE = RACE | {
    "films": "{many} from {whose}",
    "doing": "{title} draws",
    "hint of points": "Points from one seed, over test points of the data{leading}",
    "hint of scenes": "Four scenes of a prompt from one seed; below, what the judge reads in each",
    "hint of many": "Press Play: which finish first? VAEs show means",
    "leading": "; tap one to open it in its tab",
    "any": "Any, not {asked}: {why}.",
    "kin": "nearest training image: {label}, {distance} away (L2)",
    "cost": "Each sample took from {few.cost} of its network ({few.title}) to {many.cost} ({many.title}).",
    "time": "On this server all samples of a family took from {fast.time} ({fast.title}) to {slow.seconds} s "
    "({slow.title}).",
    "weak": "These samples are weak: {far} times the Fréchet distance of real images.",
    "good": "Their Fréchet distance is {far} times that of real images.",
    "unmeasured": "{title} draws each sample in {cost}.",
    "dearer": "{many.title} takes {times} times as many evaluations as {few.title}.",
    "as many": "Every network takes as many evaluations.",
    "distance": "The Fréchet distance is that to test images, compared with that of training images.",
    "alone": "{title} took {cost} of its network for each, and {time} for all of them on this server.",
    "mean": MEAN,
    "read": "{title}: {right:0} of {of:0} scenes show what was asked",
    "read other": "{title}: {right:0} of {of:0}",
    "near": "The training images nearest to them lie {near} away on average (L2).",
    "nearest": "The training images nearest to them lie from {close.near} ({close.title}) to {far.near} ({far.title}) "
    "away on average (L2). Blur lowers this distance and black and white raises it, so it ranks no family.",
}
MAKE_ROWS = {
    "columns": [*COST, ("ms per sample", "{each}", ""), ("parameters", "{millions}", "")],
    "scenes": [("as asked", "{right}", ""), *COST, ("ms per sample", "{each}", ""), ("parameters", "{millions}", "")],
    "seconds": [*reversed(COST), ("ms per sample", "{each}", ""), ("parameters", "{millions}", "")],
}
COMPLETE = RACE | {
    "films": "The rest, as {whose} fills it in",
    "doing": "{title} fills in the rest",
    "hint of scenes": "Drag over a part of a scene to hide it: {whose} fills it in, given the words",
    "hint of points": "Choose a point and which of its coordinates is kept: {whose} fills in the rest",
    "lacks": "{part}, and {whose} fills in the rest.",
    "kept": "{kept}.",
    "untouched": "{kept}, and no {part} of them changes.",
    "all untouched": "{kept}, and no family changes a {part} of them.",
    "alike": "The answers resemble each other more than {name}.",
    "unlike": "The answers differ as much from each other as from {name}.",
    "one": "The answer lies {away} from the rest of {name} (L2).",
    "nearest": "{near.title} comes nearest to the rest of {name}.",
    "rest": "The answers lie {away} from the rest of {name} on average (L2).",
    "apart": "They differ by {among} from each other.",
    "rests": "The answers lie {near.away} ({near.title}) to {far.away} ({far.title}) from the rest of {name} on "
    "average (L2).",
    "each apart": "The answers of one family differ by {least.among} ({least.title}) to {most.among} ({most.title}).",
    "exact": "Nothing that is known follows the hidden part here, so this is exact.",
    "close": "Known tokens follow the hidden part here, so this is only close.",
    "mixed": "Families of two levels are measured against the picture in black and white.",
}
COMPLETE_ROWS = {"columns": [("error, L2", "{away}", ""), ("L2 between them", "{among}", ""), *COST]}
INTERPOLATE = RACE | {
    "films": "Nine places along the way, by {whose}",
    "doing": "{title} interpolates",
    "hint of scenes": "Two prompts and two seeds: what lies between them?",
    "lacks": "{whose} interpolates from it to the second one.",
    "first": "{title}’s path starts {start} from the first and ends {end} from the second (L2)",
    "other": "{title}’s {start} and {end}",
    "zero": "Zero is exact.",
    "by words": "{title} mixes both prompts and goes from one noise to the other on an arc. "
    "Each end is the first scene that Make draws of its prompt and seed.",
    "goes": "{title} goes from one prompt to the other.",
    "exact": "The path meets both ends exactly.",
    "misses": "The path misses the {end} end by {far} (L2).",
    "nearest": "{best.title} comes nearest to both ends.",
}
INTERPOLATE_ROWS = {"columns": [("error at start, L2", "{start}", ""), ("error at end, L2", "{end}", ""), *COST]}
LEARN = {
    "films": "{many} from {whose} during training",
    "doing": "{title} draws with its earlier weights",
    "none": "Cannot, because no snapshot of its training was kept.",
    "before": "{title} before training.",
    "after": "{title} after {images} {each}.",
    "mean": MEAN,
    "bound": "Held-out {each} cost at most {value:1} nats each.",
    "exact": "Held-out {each} cost {value:1} nats each.",
    "away": "The known density is {value:3} nats away (KL).",
}
LEARN_ROWS = {
    "columns": [("{each} seen", "{images}", ""), ("epoch", "{epoch}", ""), ("server time, s", "{seconds}", "")]
}
