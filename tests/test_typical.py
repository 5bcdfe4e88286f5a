"""Typical seeds: what opens is of median quality, and only where the address says nothing of it."""

import pytest
import torch

from explorer import data, fields
from explorer.commands import openings
from explorer.measures.typical import TYPICAL_OF, confidence, median_seed, shared_seed
from explorer.networks import checkpoints
from explorer.tabs.families import TABS
from explorer.tabs.gan import tab as gan
from explorer.tabs.interface import TABS as ALL
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.typical import OPENING_SEED, typical_seeds
from explorer.tabs.vae.explore import EXPLORE_NEAR
from explorer.tabs.vae.shared import BETA, _codes
from tests.address import BROWSER
from tests.node import call, run

NAMED = {tab.name: tab for tab in ALL}
FAST = [("gan", "generate", "gan-mnist"), ("vae-room", "make", "vae-mnist"), ("vae", "sample", "mnist")]
NEAR = 0.005  # of the median confidence: the arithmetic of another machine


def test_the_median_is_in_the_middle_and_what_all_share_is_near_every_median():
    assert median_seed([0.9, 0.1, 0.5]) == 2
    assert shared_seed([[0.9, 0.1, 0.5, 0.6, 0.2], [0.1, 0.9, 0.5, 0.4, 0.8]]) == 2


def test_the_confidence_is_that_of_the_most_probable_class():
    sharp, grey = data.display_split("mnist").pixels()[:1], torch.full((1, 1, 28, 28), 0.4)
    sure, unsure = confidence(torch.cat([sharp, grey]), "mnist")
    assert 0.1 <= unsure < sure <= 1


@pytest.mark.parametrize(("tab", "mode", "choice"), FAST)
def test_a_network_opens_with_images_of_its_median_quality(tab: str, mode: str, choice: str):
    drawing = {(mode, choice): (draws, net) for mode, draws, choice, net in openings.drawing(NAMED[tab])}
    found = openings.qualities(*drawing[mode, choice])
    assert len(found) == TYPICAL_OF
    assert found[typical_seeds()[tab][mode][choice]] == pytest.approx(sorted(found)[TYPICAL_OF // 2], abs=NEAR)


def test_every_mode_that_draws_from_a_seed_has_one_for_each_of_its_networks():
    wanted = {(tab.name, mode, choice) for tab in TABS for mode, _, choice, _ in openings.drawing(tab)}
    known = {
        (tab, mode, each) for tab, modes in typical_seeds().items() for mode, seeds in modes.items() for each in seeds
    }
    shared = {(tab, mode, each) for tab, modes in openings.SHARED.items() for mode in modes for each in data.CLASSES}
    assert known == wanted | shared
    assert {"ar", "diffusion", "gan", "vae", "style", "flow", "discrete-diffusion"} <= {tab for tab, *_ in wanted}


@pytest.mark.parametrize("name", ["ar", "diffusion", "style", "start", "compare", "discrete-diffusion"])
def test_a_tab_that_opens_on_a_sample_opens_on_its_typical_seed(name: str):
    tab = NAMED[name]
    seeds = typical_seeds()[name]
    opened = tab.opening.with_seed(tab.fields, seeds).to_props(tab.fields)["state"]
    mode = opened.get("mode", next(each for each in tab.fields if each.key == "mode").default)
    assert opened["seed"] in seeds[mode].values()


def test_a_visitor_reads_by_which_rule_the_first_seed_is_chosen():
    tab = NAMED["style"]
    nets = {net.name: net.content() for net in tab.shown()}
    found = tab.to_props(nets, tab.quotes(nets))["fields"]
    assert found["seed"]["help"].endswith(OPENING_SEED)
    assert found["mode"]["opening"]["state"]["seed"] == found["mode"]["seeds"]["mix"]["stylegan-mnist"]


def test_a_tab_that_opens_on_something_else_has_no_seed_then():
    tab = gan.TAB
    assert tab.opening.with_seed(tab.fields, typical_seeds()["gan"]) is tab.opening
    assert Opening({"seed": 3}).with_seed(NAMED["ar"].fields, typical_seeds()["ar"]).state == {"seed": 3}


SEEDS = {"generate": {"gan-mnist": 11, "gan-fashion-mnist": 4}, "learn": {"gan-mnist": 2}}


@pytest.mark.parametrize(
    ("before", "mode", "seed"),
    [
        ({"mode": "game"}, "generate", 11),
        ({"mode": "game", "net": "gan-fashion-mnist"}, "generate", 4),
        ({"mode": "game", "seed": 20}, "generate", None),  # the visitor's own
        ({"mode": "generate", "seed": 11}, "learn", 2),  # typical of the mode before, and nobody's choice
        ({"mode": "generate", "seed": 12}, "learn", None),
        ({"mode": "generate"}, "generate", None),  # it is open: nothing changes
        ({"mode": "generate"}, "collapse", None),
    ],
)
def test_a_mode_opened_by_hand_takes_its_typical_seed(before: dict, mode: str, seed: int | None):
    declared = fields.to_props(gan.TAB.fields)
    declared["mode"] |= {"seeds": SEEDS, "opening": {"state": {}, "moves": None}}
    body = """const { openingFrom } = await load('kit/shell/address.js');
    return openingFrom(fields, { ...readAddress(fields, "?mode=game"), ...before }, mode);"""
    assert run(BROWSER + body, declared=declared, before=before, mode=mode).get("seed") == seed


def test_the_mode_in_which_a_tab_opens_takes_the_same_state_by_hand():
    declared = fields.to_props(NAMED["vae"].fields)
    declared["mode"] |= {"opening": NAMED["vae"].opening.to_props(NAMED["vae"].fields)}
    body = """const { openingFrom } = await load('kit/shell/address.js');
    return ["explore", "encode"].map((mode) => openingFrom(fields, readAddress(fields, "?mode=sample"), mode));"""
    explore, encode = run(BROWSER + body, declared=declared)
    assert explore == {"mode": "explore", "img": 108, "z": [0.4, 0.7]} and encode == {"mode": "encode"}


def test_the_first_films_are_the_shortest_of_every_group_and_then_the_shortest():
    asked = [{"group": group, "cost": cost} for group, cost in [("a", 5), ("b", 9), ("a", 1), ("b", 8), ("c", 20)]]
    found = call("questions/in_turn.js", "inTurn", asked)
    assert [each["cost"] for each in found] == [1, 8, 20, 5, 9]


def test_the_first_cursor_of_the_vae_stands_where_image_and_nearest_test_image_agree():
    z, model = torch.tensor(NAMED["vae"].opening.state["z"]), checkpoints.load("beta-vae-mnist")
    split, classifier = data.display_split("mnist"), checkpoints.load("classifier-mnist")
    with torch.no_grad():
        decoded = classifier(model.decode(z[None], BETA.default).mean.view(1, 1, 28, 28)).argmax().item()
        apart = (_codes(model, data.binary_display_images("mnist"), BETA.default) - z).norm(dim=-1)
    assert set(split.labels[apart < EXPLORE_NEAR].tolist()) == {decoded} and apart.min() < EXPLORE_NEAR / 5
