"""Values and texts of the flow tab: figures of the cards, and where the weights lie."""

import math
import re

import pytest

from explorer.data import toys
from explorer.models.plane_flow import KINDS
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.numbers.rows import UNKNOWN
from explorer.numbers.trained import Found, read_card
from explorer.tabs.flow import plane as flow_plane
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow.warp import DEPTHS
from tests.address import passed_over, read, written

CARDS = {net: read_card(net) for net in flow.TAB.nets}
PLANE = [f"flow-{name}" for name in toys.TOYS]


@pytest.mark.parametrize("net", PLANE)
def test_the_stage_is_told_of_every_flow_what_its_card_says(net: str):
    result = flow_plane.to_props(net, CARDS[net])
    flows = {f"{kind}-{depth}" for kind in KINDS for depth in DEPTHS}
    assert set(checkpoints.load(net, "cpu").flows) == set(result["threads"]) == flows
    for of, words in result["threads"].items():
        bridges = [math.exp(find(CARDS[net], "bridge", of=each)["value"]) for each in (of, "known")]
        numbers = [float(each) for each in re.findall(r"density of ([\d.]+),|through ([\d.]+)\.", words)[0] if each]
        assert numbers == pytest.approx(bridges[:1], rel=0.05)
        assert f"{find(CARDS[net], 'kl', of=of)['value']:.2f}"[:3] in words
    table = {row[0].split()[0]: row for row in result["trained"]["rows"]}
    assert table["additive"][1:4] == ["0.00"] * 3
    assert float(table["spline"][4]) == pytest.approx(find(CARDS[net], "kl", of="spline-8")["value"], abs=6e-4)
    path, _, version = result["weights"].partition("?v=")
    assert (checkpoints.ROOT / path).exists() and CARDS[net]["sha256"].startswith(version)


def test_of_a_flow_of_images_and_of_a_broken_card_there_is_nothing_to_tell():
    assert flow_plane.to_props("flow-mnist", CARDS["flow-mnist"]) == {}
    assert flow_plane.to_props("flow-moons", {}) == {}


def test_nothing_that_the_texts_quote_is_unmeasured():
    quotes = flow.TAB.quotes({net: Found(card, {}, "", None) for net, card in CARDS.items()})
    texts = [(flow.TAB.folder / name).read_text(encoding="utf-8") for name in ("tour.md", "maths.md")]
    quoted = {part.split("}}")[0] for text in texts for part in text.split("{{")[1:]}
    assert len(quoted) >= 5
    assert not {name for name in quoted if UNKNOWN in quotes[name]}


def test_the_readings_are_the_cards_figures():
    card = CARDS["flow-moons"]
    thread = flow_plane.thread(CARDS)
    assert thread.index("four affine") < thread.index("four splines") < thread.index("known density")
    assert f"{math.exp(find(card, 'bridge', of='affine-4')['value']):.2f}" in thread
    short = flow_plane.thread(CARDS, short=True)
    assert "splines" not in short and short.split(", ") == [each for each in thread.split(", ") if "spline" not in each]


def test_the_answers_of_the_tour_are_what_the_cards_say():
    quotes = flow.TAB.quotes({net: Found(card, {}, "", None) for net, card in CARDS.items()})
    tour = {step["title"]: step for step in flow.TAB.tour(quotes)}
    assert not passed_over(flow.TAB.fields, [step[when] for step in tour.values() for when in ("state", "after")])
    answers = {title: step["choices"][step["answer"]] for title, step in tour.items()}
    assert "a thread of mass" in answers["Between the moons"]
    assert find(CARDS["flow-moons"], "bridge", of="affine-4")["value"] > math.log(0.1)
    assert "never scales" in answers["What limits a flow?"]
    for which in ("least", "greatest"):
        assert find(CARDS["flow-moons"], f"volume_{which}", of="additive-8")["value"] == 0
        assert abs(find(CARDS["flow-moons"], f"volume_{which}", of="affine-8")["value"]) > 0.1


@pytest.mark.parametrize("net", PLANE)
def test_no_additive_flow_is_denser_than_the_middle_of_the_noise_and_none_is_good(net: str):
    """As every area is kept; the lesson and the maths say so."""
    for depth in DEPTHS:
        assert find(CARDS[net], "volume_greatest", of=f"additive-{depth}")["value"] == 0
    assert find(CARDS[net], "kl", of="additive-8")["value"] > 0.8


def test_every_state_that_a_try_sets_is_one_that_the_address_can_say():
    patches = [patch for tries in flow.TAB.tries.values() for _, patch in tries]
    again = read(flow.TAB.fields, written(flow.TAB.fields, patches))
    for patch, state in zip(patches, again, strict=True):
        assert {key: state[key] for key in patch} == patch
