"""*Share → Python* in the tabs of families: the cell of each shared question gives what the tab shows as it opens.

These questions have no presets of their own in a family's tab: each opens on seed 7 and test image 8.
"""

from typing import Any

import pytest

from explorer import data
from explorer.networks import checkpoints
from explorer.questions import Cannot
from explorer.tabs.interface import TABS
from explorer.tabs.kit.ask import likely, odd, questions
from explorer.tabs.kit.ask.cells import cell
from explorer.tabs.kit.ask.nets import dataset_of, is_known
from explorer.tabs.kit.layout.tab import Tab
from tests.test_cells import last_frame, run

FAMILY_QUESTIONS = [(tab, mode) for tab in TABS if tab.name != "compare" for mode in tab.questions]
CELL_POINT, CELL_OTHER = ("point", (0.5, 0.1)), ("point", (-0.5, 0.3))


def net_of(tab: Tab) -> str:
    """Return the first network of a tab that the shared questions are asked about."""
    return next(net for net in tab.nets if is_known(net))


def values_of(name: str, net: str) -> dict[str, Any]:
    """Return the values of a question as a tab opens on it."""
    dataset = dataset_of(net)
    images = isinstance(data.DATASETS[dataset], data.ImageSet)
    picture, other = (("test", 8, dataset), ("test", 9, dataset)) if images else (CELL_POINT, CELL_OTHER)
    drawn = {"seed": 7, "label": None}
    known = b"\xff" * 49 + bytes(49) if images else b"\x80"
    return {
        "ask_make": {"net": net, **drawn},
        "ask_learn": {"net": net, **drawn},
        "ask_complete": {"net": net, "picture": picture, "known": known, **drawn},
        "ask_interpolate": {"net": net, "picture": picture, "other": other},
        "ask_likely": {"nets": (net,), "parts": 1, "picture": picture},
        "ask_odd": {"nets": (net,), "kind": None, "parts": 1, "picture": picture},
    }[name]


def shown_by_the_page(name: str, function: Any, values: dict[str, Any]) -> str | None:
    """Return what the page shows, as a cell's x or its printed line; None if the network cannot answer."""
    try:
        if name == "ask_likely":
            found = likely.ask_likelihood.plain(values["nets"][0], values["picture"]).view
            return None if found["nats"] is None else f"{found['nats']} {found['se']}"
        if name == "ask_odd":
            score = odd.score_of(values["nets"][0], values["picture"]).view["score"]
            return None if score is None else str(score)
        frame = last_frame(function, values)
        return frame["pictures"].get("mean", frame["x"]) if name == "ask_make" else frame["x"]
    except Cannot:
        return None


@pytest.mark.parametrize(
    ("tab", "mode"), FAMILY_QUESTIONS, ids=[f"{tab.name}-{mode}" for tab, mode in FAMILY_QUESTIONS]
)
def test_the_cell_of_each_shared_question_gives_what_its_tab_shows(tab: Tab, mode: str):
    function = tab.panels[mode].ask
    name, net = function.__name__, net_of(tab)
    values = values_of(name, net)
    page, text = shown_by_the_page(name, function, values), cell([(function, values)])
    if name in ("ask_likely", "ask_odd"):
        printed = run(text)["printed"].strip()
        assert printed.endswith(page) if page is not None else "cannot" in printed
    elif page is None:
        with pytest.raises(Cannot):
            run(text)
    else:
        x = run(text)["x"]
        space, count = checkpoints.load(net).space, len(x)
        encoded = {space.encode(x[:each]) for each in (count, min(4, count), min(500, count))}
        assert page in encoded


def test_no_shared_question_of_a_family_has_a_preset_without_a_test():
    assert not [(tab.name, mode) for tab, mode in FAMILY_QUESTIONS if tab.tries_of(mode)]
    assert questions.ask_make in {tab.panels[mode].ask for tab, mode in FAMILY_QUESTIONS}
