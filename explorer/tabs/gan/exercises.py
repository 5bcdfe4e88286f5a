"""Exercises on GANs: the optimal discriminator, the value of the game, a generator's gradient, a plane of codes."""

import itertools
import math
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from explorer.networks import card as cards
from explorer.tabs.foundations.exercises import js_of_coins
from explorer.tabs.gan import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting


@number("best-discriminator", "The best discriminator", state="mode=game")
def best(draw: Draw) -> Number:
    """Ask for the optimal discriminator of two known densities."""
    p, q = draw.real(0.05, 0.6, 2), draw.real(0.05, 0.6, 2)
    answer = maths.best_discriminator(p, q)
    return Number(
        f"At a place the density of the data is {p:g}, that of the generator {q:g}. There are as many real as "
        "generated examples. What does the best discriminator output, as the probability of being real?",
        answer,
        0.005,
        ["Bayes' rule with equal priors."],
        [f"D = p ÷ (p + q) = {p:g} ÷ {p + q:.2f} = {say(answer)}.", "Where the densities are equal, it outputs ½."],
        {"p": p, "q": q},
        slips=[
            (1 - answer, "That is the probability of being generated."),
            (p / q, "That is the ratio p ÷ q, no probability."),
        ],
    )


@number("value", "The value of the game", state="mode=game")
def value(draw: Draw) -> Number:
    """Ask for the value of the game at the optimal discriminator, for two coins."""
    p, q = draw.real(0.1, 0.45, 2), draw.real(0.55, 0.9, 2)
    js = js_of_coins(p, q)
    answer = 2 * js - math.log(4)
    return Number(
        f"The data are a coin that shows heads with probability {p:g}, the generator one with {q:g}. What is "
        "V = E[log D(real)] + E[log(1 − D(generated))] of the best discriminator?",
        answer,
        0.005,
        ["Insert D = p ÷ (p + q), for heads and for tails.", "V = 2 JS − log 4."],
        [
            f"D(heads) = {p:g} ÷ {p + q:.2f} = {say(p / (p + q))}, D(tails) = {1 - p:.2f} ÷ {2 - p - q:.2f} = "
            f"{say((1 - p) / (2 - p - q))}.",
            f"JS = {say(js, 4)} nats, so V = 2 · {say(js, 4)} − 1.3863 = {say(answer)}.",
        ],
        {"p": p, "q": q},
        unit="nats",
        slips=[
            (-math.log(4), "That is the value where both coins are the same."),
            (js, "That is JS; V = 2 JS − log 4."),
        ],
    )


@number("slope", "The gradient of the generator", state="mode=gradient")
def slope(draw: Draw) -> Number:
    """Ask for the derivative of a generator's loss with respect to the discriminator's logit."""
    f, saturating = draw.one_of((-1, 1)) * draw.real(0.5, 4), draw.one_of((True, False))
    d = maths.sigmoid(f)
    answer, other = (-d, d - 1) if saturating else (d - 1, -d)
    loss = "log(1 − σ(f))" if saturating else "−log σ(f)"
    return Number(
        f"For a generated image the discriminator's logit is f = {brief(f)}, so D = σ(f) = {say(d)}. What is the "
        f"derivative of the generator's loss {loss} with respect to f?",
        answer,
        0.005,
        ["σ′ = σ (1 − σ)."],
        [
            f"d/df {loss} = {'−σ(f)' if saturating else 'σ(f) − 1'} = {say(answer)}.",
            f"Of {'−log σ(f)' if saturating else 'log(1 − σ(f))'} it is {say(other)}: where D is confident that the "
            "image is generated, only −log σ(f) still has a slope.",
        ],
        {"f": f, "saturating": saturating},
        slips=[(other, "That is the slope of the other loss."), (-answer, "Mind the sign.")],
    )


@number("penalty", "A gradient penalty", state="mode=game&loss=wgan-gp")
def penalty(draw: Draw) -> Number:
    """Ask for the gradient penalty of a linear critic."""
    w, weight = [draw.one_of((-1, 1)) * draw.real(0.5, 2.5) for _ in range(2)], draw.one_of((1, 5, 10))
    answer, norm = maths.penalty(*w, weight), math.hypot(*w)
    return Number(
        f"The critic is f(x) = {brief(w[0])} x₁ + ({brief(w[1])}) x₂, and λ = {weight}. How large is WGAN-GP's penalty "
        "λ (‖∇f‖ − 1)²?",
        answer,
        0.02,
        ["The gradient of f is the same everywhere.", f"‖∇f‖ = √({brief(w[0])}² + {brief(w[1])}²)."],
        [f"‖∇f‖ = {say(norm)}; {weight} · ({say(norm)} − 1)² = {say(answer)}."],
        {"w": w, "weight": weight},
        slips=[
            (weight * (norm**2 - 1) ** 2, "The norm is not squared inside the bracket."),
            (weight * (norm - 1), "The distance from 1 is squared."),
        ],
    )


def transport(left: list[float], right: list[float]) -> float:
    """Return the least mean distance of a transport from points on a line to equally many others."""
    return min(sum(abs(a - b) for a, b in zip(left, each)) for each in itertools.permutations(right)) / len(left)


@number("wasserstein", "A distance between points", state="mode=game&loss=wgan-gp")
def wasserstein(draw: Draw) -> Number:
    """Ask for W₁ between three points and three others on a line."""
    parts, order = ((-9, -4), (-3, 2), (3, 9)), draw.order(3)
    left, right = ([draw.real(*parts[place]) for place in each] for each in (order, order[::-1]))
    answer, mean = transport(left, right), sum(abs(a - b) for a, b in zip(left, right)) / 3
    one, other = sorted(left), sorted(right)
    return Number(
        f"Data lie at {', '.join(map(brief, left))}, and a generator makes {', '.join(map(brief, right))}, each "
        "point as often as any other. What is the Wasserstein distance W₁ between the two?",
        answer,
        0.02,
        ["The least mean distance over which one set is moved onto the other.", "On a line: sort both."],
        [
            f"Sorted: {', '.join(map(brief, one))} and {', '.join(map(brief, other))}.",
            f"({' + '.join(f'{abs(a - b):.1f}' for a, b in zip(one, other))}) ÷ 3 = {say(answer)}.",
        ],
        {"left": left, "right": right},
        slips=[
            (mean, "That pairs them in the given order; other pairs are closer."),
            (3 * answer, "That is the sum; each point has the weight one third."),
        ],
    )


@choice("far-apart", "When both are far apart", state="mode=gradient")
def far_apart(draw: Draw) -> Choice:
    """Ask what saturation of the JS divergence means for a generator."""
    return Choice(
        "The generator's points lie far from all data, and the discriminator is the best one. What does the "
        "generator learn from the minimax loss log(1 − D)?",
        "Almost nothing: the loss is flat where D is confident.",
        {
            "Where the nearest data are, and how far away.": "A Wasserstein critic gives that. JS is nearly log 2 "
            "there, however far the points are.",
            "To spread over all modes of the data.": "The loss at the generator's points does not depend on other "
            "modes, and here it has hardly any slope.",
            "To stop, since the game is at its equilibrium.": "At the equilibrium D is ½ everywhere. Here D is "
            "nearly 0 at the generated points.",
        },
        ["The slope of log(1 − σ(f)) in f is −σ(f). What is σ(f) there?"],
        [
            "D is nearly 0 at the generator's points, and the slope of log(1 − σ(f)) is −σ(f) = −D.",
            "JS has reached log 2 and does not change when the points move a little. −log D keeps a slope.",
        ],
        draw.order(4),
    )


@setting("mixture", "A mixture of three codes", reads="u v", state="mode=generate&part=plane")
def mixture(draw: Draw) -> Setting:
    """Ask for a point of the plane with given weights of the corners."""
    b, c = draw.one_of(((0.5, 0.25), (0.25, 0.5), (0.6, 0.6), (0.8, 0.5)))
    a = round(1 - b - c, 2)

    def holds(u: float, v: float) -> tuple[bool, str]:
        said = f"A counts {say(1 - u - v, 2)}, B {say(u, 2)} and C {say(v, 2)}"
        good = abs(u - b) <= 0.05 and abs(v - c) <= 0.05
        return good, said

    return Setting(
        "A place of the plane is z = A + u (B − A) + v (C − A). Go to where the code of B counts "
        f"{b:g} and that of A {brief(a)}, within 0.05.",
        holds,
        {"u": b, "v": c},
        ["What A, B and C count adds up to 1.", "Collect what multiplies A: 1 − u − v."],
        [
            f"u = {b:g}, and 1 − u − v = {brief(a)} makes v = {c:g}.",
            *(["A counts less than 0: the place lies beyond the edge from B to C."] if a < 0 else []),
        ],
    )


def modes_found(figures: Mapping[str, Any], rules: tuple[int, float, float]) -> tuple[float, float] | None:
    """Return the numbers of modes found by WGAN-GP and by the non-saturating loss, as means over the card's seeds.

    `rules` are the steps of D and the learning rates of D and of G. The result is None if these were not played.
    """
    for cell in figures["cells"]:
        if (cell["dsteps"], cell["lrd"], cell["lrg"]) == rules:
            return tuple(fmean(cell["losses"][loss]["modes"]) for loss in ("wgan-gp", "non-saturating"))
    return None


@setting(
    "wgan-behind",
    "Where WGAN-GP covers fewer modes",
    reads="data spectral dsteps lrd lrg",
    state="mode=collapse&dsteps=5&lrd=0.001&lrg=0.001",
)
def wgan_behind(draw: Draw) -> Setting:
    """Ask for rules at which WGAN-GP finds fewer modes than the non-saturating loss, by the card of the games."""
    figures = cards.of("gan-game", {"figures": dict})["figures"]
    played = [(each["dsteps"], each["lrd"], each["lrg"]) for each in figures["cells"]]
    known = {rules: modes_found(figures, rules) for rules in played}
    least = draw.one_of([each for each in (1, 2, 4) if any(plain - w >= each for w, plain in known.values())])
    solved = next(rules for rules, (w, plain) in known.items() if plain - w >= least)

    def holds(data: str, spectral: bool, dsteps: int, lrd: float, lrg: float) -> tuple[bool, str]:
        found = modes_found(figures, (dsteps, lrd, lrg))
        if found is None or spectral or data != figures["data"]:
            return False, "the tables have no game by these rules; choose one of their cells"
        said = f"WGAN-GP finds {say(found[0], 1)} modes and the non-saturating loss {say(found[1], 1)}"
        return found[1] - found[0] >= least, said

    return Setting(
        "Choose a cell of the tables in which WGAN-GP covers, on average over the seeds, at least "
        f"{least} {'mode' if least == 1 else 'modes'} fewer of the {figures['of']} than the non-saturating loss.",
        holds,
        {"data": figures["data"], "spectral": False, **dict(zip(("dsteps", "lrd", "lrg"), solved))},
        ["The generator of WGAN-GP follows its critic's slope. When is the critic a poor one?", "A row is D's steps."],
        [
            f"With {solved[0]} {'step' if solved[0] == 1 else 'steps'} of D and learning rates of {solved[1]:g} and "
            f"{solved[2]:g} it is {say(known[solved][0], 1)} modes against {say(known[solved][1], 1)}.",
            "W₁ is the value of the best critic. One that is trained too little is far from the best, and its slope "
            "hardly points to the data.",
        ],
    )


EXERCISES = (best, value, slope, penalty, wasserstein, far_apart, mixture, wgan_behind)
