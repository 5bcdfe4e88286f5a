"""Claims of lectures that the texts correct, each with a figure that is computed here once more."""

import json
import math
import re
from statistics import fmean, variance

import numpy as np
import pytest

from explorer.tabs.gan import evidence
from tests.cards import card_of
from tests.server import ROOT

TABS = ROOT / "explorer" / "tabs"
CLAIMS = {
    "discrete_diffusion": ["D3PM handles mixed continuous and discrete data"],
    "tokens": ["VQ-VAE: no KL collapse, no blurriness"],
    "gan": ["As D improves, it gives a stronger gradient to G", "GANs excel at mode coverage"],
}
CARDS = {
    "gan-mnist": card_of("gan-mnist"),
    "gan-game": json.loads((ROOT / "pretrained/gan-game/card.json").read_text(encoding="utf-8")),
}


def text(tab: str) -> str:
    return (TABS / tab / "maths.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("tab", "claim"), [(tab, claim) for tab, found in CLAIMS.items() for claim in found])
def test_a_claim_is_corrected_with_a_figure_of_a_network(tab: str, claim: str):
    (line,) = (each for each in text(tab).splitlines() if f"**“{claim}.”**" in each)
    assert re.search(r"\{\{[^}]+\}\}", line), "no figure"


def rows(net: str, name: str, **setting: object) -> list[float]:
    """Read values of rows without the reader of cards, wherever in the card they are."""
    card = card_of(net)
    parts = [card, *(part for part in card.values() if isinstance(part, dict))]
    every = [row for part in parts for row in part.get("rows", ())]
    return [row["value"] for row in every if row["name"] == name and setting.items() <= row.items()]


def test_the_gradient_of_the_generator_does_not_grow_with_a_better_discriminator():
    f = np.linspace(0, -20, 50)  # the better D is, the lower its score of a generated image
    step = 1e-6

    def slope(loss):
        return np.abs(loss(f + step) - loss(f - step)) / (2 * step)

    saturating = slope(lambda s: -np.logaddexp(0, s))  # log(1 − σ(f))
    other = slope(lambda s: np.logaddexp(0, -s))  # −log σ(f)
    assert (np.diff(saturating) < 1e-9).all() and saturating[-1] < 1e-6
    assert other.max() <= 1 + 1e-6


def test_the_page_quotes_the_modes_with_one_step_of_d_and_with_five():
    grid = CARDS["gan-game"]["figures"]
    said = evidence.quotes(CARDS)["better_d"]
    for loss in ("saturating", "non-saturating", "wgan-gp"):
        one, five = (
            [each for cell in grid["cells"] if cell["dsteps"] == steps for each in cell["losses"][loss]["modes"]]
            for steps in (1, 5)
        )
        t = (fmean(five) - fmean(one)) / math.sqrt(variance(one) / len(one) + variance(five) / len(five))
        word = "no measurable difference" if abs(t) < 2.5 else "more" if t > 0 else "fewer"  # 98.3 % of Student's t
        assert f"{fmean(one):.1f} and {fmean(five):.1f} ({word})" in said


def test_the_page_quotes_the_recall_of_the_gan_beside_that_of_training_images():
    made, real = (fmean(rows("gan-mnist", "recall", pixels="grey", way=way)) for way in ("one pass", "training images"))
    error = math.sqrt((made * (1 - made) + real * (1 - real)) / 10_000)
    assert (real - made) / error > 3
    said = evidence.quotes(CARDS)["coverage_reading"]
    assert f"{100 * made:.1f} %" in said and f"fewer than the {100 * real:.1f} %" in said
