"""Exercises on metrics of sets: Fréchet distance, Inception score, density and coverage, and damages to choose."""

import math

from explorer.damages import DAMAGES, FEWEST, Damage
from explorer.metrics import AROUND
from explorer.tabs.kit.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

IMAGES = 500


@number("frechet", "Fréchet distance of two Gaussians", state="mode=damage")
def frechet(draw: Draw) -> Number:
    """Ask for the Fréchet distance of two Gaussians with diagonal covariances."""
    gap = draw.whole(1, 5)
    widths = [draw.whole(1, 9) for _ in range(4)]
    (a, b), (c, d) = widths[:2], widths[2:]
    of_widths = (a - c) ** 2 + (b - d) ** 2
    answer = gap**2 + of_widths
    return Number(
        f"Two sets of features in a plane have diagonal covariances. The variances of the one are {a * a} and {b * b}, "
        f"those of the other {c * c} and {d * d}. Their means are {gap} apart along the first axis. What is the "
        "Fréchet distance?",
        answer,
        0.01,
        ["It has one term of the means and one of the covariances.", "Along each axis, compare standard deviations."],
        [
            f"The means contribute {gap}² = {gap**2}.",
            f"The widths contribute ({a} − {c})² + ({b} − {d})² = {of_widths}, so the distance is {answer}.",
        ],
        {"gap": gap, "widths": widths},
        slips=[
            (of_widths, "That is the term of the covariances alone."),
            (gap**2, "That is the term of the means alone."),
            (gap**2 + (a * a - c * c) ** 2 + (b * b - d * d) ** 2, "Take the roots of the variances first."),
            (gap + of_widths, "The distance of the means is squared."),
        ],
    )


@number("inception", "Inception score of certain predictions", state="mode=damage&damage=drop")
def inception(draw: Draw) -> Number:
    """Ask for the Inception score if the classifier is confident about every image."""
    first = draw.real(0.5, 0.8, 2)
    second = round(draw.real(0.1, 0.9, 1) * (1 - first), 3)
    parts = [first, second, round(1 - first - second, 3)]
    entropy = -sum(p * math.log(p) for p in parts)
    answer = math.exp(entropy)
    listed = ", ".join(brief(p) for p in parts)
    return Number(
        f"The classifier is certain about the class of every generated image. Three classes appear, with the shares "
        f"{listed}. What is the Inception score?",
        answer,
        0.01,
        ["If every prediction is certain, only the entropy of the class shares counts.", "Exponentiate it, in nats."],
        [f"The entropy is {say(entropy)} nats, and e to this power is {say(answer)}."],
        {"parts": parts},
        slips=[
            (entropy, "That is the entropy: exponentiate it."),
            (2**entropy, "The entropy in nats goes with the base e."),
            (3, "That would be three equal shares."),
        ],
    )


@number("density", "Density by hand", state="mode=damage&damage=copies")
def density(draw: Draw) -> Number:
    """Ask for a density from the number of neighbourhoods around each generated point."""
    inside = [draw.whole(0, 12) for _ in range(4)]
    answer = sum(inside) / (AROUND * len(inside))
    return Number(
        f"Four generated images lie within {inside[0]}, {inside[1]}, {inside[2]} and {inside[3]} neighbourhoods of "
        f"real images. Each neighbourhood reaches to the {AROUND}th nearest real image. What is the density?",
        answer,
        0.01,
        ["Sum the neighbourhoods.", f"A real image would lie within about {AROUND} of them: divide by that, too."],
        [f"{sum(inside)} ÷ ({AROUND} · {len(inside)}) = {say(answer)}."],
        {"inside": inside},
        slips=[
            (sum(inside) / len(inside), f"Divide by the {AROUND} neighbours as well."),
            (sum(inside) / AROUND, "Divide by the number of generated images as well."),
            (sum(each > 0 for each in inside) / len(inside), "That is how many lie in any neighbourhood at all."),
        ],
    )


@number("coverage", "Coverage of a perfect generator", state="mode=sizes&metric=coverage")
def coverage(draw: Draw) -> Number:
    """Ask for the expected coverage if both sets are of one distribution."""
    around, n = draw.whole(2, 4), 10 * draw.whole(2, 20)
    missed = math.prod((n - j) / (2 * n - j) for j in range(1, around + 1))
    answer = 1 - missed
    return Number(
        f"{n:,} generated and {n:,} real images come from one distribution. A real image is covered if one of the "
        f"{around} nearest of all other images is generated. What share of the real images is covered, on average?",
        answer,
        0.003,
        [
            f"Of the {2 * n - 1:,} other images, {n - 1:,} are real. How likely is it that the nearest one is real?",
            f"Multiply {around} such ratios, without replacement, and subtract the product from 1.",
        ],
        [f"All {around} are real with probability {say(missed, 4)}, so the coverage is {say(answer, 4)}."],
        {"around": around, "n": n},
        slips=[
            (missed, "That is the share that is not covered."),
            (1.0, "A generator can miss a neighbourhood by chance."),
        ],
    )


@choice("memorised", "Which metric detects copies of training images?", state="mode=damage&damage=memorise&strength=1")
def memorised(draw: Draw) -> Choice:
    """Ask which metric detects memorised images."""
    return Choice(
        "A generator outputs exactly the images of its training set. The metrics compare with this set. Which of them "
        "shows that something is wrong?",
        "The nearest training image: its distance is 0.",
        {
            "The Fréchet distance: it grows beyond its floor.": "Equal sets have equal moments, so it is 0.",
            "Recall: it falls to a low value.": "Every training image lies among the generated ones, so recall is 1.",
            "Density: it falls to a low value.": "Each copy lies amid real images, so the density stays about 1.",
        },
        ["Which metrics compare the two sets as a whole?", "What would equal sets score?"],
        ["Metrics of two sets are best for equal sets. Only the distance of each image to its nearest one reveals it."],
        draw.order(4),
    )


@choice("bias", "Why fewer images look worse", state="mode=sizes&metric=frechet")
def bias(draw: Draw) -> Choice:
    """Ask why the Fréchet distance of few images is too large."""
    return Choice(
        "Two sets of real images have a Fréchet distance above 0. It falls when the sets grow. Why?",
        "Few images give inexact moments: errors add up.",
        {
            "Small sets contain more unusual images.": "The images are drawn at random from the same ones.",
            "The classifier needs many images at once.": "It computes the features of each image by itself.",
            "The distance sums over the images.": "It compares two means and two covariances, whatever the number.",
        },
        ["What is computed from the images before anything is compared?", "Can a squared deviation be negative?"],
        [
            "The distance is a sum of squares, so errors of the moments never cancel.",
            "The kernel distance corrects for it.",
        ],
        draw.order(4),
    )


@setting("few", "Few different images", reads="damage strength", state="mode=damage&damage=copies&strength=0")
def few(draw: Draw) -> Setting:
    """Ask for copies of at most so many images."""
    most = draw.one_of((40, 80, 160))

    def holds(damage: str, strength: float) -> tuple[bool, str]:
        different = round(IMAGES * (FEWEST / IMAGES) ** strength)
        if damage != "copies":
            return False, "this damage copies no images"
        return different <= most, f"{different} different images are left"

    least = math.ceil(10 * math.log(most / IMAGES) / math.log(FEWEST / IMAGES)) / 10
    return Setting(
        f"Leave at most {most} different images in the set of {IMAGES}, by copying.",
        holds,
        {"damage": "copies", "strength": least},
        [f"The number falls from {IMAGES} to {FEWEST}, by equal ratios.", "Raise the strength, step by step."],
        [f"At strength {brief(least)}, {round(IMAGES * (FEWEST / IMAGES) ** least)} different images are left."],
    )


@setting("untouched", "Only real images", reads="damage strength", state="mode=damage&damage=blur&strength=0.5")
def untouched(draw: Draw) -> Setting:
    """Ask for a damage of the set that changes no image."""
    least = draw.real(0.5, 0.8, 1)

    def holds(damage: str, strength: float) -> tuple[bool, str]:
        if DAMAGES[damage].paint is not Damage.paint:
            return False, "this damage changes the images themselves"
        return strength >= least, f"every image is real, at strength {brief(strength)}"

    return Setting(
        f"Damage the set with at least strength {brief(least)}, but so that each of its images stays a real one.",
        holds,
        {"damage": "imbalance", "strength": 1},
        ["Look at single images of the sheet.", "A set can be wrong although each of its images is right."],
        ["With class imbalance, only the number of images of each class changes."],
    )


EXERCISES = (frechet, inception, density, coverage, memorised, bias, few, untouched)
