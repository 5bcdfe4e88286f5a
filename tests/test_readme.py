"""README: short, with every tab in its table, and light pictures."""

import re

import pytest
from PIL import Image

from explorer.tabs.interface import TABS
from explorer.tabs.kit.layout.tab import Tab
from tests import readme
from tests.workshop import TARGETS

TEXT = readme.README.read_text(encoding="utf-8")
MOST_WORDS, MOST_BYTES = 900, 400_000


def test_it_is_short():
    assert len(TEXT.split()) <= MOST_WORDS


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_every_tab_is_in_the_table_with_its_question_and_a_picture(tab: Tab):
    assert TEXT.count(readme.cell(tab)) == 1
    with Image.open(readme.picture(tab)) as image:
        assert image.format == "WEBP" and image.size == readme.SIZE


def test_the_table_is_what_its_command_writes():
    assert f"{readme.BEGIN}\n{readme.table()}\n{readme.END}" in TEXT


def test_the_pictures_are_light_and_no_other_ones_lie_there():
    pictures = {readme.picture(tab) for tab in TABS}
    assert {*pictures} == {*readme.picture(TABS[0]).parent.iterdir()}
    assert sum(path.stat().st_size for path in pictures) <= MOST_BYTES


def test_its_commands_are_those_of_the_makefile():
    named = {*re.findall(r"^make (\S+)", TEXT, re.MULTILINE)}
    assert {"run", "test"} <= named and named | {*re.findall(r"`make (\S+?)`", TEXT)} <= TARGETS
