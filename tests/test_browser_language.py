"""The page in German: no English sentence is left on Start and in the VAE's tab but for papers, and it stays German."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stage import url_in

ENGLISH = re.compile(r"\b(the|and|of|with|which|are|this|from|each|they|how|what|is|its|your|for)\b", re.IGNORECASE)
VISIBLE = """() => {
  const OTHER = "code, pre, script, style, [translate=no], .js-plotly-plot, a[href^=http]";
  const kept = (node) => !node.parentElement.closest(OTHER);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    kept(node) && node.parentElement.checkVisibility() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode.data.trim());
  for (const each of document.querySelectorAll("[aria-label], [title]")) {
    if (each.checkVisibility()) found.push(each.getAttribute("aria-label") ?? "", each.title ?? "");
  }
  return [...new Set(found)];
}"""
SHOWN = "document.querySelector('.stage')?.explorer"
VIEWS = [
    *("tab=start", "tab=start&mode=random", "tab=start&mode=matrix", "tab=vae"),
    *(f"tab=vae&mode={mode}" for mode in ("interpolate", "encode", "gaps", "sample", "learn", "exercises")),
    *(f"tab=vae&mode={mode}&img=12" for mode in ("complete", "likelihood", "anomaly")),
    *(f"tab=vae&mode=tour&tour={step}" for step in range(1, 9)),
]


def english_on(page: Page) -> list[str]:
    """English texts on the page, once it has rested: a busy machine translates what has come a moment later."""
    for _ in range(40):
        found = [text for text in page.evaluate(VISIBLE) if ENGLISH.search(text)]
        if not found:
            break
        page.wait_for_timeout(250)
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_no_english_sentence_is_left(page: Page, app_url: str, view: str):
    page.goto(f"{app_url}/?{view}&__lang=de")
    page.wait_for_function(SHOWN)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.body.lang") == "de"
    assert english_on(page) == []


def test_the_view_menu_changes_the_language_and_a_link_within_the_page_keeps_it(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&beta=4")
    page.wait_for_function(SHOWN)
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("button", name="Deutsch", exact=True).click()
    page.wait_for_url("**__lang=de**")
    assert "beta=4" in url_in(page) and "tab=vae" in url_in(page)
    page.wait_for_function(SHOWN)
    page.evaluate("goTo('?tab=start')")
    expect(page.locator("#nav [aria-current]")).to_have_attribute("data-tab", "start")
    assert "__lang=de" in url_in(page)


def test_the_choices_of_the_map_have_room_for_their_words_on_a_phone(phone: Page, app_url: str):
    phone.goto(f"{app_url}/?tab=vae&__lang=de")
    chips = phone.locator(".vae .layers .chip")
    chips.last.wait_for()
    assert all(chips.evaluate_all("(all) => all.map((each) => each.scrollWidth <= each.clientWidth)"))
