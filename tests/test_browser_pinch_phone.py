"""Two fingers on a board enlarge the page: a second finger takes back what the first one has begun."""

import pytest
from playwright.sync_api import CDPSession, Page

from explorer.tabs import interface
from tests.finger import touch
from tests.rest import counts_questions, leads_to
from tests.stage import STAGES

APART, STEPS, SIDEWAYS = 60, 5, 24
OWN_ZOOM = ".vae .overlay"
"""The map of codes enlarges itself."""
BOARDS = """() => [...document.querySelectorAll(".stage .main *, .stage .panel *")].filter((each) => {
  const box = each.getBoundingClientRect();
  return each.checkVisibility() && box.width > 30 && box.height > 30 && !each.matches("input") &&
    /none|pan-y|pinch-zoom/.test(getComputedStyle(each).touchAction);
})"""
STATE = """() => {
  const shown = [...document.querySelectorAll(".stage")].find((each) => each.checkVisibility());
  return structuredClone(shown.explorer.store.get());
}"""
ON_TOP = """(each) => {
  const { left, top, width, height } = each.getBoundingClientRect();
  const places = [0.5, 0.3, 0.15, 0.7].map((down) => [left + 0.45 * width, top + down * height]);
  return places.find(([x, y]) => each.contains(document.elementFromPoint(x, y))) ?? places[0];
}"""
"""A point where a board is not covered, as by a tour's card and its player."""
MODES = [pytest.param(tab.name, marks=[pytest.mark.core] if tab.name == "lab" else []) for tab in interface.TABS]


def pinch(session: CDPSession, phone: Page, at: tuple[float, float]) -> None:
    """Put a finger down and drag it sideways, then a second one, and move them apart."""
    x, y = at
    touch(session, "touchStart", [(x, y)])
    for step in range(1, 4):
        touch(session, "touchMove", [(x + SIDEWAYS * step / 3, y)])
    phone.wait_for_timeout(250)  # a finger that rests draws
    x += SIDEWAYS
    touch(session, "touchStart", [(x, y), (x + 30, y)])
    for step in range(1, STEPS + 1):
        by = APART * step / STEPS
        touch(session, "touchMove", [(x - by, y), (x + 30 + by, y)])
    touch(session, "touchEnd", [(x - APART, y)])
    touch(session, "touchMove", [(x - 2 * APART, y)])
    touch(session, "touchEnd", [])
    phone.wait_for_timeout(300)


@pytest.mark.parametrize("name", MODES)
def test_a_second_finger_takes_back_what_the_first_began_in_every_mode(phone: Page, app_url: str, name: str):
    phone.emulate_media(reduced_motion="reduce")  # no film moves by itself
    counts_questions(phone)
    phone.goto(f"{app_url}/?tab={name}")
    phone.wait_for_function(f"document.querySelector('.stage.{STAGES[name]}')?.explorer")
    session = phone.context.new_cdp_session(phone)
    tab = next(each for each in interface.TABS if each.name == name)
    changed = []
    for mode in tab.modes:
        leads_to(phone, name, mode)
        for board in phone.evaluate_handle(BOARDS).get_properties().values():
            element = board.as_element()
            if not element.is_visible():
                continue
            element.evaluate("(each) => each.scrollIntoView({ block: 'center', behavior: 'instant' })")
            phone.wait_for_timeout(100)
            at, before = element.evaluate(ON_TOP), phone.evaluate(STATE)
            pinch(session, phone, at)
            session.send("Emulation.resetPageScaleFactor")
            words = element.evaluate("(each) => `${each.className} ${getComputedStyle(each).touchAction}`")
            if not element.evaluate("(each, own) => each.matches(own)", OWN_ZOOM):
                now = phone.evaluate(STATE)
                changed += [f"{mode}: {words} set {key}" for key in now if now[key] != before[key]]
                if "pinch-zoom" not in words:
                    changed.append(f"{mode}: {words} keeps two fingers from enlarging the page")
    assert not changed


@pytest.mark.core
def test_a_pinch_on_the_playground_enlarges_the_page_and_draws_nothing(phone: Page, app_url: str):
    phone.emulate_media(reduced_motion="reduce")  # no film moves by itself
    phone.goto(f"{app_url}/?tab=playground")
    board = phone.locator(".board-canvas")
    board.wait_for()
    session = phone.context.new_cdp_session(phone)
    box = board.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = phone.evaluate(STATE)
    touch(session, "touchStart", [(x - 20, y), (x + 20, y)])
    for by in range(20, 140, 10):
        touch(session, "touchMove", [(x - by, y), (x + by, y)])
    touch(session, "touchEnd", [])
    phone.wait_for_function("visualViewport.scale > 1.3")
    assert phone.evaluate(STATE) == before
