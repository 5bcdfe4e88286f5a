"""Sentences, tables and bars that the answers of the VAE bring."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from explorer.tabs.kit.numbers.answer import Answer, Figure, Table
from explorer.tabs.kit.numbers.words import brief, num, pair, percent

Part = dict[str, Any]
"""Tables of an encoded image with their sentence."""
CLOSE = 1e-5  # of two gradients that are called equal
WINDOWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # nats below log p(x) that a bar may show
ROOM = 1.6
GAP = Figure("gap of q, KL(q ‖ p(z | x))", unit="nats", digits=3)
DECODER = Figure("decoder: −log p(x)", unit="nats", digits=3)
FAMILY = Figure("family of q", unit="nats", digits=3)
AMORTISATION = Figure("amortisation: one encoder for all", unit="nats", digits=3)
SUM = Figure("sum: −ELBO of q", unit="nats", digits=3)
ENCODERS = Figure("the encoder's gap in all", unit="nats", digits=3)
GAP_HEADS = (GAP, DECODER, FAMILY, AMORTISATION, SUM, ENCODERS)
BY_HAND = [
    GAP.of("{gap:3}"),
    DECODER.of("{decoder:3}"),
    FAMILY.of("{best.gap:3}"),
    Figure("by hand: not the best q", "{rest:3}", "nats"),
    SUM.of("{sum:3}"),
    ENCODERS.of("{encoder.gap:3}"),
]
BOUND = Figure("−ELBO = D + R, this image", unit="nats")
DISTORTION = Figure("distortion D, this image", unit="nats")
PRIOR = Figure("prior density p(z)")
STRETCH = Figure("stretch", unit="per unit")
GREY = Figure("grey pixels of the means, 10 to 90 % ink")
NEAREST = Figure("nearest training image, L2")
AVERAGE = Figure("average of near codes to the mean, L2")
D, R = Figure("D", unit="nats"), Figure("R", unit="nats")
QS = {"encoder": "Encoder's", "hand": "By hand", "best": "Best Gaussian", "mixture": "Three Gaussians"}
COPY = 2  # in L2: as far as four pixels turned from black to white


def encode_answer(found: Mapping[str, Any], beta: float) -> Answer:
    """Describe an encoded image: its code with the bounds, the gradients, and all figures as a table."""
    lines = {
        f"{name} {axis}": each for name in ("mu", "sigma", "eps", "z") for axis, each in enumerate(found[name] or (), 1)
    }
    costs = ("distortion", "distortion_se", "rate", "elbo", "elbo_se", "iwae", "iwae_se")
    lines |= {f"{name}, nats": found[name] for name in costs}
    return Answer(
        table=Table([{"name": name, "value": value} for name, value in lines.items()]),
        view={"parts": {"code": code(found), "gradients": gradients(found, beta)}, "headline": bound(found)},
    )


def bound(found: Mapping[str, Any]) -> Figure:
    """Return −ELBO of an image; of an autoencoder, which has none, the distortion."""
    if "cannot" in found:
        return DISTORTION.of(found["distortion"])
    return BOUND.of(_with_error(-found["elbo"], found["elbo_se"]))


def code(found: Mapping[str, Any]) -> Part:
    """Return the tables of a code and of its costs, with a sentence."""
    mu, distortion, error = found["mu"], found["distortion"], found["distortion_se"]
    costs = [("distortion D", _with_error(distortion, error) if error else num(distortion))]
    if "cannot" in found:
        place = ["The code", ["", "z₁", "z₂"], [("z = μ", *(num(value, 3) for value in mu))]]
        words = f"The autoencoder encodes this image as {pair(mu)}, one point without a width. Its pixels cost "
        words += f"{num(distortion)} nats."
        return {"tables": [place, ["What it costs", ["", "nats"], costs]], "cannot": found["cannot"], "words": words}
    names = {"mu": "μ", "sigma": "σ", "eps": "ε", "z": "z = μ + σ ⊙ ε"}
    rows = [(name, *(num(value, 3) for value in found[key])) for key, name in names.items()]
    elbo, iwae = found["elbo"], found["iwae"]
    costs += [
        ("rate R", num(found["rate"])),
        ("ELBO = −D − R", _with_error(elbo, found["elbo_se"])),
        (f"IWAE, k = {found['iwae_k']}", _with_error(iwae, found["iwae_se"])),
    ]
    words = (
        f"The encoder outputs μ = {pair(mu)} and σ = {pair(found['sigma'])}. The code costs "
        f"R = {num(found['rate'])} nats, and the pixels cost D = {num(distortion)}. "
        f"The bound of IWAE is about {iwae - elbo:.1f} nats higher ({found['iwae_k']} draws each)."
    )
    tables = [["How z is drawn", ["", "z₁", "z₂"], rows], ["What it costs", ["", "nats an image"], costs]]
    return {"tables": tables, "words": words}


def _with_error(value: float, error: float) -> str:
    return f"{num(value)} ± {num(error)}"


def gradients(found: Mapping[str, Any], beta: float) -> Part:
    """Return the gradients of D + β·R at one draw: autograd beside the formulas and their terms."""
    if not found["gradients"]:
        return {"tables": [], "cannot": found["cannot"], "words": ""}
    autograd, formula, terms = (found["gradients"][key] for key in ("autograd", "formula", "terms"))
    slope, mu = terms["dDdz"], found["mu"]
    prior = [beta * value for value in mu]
    sides = [beta * (sigma - 1 / sigma) for sigma in found["sigma"]]
    pixels = {"mu": slope, "sigma": [each * eps for each, eps in zip(slope, found["eps"], strict=True)]}
    rows = [
        (
            f"∂/∂{sign}{'₁₂'[axis]}",
            num(autograd[key][axis], 4),
            num(formula[key][axis], 4),
            f"{num(pixels[key][axis], 3)} {'−' if kl[axis] < 0 else '+'} {num(abs(kl[axis]), 3)}",
        )
        for key, sign, kl in (("mu", "μ", prior), ("sigma", "σ", sides))
        for axis in (0, 1)
    ]
    apart = max(abs(a - b) for key in ("mu", "sigma") for a, b in zip(autograd[key], formula[key], strict=True))
    agree = "agree to four digits after the point" if apart < CLOSE else f"differ by {num(apart, 5)} at most"
    words = (
        f"Autograd and the formulas {agree}. On μ the gradient of the pixels is {pair(slope)} and that of the prior "
        f"{pair(prior)}; a step of descent goes against their sum."
    )
    return {
        "formulas": "of D + β·R at this ε:  ∂D/∂z + β μ  and  (∂D/∂z) ⊙ ε + β (σ − 1/σ)",
        "tables": [["Gradients", ["", "autograd", "formula", "its two terms"], rows]],
        "words": words,
    }


def posterior(log_px: float, elbo: float, bounds: Mapping[str, float]) -> Answer:
    """Describe log p(x) as a sum of the ELBO and its gap."""
    gap = log_px - elbo
    return Answer(
        view={
            "sum": f"log p(x) = {num(log_px)} = ELBO {num(elbo)} + KL(q‖p) {num(gap)} nats",
            "bar": bar(log_px, [("elbo", "ELBO", elbo), ("kl", "+ KL(q‖p)", gap)], bounds),
        },
        words="Two dimensions can be integrated on a grid, so log p(x) is exact here: the ELBO misses it by "
        f"{num(gap)} nats, which is KL(q‖p). How much of that is the encoder's, and how much any Gaussian's with "
        "upright axes? Fit q and see.",
    )


def gap_parts(log_px: float, amortised: float, best: float, bounds: Mapping[str, float]) -> Answer:
    """Describe the gap's two parts: what a q of one image gains, and what no such q can."""
    amortisation, family = best - amortised, log_px - best
    parts = [("amortisation", "+ amortisation", amortisation), ("family", "+ family", family)]
    return Answer(
        view={"bar": bar(log_px, [("elbo", "ELBO", amortised), *parts], bounds)},
        words=f"Fitting q to this image alone wins {num(amortisation, 3)} nats (the amortisation gap: one encoder "
        f"serves every image). {num(family, 3)} nats remain (the family gap: a Gaussian with upright axes is not the "
        "true posterior).",
    )


def bar(log_px: float, blocks: list[tuple[str, str, float]], bounds: Mapping[str, float]) -> Part:
    """Return log p(x) as a stacked bar of its last nats: blocks with their shares, and the place of the IWAE bound."""
    gaps = [max(0.0, nats) for _, _, nats in blocks[1:]]
    whole = next((width for width in WINDOWS if width >= ROOM * sum(gaps)), 2 * sum(gaps))
    shares = [1 - sum(gaps) / whole, *(gap / whole for gap in gaps)]
    keys = [(kind, name, num(nats)) for kind, name, nats in blocks]
    return {
        "title": f"The last {num(whole, 0)} nats below log p(x), to scale",
        "shares": [(kind, share) for (kind, _, _), share in zip(blocks, shares, strict=True)],
        "keys": [*keys, ("mark", "IWAE", _with_error(bounds["iwae"], bounds["iwae_se"]))],
        "mark": min(1.0, max(0.0, 1 - (log_px - bounds["iwae"]) / whole)),
    }


def probe_numbers(prior: float, stretch: Sequence[float]) -> list[Figure]:
    """Return the density of the prior at a latent point, and the stretch of the decoder."""
    stretches = " and ".join(num(each, 1) for each in stretch)
    return [PRIOR.of(brief(prior, 3)), STRETCH.of(stretches)]


def draw_numbers(grey: float) -> list[Figure]:
    """Return the blur of the draws' means as a figure."""
    return [GREY.of(percent(grey, 1))]


def draw_words(beta: float, seed: int) -> str:
    """Describe the draws of a seed."""
    if beta == 0:
        return (
            f"Seed {seed}: 64 draws from N(0, I), decoded at β = 0. No KL term moved codes there, so the "
            "decoder may not be trained at these places."
        )
    return (
        f"Seed {seed}: 64 draws of z from N(0, I), decoded. A mean is the probability of ink in each pixel; Bernoulli "
        "pixels are what the model really generates."
    )


def tap_answer(
    z: list[float], label: str, nearest: float, of: int, radius: float, count: int, among: int, apart: float
) -> Answer:
    """Describe a draw beside its nearest training image, and the average of those with the nearest codes."""
    copy = "the draw is close to a copy of it" if nearest < COPY else "it is no copy pixel by pixel"
    return Answer(
        numbers=[
            NEAREST.of(nearest, f"of {of:,}"),
            AVERAGE.of(apart, name=f"average of {count} near codes to the mean, L2"),
        ],
        view={"names": ["this draw", f"nearest: {label}", f"average of {count}", "decoded mean"]},
        words=f"z = {pair(z)}. The nearest of {of:,} training images is {num(nearest)} away (L2): {copy}. "
        f"The {count} of the first {among:,} training images whose codes lie nearest, within {num(radius)} of z, share "
        f"this place: their average is {num(apart)} from the decoded mean (L2). One z must stand for all of them, so "
        "its mean is blurry.",
    )


def training_answer(history: Sequence[Mapping[str, Any]], beta: float) -> Answer:
    """Return the curves of a training by its snapshots, at the measured β whose logarithm is nearest."""
    measured = history[0]["curves"] if history and beta else {}
    key = min(measured, key=lambda each: abs(math.log(float(each) / beta)), default=None)
    costs = [{"loss": row["loss"], **(row["curves"][key] if key else {})} for row in history]
    for cost in costs if key else ():
        cost["objective"] = cost["distortion"] + float(key) * cost["rate"]
    names = {"loss": "held-out loss, averaged over β, nats"}
    title, lead = ("D + βR", "objective") if key else ("held-out loss, averaged over β", "loss")
    if key:
        names = {"objective": f"D + βR at β = {key}, nats", "distortion": "distortion D, nats", "rate": "rate R, nats"}
    near = [("nearest measured", f"β = {key}")] if key and float(key) != beta else []
    objective = Figure(title, unit="nats")
    parts = [[D.of(row["distortion"]), R.of(row["rate"])] if key else [] for row in costs]
    columns = {"loss, nats": "loss", f"D at beta {key}, nats": "distortion", f"R at beta {key}, nats": "rate"}
    view = {
        "moments": [{"images": row["images"], "epoch": row["epoch"]} for row in history],
        "charts": [(name, [row.get(each) for row in costs]) for each, name in names.items()],
        "numbers": [[*near, *((each.name, f"{each.text} {each.unit}") for each in part)] for part in parts],
        "measured": [[objective.of(row[lead]), *near, *part] for row, part in zip(costs, parts, strict=True)],
        "note": f"D and R at β = {key}, the nearest β that was measured, on 5,000 held-out images. Snapshots are dense "
        "in the first epoch and evenly spaced here."
        if key
        else "At β = 0 there is no rate to plot: without a KL term nothing limits the information in a code.",
    }
    table = [
        {"images": row["images"], "epoch": row["epoch"]} | {name: cost.get(each) for name, each in columns.items()}
        for row, cost in zip(history, costs, strict=True)
    ]
    return Answer(table=Table(table), view=view)


def codes_sentence(images: int, spread: float, share: float) -> str:
    """Describe the codes of one snapshot."""
    return (
        f"After {images:,} images the codes lie {num(spread)} from their centre (root mean square). The nearest "
        f"neighbour of {percent(share)} of them has their own class; chance gives 10 %."
    )


def gaps(log_px: float, lost: Mapping[str, float]) -> dict[str, Answer]:
    """Describe the gaps of three q in nats, by their names: the parts of each, and a sentence."""
    encoder, best, mixture = (lost[name] for name in ("encoder", "best", "mixture"))
    rest = max(0.0, encoder - best)
    words = {
        "encoder": f"With the encoder's q, the ELBO is {num(encoder)} nats below log p(x). {num(rest)} of them are the "
        f"amortisation gap: a q for this image alone gains them. The other {num(best)} are the family gap.",
        "best": f"With the best upright Gaussian, the ELBO is {num(best)} nats below log p(x): the family gap. Only "
        "another family of q closes it.",
        "mixture": f"With three Gaussians, the ELBO is {num(mixture, 3)} nats below log p(x), with one {num(best, 3)}. "
        f"The richer family closes {percent(1 - mixture / best)} of the family gap; the cost of the decoder stays.",
    }
    return {name: Answer(_parts(log_px, lost, name), words[name]) for name in words}


def _parts(log_px: float, lost: Mapping[str, float], name: str) -> list[Figure]:
    gap, family = lost[name], lost["mixture" if name == "mixture" else "best"]
    return [
        GAP.of(gap),
        DECODER.of(-log_px),
        FAMILY.of(family),
        AMORTISATION.of(max(0.0, gap - family)),
        SUM.of(gap - log_px),
        ENCODERS.of(lost["encoder"]),
    ]
