"""The VAE tab: joins the latent map to the models behind it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import fields
from explorer.models.beta_vae import STARTS, BetaVAE
from explorer.models.posterior import elbo_of, exact_elbo, fit_steps, pathwise_gradients, posterior_grid
from explorer.neighbours import TrainingIndex
from explorer.stages.latent_map import LatentMap
from explorer.tabs.kit import lesson, parts
from explorer.tabs.kit.trained import Card, found, show_evidence
from explorer.tabs.vae import evidence as vae_evidence
from explorer.tabs.vae import maths as vae_maths
from explorer.tabs.vae.fields import FIELDS, MODES
from explorer.tabs.vae.server import DRAWS, IWAE_SAMPLES, SERVER_FUNCTIONS

NAME = "vae"
DATASETS = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}
LESSON = Path(__file__).with_name("tour.md")
QUOTED = "mnist"
WHOSE = "What is quoted here and in the tour was measured on {quoted}; *The evidence* below has every data set."
QUESTION = "What does a VAE give up so that you can sample from it? Drag β and see."
CODE = {
    "Explore": [BetaVAE.decode, BetaVAE.stretch],
    "Encode": [BetaVAE.encode, BetaVAE.distortion_rate, BetaVAE.log_weights],
    "Gradients": [pathwise_gradients],
    "Exact": [posterior_grid, exact_elbo, fit_steps, elbo_of],
    "Sample": [BetaVAE.draw, TrainingIndex.nearest],
    "This page": [vae_maths.kl, vae_maths.reparameterise],
}


def stage_value(dataset: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one data set; an empty card goes with an error."""
    return {
        "title": DATASETS[dataset],
        "model": f"pretrained/beta-vae-{dataset}",
        "bundled": f"explorer/bundled/{dataset}",
        "sha": card.get("sha256", ""),
        "curve": _columns(parts.brief(card.get("curve", []))),
        **{key: parts.brief(card.get(key, {})) for key in ("beta_zero", "figures")},
        "prior": f"{vae_evidence.drawn_reading(card['prior'])}." if "prior" in card else None,
        "error": error,
    }


def _columns(rows: list[dict[str, float]]) -> dict[str, list[float]]:
    """Rows of the same keys as lists by key, which name each key once."""
    return {key: [row[key] for row in rows] for key in (rows[0] if rows else ())}


def build() -> None:
    """Lay out the tab; a broken checkpoint becomes a notice, and the rest still works."""
    parts.question(QUESTION)
    nets = {
        f"beta-vae-{dataset}": found(
            f"beta-vae-{dataset}",
            f"{title} cannot be shown",
            partial(stage_value, dataset),
            partial(vae_evidence.tables, title),
        )
        for dataset, title in DATASETS.items()
    }
    values = dict(zip(DATASETS, (each.value for each in nets.values())))
    figures = vae_evidence.figures(nets[f"beta-vae-{QUOTED}"].card)
    tour = lesson.read(LESSON, figures, FIELDS)
    value = {"tab": NAME, "datasets": values, "tour": tour} | fields.told(FIELDS, MODES)
    LatentMap(value, server_functions=SERVER_FUNCTIONS, elem_id="vae-stage", elem_classes="stage-block")
    parts.heading("The maths")
    parts.prose(WHOSE.format(quoted=DATASETS[QUOTED]))
    vae_maths.build(figures)
    parts.heading("The code that ran")
    parts.code(CODE)
    parts.heading("The evidence")
    show_evidence(nets)


def nll(card: Mapping[str, Any]) -> dict[str, float]:
    """Minus the bound at β = 1, in nats."""
    row = card["figures"]["1"]
    return {"value": -row["elbo"], "se": row["elbo_se"], "n": card["n"]} | gap(card.get("bounds", {}))


def gap(bounds: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """By how much the bound falls short of log p(x), which two latent dimensions allow to compute: on test images, and
    on a blank page, with the share of test images that are less likely than that; nothing where it was not measured.
    """
    if "exact" not in bounds:
        return {}
    exact = bounds["exact"]
    blank = bounds.get("blank")
    page = {"blank": blank["gap"], "likelier": blank["likelier"]["exact"]} if blank else {}
    return {"gap": {"value": exact["gap"], "se": exact["gap_se"], "n": exact["n"]} | page}


PUBLISHED = parts.Published(
    value=86.76,
    name="50 latents, 19 used",
    source="a VAE with 50 latents, of which it used 19 (Burda, Grosse and Salakhutdinov, Importance Weighted "
    "Autoencoders, 2016, arXiv:1509.00519, table 1: binarised afresh, a bound by 5,000 draws an image)",
)

SHOWS = {
    "beta-vae": parts.Shown(
        "VAE",
        {"data": "{dataset}", "beta": "1", "mode": "sample", "pixels": "bits", "seed": "{seed}", "tap": "{image}"},
        together=DRAWS,
        draws=IWAE_SAMPLES,
        completes="the decoder's mean at the code that the known pixels make most probable, found by a search",
        answers=1,
        evaluations=STARTS + 1,
        nll=nll,
        published={"mnist": PUBLISHED},
    )
}
TAB = parts.Tab(NAME, "VAE", build, [f"beta-vae-{dataset}" for dataset in DATASETS], SHOWS)
