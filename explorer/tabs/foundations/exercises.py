"""Exercises on the foundations of all families: likelihood, divergences, Jensen's inequality and Bayes' rule."""

import math

from explorer.tabs.foundations import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

COLOURS = ("red", "green", "blue")


@number("map-mean", "A mean by MAP", state="mode=likelihood&prior=1")
def map_mean(draw: Draw) -> Number:
    """Ask for the mean of three numbers under a prior at 0."""
    data = [draw.whole(1, 9) for _ in range(3)]
    sigma, tau = draw.one_of((1, 2)), draw.one_of((0.5, 1, 1.5))
    answer, mean, ratio = maths.map_mean(sigma, tau, data), sum(data) / 3, (sigma / tau) ** 2
    x = ", ".join(map(str, data))
    return Number(
        f"Three numbers were observed, other ones than in the figure: {x}. "
        f"The model is N(μ, σ²) with σ = {sigma}, and μ has the prior N(0, τ²) with "
        f"τ = {tau:g}. Which μ does MAP choose?",
        answer,
        0.01,
        ["Maximise −Σ (x − μ)² ÷ 2σ² − μ² ÷ 2τ² in μ.", "At its maximum Σ (x − μ) ÷ σ² = μ ÷ τ²."],
        [
            f"Set the slope to 0: μ = Σ x ÷ (n + σ² ÷ τ²) = {sum(data)} ÷ (3 + {ratio:.4g}) = {say(answer)}.",
            f"Without the prior it is the mean, {say(mean)}; the prior moves it towards 0.",
        ],
        {"data": data, "sigma": sigma, "tau": tau},
        slips=[(mean, "That is the maximum of the likelihood; the prior is missing.")],
    )


@number("gaussian-kl", "KL of two Gaussians", state="mode=divergences")
def gaussian_kl(draw: Draw) -> Number:
    """Ask for a KL divergence between Gaussians, in one direction."""
    m, s = draw.real(-2, 2), draw.one_of((0.5, 0.6, 0.8))
    n, t = m + draw.one_of((-1, 1)) * draw.real(1, 2), draw.one_of((1.2, 1.5, 2))
    answer, other = maths.kl(m, s, n, t), maths.kl(n, t, m, s)
    q, p = f"N({brief(m)}, {brief(s)}²)", f"N({brief(n)}, {brief(t)}²)"
    return Number(
        f"q = {q} and p = {p}. What is KL(q ‖ p)?",
        answer,
        0.01,
        [
            "Of q = N(m, s²) and p = N(n, t²): log (t ÷ s) + (s² + (m − n)²) ÷ 2t² − ½.",
            "The expectation is taken over q, so the variance below is that of p.",
        ],
        [
            f"KL(q ‖ p) = log ({t:g} ÷ {s:g}) + ({s:g}² + {brief(m - n)}²) ÷ (2 · {t:g}²) − ½",
            f"= {say(math.log(t / s))} + {say((s**2 + (m - n) ** 2) / (2 * t**2))} − 0.5 = {say(answer)} nats.",
            f"The other way round it is {say(other)} nats.",
        ],
        {"m": m, "s": s, "n": n, "t": t},
        unit="nats",
        slips=[
            (other, "That is KL(p ‖ q), the other way round."),
            (answer / math.log(2), "That is in bits: use the natural logarithm."),
        ],
    )


def js_of_coins(p: float, q: float) -> float:
    """Return the Jensen–Shannon divergence in nats of two coins with these probabilities of heads."""
    half = (p + q) / 2
    return (kl_of_coins(p, half) + kl_of_coins(q, half)) / 2


def kl_of_coins(p: float, q: float) -> float:
    """Return KL(p ‖ q) in nats of two coins with these probabilities of heads."""
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


@number("js-of-coins", "JS of two coins", state="mode=divergences&goal=js")
def js(draw: Draw) -> Number:
    """Ask for the Jensen–Shannon divergence of two coins, by hand."""
    p, q = draw.real(0.05, 0.35, 2), draw.real(0.6, 0.95, 2)
    half, answer = (p + q) / 2, js_of_coins(p, q)
    one, other = kl_of_coins(p, half), kl_of_coins(q, half)
    return Number(
        f"Coin p shows heads with probability {p:g}, coin q with {q:g}. What is their Jensen–Shannon divergence?",
        answer,
        0.005,
        [
            "JS is the mean of KL(p ‖ m) and KL(q ‖ m), where m is the coin halfway between.",
            f"m shows heads with probability {half:.4g}; sum over heads and tails.",
        ],
        [
            f"KL(p ‖ m) = {p:g} log ({p:g} ÷ {half:.4g}) + {1 - p:.2f} log ({1 - p:.2f} ÷ {1 - half:.4g}) "
            f"= {say(one, 4)}",
            f"KL(q ‖ m) = {say(other, 4)} in the same way.",
            f"JS = ({say(one, 4)} + {say(other, 4)}) ÷ 2 = {say(answer, 4)} nats, less than log 2 = 0.6931, as always.",
        ],
        {"p": p, "q": q},
        unit="nats",
        slips=[
            (one + other, "That is the sum of the two KL divergences; take their mean."),
            (kl_of_coins(p, q), "That is KL(p ‖ q)."),
            (answer / math.log(2), "That is in bits: use the natural logarithm."),
        ],
    )


@number("bayes", "A table, conditioned", state="mode=bayes")
def bayes(draw: Draw) -> Number:
    """Ask for a probability by Bayes' rule, from numbers of animals."""
    cats, dogs = ([draw.whole(4, 30) for _ in COLOURS] for _ in range(2))
    at = draw.whole(0, 2)
    colour, answer = COLOURS[at], cats[at] / (cats[at] + dogs[at])
    prior, given = sum(cats) / sum(cats + dogs), cats[at] / sum(cats)
    evidence = (cats[at] + dogs[at]) / sum(cats + dogs)
    phrase = " and ".join(
        f"{', '.join(f'{count} with a {name}' for count, name in zip(counts, COLOURS))} collar are {who}"
        for who, counts in (("cats", cats), ("dogs", dogs))
    )
    return Number(
        f"Of {sum(cats + dogs)} animals, {phrase}. One of them wears a {colour} collar. How probable is it that it is "
        "a cat?",
        answer,
        0.005,
        [
            f"p(cat | {colour}) = p({colour} | cat) p(cat) ÷ p({colour}).",
            f"p({colour}) sums over cats and dogs.",
        ],
        [
            f"p({colour} | cat) = {cats[at]} ÷ {sum(cats)} = {say(given)}, p(cat) = {say(prior)}, "
            f"p({colour}) = {say(evidence)}.",
            f"p(cat | {colour}) = {say(given)} · {say(prior)} ÷ {say(evidence)} = {say(answer)}: "
            f"{cats[at]} of {cats[at] + dogs[at]}.",
        ],
        {"cats": cats, "dogs": dogs, "at": at},
        slips=[
            (given, f"That is p({colour} | cat), the other way round."),
            (prior, "That is p(cat), before the collar was observed."),
            (cats[at] / sum(cats + dogs), f"That is p({colour}, cat), both at once."),
        ],
    )


@choice("which-kl", "Which direction of KL?", state="mode=divergences&goal=forward&gap=5")
def which_kl(draw: Draw) -> Choice:
    """Ask for the global minimum of a KL divergence: covering both modes, or the larger one."""
    forward = draw.one_of((True, False))
    name = "KL(p ‖ q)" if forward else "KL(q ‖ p)"
    covers = "It spreads over both modes and the gap between them."
    seeks = "It lies on the larger mode and leaves out the other."
    wrong, why = (
        (seeks, "This q has the smallest KL(q ‖ p). KL(p ‖ q) averages over p: it is large where q misses a mode.")
        if forward
        else (covers, "A wide q is only a local minimum: q pays for the gap between the modes, where p is small.")
    )
    return Choice(
        "p has 60 % of its mass around −2.5 and 40 % around 2.5, in modes of width 0.7. q is one Gaussian. Which q has "
        f"the smallest {name} of all, the global minimum?",
        covers if forward else seeks,
        {
            wrong: why,
            "It becomes narrower and narrower between the modes.": "Narrow between the modes q misses the data and "
            "lies where p is small: both directions of KL penalise that.",
            "It is the same q for KL(p ‖ q) and KL(q ‖ p).": "KL is not symmetric. Both have the same minimum only if "
            "p is a Gaussian itself.",
        },
        ["Write KL as an expectation: over which of the two are the logarithms averaged?"],
        [
            "KL(p ‖ q) averages log (p ÷ q) over p: where p has mass, q must have mass, too. Among Gaussians its "
            "minimum "
            "has the mean and the variance of p. Maximum likelihood minimises this direction of KL.",
            "KL(q ‖ p) averages log (q ÷ p) over q: where p has no mass, q must have none. On the larger mode it is "
            f"−log 0.6 = {say(-math.log(0.6), 2)} nats, on the smaller −log 0.4 = {say(-math.log(0.4), 2)}. A wide q "
            "is a local minimum as well.",
        ],
        draw.order(4),
    )


@setting("prior", "As strong a prior", reads="part prior sigma tau", state="mode=likelihood&prior=1")
def prior(draw: Draw) -> Setting:
    """Ask for the width of a prior."""
    wanted = draw.one_of((1, 1.5, 2))
    tau = 1 / math.sqrt(10 / wanted - 3)

    def holds(part: str, prior: bool, sigma: float, tau: float) -> tuple[bool, str]:
        if part != "points" or not prior:
            return False, "The stage shows something else: choose the three points and the prior N(0, τ²)."
        found = maths.map_mean(sigma, tau)
        said = f"at σ = {say(sigma, 2)} and τ = {say(tau, 2)} MAP chooses μ = {say(found, 2)}"
        good = abs(found - wanted) <= 0.05 and abs(sigma - 1) <= 0.05
        return good, said

    return Setting(
        f"The points are 2, 3 and 5, and σ stays 1. Drag the prior's width τ until MAP chooses μ = {wanted:g}, within "
        "0.05.",
        holds,
        {"part": "points", "prior": True, "sigma": 1.0, "tau": round(tau, 4)},
        ["Is a narrow prior strong or weak?", f"Solve 10 ÷ (3 + σ² ÷ τ²) = {wanted:g} for τ."],
        [
            f"3 + 1 ÷ τ² = 10 ÷ {wanted:g}, so 1 ÷ τ² = {say(10 / wanted - 3)} and τ = {say(tau)}.",
            f"The prior counts as much as 1 ÷ τ² = {say(10 / wanted - 3, 2)} more points that all lie at 0.",
        ],
    )


@setting("jensen", "A gap of Jensen's", reads="a b w", state="mode=jensen&a=2&b=3&w=0.5")
def jensen(draw: Draw) -> Setting:
    """Ask for two values with a given mean, and with a mean logarithm far below the logarithm of that mean."""
    wanted, mean = draw.one_of((0.4, 0.5, 0.6)), draw.one_of((2, 2.5, 3))

    def holds(a: float, b: float, w: float) -> tuple[bool, str]:
        found, middle = maths.gap(a, b, w), w * a + (1 - w) * b
        said = f"the gap is {say(found)} nats and the mean {say(middle, 2)}"
        good = found > wanted and abs(middle - mean) <= 0.1
        return good, said

    return Setting(
        f"Find two values and a weight with log E[x] − E[log x] > {wanted:g} nats and a mean of {mean:g}, within 0.1.",
        holds,
        {"a": 0.1, "b": 6.0, "w": (6 - mean) / 5.9},
        ["The gap grows with the spread of the values.", "The weight moves the mean without moving the values."],
        [
            "Take the values as far apart as they go, a = 0.1 and b = 6, and weigh them so that the mean is right: "
            f"w = (6 − {mean:g}) ÷ 5.9 = {say((6 - mean) / 5.9, 2)}.",
            f"The gap is then {say(maths.gap(0.1, 6, (6 - mean) / 5.9), 2)} nats. The ELBO falls short of log p(x) by "
            "such a gap.",
        ],
    )


EXERCISES = (map_mean, gaussian_kl, js, bayes, which_kl, prior, jensen)
