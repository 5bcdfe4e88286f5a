"""Sentences and figures of the Foundations, in which the browser fills in the numbers (`stages/kit/panel/says.js`)."""

SAYS = {
    "likelihood": {
        "given": "μ = {mu} and σ = {sigma} give a log-likelihood of {sum} nats.",
        "best": "No μ does better at this σ: it is the mean of the points, 10/3. Over both, σ = {bestSigma} is best.",
        "worse": "The point {least} is the least likely: it adds {worst} of {sum} nats. At μ = 10/3 the sum would be "
        "{lost} higher.",
        "dense": "At its top the density is {peak}: a density may exceed 1.",
        "prior": "The prior of width τ = {tau} subtracts {penalty} and moves the best μ from {mean} to {map}.",
        "equal": "q is p: {entropy:3} + {kl:3} = {cross:3} nats. Only the entropy of p is left, and no model can "
        "get below it.",
        "apart": "An outcome costs {entropy:3} + {kl:3} = {cross:3} nats on average: the entropy of p, which no q can "
        "change, and the KL divergence, which q can bring to zero. {most} costs most of it: its true probability "
        "is {often}, and q assigns {said}.",
    },
    "divergences": {
        "forward": "KL(p ‖ q) averages over p, so q must cover every mode of p.",
        "reverse": "KL(q ‖ p) averages over q, so a mode that q leaves out costs little.",
        "js": "The Jensen–Shannon divergence averages over both, and is never above log 2 = 0.693.",
        "between": "Between the modes q has {between.q:%} of its mass, where p has {between.p:%}.",
        "still": "No step from here lowers it.",
        "start": "Play the descent to see where it ends.",
        "underway": "At step {at:0} the descent is at {place}.",
        "ended": "The descent ended at step {at:0}, at {place}.",
        "others": "Other starts end at {others}.",
        "moments": "That is the mean and the width of p, from any start.",
        "place": "m = {m}, s = {s} with {value} nats",
        "caption": "Step {at:0}: m = {m}, s = {s}, {goal} = {value:3} nats",
    },
    "jensen": {
        "none": "log E[x] and E[log x] are both {above:3}: x does not vary, so there is no gap. As weights of draws "
        "from q: q is the posterior, and the ELBO is log p(x).",
        "gap": "The mean of the logarithms, on the chord, is {below:3}: {gap:3} below the logarithm of the mean, "
        "{above:3}. x is {a} with weight {w} and {b} with {rest}. The approximation by the spread, {guess:3}, "
        "{close}. If both "
        "x were weights p(x, z) ÷ q(z) of two draws, log p(x) would be {above:3} and the ELBO {below:3}: it can only "
        "be below.",
        "close": "is close to that",
        "far": "is off, as x varies too much for it",
    },
    "importance": {
        "one": "One draw of the proposal is taken at a time.",
        "several": "With weights, {draws:0} draws of the proposal count as {first.ess:1} draws of the posterior.",
        "means": "Over {times:0} repetitions log p̂ is on average {byProposal}, by draws of the prior {byPrior}. p̂ "
        "itself is right on average; its logarithm is too low by Jensen's inequality, and less so with more draws.",
        "narrow": "The proposal is too narrow: its weights have no finite variance, so ± and the effective sample "
        "size are meaningless.",
        "exact": "exact within its error",
        "low": "{off} nats too low",
        "high": "{off} nats too high",
    },
    "bayes": {
        "missing": "x is not observed. The table sums over it: p(cat) = {cat}. p(y | x) alone cannot, since it "
        "does not contain how frequent each x is.",
        "known": "By Bayes' rule p(cat | {known}) = p({known} | cat) p(cat) ÷ p({known}) = {given} · {cat} ÷ {size} "
        "= {found}. A discriminative model computes that number too, and nothing else: neither p({known}) = "
        "{size}, nor a draw of x.",
    },
    "score": {
        "unseen": "The losses hardly depend on the error: the explicit one is {explicit:3}. But {right.data:%} of "
        "the data and "
        "{right.model:%} of the model lie right of 0, a KL of {kl} nats. Hardly any data lie where the scores differ.",
        "agree": "Both scores nearly agree, and {right.data:%} of the data and {right.model:%} of the model lie right "
        "of 0: all three losses are near their minimum.",
        "differ": "The scores differ where data are: ½ E (s − ∇ log p)² is {explicit:3}. The other two losses have "
        "moved by the same amount. {right.data:%} of the data and {right.model:%} of the model lie right of 0.",
    },
}
POINTS = (2, 3, 5)
OUTCOMES = ("sun", "cloud", "rain", "snow")
ROWS = {
    "likelihood": {
        "points": [
            ("log-likelihood", "{sum}", "nats"),
            *((f"log N({x}; μ, σ²)", f"{{terms.{i}}}", "") for i, x in enumerate(POINTS)),
            ("penalty μ² ÷ 2τ²", "{penalty}", ""),
            ("sum less penalty", "{rest}", ""),
            ("NLL a point: cross-entropy", "{nll}", ""),
            ("MAP: Σx ÷ (3 + σ² ÷ τ²)", "{map}", ""),
        ],
        "table": [
            ("cross-entropy H(p, q)", "{cross:3}", "nats"),
            *((f"−p log q, {name}", f"{{terms.{i}:3}}", "") for i, name in enumerate(OUTCOMES)),
            ("H(p)", "{entropy:3}", ""),
            ("KL(p ‖ q)", "{kl:3}", ""),
            ("H(p) + KL(p ‖ q)", "{cross:3}", ""),
        ],
    },
    "divergences": [
        ("KL(p ‖ q), forward", "{all.forward:3}", "nats"),
        ("KL(q ‖ p), reverse", "{all.reverse:3}", "nats"),
        ("Jensen–Shannon", "{all.js:3}", "nats"),
        ("between the modes: p | q", "{between.p:%} | {between.q:%}", ""),
        ("right of 0: p | q", "{right.p:%} | {right.q:%}", ""),
    ],
    "jensen": [
        ("gap: log E[x] − E[log x]", "{gap:3}", "nats"),
        ("E[x]", "{mean:3}", ""),
        ("log E[x]", "{above:3}", ""),
        ("E[log x]", "{below:3}", ""),
        ("Var[x] ÷ 2E[x]², its approximation", "{guess:3}", ""),
    ],
    "importance": [
        ("effective sample size", "{first.ess:1} of {draws:0}", ""),
        ("exact p(x)", "{p:b}", ""),
        ("p̂(x), first repetition", "{first.p:b} ± {first.se:b}", ""),
        ("exact log p(x)", "{exact}", ""),
        ("mean of log p̂, proposal", "{means.proposal.mean} ± {means.proposal.se}", ""),
        ("mean of log p̂, prior", "{means.prior.mean} ± {means.prior.se}", ""),
    ],
    "bayes": [("{asked}", "{answer}", "")],
    "score": [
        ("KL(p ‖ model)", "{kl:3}", "nats"),
        ("implicit less explicit", "{over.implicit:3}", ""),
        ("denoising less explicit", "{over.denoising:3}", ""),
        ("right of 0: data | model", "{right.data:%} | {right.model:%}", ""),
        ("explicit: ½ E (s − ∇ log p)²", "{explicit:3}", ""),
        ("implicit: E (s′ + ½ s²)", "{implicit:3}", ""),
        ("denoising: ½ E (s + ε ÷ σ)²", "{denoising:3}", ""),
    ],
}
