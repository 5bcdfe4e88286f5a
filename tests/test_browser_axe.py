"""Findings of the checks by axe-core, so that what they do not find is not there."""

import pytest
from playwright.sync_api import Page

from tests.axe import COLOURS, violations, violations_in

FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><main>
<style>.dark { background: black; color: white } .dark p { color: #333 }</style>
<h1>Two faults</h1><p>It is too dim in the dark.</p><img src="data:,">
</main>"""


@pytest.mark.parametrize(("theme", "rule"), [("light", "image-alt"), ("dark", "color-contrast")])
def test_the_light_is_checked_by_all_rules_and_the_dark_by_its_colours(page: Page, theme: str, rule: str):
    page.set_content(FAULTY)
    page.evaluate("theme => document.body.className = theme", theme)
    assert [name for name, _ in violations_in(theme, page)] == [rule]


def test_no_rule_that_reads_colours_is_left_out(page: Page):
    page.set_content(FAULTY)
    violations(page)
    of_colours = page.evaluate("axe.getRules(['cat.color']).map(({ ruleId }) => ruleId)")
    assert {*of_colours} == {*COLOURS, "color-contrast-enhanced"}  # that one asks for more than AA, and is off
