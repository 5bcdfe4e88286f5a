"""Sentences and the pictures that they describe are on one screen, in a real browser of 1280 × 720."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.rest import comes_to_rest, counts_questions
from tests.server import ROOT
from tests.stage import STAGES, mode_panel, mode_tab

SIZE = {"width": 1280, "height": 720}
AS_A_STRANGER = "localStorage.setItem('explorer-more', '[]')"
"""Keeps closed what waits behind *More*."""
PROBLEMS = """(stage) => {
  const panel = stage.querySelector(".panel");
  const bottom = (element) => Math.round(element.getBoundingClientRect().bottom);
  const end = Math.min(innerHeight, bottom(panel) + 1);
  const isShown = (element) => element.getClientRects().length > 0;
  const map = stage.querySelector(".above-map"); // from here the first page goes on below the screen
  const parts = map && isShown(map) ? ".noise, .begin, .tour-card" : ".body, .tour-card, .seen";
  const told = [...stage.querySelectorAll(parts)].filter(isShown);
  const more = panel.scrollHeight - panel.clientHeight;
  const error = stage.querySelector(".status[data-kind=error]");
  return [
    ...(error?.innerText ? [`an error: ${error.innerText}`] : []),
    ...(more > 1 ? [`the panel is ${more} px too tall`] : []),
    ...told.filter((one) => bottom(one) > end).map((one) => `.${one.className} ends at ${bottom(one)}`),
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page is too wide"] : []),
  ];
}"""

NAMES = """(stage) => {
  const isHeard = (one) => one.checkVisibility({ visibilityProperty: true }) &&
    !one.closest(".tour-card, .header, .modes, [aria-hidden=true]");
  const told = ["aria-label", "aria-description", "aria-valuetext", "title", "alt"];
  const wordsOf = (one) => [
    ...told.map((name) => one.getAttribute(name)),
    one.matches(".spoken, [aria-live], [role=status]") ? one.textContent : "",
  ];
  return [...stage.querySelectorAll("*")].filter(isHeard).flatMap(wordsOf).filter(Boolean);
}"""
"""Names of what is visible, and texts that are heard alone: a screen reader says them."""
NUMBER = re.compile(r"\d+(?:[.,/]\d+)+|\d{2,}")
"""A number of two digits or more."""
SENTENCE = re.compile(r"(?<=[.?!])\s+")
"""Place between two sentences."""
LONG_ENOUGH = 20
"""Letters of a sentence that says something about what is seen."""
TEMPTING = re.compile(r"^- (.*)\n  ~ (.*)$", re.MULTILINE)
LONG = {
    choice: len(why)
    for path in ROOT.glob("explorer/tabs/*/tour.md")
    for choice, why in TEMPTING.findall(path.read_text(encoding="utf-8"))
}


def problems(stage: Locator) -> list[str]:
    """Parts that are cut off, once the server has answered the mode's question."""
    comes_to_rest(stage.page)
    return stage.evaluate(PROBLEMS)


ANSWERS = ".seen, .headline, .figures, .numbers:not(.given), .tour-reveal:not(:empty)"
"""Sentences, figures and tables that answer a question of the tour."""


def given_away(stage: Locator, choices: list[str]) -> list[str]:
    """List the sentences, figures and numbers of the right choice that are told before anybody has answered.

    They are on screen, or in the names that a screen reader says.
    """
    found = [f"{each.get_attribute('class')} is shown" for each in stage.locator(ANSWERS).all() if each.is_visible()]
    picture = stage.locator(".main")
    words = picture.evaluate("(main) => main.innerText") if picture.count() else ""
    right, wrong = ([each for each in choices if (each in LONG) == is_wrong] for is_wrong in (False, True))
    result = set(NUMBER.findall(" ".join(right))) - set(NUMBER.findall(" ".join(wrong)))
    found += [f"{number} is on screen" for number in result if number in NUMBER.findall(words)]
    hidden = [each for words in stage.locator(".seen p").all_text_contents() for each in SENTENCE.split(words)]
    long = [each for each in hidden if len(each) >= LONG_ENOUGH]
    for name in stage.evaluate(NAMES):
        if result & {*NUMBER.findall(name)} or any(each in name for each in long):
            found.append(f"a name tells: {name}")
    return found


@pytest.mark.parametrize("tab", STAGES)
def test_every_mode_every_step_of_the_tour_and_every_exercise_fit_the_screen(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    page.add_init_script(AS_A_STRANGER)
    counts_questions(page)
    page.goto(f"{app_url}/?tab={tab}")
    stage = page.locator(f".stage.{STAGES[tab]}")
    expect(mode_panel(page)).to_be_visible()
    found = modes_that_do_not_fit(stage, titles_of_modes(page, tab))
    if "tour" in found:
        mode_tab(page, "Tour").click()
    card = stage.locator(".mode-tour .tour-card")
    steps = int(card.locator(".tour-place").inner_text().split()[-1]) if "tour" in found else 0
    for step in range(1, steps + 1):
        expect(card.locator(".tour-place")).to_have_text(re.compile(rf"^{step} of "))
        choices = card.locator(".tour-choices button").all()
        found[f"step {step}, asked"] = problems(stage) + given_away(stage, [each.inner_text() for each in choices])
        max(choices, key=lambda choice: LONG.get(choice.inner_text(), 0)).click()  # of which most is said
        found[f"step {step}, told"] = problems(stage)
        card.locator(".tour-head button").last.click()
    if "exercises" in found:
        found |= exercises_that_do_not_fit(stage)
    assert not {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("net", ["flow-matching-mnist"])
def test_modes_of_images_fit_the_screen_in_a_tab_that_begins_with_points(page: Page, app_url: str, net: str):
    page.set_viewport_size(SIZE)
    page.add_init_script(AS_A_STRANGER)
    counts_questions(page)
    page.goto(f"{app_url}/?tab=flow-matching&net={net}&mode=solvers&solver=heun&steps=3")
    stage = page.locator(".stage.flow_matching")
    expect(mode_panel(page)).to_be_visible()
    titles = [title for title in titles_of_modes(page, "flow-matching") if title not in ("Tour", "Exercises")]
    found = modes_that_do_not_fit(stage, titles)
    assert not {where: what for where, what in found.items() if what}


def titles_of_modes(page: Page, tab: str) -> list[str]:
    """The titles of all modes of the open tab, those that share an entry of the navigation among them."""
    return page.locator(f'[id^="{tab}-tab-"]').all_text_contents()


def modes_that_do_not_fit(stage: Locator, titles: list[str]) -> dict[str, list[str]]:
    """Parts that are cut off in each mode, of which the tour stays open."""
    found = {}
    for title in sorted(titles, key="Tour".__eq__):
        mode = mode_tab(stage.page, title)
        mode.click()
        name = mode.get_attribute("id").split("-tab-")[1]
        stage.locator(f".panel > .mode-{name}").wait_for()
        found[name] = problems(stage)
    return found


def exercises_that_do_not_fit(stage: Locator) -> dict[str, list[str]]:
    """Parts that are cut off in each exercise: as it is asked, with all of its hints, and with its worked answer."""
    mode_tab(stage.page, "Exercises").click()
    card, found = stage.locator(".mode-exercises .tour-card"), {}
    hint = card.get_by_role("button", name=re.compile("^Hint"))
    card.locator(".exercise-places button").first.wait_for()
    for place in card.locator(".exercise-places button").all():
        place.click()
        name = f"exercise {card.locator('.tour-title').inner_text()}"
        expect(card.get_by_role("button", name="Worked answer")).to_be_enabled()
        found[f"{name}, asked"] = problems(stage)
        if card.locator(".exercise-input").count():
            card.locator(".exercise-input").fill("-98765")
        card.locator(".exercise-form button").first.click()
        expect(card.locator(".exercise-verdict")).not_to_be_empty()
        while hint.is_enabled():
            hint.click()
        found[f"{name}, with hints"] = problems(stage)
        card.get_by_role("button", name="Worked answer").click()
        expect(card.locator(".exercise-worked")).to_be_visible()
        found[f"{name}, with its worked answer"] = problems(stage)
    return found
