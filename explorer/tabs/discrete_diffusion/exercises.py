"""Exercises on discrete diffusion: absorbing and uniform chains by hand, and one reverse step."""

import math

from explorer.tabs.discrete_diffusion import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

CELLS = 16


@number("absorbed", "How many pixels are still visible", state="mode=chain&chain=absorbing")
def still_visible(draw: Draw) -> Number:
    """Ask for the probability that several pixels are not masked yet."""
    times = draw.one_of((8, 16, 64))
    t, pixels = draw.whole(1, times // 2), draw.whole(2, 4)
    answer = (1 - t / times) ** pixels
    return Number(
        f"In an absorbing chain of T = {times} steps, step t masks each visible pixel with probability "
        f"1 ÷ (T − t + 1), independently of the others. With what probability are {pixels} given pixels all "
        f"still visible after {t} step{'s' if t > 1 else ''}?",
        answer,
        0.005,
        ["What is ᾱₜ, the product of 1 − 1 ÷ (T − s + 1) over s = 1 … t?", "ᾱₜ = 1 − t ÷ T."],
        [
            f"ᾱₜ = 1 − {t} ÷ {times} = {say(1 - t / times, 4)} for each pixel.",
            f"All {pixels}: {say(1 - t / times, 4)} to the power {pixels} = {say(answer, 4)}.",
        ],
        {"times": times, "t": t, "pixels": pixels},
        slips=[
            (1 - t / times, "That is the probability for one of them."),
            (1 - answer, "That is the probability that at least one of them is masked."),
        ],
    )


@number("unmasked", "One step back", state="mode=chain&chain=absorbing&way=back")
def step_back(draw: Draw) -> Number:
    """Ask for the probability that a masked pixel is unmasked at the next reverse step."""
    times = draw.one_of((8, 16))
    t = draw.whole(2, times - 1)
    answer = 1 - maths.before("absorbing", times, t, 1, 2)[2]
    return Number(
        f"In an absorbing chain, a pixel is masked at time s with probability s ÷ T. Here it is masked at t = {t} of "
        f"T = {times}. With what probability was it still visible at t = {t - 1}?",
        answer,
        0.005,
        ["Bayes' rule: it was masked at just this step.", "p(visible at t − 1 and masked at t) ÷ p(masked at t)."],
        [
            f"p(masked at {t}) = {t} ÷ {times}; p(masked at {t} and not at {t - 1}) = 1 ÷ {times}.",
            f"So 1 ÷ {t} = {say(answer)}: T does not matter.",
        ],
        {"times": times, "t": t},
        slips=[
            (1 / times, "That is the probability of being masked at just this step, before anything is known."),
            (1 - answer, "That is the probability that it was masked already."),
        ],
    )


@number("uniform", "A uniform chain", state="mode=chain&chain=uniform")
def uniform(draw: Draw) -> Number:
    """Ask for a probability in a uniform chain with two states."""
    betas = [draw.real(0.1, 0.5, 2) for _ in range(3)]
    kept = math.prod(1 - beta for beta in betas)
    answer = kept + (1 - kept) / 2
    return Number(
        f"In a uniform chain with probability β a pixel is drawn anew, black or white with equal probability; "
        f"otherwise it stays. After "
        f"three steps with β = {', '.join(map(brief, betas))}: how probable is it that a pixel which was white is "
        f"white?",
        answer,
        0.005,
        ["Either it was never drawn anew, or its last draw decides.", "ᾱ + (1 − ᾱ) ÷ 2."],
        [
            f"ᾱ = {' · '.join(f'{1 - beta:.2f}' for beta in betas)} = {say(kept, 4)}.",
            f"{say(kept, 4)} + {say(1 - kept, 4)} ÷ 2 = {say(answer, 4)}.",
        ],
        {"betas": betas},
        slips=[
            (kept, "That is the probability that it was never drawn anew; a draw may be white, too."),
            (math.prod(1 - beta / 2 for beta in betas), "It may also have turned black and white again."),
        ],
    )


@number("expected", "Masked at the end of a step", state="mode=chain&chain=absorbing")
def masked_deviation(draw: Draw) -> Number:
    """Ask for the standard deviation of the number of masked pixels."""
    times, pixels = draw.one_of((8, 16, 56)), draw.one_of((16, 784, 1024))
    t = draw.whole(2, times - 1)
    answer = pixels * t / times
    return Number(
        f"Of {pixels} pixels each is masked at time t with probability t ÷ T, independently. What is the standard "
        f"deviation of the number of masked pixels at t = {t} of T = {times}?",
        math.sqrt(answer * (1 - t / times)),
        0.02,
        ["The number of masked pixels is binomial.", "Its variance is n p (1 − p)."],
        [
            f"p = {t} ÷ {times} = {say(t / times, 4)}; the mean is {say(answer, 2)}.",
            f"√({pixels} · {say(t / times, 4)} · {say(1 - t / times, 4)}) = "
            f"{say(math.sqrt(answer * (1 - t / times)))}.",
        ],
        {"times": times, "pixels": pixels, "t": t},
        unit="pixels",
        slips=[
            (answer, "That is the mean."),
            (answer * (1 - t / times), "That is the variance: take its root."),
        ],
    )


@choice("at-once", "Many pixels at once", state="mode=chain&chain=absorbing")
def at_once(draw: Draw) -> Choice:
    """Ask what is lost if several pixels are unmasked in one step."""
    return Choice(
        "A perfect network gives p(pixel | visible pixels) for every masked pixel. What goes wrong with ten pixels "
        "in a "
        "step that is right with one pixel in each step?",
        "They are drawn independently, though they depend on each other.",
        {
            "Each of them has a wrong distribution of its own.": "Each one's distribution given the visible "
            "pixels is exact; their joint distribution is not.",
            "Nothing: both draw from the same distribution of images.": "Ten in one step draw from another "
            "distribution, with a likelihood of its own: in it the pixels of a step are independent.",
            "They cannot be masked again afterwards.": "That is true of every absorbing chain, also of one that "
            "unmasks one pixel at a time.",
        },
        ["Think of two neighbours that are both white or both black, each way half of the time."],
        [
            "Given the visible pixels, two pixels of one stroke may each be white with probability ½ and always be "
            "the same. "
            "Drawn at once they differ half of the time.",
            "One at a time, the second is predicted when the first is known, and the chain rule is exact.",
        ],
        draw.order(4),
    )


@setting("share", "A share that is masked", reads="chain times t", state="mode=chain&chain=uniform&t=3")
def share(draw: Draw) -> Setting:
    """Ask for a time of the absorbing chain, by the expected share of masked pixels."""
    cells = draw.one_of((4, 10, 12))

    def holds(chain: str, times: int, t: int | None) -> tuple[bool, str]:
        if chain != "absorbing":
            return False, "nothing is masked in a uniform chain"
        t = times if t is None else min(t, times)
        found = CELLS * t / times
        said = f"at t = {t} of T = {times} the mean is {found:g} masked pixels"
        good = found == cells
        return good, said

    return Setting(
        f"Set the chain so that pixels are masked, and go to a time at which {cells} of the sixteen are masked on "
        "average.",
        holds,
        {"chain": "absorbing", "times": 8, "t": cells // 2},
        ["Which of the two chains masks?", "A pixel is masked at t with probability t ÷ T."],
        [f"16 · t ÷ T = {cells} with T = 8 at t = {cells // 2}, in the absorbing chain."],
    )


EXERCISES = (still_visible, step_back, uniform, masked_deviation, at_once, share)
