"""*Three gaps*: what the bound loses, to the encoder and to the family of q."""

from collections.abc import Mapping

import torch

from explorer.fields import Field, OneOf, Reals
from explorer.models.gaps import Mixture, best_mixture, gap, posterior_table
from explorer.models.posterior import exact_elbo
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.numbers.words import num, percent
from explorer.spaces.packing import pack
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae.shared import PLAIN, Beta, Found, Image, Which, _integrated, _rounded, slow

HAND = Reals((("μ₁", -1000, 1000), ("μ₂", -1000, 1000), ("σ₁", 0.0001, 1000), ("σ₂", 0.0001, 1000)))
Q = Field("q", OneOf(("encoder", "hand", "best", "mixture")), "encoder", "the approximate posterior")
GAPS = {
    "lost": "With your q, the ELBO is {gap} nats below log p(x); with the encoder's, {encoder.gap}.",
    "best": "The best Gaussian reaches {best.gap}.",
    "bars": "Gap in nats; hatched: amortisation",
}
GAP = Figure("gap of q, KL(q ‖ p(z | x))", unit="nats", digits=3)
DECODER = Figure("decoder: −log p(x)", unit="nats", digits=3)
FAMILY = Figure("family of q", unit="nats", digits=3)
AMORTISATION = Figure("amortisation: one encoder for all", unit="nats", digits=3)
SUM = Figure("sum: −ELBO of q", unit="nats", digits=3)
ENCODERS = Figure("the encoder's gap in all", unit="nats", digits=3)
GAP_HEADS = (FINDING, GAP, DECODER, FAMILY, AMORTISATION, SUM, ENCODERS)
BY_HAND = [
    FINDING.of("Your q loses {times:1} times as much as the encoder's."),
    GAP.of("{gap:3}"),
    DECODER.of("{decoder:3}"),
    FAMILY.of("{best.gap:3}"),
    Figure("by hand: not the best q", "{rest:3}", "nats"),
    SUM.of("{sum:3}"),
    ENCODERS.of("{encoder.gap:3}"),
]
QS = {"encoder": "Encoder's", "hand": "By hand", "best": "Best Gaussian", "mixture": "Three Gaussians"}
GAPS_COMPONENTS = 3  # Gaussians of the mixture
GAPS_LOWEST = -60_000.0  # nats that float16 can hold


def gap_words(log_px: float, lost: Mapping[str, float]) -> dict[str, Answer]:
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
    found = {name: FINDING.of(gap_finding(lost, name)) for name in words}
    return {name: Answer([found[name], *_parts(log_px, lost, name)], words[name]) for name in words}


def gap_finding(lost: Mapping[str, float], name: str) -> str:
    """Return what makes most of a gap in nats, as a sentence."""
    if name == "mixture":
        return f"Three Gaussians close {percent(1 - lost['mixture'] / lost['best'])} of the family gap."
    if name == "best":
        return "Only the family of q is left: no upright Gaussian is closer."
    share = max(0.0, lost["encoder"] - lost["best"]) / lost["encoder"]
    maker = "encoder" if share >= 1 / 2 else "Gaussian"
    return f"The {maker} makes {percent(max(share, 1 - share))} of the gap."


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


@slow
def gaps(dataset: Which, beta: Beta, picture: Image) -> Answer:
    """Return the true posterior around its top, and the gaps of three q: the encoder's, the best one, and a mixture."""
    if beta == 0:
        return Answer(GAP_HEADS, PLAIN, view={"cannot": PLAIN})
    model, x, grid = _integrated(dataset, beta, picture)
    with torch.no_grad():
        q = model.encode(x.unsqueeze(0), beta)
    encoder = Mixture(torch.ones_like(q.mean[:, 0]), q.mean, q.stddev)
    extent, log_p = posterior_table(model, x, beta, grid, encoder)
    fits = {
        name: best_mixture(grid, count, generator=rng(0)) for name, count in (("best", 1), ("mixture", GAPS_COMPONENTS))
    }
    lost = grid.log_px - exact_elbo(model, x, q.mean[0], q.stddev[0], beta)
    shown = {"encoder": (encoder, lost)} | {name: (each, float(gap(grid, each))) for name, each in fits.items()}
    said = gap_words(grid.log_px, {name: nats for name, (_, nats) in shown.items()})
    whole = {
        "log_px": grid.log_px,
        "log_p": pack(log_p.clamp(min=GAPS_LOWEST), torch.float16),
        "size": len(log_p),
        "extent": list(extent),
    }
    each = {name: said[name] | Answer(view=_mixture(q, nats)) for name, (q, nats) in shown.items()}
    return Answer(view=each | whole)


def _mixture(q: Mixture, gap: float) -> Found:
    """Return a mixture of Gaussians and its gap in nats."""
    return {
        "weights": _rounded(q.weights),
        "mu": q.mu.tolist(),
        "sigma": q.sigma.tolist(),
        "gap": gap,
    }


MODE = Mode(
    "gaps",
    "Three gaps",
    "test",
    fields=[Q, Field("hand", HAND, None, "mean and widths of a q by hand")],
    functions=[gaps],
    panel=Panel(
        gaps,
        controls=[[Control(Q, "segments", "Approximate posterior q", options=QS)]],
        shows=Shows(
            "Drag q: what makes the gap, encoder or Gaussian?",
            GAP_HEADS,
            waits="Integrating over the plane…",
        ),
        says=GAPS,
        rows=BY_HAND,
    ),
    code={
        "Three gaps": [gap, best_mixture],
    },
    tries=[
        ("An encoder that is far off", {"img": 3, "q": "encoder", "hand": None}),
        ("The best Gaussian", {"img": 3, "q": "best", "hand": None}),
        ("Another family", {"img": 8, "q": "mixture", "hand": None}),
    ],
)
