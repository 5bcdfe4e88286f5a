"""Text spacing of WCAG 1.4.12: with it, no name runs into its neighbour, and the pictures of a row stay on one line."""

import pytest
from playwright.sync_api import Page

SPACING = """* { letter-spacing: 0.12em !important; line-height: 1.5 !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
BEYOND = """() => [...document.querySelectorAll('.stage :is(h2, h3)')].flatMap((name) => {
  const box = name.closest('.family, .card, .branch');
  if (!box || !name.offsetWidth || name.matches('.spoken')) return [];
  const range = document.createRange();
  range.selectNodeContents(name);
  const over = range.getBoundingClientRect().right - box.getBoundingClientRect().right;
  return over > 1 ? [`${name.textContent}: ${Math.round(over)} px`] : [];
})"""
FOUND = "() => document.querySelectorAll('.stage :is(.family, .card, .branch) h2').length"
ROWS = """() => {
  const found = [...document.querySelectorAll('.stage .family canvas')].filter((each) => each.offsetWidth);
  return found.map((each) => Math.round(each.getBoundingClientRect().top));
}"""


@pytest.mark.parametrize("query", ["tab=compare", "tab=compare&mode=anomaly", "tab=start"])
def test_names_stay_in_their_places_with_wider_text(page: Page, app_url: str, query: str):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{app_url}/?{query}")
    page.wait_for_function("document.querySelector('.stage')?.explorer")
    page.wait_for_function(FOUND)
    assert page.evaluate(BEYOND) == []
    page.add_style_tag(content=SPACING)
    page.wait_for_timeout(500)
    assert page.evaluate(BEYOND) == []
    if query == "tab=compare":
        assert len({*page.evaluate(ROWS)}) == 3
