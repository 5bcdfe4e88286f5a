"""The page in German: it is offered where no English sentence is left but for papers, and all else is English."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stage import turn_to_text, url_in

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


OVERLAPS = """() => {
  const stage = [...document.querySelectorAll(".stage")].find((each) => each.checkVisibility());
  const parts = [...stage.querySelectorAll(".header :is(h1, p, .button), .on-stage, .mechanism")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().width > 2);
  const texts = parts.map((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return { each, boxes: each.matches("h1, p") ? [...range.getClientRects()] : [each.getBoundingClientRect()] };
  });
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const found = [];
  texts.forEach(({ each, boxes }, i) => {
    for (const other of texts.slice(i + 1)) {
      if (each.contains(other.each) || other.each.contains(each)) continue;
      if (!boxes.some((a) => other.boxes.some((b) => meet(a, b)))) continue;
      found.push([each.textContent, other.each.textContent]);
    }
  });
  return found;
}"""


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
    assert page.evaluate("[document.documentElement.lang, document.body.lang]") == ["de", "de"]
    assert english_on(page) == []


@pytest.mark.parametrize("view", ["tab=start", "tab=start&mode=matrix", "tab=vae", "tab=vae&mode=learn"])
def test_nothing_overlaps_in_a_window_of_1280(page: Page, app_url: str, view: str):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/?{view}&__lang=de")
    page.wait_for_function(SHOWN)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("tab", ["start", "vae"])
def test_the_text_below_is_german(page: Page, app_url: str, tab: str):
    page.goto(f"{app_url}/?tab={tab}&__lang=de")
    page.wait_for_function(SHOWN)
    turn_to_text(page)
    assert english_on(page) == []


def test_the_story_is_german(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{app_url}/?tab=vae&story=vae&__lang=de")
    page.locator(".story-caption").wait_for()
    for _ in range(page.locator(".story-mark").count()):
        assert english_on(page) == []
        page.keyboard.press("PageDown")


@pytest.mark.parametrize("view", ["tab=gan", "tab=start&mode=exam"])
def test_what_is_not_covered_is_english_and_says_so(page: Page, app_url: str, view: str):
    page.goto(f"{app_url}/?{view}&__lang=de")
    page.wait_for_function(SHOWN)
    assert page.evaluate("[document.documentElement.lang, document.body.lang]") == ["en", "en"]
    page.get_by_role("button", name="View", exact=True).click()
    assert not page.get_by_role("button", name="Deutsch").is_visible()


def test_from_a_german_page_an_english_tab_is_english_and_the_way_back_german(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&__lang=de")
    page.wait_for_function(SHOWN)
    language = "(code) => document.documentElement.lang === code && document.querySelector('.stage')?.explorer"
    page.locator(".nav [data-tab=foundations]").click()
    page.wait_for_function(language, arg="en")
    assert "tab=foundations" in url_in(page) and "__lang=de" in url_in(page)
    page.locator(".nav [data-tab=vae]").click()
    page.wait_for_function(language, arg="de")
    assert english_on(page) == []


def test_the_view_menu_changes_the_language_and_a_link_within_the_page_keeps_it(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&beta=4")
    page.wait_for_function(SHOWN)
    page.get_by_role("button", name="View", exact=True).click()
    page.get_by_role("button", name="Deutsch (Start und VAE)", exact=True).click()
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
