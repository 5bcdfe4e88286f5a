"""Exercises on tokens: their bits, perplexity of a codebook, straight-through gradients, and models of codes."""

import math

from explorer.models.vqvae import GRID
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting
from explorer.tabs.tokens.latent import evaluations


@number("token-bits", "The information of tokens", state="mode=tokens")
def token_bits(draw: Draw) -> Number:
    """Ask for the maximal number of bits in a grid of tokens."""
    side, codes = draw.one_of((4, GRID, 14)), draw.one_of((10, 12, 20, 24, 40, 48, 100, 200))
    answer = side**2 * math.log2(codes)
    return Number(
        f"An image is kept as {side}×{side} tokens, each one of {codes} entries of a codebook. How many bits can such "
        "a grid hold at most?",
        answer,
        0.5,
        ["How many different grids are there?", "log₂ of that number: the tokens' bits add up."],
        [
            f"There are {codes} to the power {side**2} grids: {side**2} · log₂ {codes} = {side**2} · "
            f"{say(math.log2(codes))} = {say(answer, 1)} bits.",
            f"28×28 pixels in black and white can hold {28**2} bits. A prior that has "
            "learnt which grids occur needs fewer bits for those.",
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


@number("straight-through", "A gradient through a choice", state="mode=straight")
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
        f"A codebook has the entries {', '.join(map(brief, entries))}. The encoder outputs zₑ = {brief(z_e)}; the "
        f"decoder "
        f"outputs x̂ = {a:g} z_q of the nearest entry, and the loss is (x̂ − x)² with x = {brief(x)}. Which gradient "
        "does zₑ get by the straight-through rule?",
        answer,
        0.01,
        ["The gradient at z_q is copied to zₑ as it is.", "x̂ is computed from z_q, the entry, and not from zₑ."],
        [
            f"The nearest entry is z_q = {brief(z_q)}, so x̂ = {brief(round(a * z_q, 4))}.",
            f"dL/dz_q = 2 · {a:g} · ({brief(round(a * z_q, 4))} − ({brief(x)})) = {say(answer)}, and zₑ gets the same.",
        ],
        {"entries": entries, "z_e": z_e, "a": a, "x": x},
        slips=[
            (2 * a * (a * z_e - x), "The loss depends on z_q: the decoder never receives zₑ."),
            (2 * (a * z_q - x), "That is the slope in x̂; x̂ changes with z_q by the decoder's factor."),
            (0, "That is the true slope of a choice that jumps; the straight-through rule ignores it."),
        ],
    )


@number("commitment", "The commitment of a code", state="mode=straight")
def commitment(draw: Draw) -> Number:
    """Ask for the commitment loss of a code of two numbers to the nearest of three entries."""
    entries = [[draw.real(-2, -0.8), draw.real(-1, 1)], [draw.real(-0.3, 0.3), draw.real(1, 2)], [draw.real(0.8, 2), 0]]
    z_e = [draw.real(-1.5, 1.5), draw.real(-1, 1.5)]
    weight = draw.one_of((0.25, 0.5, 2))
    gaps = [sum((a - b) ** 2 for a, b in zip(z_e, entry)) for entry in entries]
    near = min(gaps)
    answer = weight * near

    def point_words(point: list[float]) -> str:
        return f"({', '.join(map(brief, point))})"

    return Number(
        f"A codebook has the entries {', '.join(map(point_words, entries))}, and the encoder "
        f"outputs zₑ = {point_words(z_e)}. The loss of a VQ-VAE has the commitment {weight:g} · ‖zₑ − z_q‖². How "
        f"large is it?",
        answer,
        0.01,
        ["z_q is the entry that is nearest to zₑ.", "Squared distances add up over both numbers."],
        [
            f"The squared distances are {', '.join(say(gap) for gap in gaps)}: the least is {say(near)}.",
            f"{weight:g} · {say(near)} = {say(answer)}. Its gradient moves zₑ to the entry, and not the "
            "entry itself; without it codes could move far from all entries.",
        ],
        {"entries": entries, "z_e": z_e, "weight": weight},
        slips=[
            (near, "That is the squared distance: it has a weight."),
            (weight * math.sqrt(near), "The distance is squared."),
            (weight * sum(gaps), "Only the entry that was chosen counts."),
        ],
    )


@number("one-grid", "The gap of a bound from one code", state="mode=surprise")
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
            (math.log(sum(likely) / likely[0]), "Each code has the weight of its prior probability."),
        ],
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
        ["Guidance needs a class.", "With w = 0 or w = 1 one evaluation a step is enough. And otherwise?"],
        [
            "A guided step evaluates the network twice, with the class and without.",
            f"So {wanted} evaluations are {wanted // 2} steps: choose a class, and w = 2.",
        ],
    )


@choice("own-prior", "Codes of mean 0 and variance 1", state="mode=latent")
def own_prior(draw: Draw) -> Choice:
    """Ask why a latent diffusion does not draw its codes from N(0, I)."""
    return Choice(
        "The encoder of a latent diffusion gives every number of a code mean 0 and variance 1 over the data. Why are "
        "codes not simply drawn from N(0, I)?",
        "Mean and variance of each number leave open how the numbers depend on each other.",
        {
            "Draws from N(0, I) are longer than the codes of images.": "The mean of ‖z‖² is the sum of the variances, "
            "and so the same for both.",
            "The decoder cannot take any noise on a code.": "It was trained with some noise on the code.",
            "A diffusion takes fewer steps than a draw from N(0, I).": "A draw from N(0, I) is one step; the diffusion "
            "takes several.",
        },
        ["Think of a code with two numbers that are always equal."],
        [
            "Two numbers that are always equal can both have mean 0 and variance 1. N(0, I) draws them apart, and the "
            "decoder has seen no such code.",
            "The diffusion learns the joint distribution of all numbers of a code.",
        ],
        draw.order(4),
    )


EXERCISES = (token_bits, perplexity, straight_through, commitment, one_grid, own_prior, cost)
