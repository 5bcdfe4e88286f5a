"""The picture of every tab is reached with a few keys, and on a phone without scrolling; choices are one tab stop."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.rest import RESTS, counts_questions
from tests.stage import STAGES
from tests.test_browser_course import SMALLEST
from tests.test_browser_layout import SIZE
from tests.test_browser_more import AS_A_STRANGER
from tests.test_browser_tabs import opened

CORE = ("foundations",)
"""Opens fast."""
MOST_PRESSES = 8


def tabs(*core: str) -> list:
    """All tabs; `make test` runs some of them."""
    return [pytest.param(tab, marks=pytest.mark.core) if tab in core else tab for tab in STAGES]


TABS = tabs(*CORE)


@pytest.mark.parametrize("tab", TABS)
def test_the_first_link_of_the_page_leads_to_the_picture(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    opened(page, app_url, tab, "light")
    page.locator("body").press("Tab")
    expect(page.get_by_role("link", name="Skip to the picture")).to_be_focused()
    page.keyboard.press("Enter")
    picture = page.locator(".stage:visible [data-picture]")
    expect(picture).to_be_focused()
    expect(picture).to_have_css("outline-style", "solid")


STILL = ("style", "translate")
"""Their first pictures take no keys."""
REACHED = ":is(a, button, select, input, [tabindex='0'])"
IN_PICTURE = "() => Boolean(document.activeElement.closest('.stage [data-picture]'))"
ROWS = """(stage) => [...stage.querySelectorAll("[data-rove]")]
  .filter((row) => row.checkVisibility() && !row.parentElement.closest("[data-rove]"))
  .map((row) => [...row.querySelectorAll("button, a[href]")]
    .filter((each) => !each.closest(".menu-list") && !each.disabled && each.checkVisibility()))
  .filter((items) => items.length)
  .map((items) => [items.map((each) => each.textContent).join(), items.filter((each) => each.tabIndex === 0).length])"""


@pytest.mark.parametrize("tab", TABS)
def test_eight_presses_of_tab_lead_to_the_picture_and_every_row_takes_one(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    stage = opened(page, app_url, tab, "light")
    if tab not in STILL:
        stage.locator(f"[data-picture] {REACHED}").locator("visible=true").first.wait_for()
    rows = stage.evaluate(ROWS)
    assert rows
    assert not [name for name, stops in rows if stops != 1]
    if tab in STILL:
        return
    page.locator("body").press("Tab")
    presses = 1
    while not page.evaluate(IN_PICTURE) and presses <= MOST_PRESSES:
        page.keyboard.press("Tab")
        presses += 1
    assert presses <= MOST_PRESSES


@pytest.mark.core
def test_arrows_lead_along_a_row_of_choices_and_leave_the_film_alone(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=diffusion&t=300")
    stage = page.locator(".stage.diffusion")
    linear, cosine = (stage.get_by_role("button", name=name, exact=True) for name in ("Linear", "Cosine"))
    linear.focus()
    for key, there in [("ArrowRight", cosine), ("ArrowRight", linear), ("End", cosine), ("Home", linear)]:
        page.keyboard.press(key)
        expect(there).to_be_focused()
        expect(there).to_have_attribute("tabindex", "0")
    expect(stage.locator(".film-place")).to_have_text("t = 300")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(cosine).to_have_attribute("aria-pressed", "true")


def test_the_modes_of_an_entry_and_its_link_are_one_stop(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=flow&mode=make")
    within = page.get_by_role("tablist", name="What it can do", exact=True)
    within.get_by_role("tab", selected=True).focus()
    page.keyboard.press("End")
    expect(within.get_by_role("tab", selected=True)).to_have_text("Between two")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(within.get_by_role("tab", selected=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".stage.flow .to-compare")).to_be_focused()


PLAYED_MS, APART_MS = 14_000, 2_900
LISTEN = """() => {
  window.spoken = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest("[aria-live], [role=status]");
      if (region?.matches(".spoken:not([aria-live=off])")) window.spoken.push(performance.now());
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""
HEAR = """() => {
  window.heard = [];
  const live = "[aria-live]:not([aria-live=off]), [role=status]";
  new MutationObserver((changes) => {
    const changed = changes.map(({ target }) => target.nodeType === 1 ? target : target.parentElement);
    for (const region of new Set(changed.map((each) => each?.closest(live)))) {
      if (region?.textContent.trim()) window.heard.push(region.textContent.trim());
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""
LABELS = (
    """() => [...document.querySelectorAll(":is([aria-live], [role=status]) button")].map((each) => each.textContent)"""
)


@pytest.mark.parametrize("query", ["tab=style&mode=mix", "tab=gan&mode=generate"])
def test_a_sentence_is_spoken_once(page: Page, app_url: str, query: str):
    page.goto(f"{app_url}/?{query}")
    button = page.locator(".stage:visible").get_by_role("button", name="Draw again", exact=True).first
    button.wait_for()
    page.wait_for_timeout(PLAYED_MS / 2)
    page.evaluate(HEAR)
    button.click()
    page.wait_for_timeout(PLAYED_MS)
    heard = page.evaluate("heard")
    assert heard and len({*heard}) == len(heard)


SEEN = """async () => {
  const { createSeen } = await import('/gradio_api/file=explorer/stages/kit/panel/parts.js');
  globalThis.seen = createSeen();
  document.body.append(seen.element);
}"""
SPOKEN_MS = 4_000


def test_a_sentence_that_is_set_again_is_not_spoken_again(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae")
    page.wait_for_function("document.querySelector('.stage')?.explorer")
    page.wait_for_timeout(PLAYED_MS / 2)
    page.evaluate(SEEN)
    page.evaluate(HEAR)
    counts = []
    for words in (["It is a 3."], ["It is a 3."], ["", "It is a 3."]):
        page.evaluate("(words) => words.forEach((each) => seen(each))", words)
        page.wait_for_timeout(SPOKEN_MS)
        counts.append(page.evaluate("heard").count("It is a 3."))
    assert counts == [1, 1, 2], "it is new where another answer came between"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tab=diffusion&mode=reverse&steps=1000&sampler=ddpm", "Draw again"),
        ("tab=gan&mode=game", "Play"),
        ("tab=ar&mode=generate", "Draw again"),
    ],
)
def test_while_a_film_is_made_it_is_spoken_of_once_in_three_seconds(page: Page, app_url: str, query: str, name: str):
    page.goto(f"{app_url}/?{query}")
    button = page.locator(".stage:visible").get_by_role("button", name=name, exact=True).first
    button.wait_for()
    page.evaluate(LISTEN)
    button.click()
    page.wait_for_timeout(PLAYED_MS)
    spoken = sorted(page.evaluate("spoken"))
    assert spoken
    assert all(later - earlier > APART_MS or later - earlier < 1 for earlier, later in itertools.pairwise(spoken))
    assert not page.evaluate(LABELS)


LATEST = 300
BEGINS = """(stage) => {
  const picture = [...stage.querySelectorAll("[data-picture]")].find((each) => each.clientHeight);
  return picture ? Math.round(picture.getBoundingClientRect().top + scrollY) : 0;
}"""
SMALL = """(stage) => [...stage.querySelectorAll("input:not([type=range]), select, textarea")]
  .filter((each) => each.checkVisibility() && parseFloat(getComputedStyle(each).fontSize) < 16)
  .map((each) => each.className || each.getAttribute("aria-label"))"""


@pytest.mark.parametrize("tab", TABS)
def test_on_a_phone_the_picture_of_every_mode_begins_early(phone: Page, app_url: str, tab: str):
    stage = opened(phone, app_url, tab, "light")
    found = {}
    for name in phone.locator(f'[id^="{tab}-tab-"]').evaluate_all("all => all.map(e => e.id.split('-tab-')[1])"):
        stage.evaluate("(stage, mode) => stage.explorer.store.commit({ mode })", name)
        stage.locator(f".panel > .mode-{name}").wait_for()
        begins, small = stage.evaluate(BEGINS), stage.evaluate(SMALL)
        if begins > LATEST or small:
            found[name] = begins, small
    assert not found


USUAL = {"controls": 18, "words": 100, "picture": 30}
AT_MOST = {
    "start": {"controls": 28, "words": 160, "picture": 23},
    "compare": USUAL | {"controls": 28},
    "lab": USUAL | {"picture": 12},  # beside the images stand the metrics, which are no picture
}
TEXT = {"text"}
"""Tabs whose picture is a text: its letters are not counted as words."""
GLANCE = """() => {
  const [width, height, cell] = [innerWidth, innerHeight, 8];
  const nav = ".nav, .nav-bar, [role=tablist]";
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const inView = ({ left, top, right, bottom, width: wide, height: high }) =>
    wide > 1 && high > 1 && bottom > 0 && right > 0 && left < innerWidth && top < height - 2;
  const shown = (element) => seen(element) && !element.closest(nav) && inView(element.getBoundingClientRect());
  const stops = "button, input, select, textarea, a[href], [tabindex='0'], summary";
  const controls = [...document.querySelectorAll(stops)]
    .filter((each) => !each.disabled && each.tabIndex >= 0 && shown(each)).length;
  // what scrolls inside a frame is in view as far as the frame is
  const clipped = (element, { top, bottom }) => {
    for (let each = element; each !== document.body; each = each.parentElement) {
      if (getComputedStyle(each).overflowY === "visible") continue;
      const frame = each.getBoundingClientRect();
      if (top >= frame.bottom || bottom <= frame.top) return true;
    }
    return false;
  };
  let words = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = node.textContent.trim();
    if (!text || parent.closest("script, style, option, .letters") || !shown(parent)) continue;
    const place = range.getBoundingClientRect();
    if (inView(place) && !clipped(parent, place)) words += text.split(/\\s+/).length;
  }
  const covered = new Set();
  for (const each of document.querySelectorAll("canvas, img, svg")) {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    if (!shown(each) || right - left < 40 || bottom - top < 40) continue;
    for (let x = Math.max(0, Math.floor(left / cell)); x * cell < Math.min(width, right); x++) {
      for (let y = Math.max(0, Math.floor(top / cell)); y * cell < Math.min(height, bottom); y++) {
        covered.add(y * width + x);
      }
    }
  }
  return { controls, words, picture: 100 * covered.size * cell * cell / (width * height) };
}"""
"""Tab stops and words in view beside the navigation, and the per cent of the window that pictures touch."""


def test_the_table_of_all_families_has_few_words(page: Page, app_url: str):
    page.set_viewport_size(SIZE)
    page.goto(f"{app_url}/?tab=compare&mode=table")
    page.locator(".stage.compare .advice:not(:empty)").wait_for()
    assert page.evaluate(GLANCE)["words"] <= WIDE["compare", "table"]["words"]


@pytest.mark.parametrize("tab", TABS)
def test_at_first_sight_a_tab_shows_a_large_picture_few_words_and_few_controls(page: Page, app_url: str, tab: str):
    page.add_init_script(AS_A_STRANGER)
    page.set_viewport_size(SIZE)
    page.goto(f"{app_url}/?tab={tab}")
    stage = page.locator(f".stage.{STAGES[tab]}")
    limits = AT_MOST.get(tab, USUAL)
    if tab in TEXT:
        stage.locator(".letters").wait_for()
    else:
        page.wait_for_function(f"least => ({GLANCE})().picture >= least - 1", arg=limits["picture"])
    page.wait_for_timeout(2_000)
    found = page.evaluate(GLANCE)
    assert found["controls"] <= limits["controls"]
    assert found["words"] <= limits["words"]
    assert tab in TEXT or round(found["picture"]) >= limits["picture"]


PROJECTOR = {"width": 1920, "height": 1080}
LEAST_TYPE = 28
PRESENTED = 60
"""Per cent of a projector that a picture takes, where `SMALLER` does not say otherwise."""
SMALLER = {
    ("start", "map"): 54,
    ("ar", "masks"): 54,
    ("ar", "override"): 54,
    ("style", "noise"): 56,
    ("vae-room", "disentangle"): 52,
    **dict.fromkeys([("text", "compress"), ("text", "surprise"), ("compare", "compress"), ("compare", "likely")], 10),
    **dict.fromkeys([("text", mode) for mode in ("fill", "generate", "unmask")], 0),
    **dict.fromkeys([("autoencoders", mode) for mode in ("complete", "likelihood", "make")], 0),
    **dict.fromkeys([("style", mode) for mode in ("anomaly", "likelihood")], 0),
    **dict.fromkeys([("start", mode) for mode in ("exam", "matrix")], 0),
    **dict.fromkeys([("translate", "permutes"), ("compare", "table"), ("compare", "texts")], 0),
    ("lab", "matrix"): 0,
}
"""A square image alone has 56 at most; Start names all of its images. Texts, tables and refusals are no pictures."""


def modes_of(page: Page, tab: str) -> list[str]:
    """Names of a tab's modes, once it is open."""
    names = page.locator(f'[id^="{tab}-tab-"]').evaluate_all("all => all.map(e => e.id.split('-tab-')[1])")
    return sorted(set(names) - {"tour", "exercises"})


def fills(page: Page, tab: str, mode: str) -> bool:
    """Wait until the pictures of a mode take their share of a projector."""
    return has_room(page, SMALLER.get((tab, mode), PRESENTED) + 0.5)


@pytest.mark.parametrize("tab", tabs(*CORE, "vae-room"))
def test_who_presents_has_a_large_picture_and_large_type_in_every_tab(page: Page, app_url: str, tab: str):
    counts_questions(page)
    page.add_init_script(AS_A_STRANGER)
    page.set_viewport_size(PROJECTOR)
    page.goto(f"{app_url}/?tab={tab}&__type=projector")
    stage = page.locator(f".stage.{STAGES[tab]}")
    stage.locator(".body").first.wait_for(state="attached")
    page.wait_for_function("stage => stage.explorer", arg=stage.element_handle())
    assert fills(page, tab, stage.evaluate("stage => stage.explorer.store.get().mode"))
    assert page.evaluate(SMALLEST) >= LEAST_TYPE


@pytest.mark.parametrize("tab", TABS)
def test_who_presents_has_a_large_picture_in_every_mode(page: Page, app_url: str, tab: str):
    counts_questions(page)
    page.add_init_script(AS_A_STRANGER)
    page.set_viewport_size(PROJECTOR)
    opened(page, app_url, tab, "light")
    small = []
    for mode in modes_of(page, tab):
        page.goto(f"{app_url}/?tab={tab}&mode={mode}&__type=projector")
        page.locator(f".stage.{STAGES[tab]} .mode-{mode}").first.wait_for(state="attached")
        if not fills(page, tab, mode):
            small.append((mode, round(page.evaluate(GLANCE)["picture"])))
    assert not small


@pytest.mark.core
def test_who_presents_a_refusal_has_its_reason_on_screen(page: Page, app_url: str):
    page.set_viewport_size(PROJECTOR)
    page.goto(f"{app_url}/?tab=style&mode=likelihood&__type=projector")
    reason = page.locator(".stage.style .main").get_by_text("cannot, because")
    expect(reason).to_be_visible()
    stage = page.locator(".stage.style")
    expect(stage).not_to_have_class(re.compile(r"\bwaiting\b"))
    page.wait_for_function(
        "(words) => words.getBoundingClientRect().bottom <= innerHeight", arg=reason.element_handle()
    )


ANY_MODE = {"controls": 18, "words": 100, "picture": 30}
"""Limits of a mode: at most so many controls and words, at least such a share of the window for its pictures."""
ROOMY = {"start": {"controls": 30}, "compare": {"controls": 28}, "lab": {"picture": 0}, "text": {"picture": 0}}
"""Limits of all modes of a tab, where they are others."""
CANNOT = {"picture": 0}
"""The family cannot answer, or the answer is a text or a table."""
WIDE = {
    ("start", "map"): {"words": 160, "picture": 23},
    ("start", "matrix"): {"words": 200} | CANNOT,
    ("start", "exam"): {"words": 240} | CANNOT,
    ("playground", "side"): {"picture": 24},
    ("autoencoders", "make"): CANNOT,
    ("autoencoders", "complete"): CANNOT,
    ("autoencoders", "likelihood"): CANNOT,
    ("style", "likelihood"): CANNOT,
    ("style", "anomaly"): CANNOT,
    ("translate", "permutes"): CANNOT,
    ("compare", "likely"): CANNOT,
    ("compare", "compress"): CANNOT,
    ("compare", "texts"): CANNOT,
    ("compare", "table"): {"words": 190} | CANNOT,
    ("lab", "matrix"): {"controls": 100},
}
"""Modes that are a table or a text, that ask several networks, or whose pictures do not fill the room beside them."""
NUMBERLESS = {("start", "map"), ("start", "matrix"), ("start", "exam"), ("compare", "table")}
"""Modes that measure nothing, or whose picture is all the numbers."""
NO_MORE_MS = 5_000
ARRIVED = f"""({{ least, ...rest }}) => {{
  const rests = ({RESTS})(rest); // first, as it compares with what it saw before
  return ({GLANCE})().picture >= least || rests;
}}"""


def has_room(page: Page, least: float) -> bool:
    """Wait until the pictures take their share of the window, or until no more comes: most are drawn by the server."""
    for _ in range(3):  # a picture may come before what stands beside it
        page.evaluate("delete globalThis.rested")
        page.wait_for_function(ARRIVED, arg={"least": least - 1, "asked": True, "quiet": NO_MORE_MS})
        page.wait_for_timeout(300)
        if page.evaluate(GLANCE)["picture"] >= least - 1:
            return True
    return False


SMALLEST_TYPE = 13
TINY = """(stage, least) => {
  const words = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !element.checkVisibility() || element.closest("sub, sup, math")) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size > 0 && size < least) found.add(words.currentNode.data.trim()); // what has none is for screen readers alone
  }
  return [...found];
}"""


@pytest.mark.parametrize("tab", TABS)
def test_every_mode_has_a_headline_a_large_picture_few_words_and_no_tiny_type(page: Page, app_url: str, tab: str):
    counts_questions(page)
    page.add_init_script(AS_A_STRANGER)
    page.set_viewport_size(SIZE)
    stage = opened(page, app_url, tab, "light")
    fresh = stage.evaluate("(stage) => stage.explorer.store.get()")
    found = {}
    for name in modes_of(page, tab):
        stage.evaluate("(stage, state) => stage.explorer.store.commit(state)", fresh)
        page.locator(f"#{tab}-tab-{name}").evaluate("(tab) => tab.click()")  # by hand: it may open on another network
        stage.locator(f".panel > .mode-{name}").wait_for()
        limits = ANY_MODE | ROOMY.get(tab, {}) | WIDE.get((tab, name), {})
        is_large = has_room(page, limits["picture"])
        page.wait_for_timeout(1_500)
        seen, tiny = page.evaluate(GLANCE), stage.evaluate(TINY, SMALLEST_TYPE)
        many = {key: seen[key] for key in ("controls", "words") if seen[key] > limits[key]}
        if not is_large:
            many["picture"] = round(seen["picture"])
        headed = stage.locator(".headline, .refusal").count()
        if not headed and (tab, name) not in NUMBERLESS:
            many["headline"] = 0
        if many or tiny:
            found[name] = many, tiny
    assert not found
