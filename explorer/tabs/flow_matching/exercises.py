"""Exercises on flow matching: straight paths, Euler's steps, and quantities computed from a velocity."""

import math

from explorer.tabs.flow_matching import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting


@number("euler", "One step of Euler", state="mode=reflow")
def euler(draw: Draw) -> Number:
    """Ask for Euler steps along the straight path of one pair."""
    noise, point = draw.real(-2, 2), draw.real(-2, 2)
    t, h = draw.one_of((0.2, 0.25, 0.5)), draw.one_of((0.1, 0.2, 0.4))
    if abs(noise - point) < 0.5:
        point = noise + 1
    x = (1 - t) * noise + t * point
    answer = x + h * (point - noise)
    return Number(
        f"A path goes straight from the noise x₀ = {brief(noise)} at t = 0 to the point x₁ = {brief(point)} at t = 1. "
        f"From where it is at t = {t:g}, where does one step of Euler of length {h:g} along its velocity lead?",
        answer,
        0.01,
        ["xₜ = (1 − t) x₀ + t x₁.", "Its velocity is x₁ − x₀, at all times."],
        [
            f"xₜ = {1 - t:g} · ({brief(noise)}) + {t:g} · ({brief(point)}) = {say(x)}, v = {brief(point - noise)}.",
            f"{say(x)} + {h:g} · ({brief(point - noise)}) = {say(answer)}: on the path, since it is straight.",
        ],
        {"noise": noise, "point": point, "t": t, "h": h},
        slips=[
            (x - h * (point - noise), "Here t = 0 is noise: the velocity points to the data."),
            (x, "That is where the path is before the step."),
        ],
    )


@number("end-guess", "Where a velocity leads", state="mode=fields&coupling=independent&view=data")
def end_guess(draw: Draw) -> Number:
    """Ask for x̂₁, given x, t and v."""
    x, t, v = draw.real(-2, 2), draw.one_of((0.2, 0.3, 0.4, 0.6, 0.7)), draw.one_of((-1, 1)) * draw.real(0.5, 2)
    answer, noise, _ = maths.words_for(x, t, v)
    return Number(
        f"At t = {t:g} a point is at x = {brief(x)}, and the mean velocity there is v = {brief(v)}. What is the mean "
        "of the data point x₁, given x?",
        answer,
        0.01,
        ["On each straight path x₁ = x + (1 − t)(x₁ − x₀).", "Take the mean given x on both sides."],
        [f"x̂₁ = x + (1 − t) v = {brief(x)} + {1 - t:g} · ({brief(v)}) = {say(answer)}."],
        {"x": x, "t": t, "v": v},
        slips=[(noise, "That is the mean of the noise, x − t v."), (x + v, "Only a share 1 − t of the path is left.")],
    )


@number("score", "A score from a velocity", state="mode=fields&coupling=independent&view=score")
def score(draw: Draw) -> Number:
    """Ask for the score of the density at time t."""
    x, t, v = draw.real(-2, 2), draw.one_of((0.2, 0.5, 0.6, 0.8)), draw.one_of((-1, 1)) * draw.real(0.5, 2)
    _, noise, answer = maths.words_for(x, t, v)
    return Number(
        f"At t = {t:g} a point is at x = {brief(x)}, and the mean velocity is v = {brief(v)}; the noise is Gaussian "
        "and independent of the data, and paths are straight. What is the score ∇ log pₜ(x)?",
        answer,
        0.01,
        [
            "The mean of the noise given x is x − t v.",
            "The noise has the factor 1 − t in xₜ: divide by it, with a minus.",
        ],
        [
            f"x̂₀ = {brief(x)} − {t:g} · ({brief(v)}) = {say(noise)}.",
            f"−{1 / (1 - t):.3g} · ({say(noise)}) = {say(answer)}.",
        ],
        {"x": x, "t": t, "v": v},
        slips=[
            (-answer, "The score points away from the noise."),
            (-noise, "Divide by 1 − t, the noise's width at t."),
        ],
    )


@number("steps", "What a curve costs Euler", state="mode=solvers")
def steps(draw: Draw) -> Number:
    """Ask for the error of Euler's method with a velocity that depends on x."""
    n, x = draw.whole(2, 6), draw.whole(1, 5)
    answer = x * (1 - 1 / n) ** n - x * math.exp(-1)
    return Number(
        f"dx/dt = −x from x = {x} at t = 0 has x(1) = {x} e⁻¹. By how much does Euler with {n} equal steps miss it "
        "(its end less the true one)?",
        answer,
        0.005,
        [f"Each step multiplies x by 1 − 1 ÷ {n}."],
        [
            f"Euler ends at {x} · (1 − 1 ÷ {n})^{n} = {say(x * (1 - 1 / n) ** n, 4)}; the truth is "
            f"{say(x * math.exp(-1), 4)}.",
            f"The difference is {say(answer, 4)}; it halves, about, with twice as many steps.",
        ],
        {"n": n, "x": x},
        slips=[(-answer, "That is the true end less Euler's."), (x * (1 - 1 / n) ** n, "That is where Euler ends.")],
    )


@choice("crossing", "Where lines cross", state="mode=paths")
def crossing(draw: Draw) -> Choice:
    """Ask for the minimiser of the regression where paths cross: a mean."""
    return Choice(
        "At a place and time many straight training lines cross, with different velocities. Which velocity does a "
        "perfectly trained network predict there?",
        "Their mean, weighted by how likely each line is there.",
        {
            "That of the line which is nearest to the place.": "All of these lines pass there; the squared error is "
            "least at their mean, not at any of them.",
            "One of them, drawn anew at each evaluation.": "It is a function of x and t: evaluated again, it "
            "gives the same.",
            "None: the lines must not cross for it to be defined.": "The training lines may cross. The paths of the "
            "learned velocity cannot, and so they bend.",
        },
        ["What is the minimum of a squared error?"],
        [
            "The loss is E ‖v(xₜ, t) − (x₁ − x₀)‖², whose minimum is v(x, t) = E[x₁ − x₀ | xₜ = x].",
            "Paths along it do not cross, have the same density at each t as the lines, and are in general not "
            "straight.",
        ],
        draw.order(4),
    )


@setting("noise-left", "How much noise is left", reads="time", state="mode=paths&time=0.5")
def noise_left(draw: Draw) -> Setting:
    """Ask for the time with a given variance of the noise."""
    share = draw.one_of((0.04, 0.09, 0.64))

    def holds(time: float | None) -> tuple[bool, str]:
        time = 1 if time is None else time
        found = (1 - time) ** 2
        good = abs(found - share) <= 0.02
        return good, f"at t = {say(time, 2)} the variance of the noise is {say(found)}"

    return Setting(
        "xₜ = (1 − t) x₀ + t x₁ with noise x₀ from N(0, I). Go to the time at which the noise in each coordinate of "
        f"xₜ has the variance {share:g}, within 0.02.",
        holds,
        {"time": round(1 - math.sqrt(share), 2)},
        ["The noise is multiplied by 1 − t.", "A factor is squared in the variance."],
        [f"(1 − t)² = {share:g}, so t = 1 − {math.sqrt(share):g} = {1 - math.sqrt(share):g}."],
    )


EXERCISES = (euler, end_guess, score, steps, crossing, noise_left)
