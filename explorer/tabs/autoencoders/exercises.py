"""Exercises on autoencoders: denoising, sensitivity, sparse units, and draws of codes."""

import functools
import math

import torch

from explorer import data
from explorer.measures.autoencoder import SURE, top_class
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.tabs.autoencoders.shared import MAP_NETS
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

IMAGES = 200  # test images whose codes can solve an exercise


@number("denoiser", "The best denoiser", state="mode=pull&where=plane")
def denoiser(draw: Draw) -> Number:
    """Ask for the mean of the clean number given the noised one, for data at two points."""
    a, x, sigma = draw.real(0.6, 1.2), draw.real(0.2, 0.7), draw.one_of((0.7, 0.8, 1.3, 1.4, 1.5))
    answer = a * math.tanh(a * x / sigma**2)
    return Number(
        f"Data are −{a:g} or {a:g}, with equal probability, and Gaussian noise of σ = {sigma:g} is added. What "
        f"does the denoiser of least squared error output for x = {x:g}?",
        answer,
        0.01,
        [
            "It is the mean of the clean number given x.",
            "Given x, ±a weigh exp (−(x ∓ a)² ÷ (2σ²)), so their mean is a · tanh (a x ÷ σ²).",
        ],
        [
            f"r(x) = {a:g} · tanh ({a:g} · {x:g} ÷ {say(sigma**2, 2)}) = {say(answer)}.",
            f"(r(x) − x) ÷ σ² = {say((answer - x) / sigma**2)} is the score of the noised data at x.",
        ],
        {"a": a, "x": x, "sigma": sigma},
        slips=[
            (a, "That is the likelier of the two; a squared error is least at their mean."),
            (answer - x, "That is the denoising residual r(x) − x; the denoiser outputs r(x)."),
            (a * math.tanh(a * x / sigma), "The noise enters by its variance σ²."),
        ],
    )


@number("contractive", "What a code is sensitive to", state="mode=contractive")
def contractive(draw: Draw) -> Number:
    """Ask for the larger singular value of the Jacobian of an encoder to two numbers."""
    a, b, c, d = draw.real(0.5, 2), draw.real(-1.5, -0.2), draw.real(0.2, 1.5), draw.real(0.2, 1.2)
    squares, bent = a**2 + b**2 + c**2 + d**2, a * d - b * c
    inside = math.sqrt(squares**2 - 4 * bent**2)
    answer = math.sqrt((squares + inside) / 2)
    return Number(
        f"Images of two pixels have codes of two numbers. At an image the encoder's Jacobian J has the rows ({a:g}, "
        f"{brief(b)}) and ({c:g}, {d:g}). The image is moved by a small step. How many times as far can its code move "
        "at most?",
        answer,
        0.01,
        [
            "That is the larger singular value of J.",
            "Its square is the larger solution of λ² − ‖J‖²λ + (det J)² = 0, with ‖J‖² the sum of all squares.",
        ],
        [
            f"‖J‖² = {say(squares)} and det J = {say(bent)}, so λ = ({say(squares)} + {say(inside)}) ÷ 2 = "
            f"{say(answer**2)}.",
            f"√{say(answer**2)} = {say(answer)}. A contractive autoencoder makes ‖J‖² small, the sum of both squares: "
            "the directions along the data, which the reconstruction needs, keep a large singular value.",
        ],
        {"J": [[a, b], [c, d]]},
        slips=[
            (math.sqrt(squares), "That is ‖J‖, the root of the sum of both squared singular values."),
            (answer**2, "That is its square."),
            (abs(bent), "That is by how much areas grow: the product of both singular values."),
            (abs(bent) / answer, "That is the smaller one: the least that a step moves the code."),
        ],
    )


@number("k-sparse", "The k largest", state="mode=dictionary")
def k_sparse(draw: Draw) -> Number:
    """Ask for a pixel reconstructed from five atoms with the two largest units."""
    units = [each / 10 for each in draw.some_of(range(2, 30), 5)]
    weights = [draw.real(-1, 1) for _ in units]
    bias = draw.real(0.1, 0.5)
    kept = sorted(range(5), key=lambda j: -units[j])[:2]
    answer = bias + sum(units[j] * weights[j] for j in kept)
    terms = " + ".join(f"{units[j]:g} · ({brief(weights[j])})" for j in sorted(kept))
    return Number(
        f"After ReLU the five units of a sparse autoencoder are {', '.join(map(brief, units))}; k = 2. Their atoms "
        f"have {', '.join(map(brief, weights))} in one pixel, whose bias is {bias:g}. What is the reconstruction "
        f"there?",
        answer,
        0.01,
        ["All but the two largest units are set to 0.", "The bias is added once."],
        [
            f"The largest are {' and '.join(f'{units[j]:g}' for j in kept)}: {bias:g} + {terms} = {say(answer)}.",
            "With another image others may be the largest. So each image has few atoms, and all images many.",
        ],
        {"units": units, "weights": weights, "bias": bias},
        slips=[
            (bias + sum(u * w for u, w in zip(units, weights)), "That is the sum of all five: only k are kept."),
            (answer - bias, "The bias is missing."),
            (bias + units[kept[0]] * weights[kept[0]], "That is the largest unit alone."),
        ],
    )


@choice("who-draws", "Codes that the encoder never output", state="mode=hole&prior=standard")
def who_draws(draw: Draw) -> Choice:
    """Ask why codes of a plain autoencoder are not drawn from N(0, I)."""
    return Choice(
        "A plain autoencoder rebuilds test images well. Codes drawn from N(0, I) are decoded. What is known of the "
        "images before one looks?",
        "Nothing: training never required the codes to lie where N(0, I) draws.",
        {
            "They look like the data, since the decoder is a good one.": "It is good at codes that the encoder "
            "outputs; elsewhere nothing is known.",
            "They are blurred, since each is the mean of many images.": "A VAE's decoder does so where several "
            "images share a code. Here a draw may lie where no image has its code.",
            "Each class is as frequent as in the data.": "For that the codes would have to be distributed as the draws "
            "are, at least class by class.",
        },
        ["What does the loss ‖x̂ − x‖² require of a code that no image has?"],
        [
            "The loss is a sum over images, each at its own code. Scale all codes by ten and the decoder's input by a "
            "tenth: the loss is the same, but N(0, I) now draws elsewhere.",
            "A VAE's KL term moves the codes to where the prior draws; a density fitted to the codes helps, too.",
        ],
        draw.order(4),
    )


@functools.lru_cache(maxsize=256)
def classify(net: str, z: tuple[float, float]) -> tuple[int, float]:
    """Return the predicted class of a decoded code, and its probability."""
    model = checkpoints.load(net)
    with torch.no_grad():
        image = model.decode(torch.tensor([z], dtype=torch.float32, device=device_of(model)))
        share, classes = top_class(checkpoints.load(f"classifier-{dataset_of(net)}"), image)
    return int(classes), float(share)


@functools.lru_cache(maxsize=8)
def places(net: str) -> dict[int, tuple[float, float]]:
    """Return a code for each confidently predicted class, from the codes of the first test images."""
    model = checkpoints.load(net)
    with torch.no_grad():
        z = model.encode(data.bundled_images(dataset_of(net)).pixels()[:IMAGES].to(device_of(model)))
        share, classes = top_class(checkpoints.load(f"classifier-{dataset_of(net)}"), model.decode(z))
    ranked = share.argsort().tolist()  # the most confident comes last, and is kept
    found = {int(classes[i]): tuple(round(float(each), 2) for each in z[i]) for i in ranked}
    return {label: code for label, code in sorted(found.items()) if _is(net, code, label)}


def _is(net: str, z: tuple[float, float], label: int) -> bool:
    found, share = classify(net, z)
    return found == label and share >= SURE


@setting("where", "Where a digit lies", reads="net z", state=f"mode=map&net={MAP_NETS[0]}&z=0,0")
def where_it_lies(draw: Draw) -> Setting:
    """Ask for a code that is decoded to a given digit with high confidence."""
    found = {label: z for label, z in places(MAP_NETS[0]).items() if label != classify(MAP_NETS[0], (0.0, 0.0))[0]}
    if not found:
        raise ValueError("the classifier is not confident about any image of this network: is it trained?")
    wanted = draw.one_of([*found])

    def holds(net: str, z: tuple[float, float]) -> tuple[bool, str]:
        if net not in MAP_NETS or dataset_of(net) != dataset_of(MAP_NETS[0]):
            return False, "choose a network of digits with a code of two numbers"
        label, share = classify(net, tuple(z))
        return _is(net, tuple(z), wanted), f"the classifier gives {label} a share of {100 * share:.0f} %"

    return Setting(
        f"Find a code on the map whose image a classifier takes for a {wanted} with a share of at least "
        f"{100 * SURE:.0f} %.",
        holds,
        {"net": MAP_NETS[0], "z": found[wanted]},
        [
            "Each dot is the code of a test image, in the colour of its digit; beside the map stands the "
            "nearest one's class.",
            "Go to the middle of one colour.",
        ],
        [
            f"The code ({', '.join(say(each, 2) for each in found[wanted])}) is near to that of a test image.",
            "Training does not fix where a digit lies: another training would place it elsewhere.",
        ],
    )


EXERCISES = (denoiser, contractive, k_sparse, who_draws, where_it_lies)
