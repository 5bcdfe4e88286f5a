"""*Causal flow*: what its film, its changed patches and its times say, against the networks asked directly."""

import math

import pytest
import torch

from explorer import data
from explorer.data.coarse import enlarged, to_coarse
from explorer.measures import patch_flow
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.numbers.drawn import Images, check
from explorer.serving.films import Script
from explorer.spaces import COARSE, LEVELS
from explorer.tabs.flow import causal, maths, override, race
from explorer.tabs.flow.coarse import CAUSAL, COUPLED, FLOWS, IN_SENTENCES, bound_of, drawn, flow_of, levels_of

DIGIT, SEED = ("test", 108, "mnist"), 7
FIRST_SEEN = data.display_split("mnist")[:64]


def rng(seed: int = SEED) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def continuous(net: str) -> torch.Tensor:
    return flow_of(net).dequantise(levels_of(DIGIT), rng())


@pytest.fixture(scope="module")
def film() -> list[dict]:
    script: Script = causal.passes.plain(DIGIT, SEED)
    shots = [shot for _, shot in script.scenes()]
    assert len(shots) == script.total == 65 and script.space == LEVELS
    return shots


@pytest.mark.parametrize("net", FLOWS)
def test_a_trained_flow_leads_back_to_the_digits(net: str):
    flow = flow_of(net)
    x = flow.dequantise(to_coarse(FIRST_SEEN.pixels()), rng())
    with torch.no_grad():
        assert (flow.decode(flow.encode(x)) - x).abs().max() < 1e-4
    assert find(checkpoints.card_of(net), "round_trip")["value"] < 1e-4


def test_both_cards_are_of_the_same_digits_and_of_as_many_parameters():
    cards = [checkpoints.card_of(net) for net in FLOWS]
    tar, coupling = (find(card, "bits_per_dim") for card in cards)
    assert tar["n"] == coupling["n"] == 10_000 and tar["seed"] == coupling["seed"]
    counts = [card["training"]["parameters"] for card in cards]
    assert max(counts) / min(counts) < 1.05
    assert [sum(p.numel() for p in flow_of(net).parameters()) for net in FLOWS] == counts
    more = find(cards[0]["pair"], "bits_per_dim_more", of=COUPLED)
    assert more["value"] == pytest.approx(coupling["value"] - tar["value"], abs=1e-9)
    assert more["se"] < math.hypot(tar["se"], coupling["se"])
    assert find(cards[1]["pair"], "bits_per_dim_more", of=CAUSAL)["value"] == pytest.approx(-more["value"], abs=1e-9)


def test_both_flows_are_measured_with_the_same_noise(monkeypatch: pytest.MonkeyPatch):
    seen = []
    for net in FLOWS:
        flow = flow_of(net)
        monkeypatch.setattr(flow, "log_prob", lambda x: seen.append(x) or torch.zeros(len(x)), raising=False)
        patch_flow.coarse_bounds(flow, FIRST_SEEN, seed=0)
    assert (seen[0] == seen[1]).all()


def test_the_film_goes_from_z_to_x(film: list[dict]):
    first, last = film[0], film[-1]
    x = {net: continuous(net) for net in FLOWS}
    with torch.no_grad():
        z = torch.cat([flow_of(net).encode(x[net]) for net in FLOWS])
    greys = enlarged((0.5 + z / 6).clamp(0, 1))
    for shown in (first["x"], first["pictures"]["z"]):
        assert (LEVELS.decode(shown) - greys).abs().max() <= 0.5 / 255 + 1e-6
    for shown in (last["x"], first["pictures"]["x"]):
        assert (LEVELS.decode(shown) - drawn(x[CAUSAL])).abs().max() <= 0.5 / 255 + 1e-4
    assert not any(shot["pictures"] for shot in film[1:])


def test_the_coupling_flow_is_back_long_before_the_causal_one(film: list[dict]):
    done = torch.tensor([shot["report"]["curves"][0] for shot in film])
    couplings = len(flow_of(COUPLED).transforms)
    assert done[0].max() < 10 and done[-1].tolist() == [64, 64]
    assert (done[couplings:, 1] == 64).all() and done[couplings - 1, 1] < 64
    assert (done[49:, 0] >= 4 * torch.arange(1, 17)).all() and done[48, 0] < 16 and done[63, 0] < 64
    assert film[20]["report"]["caption"] == "block 3: patch 4"


def test_the_film_quotes_the_exact_log_densities(film: list[dict]):
    figures = {name: value for name, value, _ in film[-1]["report"]["numbers"]}
    for net, title in IN_SENTENCES.items():
        with torch.no_grad():
            exact = float(flow_of(net).log_prob(continuous(net)))
        assert float(figures[f"log p(x), {title}"].replace("−", "-")) == pytest.approx(exact, abs=0.06)
        bound = bound_of(flow_of(net), levels_of(DIGIT), SEED)
        assert figures[f"its levels, {title}"] == f"≤ {bound:.2f}"


def test_a_change_of_a_patch_reaches_no_patch_before_it():
    found = override.override.plain(DIGIT, SEED, 2.0)
    for patch, part in zip(found.each.values, found.each.parts, strict=True):
        figures = {figure.name: figure.text for figure in part.numbers}
        assert figures[override.EARLIER.name] == "0"
        moved = int(figures[override.FOLLOW.name].split()[0])
        assert 4 <= moved <= 4 * patch  # the block undone first reads from the last patch to the first
        assert all(check(grid, Images) is None for grid in part.grids)
    assert found.each.parts[-1].numbers[0].text.startswith(("5", "6"))  # of 64 pixels
    assert flow_of(CAUSAL).blocks[-1].reverse


@pytest.mark.parametrize("net", FLOWS)
def test_a_changed_z_is_decoded_as_by_the_flow_itself(net: str):
    flow, x = flow_of(net), continuous(net)
    with torch.no_grad():
        changes, images = override.changes_of(flow, x, -1.5)
        for patch in (0, 5, 15):
            z = flow.encode(x)
            row, column = 2 * (patch // 4), 2 * (patch % 4)
            z[..., row : row + 2, column : column + 2] -= 1.5
            torch.testing.assert_close(images[patch], flow.decode(z)[0], rtol=0, atol=1e-4)
            assert int((changes[0][patch] > 0).sum()) == 4
    nothing = override.override.plain(DIGIT, SEED, 0.0).each.parts[3]
    assert nothing.words == "Nothing was added, so nothing changes." and nothing.numbers[2].text == "0 of 64"


def test_the_race_counts_passes_and_draws_what_the_flows_draw():
    found = race.race.plain(SEED)
    rows = found.table.rows
    assert [row["passes"] for row in rows] == [4, 64, len(flow_of(COUPLED).transforms)] + [rows[2]["passes"]]
    assert all(row["milliseconds"] > 0 for row in rows) and rows[1]["milliseconds"] > rows[0]["milliseconds"]
    for net, grid in zip(FLOWS, found.grids):
        flow = flow_of(net)
        with torch.no_grad():
            samples = flow.to_space(flow.decode(flow.noise(8, rng())), 0)
        COARSE.check(samples)
        assert (LEVELS.decode(grid["images"]) - enlarged(samples)).abs().max() < 1e-3


def test_two_patches_are_undone_one_after_the_other():
    x1, x2 = maths.undo(0.8, -0.4, 0.5, 0.3)
    assert x1 * math.exp(-0.5) == pytest.approx(0.8)
    assert (x2 - x1) * math.exp(-0.3) == pytest.approx(-0.4)
