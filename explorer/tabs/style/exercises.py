"""Exercises on StyleGAN: modulation, truncation, paths, noise and directions."""

import math

from explorer.measures.stylegan import DIRECTIONS
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting


@number("demodulated", "A demodulated weight", state="mode=mix")
def demodulation(draw: Draw) -> Number:
    """Ask for one weight after modulation and demodulation."""
    styles = [draw.whole(1, 4), draw.whole(1, 4)]
    weights = [draw.whole(1, 5), draw.whole(1, 5)]
    first, second = (s * w for s, w in zip(styles, weights))
    answer = first / math.hypot(first, second)
    return Number(
        f"An output channel has two inputs with the weights {weights[0]} and {weights[1]}, and kernels of one pixel. "
        f"The styles of the inputs are {styles[0]} and {styles[1]}. What is the first weight after modulation and "
        "demodulation?",
        answer,
        0.005,
        ["Multiply each weight by the style of its input.", "Then divide by the norm of both products."],
        [f"The products are {first} and {second}.", f"{first} ÷ √({first}² + {second}²) = {say(answer)}."],
        {"styles": styles, "weights": weights},
        slips=[
            (first, "That is the modulated weight: divide by the norm."),
            (weights[0] / math.hypot(*weights), "The styles come first."),
            (first / (first + second), "The norm is the root of the sum of squares."),
        ],
    )


@number("truncated", "A truncated w", state="mode=truncate")
def truncation(draw: Draw) -> Number:
    """Ask for one coordinate of a truncated w."""
    mean, w, psi = draw.real(-2, 2), draw.real(3, 6), draw.real(0.2, 0.8)
    answer = mean + psi * (w - mean)
    return Number(
        f"In one coordinate, the mean of w is {brief(mean)}, and a code has w = {brief(w)}. "
        f"What is it after truncation with ψ = {brief(psi)}?",
        answer,
        0.01,
        ["ψ is the share of the distance from the mean that is left."],
        [f"{brief(mean)} + {brief(psi)} · ({brief(w)} − {brief(mean)}) = {say(answer)}.".replace("− −", "+ ")],
        {"mean": mean, "w": w, "psi": psi},
        slips=[
            (psi * w, "Truncation moves towards the mean, not towards 0."),
            (w + psi * (mean - w), "ψ = 1 must leave w as it is."),
        ],
    )


@number("styles", "Counting combinations", state="mode=mix")
def styles(draw: Draw) -> Number:
    """Ask how many images a number of codes gives if each resolution may choose."""
    codes, levels = draw.whole(3, 12), draw.whole(3, 5)
    answer = codes**levels
    return Number(
        f"A generator has {levels} resolutions, each with a style of its own. You have {codes} codes. "
        "How many images can you combine from them, with fixed noise?",
        answer,
        0.4,
        ["Each resolution chooses one of the codes, independently of the others."],
        [f"{codes} to the power {levels} is {answer}."],
        {"codes": codes, "levels": levels},
        slips=[
            (codes * levels, "The choices multiply."),
            (math.comb(codes, levels), "A code may be used at several resolutions."),
        ],
    )


@number("length", "A path length by hand", state="mode=path")
def length(draw: Draw) -> Number:
    """Ask for a perceptual path length from a feature that is linear and one that bends."""
    first, second = draw.whole(2, 6), draw.whole(1, 5)
    answer = first**2 + 4 * second**2 / 3
    return Number(
        f"Along a path, two features are φ₁(t) = {first}t and φ₂(t) = {second}t². The place t is uniform from 0 to 1. "
        "What is the perceptual path length, the mean squared speed of the features?",
        answer,
        0.01 * answer,
        ["Differentiate both features.", "The mean of t² over 0 to 1 is 1/3."],
        [f"The speeds are {first} and {2 * second}t. So the mean is {first}² + {4 * second**2}/3 = {say(answer)}."],
        {"first": first, "second": second},
        slips=[
            (first**2 + second**2, "That is the squared distance of the ends."),
            (first + second, "The speeds are squared before the mean."),
        ],
    )


@choice("mapping", "Why a mapping network?", state="mode=path")
def mapping(draw: Draw) -> Choice:
    """Ask what the mapping network is for."""
    return Choice(
        "The generator could take z directly. What does the mapping network add?",
        "The distribution of w is learned, so w need not be warped to fill a Gaussian.",
        {
            "It makes the code shorter, so that the generator needs fewer weights.": "w has twice as many numbers.",
            "It encodes images, so that each image has its own code.": "It maps codes to codes and sees no image.",
            "It adds noise to the code, so that the samples vary more.": "It has no noise: one z gives one w.",
        },
        ["What is fixed about z, and what about w?"],
        ["z has a fixed distribution. Rare combinations must then be squeezed in; in w they may be missing."],
        draw.order(4),
    )


@choice("recall", "What truncation costs", state="mode=truncate&psi=0.3")
def recall(draw: Draw) -> Choice:
    """Ask what a small ψ does."""
    return Choice(
        "A paper shows samples with ψ = 0.3. They look flawless. What should you ask for?",
        "The recall at this ψ: unusual images may be missing.",
        {
            "The precision at this ψ: it must have fallen.": "Images near the mean are seldom unlike real ones.",
            "The loss of the discriminator at this ψ.": "It was trained on samples without truncation.",
            "The number of weights at this ψ.": "Truncation changes w alone.",
        },
        ["What do all truncated images have in common?"],
        ["They are close to the mean. So they cover only a part of the real images."],
        draw.order(4),
    )


@setting("typical", "More typical", reads="psi", state="mode=truncate&psi=1")
def typical(draw: Draw) -> Setting:
    """Ask for a truncation that leaves a given share of the distance."""
    left = draw.whole(2, 7)

    def holds(psi: float) -> tuple[bool, str]:
        return math.isclose(psi, left / 10, abs_tol=0.01), f"{psi:.0%} of the distance is left"

    return Setting(
        f"Set ψ so that each w loses {100 - 10 * left} % of its distance from the mean.",
        holds,
        {"psi": left / 10},
        ["ψ is what is left, not what is lost."],
        [f"ψ = {brief(left / 10)} leaves {10 * left} %."],
    )


@setting("opposite", "Two directions at once", reads="along", state="mode=directions")
def opposite(draw: Draw) -> Setting:
    """Ask for places along two directions."""
    first, second = draw.whole(1, 3), draw.whole(1, 3)
    solved = (first, -second, *(0,) * (DIRECTIONS - 2))

    def holds(along: tuple[float, ...]) -> tuple[bool, str]:
        where = f"direction 1 is at {brief(along[0])} and direction 2 at {brief(along[1])}"
        return tuple(along) == solved, where

    return Setting(
        f"Move {first} standard deviations along direction 1 and {second} against direction 2. Leave the others at 0.",
        holds,
        {"along": list(solved)},
        ["Against a direction is negative."],
        [f"Set the first slider to {first} and the second to −{second}."],
    )


EXERCISES = (demodulation, truncation, styles, length, mapping, recall, typical, opposite)
