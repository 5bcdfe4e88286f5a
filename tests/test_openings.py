"""Opening state of a shared question in a tab whose first network is of points, and what its addresses keep."""

import pytest

from explorer import fields
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.energy import tab as energy
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.kit.ask import likely
from explorer.tabs.kit.layout.tab import Tab
from tests.address import BROWSER, WRITE
from tests.node import run

ASKED = {"make", "complete", "likelihood", "anomaly", "interpolate"}


def opens(tab: Tab) -> dict[str, dict]:
    return tab.value({net.name: net.content() for net in tab.shown()})["opens"]


@pytest.mark.parametrize(("tab", "net"), [(flow, "flow-mnist"), (flow_matching, "flow-matching-mnist")])
def test_all_shared_questions_open_on_the_same_images(tab, net: str):
    found = opens(tab.TAB)
    assert found.keys() == ASKED and {each["state"]["net"] for each in found.values()} == {net}
    assert [question for question, each in found.items() if each["always"]] == ["complete", "anomaly"]


def test_the_energy_opens_on_a_network_of_images_that_answers():
    found = opens(energy.TAB)
    assert found["make"]["state"] == found["likelihood"]["state"] == {"net": "rbm-mnist"}


def test_a_tab_whose_first_network_has_images_opens_on_it():
    assert opens(diffusion.TAB) == {}


OPENED = {"make": {"state": {"net": "flow-mnist"}, "always": False}}
CANNOT = {"complete": {"state": {"net": "flow-mnist"}, "always": True}}


def asked(body: str, **more):
    declared = fields.to_props(flow.TAB.fields)
    declared["mode"]["opens"] = OPENED | CANNOT
    return run(BROWSER + body, declared=declared, **more)


@pytest.mark.parametrize(
    ("address", "net"),
    [
        ("tab=flow&mode=make", "flow-mnist"),
        ("tab=flow&mode=make&__theme=dark", "flow-mnist"),
        ("tab=flow&mode=make&seed=9", "flow-moons"),
        ("tab=flow&mode=make&net=flow-rings", "flow-rings"),
        ("tab=flow&mode=complete&seed=9", "flow-mnist"),
        ("tab=flow&mode=warp", "flow-moons"),
    ],
)
def test_an_address_that_says_more_than_the_mode_keeps_its_network(address: str, net: str):
    assert asked("return readAddress(fields, `?${address}`).net;", address=address) == net


def test_the_address_of_such_a_mode_names_its_network():
    states = [{"mode": "make", "net": "flow-moons"}, {"mode": "make", "net": "flow-mnist"}, {"mode": "warp"}]
    said = asked(WRITE, states=states)
    assert ["net=flow-moons" in said[0], "net=flow-mnist" in said[1], "net=" in said[2]] == [True, True, False]


@pytest.mark.parametrize(
    ("before", "net"),
    [
        ({"mode": "warp", "net": "flow-moons"}, "flow-mnist"),
        ({"mode": "warp", "net": "flow-rings"}, None),
        ({"mode": "complete", "net": "flow-moons"}, None),
    ],
)
def test_a_mode_opened_by_hand_takes_what_nobody_has_chosen(before: dict, net: str | None):
    body = "const { openingFrom } = await load('kit/shell/address.js'); return openingFrom(fields, before, 'make');"
    assert asked(body, before=before).get("net") == net


def test_an_energy_of_points_says_why_its_density_is_known():
    of = {"picture": ("point", (-1.1, 1.03)), "parts": 1}
    alone = likely.ask_likely.props(("energy-moons",), **of)["words"]
    assert likely.INTEGRATED in alone
    assert likely.INTEGRATED not in likely.ask_likely.props(("flow-moons",), **of)["words"]
