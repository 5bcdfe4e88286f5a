"""Exercises on diffusion: remaining signal, noising in closed form, the reverse step, guidance, and the score."""

import functools
import math

from explorer.models.schedule import Schedule
from explorer.tabs.diffusion import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

TIMES = 1_000


@number("alpha-bar", "What is left of the signal", state="mode=forward")
def alpha_bar(draw: Draw) -> Number:
    """Ask for ᾱ as a product over a few steps."""
    betas = [draw.real(0.05, 0.4, 2) for _ in range(4)]
    answer = math.prod(1 - beta for beta in betas)
    return Number(
        f"Four steps add noise with β₁ to β₄ = {', '.join(map(brief, betas))}. What is ᾱ₄?",
        answer,
        0.005,
        ["αₜ = 1 − βₜ.", "ᾱₜ is the product of α₁ to αₜ."],
        [
            f"ᾱ₄ = {' · '.join(f'{1 - beta:.2f}' for beta in betas)} = {say(answer, 4)}.",
            f"So x₄ = √ᾱ₄ x₀ + √(1 − ᾱ₄) ε = {say(math.sqrt(answer))} x₀ + {say(math.sqrt(1 - answer))} ε.",
        ],
        {"betas": betas},
        slips=[
            (1 - sum(betas), "The βs do not add up: multiply the 1 − βₜ."),
            (math.prod(betas), "That is the product of the βs: multiply the 1 − βₜ."),
            (math.sqrt(answer), "That is √ᾱ₄, the factor of x₀."),
        ],
    )


@number("noised", "Noise in one go", state="mode=forward")
def noising(draw: Draw) -> Number:
    """Ask for a noised pixel by the closed form."""
    x, eps, alpha = draw.real(-1, 1), draw.one_of((-1, 1)) * draw.real(0.5, 2), draw.real(0.2, 0.8, 2)
    answer = maths.closed_form(x, eps, alpha)
    return Number(
        f"A pixel is x₀ = {brief(x)}, its noise ε = {brief(eps)}, and ᾱₜ = {alpha:g}. What is xₜ?",
        answer,
        0.01,
        ["xₜ = √ᾱₜ x₀ + √(1 − ᾱₜ) ε.", "The squares of the two factors add up to 1."],
        [
            f"√ᾱₜ = {say(math.sqrt(alpha))} and √(1 − ᾱₜ) = {say(math.sqrt(1 - alpha))}.",
            f"xₜ = {say(math.sqrt(alpha))} · ({brief(x)}) + {say(math.sqrt(1 - alpha))} · ({brief(eps)}) = "
            f"{say(answer)}.",
        ],
        {"x": x, "eps": eps, "alpha": alpha},
        slips=[(alpha * x + (1 - alpha) * eps, "The factors are the roots of ᾱₜ and of 1 − ᾱₜ.")],
    )


@number("clean-guess", "From the noise to the image", state="mode=reverse")
def clean_guess(draw: Draw) -> Number:
    """Ask for x̂₀, given a prediction of ε."""
    x_t, eps, alpha = draw.real(-1.5, 1.5), draw.one_of((-1, 1)) * draw.real(0.3, 1.5), draw.real(0.2, 0.6, 2)
    answer = (x_t - math.sqrt(1 - alpha) * eps) / math.sqrt(alpha)
    return Number(
        f"At ᾱₜ = {alpha:g} a pixel is xₜ = {brief(x_t)}, and the network predicts ε̂ = {brief(eps)}. Which x̂₀ "
        "follows, before any clipping?",
        answer,
        0.01,
        ["Solve xₜ = √ᾱₜ x̂₀ + √(1 − ᾱₜ) ε̂ for x̂₀."],
        [
            f"x̂₀ = (xₜ − √(1 − ᾱₜ) ε̂) ÷ √ᾱₜ = ({brief(x_t)} − {say(math.sqrt(1 - alpha))} · ({brief(eps)})) ÷ "
            f"{say(math.sqrt(alpha))} = {say(answer)}.",
        ],
        {"x_t": x_t, "eps": eps, "alpha": alpha},
        slips=[(x_t - math.sqrt(1 - alpha) * eps, "That is √ᾱₜ x̂₀: divide by √ᾱₜ.")],
    )


@number("guided", "Guidance by hand", state="mode=guidance")
def guidance(draw: Draw) -> Number:
    """Ask for a number after classifier-free guidance."""
    free, asked = draw.real(-1, 1), draw.real(-1, 1)
    if abs(free - asked) < 0.3:
        asked = free + 0.5
    w = draw.one_of((2, 3, 5))
    answer = free + w * (asked - free)
    return Number(
        f"Without a class the network predicts ε̂ = {brief(free)} for a pixel, with the class {brief(asked)}. What is "
        f"the guided prediction at w = {w}, if w = 0 leaves the class out and w = 1 gives it?",
        answer,
        0.01,
        ["It lies on the line through both predictions, at w.", "ε̂ without the class, and w times the difference."],
        [f"{brief(free)} + {w} · ({brief(asked)} − ({brief(free)})) = {say(answer)}."],
        {"free": free, "asked": asked, "w": w},
        slips=[
            ((1 + w) * asked - w * free, "In that convention w = 0 gives the class; here w = 1 does."),
            (asked + w * (free - asked), "The difference points from no class to the class."),
        ],
    )


@number("score", "A score from noise", state="mode=field")
def score(draw: Draw) -> Number:
    """Ask for the score by Tweedie's formula, solved for the score."""
    eps, alpha = draw.one_of((-1, 1)) * draw.real(0.3, 1.5), draw.real(0.2, 0.8, 2)
    answer = -eps / math.sqrt(1 - alpha)
    return Number(
        f"At ᾱₜ = {alpha:g} a perfect network predicts ε̂ = {brief(eps)} for a coordinate of xₜ. What is this "
        "coordinate of the score ∇ log q(xₜ)?",
        answer,
        0.01,
        ["The mean of ε given xₜ is −√(1 − ᾱₜ) times the score."],
        [
            f"−ε̂ ÷ √(1 − ᾱₜ) = −({brief(eps)}) ÷ {say(math.sqrt(1 - alpha))} = {say(answer)}.",
            "It points against the noise: to where xₜ is likelier.",
        ],
        {"eps": eps, "alpha": alpha},
        slips=[
            (-answer, "The score points against the noise."),
            (-eps / (1 - alpha), "Divide by the width of the noise, which is the root of 1 − ᾱₜ."),
        ],
    )


@choice("stepwise", "Why so many steps?", state="mode=reverse")
def stepwise(draw: Draw) -> Choice:
    """Ask about the reverse step and its shape."""
    return Choice(
        "The reverse process of DDPM draws each xₜ₋₁ from a Gaussian. What does that require?",
        "Small steps: for most data q(xₜ₋₁ | xₜ) is nearly Gaussian only if βₜ is small.",
        {
            "Gaussian data, since sums of Gaussians are Gaussian.": "They suffice: then steps of any size would do. "
            "But they are not required: with small steps q(xₜ₋₁ | xₜ) is nearly Gaussian for other data, too.",
            "A network with T outputs, one for each of the times.": "One network receives the time as an input; the "
            "number of steps belongs to sampling, not to its outputs.",
            "Nothing: q(xₜ₋₁ | xₜ) is a Gaussian, however large βₜ is.": "That holds for q(xₜ₋₁ | xₜ, x₀). Averaged "
            "over the x₀ that fit xₜ, it is a mixture.",
        },
        ["Which x₀ may have led to xₜ, and can the network determine which one did?"],
        [
            "q(xₜ₋₁ | xₜ, x₀) is Gaussian for every βₜ, but x₀ is not known: q(xₜ₋₁ | xₜ) is a mixture over all x₀.",
            "As βₜ tends to 0 this mixture tends to one Gaussian; with few large steps one Gaussian cannot have its "
            "modes.",
        ],
        draw.order(4),
    )


@functools.cache
def alpha_bar_at(schedule: str, t: int) -> float:
    """Return ᾱₜ of a schedule."""
    return float(Schedule(schedule, TIMES).alphas_cumprod[t])


@setting("nearly-noise", "Nearly noise", reads="schedule t", state="mode=forward&t=300")
def nearly_noise(draw: Draw) -> Setting:
    """Ask for the time with a given signal."""
    kind = draw.one_of(("linear", "cosine"))
    low, high = draw.one_of(((0.05, 0.1), (0.2, 0.25), (0.4, 0.45)))
    solved = next(t for t in range(TIMES) if alpha_bar_at(kind, t) < (low + high) / 2)

    def holds(schedule: str, t: int | None) -> tuple[bool, str]:
        t = TIMES if t is None else t
        found = alpha_bar_at(schedule, t)
        said = f"at t = {t} of the {schedule} schedule ᾱₜ is {say(found)}"
        good = schedule == kind and low < found < high
        return good, said

    return Setting(
        f"Find a time of the {kind} schedule at which ᾱₜ lies between {low:g} and {high:g}.",
        holds,
        {"schedule": kind, "t": solved},
        ["ᾱₜ falls from 1 to nearly 0.", "Both schedules are among the controls, which the button below shows."],
        [
            f"At t = {solved} of the {kind} schedule ᾱₜ is {say(alpha_bar_at(kind, solved))}; the other schedule has "
            f"{say(alpha_bar_at('cosine' if kind == 'linear' else 'linear', solved))} there.",
            "The cosine schedule keeps signal for longer.",
        ],
    )


EXERCISES = (alpha_bar, noising, clean_guess, guidance, score, stepwise, nearly_noise)
