"""A control is in sight exactly while the other fields have the values that it is declared for, in every mode."""

from collections.abc import Iterator
from typing import Any

import pytest

from explorer.tabs import interface
from explorer.tabs.kit.layout.panel import Control, Panel
from tests import node

PANELS = {
    f"{tab.name} {mode}": panel
    for tab in interface.TABS
    for mode, panel in tab.panels.items()
    if any(each.when for row in (*panel.controls, *panel.more) for each in row)
}
OTHER = "a value that no control waits for"
IN_SIGHT = """
class Element {
  constructor(tag) { Object.assign(this, { tag, children: [], hidden: false }); }
  setAttribute() {}
  removeAttribute() {}
  addEventListener() {}
  append(...children) { this.children.push(...children); }
}
const element = (tag) => new Element(tag);
globalThis.document = { createElement: element, createTextNode: element, documentElement: { dataset: {} } };
globalThis.localStorage = {};
const { createControls } = await load("kit/panel/controls.js");
const net = () => ({});
return cases.map(({ controls, states }) => {
  let state;
  const ctx = { store: { get: () => state, commit: () => {} }, net, fields: {} };
  const made = createControls(ctx, { asks: [], request: {}, renews: {}, controls: [controls], more: [] });
  return states.map((each) => {
    state = each;
    made.update();
    return made.element.children[0].children.map((place) => !place.hidden);
  });
});
"""
"""What is in sight of a panel's controls in each state; each control is a list, as its kind does not matter."""


def controls_of(panel: Panel) -> list[Control]:
    """Return all controls of a panel."""
    return [each for row in (*panel.controls, *panel.more) for each in row]


def states_of(panel: Panel) -> Iterator[dict[str, Any]]:
    """Yield for each control a state in which all that it waits for is there, and states in which one of it is not."""
    for control in controls_of(panel):
        there = {key: values[-1] for key, values in control.when.items()}
        yield there
        for key in there:
            yield there | {key: OTHER}


def wanted(control: Control, state: dict[str, Any]) -> bool:
    """Return whether all fields have values that a control is declared for."""
    return all(state.get(key, ...) in values for key, values in control.when.items())


@pytest.fixture(scope="module")
def in_sight() -> dict[str, list[list[bool]]]:
    """What is in sight of each panel, in each of its states."""
    cases = [
        {
            "controls": [each.to_props() | {"kind": "list"} for each in controls_of(panel)],
            "states": [*states_of(panel)],
        }
        for panel in PANELS.values()
    ]
    return dict(zip(PANELS, node.run(IN_SIGHT, cases=cases)))


@pytest.mark.parametrize("name", PANELS)
def test_a_control_is_in_sight_while_it_is_wanted_and_only_then(name: str, in_sight: dict[str, list[list[bool]]]):
    panel = PANELS[name]
    expected = [[wanted(each, state) for each in controls_of(panel)] for state in states_of(panel)]
    assert in_sight[name] == expected
    assert any(map(any, expected)) and not all(map(all, expected))
