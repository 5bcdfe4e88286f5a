"""Exercises on autoregressive models: the chain rule by hand, bits, temperature, masks, and a likelihood."""

import functools
import math

import torch

from explorer import data
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.tabs.autoregressive import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

MNIST = "pixelcnn-mnist"


@number("chain-rule", "The chain rule by hand", state="mode=chain")
def chain_rule(draw: Draw) -> Number:
    """Ask for −log p of four pixels by the chain rule."""
    white, pixels = [draw.real(0.1, 0.9) for _ in range(4)], [draw.whole(0, 1) for _ in range(4)]
    each = [p if x else 1 - p for p, x in zip(white, pixels)]
    answer = -math.log(math.prod(each))
    return Number(
        f"Another model than the one shown draws the image {''.join(map(str, pixels))}, four pixels in turn. Given the "
        f"pixels before it, each was 1 with probability {', '.join(map(brief, white))}. What is −log p(x)?",
        answer,
        0.01,
        ["p(x) is the product of the probabilities of the actual values.", "A pixel that is 0 has 1 − p."],
        [
            f"p(x) = {' · '.join(f'{one:.1f}' for one in each)} = {math.prod(each):.4g}.",
            f"−log p(x) = {' + '.join(say(-math.log(one)) for one in each)} = {say(answer)} nats.",
        ],
        {"white": white, "pixels": pixels},
        unit="nats",
        slips=[
            (-sum(map(math.log, white)), "For a pixel that is 0, use 1 − p."),
            (-answer, "−log of a probability is not below 0."),
            (answer / math.log(2), "That is in bits: use the natural logarithm."),
        ],
    )


@number("bits", "Bits per dimension", state="mode=score")
def bits(draw: Draw) -> Number:
    """Ask for bits per dimension, from the nats of an image."""
    pixels, nats = draw.one_of((784, 1024, 3072)), draw.whole(1200, 3500)
    answer = nats / pixels / math.log(2)
    return Number(
        f"A model of {pixels} numbers of 256 levels gives −log p(x) = {nats} nats of an image. How many bits per "
        "dimension are that?",
        answer,
        0.01,
        ["A bit is log 2 nats.", f"There are {pixels} dimensions."],
        [f"{nats} ÷ ({pixels} · 0.6931) = {say(answer)}.", "A uniform guess among 256 levels costs 8 bits."],
        {"pixels": pixels, "nats": nats},
        unit="bits",
        slips=[
            (nats / pixels, "Those are nats per dimension."),
            (nats / pixels * math.log(2), "Divide by log 2 instead of multiplying by it."),
        ],
    )


@number("tempered", "A temperature", state="mode=generate")
def tempering(draw: Draw) -> Number:
    """Ask for one of three probabilities at a temperature."""
    first, second = draw.real(0.4, 0.6, 2), draw.real(0.15, 0.3, 2)
    p, temperature = [first, second, round(1 - first - second, 2)], draw.one_of((0.5, 2))
    answer = maths.temper(p, temperature)[0]
    return Number(
        f"A model says that a value is A, B or C with probabilities {', '.join(map(brief, p))}. Its logits are divided "
        f"by the temperature {temperature:g}. How probable is A then?",
        answer,
        0.005,
        ["Logits divided by T are probabilities to the power 1 ÷ T.", "Divide by their sum."],
        [
            f"To the power {1 / temperature:g}: {', '.join(say(each ** (1 / temperature)) for each in p)}.",
            f"{say(p[0] ** (1 / temperature))} ÷ {say(sum(each ** (1 / temperature) for each in p))} = {say(answer)}.",
        ],
        {"p": p, "temperature": temperature},
        slips=[
            (maths.temper(p, 1 / temperature)[0], "The power is 1 ÷ T, not T."),
            (p[0] ** (1 / temperature), "The powers do not add up to 1: divide by their sum."),
        ],
    )


@number("rows-above", "How far up a pixel sees", state="mode=masks")
def rows_above(draw: Draw) -> Number:
    """Ask for the upward reach of masked convolutions."""
    kernel, layers = draw.one_of((3, 5, 7)), draw.whole(2, 9)
    answer = layers * (kernel - 1) // 2
    return Number(
        f"A PixelCNN has {layers} layers of masked convolutions, each {kernel} × {kernel}. How many rows above its own "
        "can the prediction of a pixel depend on?",
        answer,
        0.25,
        ["How many rows above its own does one layer read?", "Each layer adds as many."],
        [f"One layer reads ({kernel} − 1) ÷ 2 = {(kernel - 1) // 2} rows above; {layers} layers read {answer}."],
        {"kernel": kernel, "layers": layers},
        unit="rows",
        slips=[
            (layers * kernel, "Only the half of the kernel above its middle looks up."),
            (layers * (kernel - 1), "A kernel reaches as far down as up, and below the middle it is masked."),
        ],
    )


@number("gaussian", "Squared error in disguise", state="mode=generate")
def gaussian(draw: Draw) -> Number:
    """Ask for the negative log-likelihood of two numbers under Gaussian conditionals."""
    x, mu = ([draw.real(-1, 1) for _ in range(2)] for _ in range(2))
    sigma = draw.one_of((0.3, 0.5, 2))
    each = [maths.gaussian_nll(*pair, sigma) for pair in zip(x, mu)]
    answer, squares = sum(each), sum((a - b) ** 2 for a, b in zip(x, mu))
    return Number(
        f"Two numbers are x = ({', '.join(map(brief, x))}); the model predicts each as N(μ, {sigma:g}²), with "
        f"μ = ({', '.join(map(brief, mu))}) in turn. What is −log p(x)?",
        answer,
        0.01,
        ["Add up −log N(x; μ, σ²) of both.", "(x − μ)² ÷ 2σ² + log (σ √2π) each."],
        [
            f"Σ (x − μ)² = {say(squares)}; {say(squares)} ÷ (2 · {sigma:g}²) + 2 log ({sigma:g} √2π) = {say(answer)}.",
            "With σ fixed only the squares depend on the model: likelihood is squared error.",
        ],
        {"x": x, "mu": mu, "sigma": sigma},
        unit="nats",
        slips=[(squares / (2 * sigma**2), "The constants 2 log (σ √2π) are missing.")],
    )


@choice("parallel", "Fast to train, slow to draw", state="mode=slow")
def parallel(draw: Draw) -> Choice:
    """Ask why training is parallel and drawing is sequential."""
    return Choice(
        "A PixelCNN computes all conditionals of a training image in one pass. Why not of an image that it draws?",
        "A conditional needs the pixels before it, which are not drawn yet.",
        {
            "The masks are taken away when it draws an image.": "They stay: without them a prediction would look at "
            "its own pixel and at later ones.",
            "Drawing from 256 levels is the slow part.": "Drawing a level takes no time; the network's pass before "
            "each pixel does.",
            "Training uses an approximation of log p(x).": "It does not: with the image known, each "
            "conditional is exact, and so is their product.",
        },
        ["What does the input of the network consist of, in training and in drawing?"],
        [
            "In training x is known, so every x₁ … xₜ₋₁ is: one masked pass gives all p(xₜ | x₁ … xₜ₋₁).",
            "In drawing, xₜ₋₁ must be drawn before p(xₜ | …) can be computed: one pass after the other, each of them "
            "small if parts are cached.",
        ],
        draw.order(4),
    )


@functools.lru_cache(maxsize=512)
def log_prob(net: str, dataset: str, image: int) -> float:
    """Return log p(x) of a bundled test image, in nats."""
    model = checkpoints.load(net)
    with torch.no_grad():
        return float(model.log_prob(data.read(("test", image, dataset), model.space).to(device_of(model))))


@setting("odder", "A less likely image", reads="net set img", state="mode=score&img=12")
def odder(draw: Draw) -> Setting:
    """Ask for an image with a higher −log p than a given one."""
    image = draw.one_of((3, 12, 100))

    def holds(net: str, set: str | None, img: int | None) -> tuple[bool, str]:
        if net != MNIST:
            return False, "this is about the PixelCNN of MNIST"
        if img is None:
            return False, "choose a test image"
        found, other = log_prob(net, set or "mnist", img), log_prob(net, "mnist", image)
        good = found < 2 * other
        said = f"the chosen image has {say(found, 1)} nats, image {image} of MNIST {say(other, 1)}"
        return good, said

    return Setting(
        "Choose a test image of any data set. Its −log p(x) under the PixelCNN of MNIST should be more than twice "
        f"that of image {image} of MNIST.",
        holds,
        {"net": MNIST, "set": "fashion-mnist", "img": 0},
        [
            "Which images were not in this network's training data?",
            "The controls, which the button below shows, have another data set.",
        ],
        [
            f"Image {image} costs {say(-log_prob(MNIST, 'mnist', image), 1)} nats; the first image of Fashion-MNIST "
            f"{say(-log_prob(MNIST, 'fashion-mnist', 0), 1)}.",
            f"It depends on the garment: the trousers of image 4 cost {say(-log_prob(MNIST, 'fashion-mnist', 4), 1)}.",
        ],
    )


EXERCISES = (chain_rule, bits, tempering, rows_above, gaussian, parallel, odder)
