"""Sentences on the times of a diffusion, its loss and the parts of its bound, by a card of our own."""

import math

import pytest

from explorer import data
from explorer.networks import checkpoints
from explorer.networks.card import row
from explorer.spaces import LEVELS
from explorer.tabs.diffusion import learned as diffusion_learned

BOUND = {
    "edges": [1, 2, 5, 20, 100, 1001],
    "bits": [1.5, 0.75, 0.5, 0.2, 0.05],
    "loss": [0.9, 0.5, 0.2, 0.05, 0.01],
}
ROWS = [
    row("prior", 0.00125, unit="bits/dim", n=10_000),
    row("bits_per_dim", 3.001, "bound", unit="bits/dim", se=0.004, n=10_000),
]
CARD = {"rows": ROWS, "bound": BOUND}
ALPHAS = [1 - t / 1001 for t in range(1001)]
TEST = ("test", 8, "mnist")


def numbers(t: int) -> dict[str, str]:
    return {
        name: value for name, value, _ in diffusion_learned.describe(CARD, t, "bound", ALPHAS).to_props()["numbers"]
    }


def test_the_parts_sum_to_the_bound():
    found = numbers(30)
    assert (found["times up to about 10"], found["all later times"]) == ("2.250", "0.750")
    assert found["x₁₀₀₀ against pure noise"] == "0.00125" and found["−log₂ p(x) at most"] == "3.001 ± 0.004"
    assert found["share of the whole bound"] == f"{100 * 0.2 / 3.00125:.1f} %" and found["t"] == "20 to 99"
    assert float(found["signal to noise ᾱ/(1−ᾱ)"]) == pytest.approx(ALPHAS[30] / (1 - ALPHAS[30]), rel=0.01)
    table = diffusion_learned.describe(CARD, 30, "loss", ALPHAS).to_props()["table"]
    assert [line[:2] for line in table[1:]] == [(1, 1), (2, 4), (5, 19), (20, 99), (100, 1000)]


@pytest.mark.parametrize(
    ("t", "said"),
    [
        (1, "This single time costs 50.0 % of the bound."),
        (2, "mean squared error of 0.5000; always predicting 0 would have 1. So little noise is hard to see"),
        (30, "The more noise there is"),
        (1000, "This bar covers 90.1 % of the time steps and 1.7 % of the bound."),
    ],
)
def test_a_time_is_described_by_its_interval(t: int, said: str):
    assert said in diffusion_learned.describe(CARD, t, "loss", ALPHAS).words


def test_loss_and_bound_are_two_charts_of_the_same_times():
    loss, bound = (
        diffusion_learned.describe(CARD, 30, part, ALPHAS).to_props()["charts"][0] for part in ("loss", "bound")
    )
    assert [bar["y"] for bar in bound["bars"]] == BOUND["bits"]
    base = float(loss["names"]["y"][0])
    above = [math.log10(value / base) for value in BOUND["loss"]]
    assert [bar["y"] for bar in loss["bars"]] == pytest.approx(above)
    assert min(above) > 0 == loss["ys"][0] == bound["ys"][0] == loss["ticks"]["y"][0], "bars rise from the lowest mark"
    assert [bar["colour"] for bar in loss["bars"]].index("you") == 3
    assert [bar["x0"] for bar in loss["bars"]] == pytest.approx([math.log10(edge) for edge in BOUND["edges"][:-1]])
    stops = diffusion_learned.describe(CARD, 30, "loss", ALPHAS).stops["t"]
    assert [t for _, t in stops] == [1, 2, 9, 44, 316]


def test_the_picture_is_noised_to_the_time():
    found = diffusion_learned.loss_at.props("diffusion-mnist", TEST, 7, 300, None)
    x = data.bundled_images("mnist").pixels()[8:9]
    alpha = float(checkpoints.load("diffusion-mnist").schedule.alphas_cumprod[300])
    noised = LEVELS.decode(found["fed"])
    black = x < 0.01
    assert float(noised[~black].mean() - noised[black].mean()) == pytest.approx(math.sqrt(alpha) * 0.9, abs=0.35)
    assert found["fed"] == diffusion_learned.loss_at.props("diffusion-mnist", TEST, 7, 300, "bound")["fed"]
    assert found["fed"] != diffusion_learned.loss_at.props("diffusion-mnist", TEST, 8, 300, None)["fed"]
