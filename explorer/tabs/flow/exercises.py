"""Exercises on flows: a change of variables, one coupling, bits per dimension, and the typical set."""

import math

from explorer.tabs.flow import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

PIXELS = 784


@number("affine", "A change of variables", state="mode=variables")
def affine(draw: Draw) -> Number:
    """Ask for the density of a scaled and shifted Gaussian."""
    a, b = draw.one_of((-1, 1)) * draw.one_of((0.5, 2, 2.5, 4)), draw.real(-2, 2)
    z = draw.real(-1.5, 1.5)
    y = round(a * z + b, 2)
    z = (y - b) / a
    answer = math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) / abs(a)
    return Number(
        f"x is drawn from N(0, 1), and y = {brief(a)} x + {brief(b)}. What is the density of y at {brief(y)}?",
        answer,
        0.005,
        ["Which x leads to this y?", "p(y) = N(x; 0, 1) ÷ |dy/dx|."],
        [
            f"x = ({brief(y)} − ({brief(b)})) ÷ ({brief(a)}) = {say(z)}, where N(x; 0, 1) = {say(answer * abs(a), 4)}.",
            f"p(y) = {say(answer * abs(a), 4)} ÷ {abs(a):g} = {say(answer, 4)}.",
        ],
        {"a": a, "b": b, "y": y},
        slips=[
            (answer * abs(a), "That is the density of x: divide by |dy/dx|."),
            (answer * a**2, "Divide by |dy/dx| instead of multiplying by it."),
        ],
    )


@number("coupling", "One coupling", state="mode=coupling")
def coupling(draw: Draw) -> Number:
    """Ask for a log-density by one affine coupling."""
    x1, x2, s, t = draw.real(-1.5, 1.5), draw.real(-1.5, 1.5), draw.real(0.3, 1.2), draw.real(-1, 1)
    y2, answer = maths.couple(x1, x2, s, t)
    return Number(
        f"A flow from data x to noise z keeps z₁ = x₁ and makes z₂ = eˢ x₂ + t, where x₁ determines s = {s:g} and "
        f"t = {brief(t)}. What is log p(x) of x = ({brief(x1)}, {brief(x2)}), if z has N(0, I)?",
        answer,
        0.01,
        ["log p(x) = log N(z; 0, I) + log |det dz/dx|.", "The Jacobian is triangular, with 1 and eˢ on its diagonal."],
        [
            f"z = ({brief(x1)}, {say(y2)}) and log N(z; 0, I) = −log 2π − ½ ‖z‖² = {say(answer - s)}.",
            f"log |det| = s = {s:g}, so log p(x) = {say(answer)} nats.",
        ],
        {"x1": x1, "x2": x2, "s": s, "t": t},
        unit="nats",
        slips=[
            (answer - s, "The logarithm of the determinant is missing."),
            (answer - 2 * s, "The map is from x to z, so its log-determinant is added."),
        ],
    )


@number("bits", "Bits per dimension", state="mode=fifth&net=flow-mnist")
def bits(draw: Draw) -> Number:
    """Ask for bits per dimension, from a log-density of pixels between 0 and 1."""
    nats = draw.whole(2600, 3700)
    answer = math.log2(256) - nats / (PIXELS * math.log(2))
    return Number(
        f"A flow gives a dequantised image of 784 pixels, scaled to lie between 0 and 1, log p(x) = {nats} nats. How "
        "many bits per dimension are that for 256 levels?",
        answer,
        0.01,
        ["A level is 1/256 wide: its probability is about p(x) ÷ 256 for each pixel.", "A bit is log 2 nats."],
        [
            f"In units of a level log p = {nats} − 784 log 256 = {say(nats - PIXELS * math.log(256), 1)} nats.",
            f"{say(PIXELS * math.log(256) - nats, 1)} ÷ (784 log 2) = {say(answer)} bits per dimension.",
        ],
        {"nats": nats},
        unit="bits",
        slips=[
            (-nats / (PIXELS * math.log(2)), "That is for densities of pixels from 0 to 1; a level is 1/256 wide."),
            (answer * math.log(2), "Those are nats per dimension."),
        ],
    )


@number("typical", "How far the mode is", state="mode=warp")
def typical(draw: Draw) -> Number:
    """Ask for the expected squared length of Gaussian noise at a temperature."""
    dim, temperature = draw.one_of((200, 450, 784, 1152, 3072)), draw.one_of((0.5, 0.7, 0.8, 1.2))
    answer = maths.length(dim, temperature)[0]
    return Number(
        f"z has {dim} dimensions and is drawn from N(0, I), then multiplied by the temperature {temperature:g}. What "
        "is the mean of ‖Tz‖²?",
        answer,
        0.5,
        [
            f"‖z‖² is a sum of {dim} squares.",
            "Each square has the mean 1; the temperature multiplies z, not its square.",
        ],
        [
            f"E ‖Tz‖² = T² d = {temperature:g}² · {dim} = {say(answer, 1)}.",
            f"Its standard deviation is T² √(2d) = {say(maths.length(dim, temperature)[1], 1)}, so that draws lie in a "
            "thin shell far from the mode z = 0.",
        ],
        {"dim": dim, "temperature": temperature},
        slips=[
            (temperature * dim, "The length is squared, so the temperature is squared as well."),
            (float(dim), "That is the mean at temperature 1."),
        ],
    )


@choice("why-couplings", "Why couplings?", state="mode=coupling")
def why_couplings(draw: Draw) -> Choice:
    """Ask why the determinant of a coupling is cheap."""
    return Choice(
        "One half of x is kept and determines how the other half is scaled and shifted. Which networks may compute s "
        "and t from the kept half?",
        "Any: neither the inverse nor the determinant of the coupling needs theirs.",
        {
            "Invertible, or the coupling is not invertible.": "The kept half is known on both sides, so s and t are "
            "computed "
            "anew; the networks are never inverted.",
            "Linear, so that the Jacobian is triangular.": "It is triangular for any networks: the kept half does not "
            "depend on the other one.",
            "Positive, so that no area changes its orientation.": "The scale is eˢ, which is positive for every s; the "
            "shift may be anything.",
        },
        ["Write the Jacobian in four blocks, and the inverse as two lines."],
        [
            "y₁ = x₁ and y₂ = eˢ⁽ˣ¹⁾ x₂ + t(x₁): the Jacobian has the blocks I and diag eˢ on its diagonal and 0 "
            "above, so its log-determinant is the sum of s.",
            "The inverse is x₁ = y₁, x₂ = (y₂ − t(y₁)) e⁻ˢ⁽ʸ¹⁾. The slopes of s and t occur in neither.",
        ],
        draw.order(4),
    )


@setting("cooler", "Cooler noise", reads="temperature", state="net=flow-mnist&mode=layers&part=typical")
def cooler(draw: Draw) -> Setting:
    """Ask for the temperature at which the noise has a given squared length."""
    share = draw.one_of((0.25, 0.5, 0.64))

    def holds(temperature: float) -> tuple[bool, str]:
        found = maths.length(PIXELS, temperature)[0] / PIXELS
        good = abs(found - share) <= 0.03
        said = f"at T = {say(temperature, 2)} the mean of ‖Tz‖² is {say(found, 2)} · 784"
        return good, said

    return Setting(
        f"Find the temperature at which the mean of ‖Tz‖² is {share:g} · 784, within 0.03 · 784.",
        holds,
        {"temperature": round(math.sqrt(share), 3)},
        ["The temperature multiplies z.", "The controls have it: the button below shows them."],
        [f"T² = {share:g}, so T = {say(math.sqrt(share))}."],
    )


EXERCISES = (affine, coupling, bits, typical, why_couplings, cooler)
