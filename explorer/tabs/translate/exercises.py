"""Exercises on translations: losses by hand, medians, patches, permutations, and directions to set."""

import math
from statistics import fmean, median

from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

BOLD, SLANT = "cyclegan-mnist", "cyclegan-slant-mnist"


@number("paired_loss", "Loss of a paired generator", state="mode=paired")
def paired_loss(draw: Draw) -> Number:
    """Ask for the generator's loss, from the discriminator's probability and the mean difference."""
    p, gap, weight = draw.real(0.2, 0.9, 1), draw.real(0.01, 0.09, 2), draw.one_of((1, 10, 100))
    adversarial, error = -math.log(p), weight * gap
    answer = adversarial + error
    return Number(
        f"The discriminator gives each patch of a translation this probability of being real: {brief(p)}. The mean "
        f"absolute "
        f"difference from the real image is {brief(gap)}, and λ = {weight}. What is the generator's loss, in nats?",
        answer,
        0.005,
        ["It is −log D plus λ times the difference.", "The logarithm is the natural one."],
        [f"−log {brief(p)} = {say(adversarial)}, and {weight} · {brief(gap)} = {brief(error)}: {say(answer)}."],
        {"p": p, "gap": gap, "weight": weight},
        slips=[
            (adversarial + gap, "Multiply the difference by λ."),
            (-math.log(1 - p) + error, "The generator wants D to say “real”: take the probability of that."),
            (adversarial, "That is the adversarial term alone."),
        ],
    )


@number("median", "The one answer of L1", state="mode=weight&l1=100")
def one_answer(draw: Draw) -> Number:
    """Ask for the grey level that minimises the mean absolute difference."""
    levels = sorted(draw.whole(0, 99) / 100 for _ in range(5))
    answer, mean = median(levels), fmean(levels)
    shown = [levels[place] for place in draw.order(5)]
    return Number(
        f"Five garments have the same outline. One pixel has the grey levels {', '.join(map(brief, shown))} in them. "
        "With the L1 term alone, which single level is the best answer for this pixel?",
        answer,
        0.004,
        ["Which number has the smallest sum of absolute differences?", "It is not the mean."],
        [f"The sum of absolute differences is smallest at the median: {brief(answer)}."],
        {"levels": levels},
        slips=[(mean, "The mean minimises squared differences."), (levels[-1], "That is the brightest of them.")],
    )


@number("patch", "What one score sees", state="mode=paired")
def patch(draw: Draw) -> Number:
    """Ask for the side of the patch on which one score of a stack of convolutions depends."""
    layers = [(draw.one_of((3, 4, 5)), draw.one_of((1, 2))) for _ in range(3)]
    side, step = 1, 1
    for kernel, stride in layers:
        side, step = side + (kernel - 1) * step, step * stride
    phrase = ", then ".join(f"{kernel} × {kernel} with stride {stride}" for kernel, stride in layers)
    return Number(
        f"A discriminator has three convolutions: {phrase}. On a patch of which side does one score depend, in pixels?",
        side,
        0.01,
        [
            "The first layer sees its kernel.",
            "Each later layer adds (kernel − 1) times the product of earlier strides.",
        ],
        [f"Layer by layer, the side grows to {side} pixels."],
        {"layers": layers},
        slips=[
            (1 + sum(kernel - 1 for kernel, _ in layers), "A stride makes every later layer see more."),
            (math.prod(kernel for kernel, _ in layers), "Sides add up, they do not multiply."),
        ],
    )


@number("cycle_loss", "Loss of two generators", state="mode=unpaired")
def cycle_loss(draw: Draw) -> Number:
    """Ask for the loss of both generators of a CycleGAN."""
    there, back = draw.real(0.1, 0.9, 1), draw.real(0.1, 0.9, 1)
    errors, weight = (draw.real(0.01, 0.2, 2), draw.real(0.01, 0.2, 2)), draw.one_of((1, 5, 10))
    adversarial = (there - 1) ** 2 + (back - 1) ** 2
    answer = adversarial + weight * sum(errors)
    return Number(
        f"Both discriminators use squared errors. They score the translations {brief(there)} and {brief(back)}; 1 "
        f"means real. The errors of the two cycles are {brief(errors[0])} and {brief(errors[1])}, and λ = {weight}. "
        "What is the loss of the two generators?",
        answer,
        0.005,
        ["Each score should be 1.", "Add (1 − score)² of both, and λ times both errors."],
        [f"{say(adversarial)} + {weight} · {brief(round(sum(errors), 2))} = {say(answer)}."],
        {"scores": [there, back], "errors": list(errors), "weight": weight},
        slips=[
            (there**2 + back**2 + weight * sum(errors), "The generators want scores of 1, not of 0."),
            (adversarial + sum(errors), "Multiply the errors by λ."),
            (adversarial, "The cycle loss is missing."),
        ],
    )


@number("permutations", "How many ways to be wrong", state="mode=permutes&term=free")
def permutations(draw: Draw) -> Number:
    """Ask for the number of wrong assignments of classes that the adversarial loss cannot see."""
    many, few = draw.whole(2, 6), draw.whole(2, 5)
    every = math.factorial(many) * math.factorial(few)
    answer = every - 1
    return Number(
        f"In both domains, {many} classes have 200 images each, and {few} others have 50 each. A generator turns each "
        "class into one class. The set that it generates must look like the other domain. How many such assignments "
        "are wrong for at least one class?",
        answer,
        0.01,
        ["Only classes of the same size can change places.", "One of the assignments is right for all classes."],
        [f"There are {many}! · {few}! = {every} assignments, and all but one are wrong: {answer}."],
        {"many": many, "few": few},
        slips=[
            (every, "One of them is right."),
            (math.factorial(many + few) - 1, "Then the number of images of a class would change."),
            (math.factorial(many) + math.factorial(few) - 1, "Both groups can change at once: multiply."),
        ],
    )


@choice("ignored", "Why the noise is ignored", state="mode=many")
def ignored_noise(draw: Draw) -> Choice:
    """Ask why pix2pix gives nearly one answer."""
    return Choice(
        "An outline leaves the grey levels open. Why does pix2pix with a large λ still give nearly the same answer for "
        "all draws of its noise?",
        "The L1 term is smallest for one answer near the median.",
        {
            "The discriminator rejects all other garments.": "Real garments have many grey levels: it accepts them.",
            "Dropout is switched off when images are drawn.": "In pix2pix it stays on: it is the noise.",
            "The outline determines the garment.": "The diffusion finds many garments with this outline.",
        },
        ["Which term of the loss compares with one image?", "What answer minimises a mean absolute difference?"],
        ["For each pixel, the median of all possible levels minimises the L1 term, whatever the noise is."],
        draw.order(4),
    )


@choice("forbids", "What the cycle loss forbids", state="mode=permutes&term=cycle")
def forbids(draw: Draw) -> Choice:
    """Ask what a cycle error of 0 implies."""
    return Choice(
        "Both cycle errors are exactly 0, and the discriminators notice nothing. What follows?",
        "Different digits have different translations.",
        {
            "Each digit keeps its class.": "G may exchange two classes, and F exchanges them back: the errors are 0.",
            "G and F are the identity.": "They change the domain, and the discriminators check that.",
            "Each translation is the computed answer.": "No term of the loss ever compares with that answer.",
        },
        ["F undoes G. What does this say of G?", "Could two digits have the same translation?"],
        ["If F(G(a)) = a for all a, then G never merges two images. But it may exchange classes."],
        draw.order(4),
    )


@setting("direction", "Choose a direction", reads="net way", state="mode=unpaired&way=there")
def direction(draw: Draw) -> Setting:
    """Ask for one of the directions of one of the two translations."""
    net, way, words = draw.one_of(
        ((BOLD, "back", "Make a bold digit thin"), (SLANT, "back", "Make a slanted digit upright"))
    )

    def holds(net: str, way: str, wanted: tuple[str, str] = (net, way)) -> tuple[bool, str]:
        if net != wanted[0]:
            return False, "this translation is between other domains"
        return way == wanted[1], "this is the wanted direction" if way == wanted[1] else "this is the other direction"

    return Setting(
        f"{words}, by a network that was trained without pairs.",
        holds,
        {"net": net, "way": way},
        ["Choose the domains first.", "The second control is the direction."],
        ["The direction “back” goes from the second domain to the first."],
    )


EXERCISES = (paired_loss, one_answer, patch, cycle_loss, permutations, ignored_noise, forbids, direction)
