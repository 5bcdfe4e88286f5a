"""Exercises on codes: tokens, perplexity of a codebook, straight-through gradients, denoising, and draws of codes."""

import functools
import math

import torch

from explorer import checkpoints, data
from explorer.device import device_of
from explorer.measures.autoencoder import SURE, surest
from explorer.models.vqvae import GRID
from explorer.tabs.codes.fields import MAP_NETS
from explorer.tabs.codes.latent import evaluations
from explorer.tabs.kit.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting
from explorer.tabs.kit.nets import dataset_of

IMAGES = 200  # test images whose codes can solve an exercise


@number("token-bits", "What tokens can say", state="mode=tokens")
def token_bits(draw: Draw) -> Number:
    """Ask for the maximal number of bits in a grid of tokens."""
    side, codes = draw.one_of((4, GRID, 14)), draw.one_of((10, 12, 20, 24, 40, 48, 100, 200))
    answer = side**2 * math.log2(codes)
    return Number(
        f"An image is kept as {side}×{side} tokens, each one of {codes} entries of a codebook. How many bits can such "
        "a grid say at most?",
        answer,
        0.5,
        ["How many different grids are there?", "log₂ of that number: the tokens' bits add up."],
        [
            f"There are {codes} to the power {side**2} grids: {side**2} · log₂ {codes} = {side**2} · "
            f"{say(math.log2(codes))} = {say(answer, 1)} bits.",
            f"28×28 pixels in black and white can say {28**2} bits. A prior that knows "
            "which grids occur spends fewer bits on those.",
        ],
        {"side": side, "codes": codes},
        unit="bits",
        slips=[
            (side**2 * math.log(codes), "That is in nats: use log₂."),
            (side * math.log2(codes), "That is one row of the grid."),
            (math.log2(side**2 * codes), "The numbers of choices multiply once for each token, not once in all."),
        ],
    )


@number("perplexity", "How a codebook is used", state="mode=tokens")
def perplexity(draw: Draw) -> Number:
    """Ask for the perplexity of four entries with given frequencies."""
    counts = [draw.whole(1, 9) * 10 for _ in range(3)] + [draw.whole(10, 20) * 10]
    shares = [count / sum(counts) for count in counts]
    entropy = -sum(share * math.log(share) for share in shares)
    answer = math.exp(entropy)
    return Number(
        f"Over many images the four entries of a codebook are used {', '.join(map(str, counts))} times. What is the "
        "perplexity of this use?",
        answer,
        0.02,
        ["Perplexity is the exponential of the entropy in nats.", "Entropy: −Σ pₖ log pₖ, with pₖ the shares of use."],
        [
            f"The shares are {', '.join(say(share) for share in shares)}; the entropy is {say(entropy)} nats.",
            f"exp ({say(entropy)}) = {say(answer)}: as many entries, used alike, would have the same entropy.",
        ],
        {"counts": counts},
        slips=[
            (entropy, "That is the entropy in nats: take its exponential."),
            (entropy / math.log(2), "That is the entropy in bits; perplexity is 2 to the power of it."),
            (4, "All four are used, but not alike."),
        ],
    )


@number("straight-through", "Past a choice", state="mode=straight")
def straight_through(draw: Draw) -> Number:
    """Ask for the straight-through gradient of an encoder."""
    entries = [-1.5, draw.real(-0.4, 0.4), 1.5]
    z_e = round(entries[1] + draw.one_of((-1, 1)) * draw.real(0.2, 0.5), 1)
    z_q = min(entries, key=lambda entry: abs(entry - z_e))
    a, x = draw.one_of((0.5, 2, 3)), draw.real(-3, 3)
    if abs(a * z_q - x) < 0.3:  # near a gradient of 0, wrong methods would also be right
        x = round(a * z_q + 1, 2)
    answer = 2 * a * (a * z_q - x)
    return Number(
        f"A codebook has the entries {', '.join(map(brief, entries))}. The encoder says zₑ = {brief(z_e)}; the decoder "
        f"makes x̂ = {a:g} z_q of the nearest entry, and the loss is (x̂ − x)² with x = {brief(x)}. Which gradient is "
        "zₑ given straight through?",
        answer,
        0.01,
        ["The gradient at z_q is copied to zₑ as it is.", "x̂ is made of z_q, the entry, and not of zₑ."],
        [
            f"The nearest entry is z_q = {brief(z_q)}, so x̂ = {brief(round(a * z_q, 4))}.",
            f"dL/dz_q = 2 · {a:g} · ({brief(round(a * z_q, 4))} − ({brief(x)})) = {say(answer)}, and zₑ is given the "
            "same.",
        ],
        {"entries": entries, "z_e": z_e, "a": a, "x": x},
        slips=[
            (2 * a * (a * z_e - x), "The loss is one of z_q: the decoder is never fed zₑ."),
            (2 * (a * z_q - x), "That is the slope in x̂; x̂ changes with z_q by the decoder's factor."),
            (0, "That is the true slope of a choice that jumps; straight through it is passed over."),
        ],
    )


@number("denoiser", "The best denoiser", state="mode=pull&where=plane")
def denoiser(draw: Draw) -> Number:
    """Ask for the mean of the clean number given the noised one, for data at two points."""
    a, x, sigma = draw.real(0.6, 1.2), draw.real(0.2, 0.7), draw.one_of((0.7, 0.8, 1.3, 1.4, 1.5))
    answer = a * math.tanh(a * x / sigma**2)
    return Number(
        f"Data are −{a:g} or {a:g}, as often the one as the other, and Gaussian noise of σ = {sigma:g} is added. What "
        f"does the denoiser of least squared error answer to x = {x:g}?",
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
            (answer - x, "That is the denoising residual r(x) − x; the denoiser answers r(x)."),
            (a * math.tanh(a * x / sigma), "The noise enters by its variance σ²."),
        ],
    )


@number("one-grid", "What one code leaves out", state="mode=surprise")
def one_grid(draw: Draw) -> Number:
    """Ask for log p(x) minus its bound by the one code that the encoder chose."""
    prior = draw.one_of(((0.5, 0.3, 0.2), (0.6, 0.3, 0.1), (0.2, 0.5, 0.3)))
    likely = [draw.real(0.4, 0.9, 2), draw.real(0.1, 0.4, 2), draw.real(0.1, 0.4, 2)]
    joint = [p * given for p, given in zip(prior, likely)]
    answer = math.log(sum(joint) / joint[0])
    return Number(
        f"Three codes have the prior probabilities {', '.join(map(brief, prior))}; the decoder gives an image x "
        f"{', '.join(map(brief, likely))} under them. The encoder chooses the first. By how much is log p(x) above the "
        "bound log p(z) + log p(x | z)?",
        answer,
        0.01,
        ["p(x) is the sum of p(z) p(x | z) over all three.", "The bound keeps one term of this sum."],
        [
            f"p(x) = {' + '.join(say(each, 4) for each in joint)} = {say(sum(joint), 4)}.",
            f"log ({say(sum(joint), 4)} ÷ {say(joint[0], 4)}) = {say(answer)} nats: that is −log p(z | x).",
        ],
        {"prior": prior, "likely": likely},
        unit="nats",
        slips=[
            (answer / math.log(2), "That is in bits: use the natural logarithm."),
            (-math.log(sum(joint)), "That is −log p(x): the bound has to be taken off."),
            (math.log(sum(likely) / likely[0]), "Each code weighs as much as the prior says."),
        ],
    )


@number("commitment", "What holds a code near", state="mode=straight")
def commitment(draw: Draw) -> Number:
    """Ask for the commitment loss of a code of two numbers to the nearest of three entries."""
    entries = [[draw.real(-2, -0.8), draw.real(-1, 1)], [draw.real(-0.3, 0.3), draw.real(1, 2)], [draw.real(0.8, 2), 0]]
    z_e = [draw.real(-1.5, 1.5), draw.real(-1, 1.5)]
    weight = draw.one_of((0.25, 0.5, 2))
    gaps = [sum((a - b) ** 2 for a, b in zip(z_e, entry)) for entry in entries]
    near = min(gaps)
    answer = weight * near

    def told(point: list[float]) -> str:
        return f"({', '.join(map(brief, point))})"

    return Number(
        f"A codebook has the entries {', '.join(map(told, entries))}, and the encoder says zₑ = {told(z_e)}. The loss "
        f"of a VQ-VAE has the commitment {weight:g} · ‖zₑ − z_q‖². How large is it?",
        answer,
        0.01,
        ["z_q is the entry that is nearest to zₑ.", "Squared distances add up over both numbers."],
        [
            f"The squared distances are {', '.join(say(gap) for gap in gaps)}: the least is {say(near)}.",
            f"{weight:g} · {say(near)} = {say(answer)}. Its gradient moves zₑ to the entry, and not the "
            "entry itself; without it codes could run away from all entries.",
        ],
        {"entries": entries, "z_e": z_e, "weight": weight},
        slips=[
            (near, "That is the squared distance: it has a weight."),
            (weight * math.sqrt(near), "The distance is squared."),
            (weight * sum(gaps), "Only the entry that was chosen counts."),
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
            "what it cannot do without, the steps along the data, keeps a large one.",
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
        f"After ReLU the five units of a sparse autoencoder say {', '.join(map(brief, units))}; k = 2. Their atoms "
        f"have {', '.join(map(brief, weights))} in one pixel, whose bias is {bias:g}. What is rebuilt there?",
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


@choice("who-draws", "Codes that nobody made", state="mode=hole&prior=standard")
def who_draws(draw: Draw) -> Choice:
    """Ask why codes of a plain autoencoder are not drawn from N(0, I)."""
    return Choice(
        "A plain autoencoder rebuilds test images well. Codes drawn from N(0, I) are decoded. What can be said of the "
        "images before one looks?",
        "Nothing: training never asked that the codes lie where N(0, I) draws.",
        {
            "They look like the data, since the decoder is a good one.": "It is good at the codes that the encoder "
            "makes; of other places nothing is known.",
            "They are blurred, since each is the mean of many images.": "A VAE's decoder answers so where several "
            "images share a code. Here a draw may lie where no image has its code.",
            "Each class comes as often as in the data.": "For that the codes would have to be distributed as the draws "
            "are, at least class by class.",
        },
        ["What does the loss ‖x̂ − x‖² say about a code that no image has?"],
        [
            "The loss is a sum over images, each at its own code. Scale all codes by ten and the decoder's input by a "
            "tenth: the loss is the same, but N(0, I) now draws elsewhere.",
            "A VAE's KL term asks the codes to lie as the prior does; a density fitted to the codes helps, too.",
        ],
        draw.order(4),
    )


@setting("evaluations", "The price of guidance", reads="label walk guidance", state="mode=latent&walk=20")
def cost(draw: Draw) -> Setting:
    """Ask for settings of a film of guided codes with a given number of evaluations."""
    wanted = 2 * draw.one_of((15, 25, 30, 35))

    def holds(label: int | None, walk: int, guidance: float) -> tuple[bool, str]:
        each = evaluations(label, guidance)
        said = f"{walk} steps of {'one evaluation' if each == 1 else 'two evaluations'} each make {walk * each}"
        return each == 2 and walk * each == wanted, said

    return Setting(
        "Draw four codes of a class with classifier-free guidance that exaggerates the class, and let that take "
        f"exactly {wanted} evaluations of the network.",
        holds,
        {"label": 3, "walk": wanted // 2, "guidance": 2.0},
        ["Guidance needs a class.", "With w = 0 or w = 1 one answer is enough. With others?"],
        [
            "A guided step asks the network twice, with the class and without.",
            f"So {wanted} evaluations are {wanted // 2} steps: choose a class, and w = 2.",
        ],
    )


@functools.lru_cache(maxsize=256)
def seen(net: str, z: tuple[float, float]) -> tuple[int, float]:
    """Return the predicted class of a decoded code, and its probability."""
    model = checkpoints.load(net)
    with torch.no_grad():
        image = model.decode(torch.tensor([z], dtype=torch.float32, device=device_of(model)))
        share, classes = surest(checkpoints.load(f"classifier-{dataset_of(net)}"), image)
    return int(classes), float(share)


@functools.lru_cache(maxsize=8)
def places(net: str) -> dict[int, tuple[float, float]]:
    """Return a code for each confidently predicted class, from the codes of the first test images."""
    model = checkpoints.load(net)
    with torch.no_grad():
        z = model.encode(data.bundled(dataset_of(net)).pixels()[:IMAGES].to(device_of(model)))
        share, classes = surest(checkpoints.load(f"classifier-{dataset_of(net)}"), model.decode(z))
    ranked = share.argsort().tolist()  # the most confident comes last, and is kept
    found = {int(classes[i]): tuple(round(float(each), 2) for each in z[i]) for i in ranked}
    return {label: code for label, code in sorted(found.items()) if _is(net, code, label)}


def _is(net: str, z: tuple[float, float], label: int) -> bool:
    found, share = seen(net, z)
    return found == label and share >= SURE


@setting("where", "Where a digit lies", reads="net z", state=f"mode=map&net={MAP_NETS[0]}&z=0,0")
def where_it_lies(draw: Draw) -> Setting:
    """Ask for a code that is decoded to a given digit with high confidence."""
    found = {label: z for label, z in places(MAP_NETS[0]).items() if label != seen(MAP_NETS[0], (0.0, 0.0))[0]}
    if not found:
        raise ValueError("the classifier is sure of nothing that this network makes: is it trained?")
    wanted = draw.one_of([*found])

    def holds(net: str, z: tuple[float, float]) -> tuple[bool, str]:
        if net not in MAP_NETS or dataset_of(net) != dataset_of(MAP_NETS[0]):
            return False, "choose a network of digits with a code of two numbers"
        label, share = seen(net, tuple(z))
        return _is(net, tuple(z), wanted), f"the classifier gives {label} a share of {100 * share:.0f} %"

    return Setting(
        f"Find a code on the map whose image a classifier takes for a {wanted} with a share of at least "
        f"{100 * SURE:.0f} %.",
        holds,
        {"net": MAP_NETS[0], "z": found[wanted]},
        [
            "Each dot is the code of a test image, in the colour of its digit; beside the map stands the "
            "nearest one's class.",
            "Go into the midst of one colour.",
        ],
        [
            f"The code ({', '.join(say(each, 2) for each in found[wanted])}) is near to that of a test image.",
            "Nothing told the network where a digit has to lie: another training would place it elsewhere.",
        ],
    )


EXERCISES = (
    *(token_bits, perplexity, straight_through, commitment, denoiser, contractive, k_sparse, one_grid),
    *(who_draws, cost, where_it_lies),
)
