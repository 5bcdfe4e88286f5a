"""Contract of all tabs: every mode has a panel that Python declares, and a tab's folders have one name."""

import pytest

from explorer import fields
from explorer.tabs import interface
from explorer.tabs.autoregressive.shared import AnyImage
from explorer.tabs.kit.layout.fields import DrawnOrTest
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.vae.shared import DrawnOrTest as Encoded

LESSONS = {"tour", "exercises"}
PICTURES = (DrawnOrTest, AnyImage, Encoded)
every_tab = pytest.mark.parametrize("tab", interface.TABS, ids=[tab.name for tab in interface.TABS])


@every_tab
def test_every_mode_has_a_declared_panel(tab: Tab):
    assert tab.modes.keys() - LESSONS <= tab.panels.keys()


@every_tab
def test_a_panel_asks_a_function_that_the_page_has(tab: Tab):
    asked = {panel.ask for panel in tab.panels.values() if panel.ask}
    assert asked <= {*tab.functions}


@every_tab
def test_a_tab_has_its_name_or_its_title_as_the_name_of_its_folders(tab: Tab):
    names = {name.lower().replace("-", "_") for name in (tab.name, tab.title)}
    assert tab.folder.name in names
    assert tab.stage.__module__ == f"explorer.stages.{tab.folder.name}"


@every_tab
def test_another_picture_asks_again(tab: Tab):
    """A picture is made of several fields of the address; without one of them the mode would keep an old answer."""
    known = {field.key for field in tab.fields}
    for mode, panel in tab.panels.items():
        asked = fields.of(panel.ask.plain) if panel.ask else {}
        pictures = [each for each in asked.values() if isinstance(each.kind, PICTURES)]
        assert all(known & {*each.parts} for each in pictures), mode
