"""Both courses in a real browser, from the first step to the last by key, and what a speaker has beside them."""

import re
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from explorer.lessons import course
from explorer.tabs import interface
from tests.stage import STAGES, url_in

ARRIVED = """([selector, said]) => {
  const state = document.querySelector(selector)?.explorer?.store.get();
  const flag = (value) => (value === true ? "1" : value === false ? "0" : value);
  const same = (value, text) => String(flag(value)) === text || Number(value) === Number(text) || `${value}` === text;
  return state && Object.entries(said).every(([key, text]) => same(state[key], text));
}"""

SMALLEST = """() => {
  const words = document.createTreeWalker(document.querySelector(".stage:has(> .body)"), NodeFilter.SHOW_TEXT);
  const sizes = [];
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    const isShown = words.currentNode.data.trim() && element.checkVisibility() && !element.closest("sub, sup, math");
    if (isShown) sizes.push(element.currentCSSZoom * parseFloat(getComputedStyle(element).fontSize));
  }
  return Math.round(10 * Math.min(...sizes)) / 10;
}"""
"""The smallest type of the stage in view, in pixels of the screen."""

CONTROLS = """() => {
  const panel = [...document.querySelectorAll(".stage .panel")].find((each) => each.clientWidth);
  if (!panel?.firstElementChild) return NaN;
  const whole = ".film-controls, .segments, .seed, .source-side > .row, .control, .select, .number-box, .slider";
  const outermost = (each) => {
    let found = each;
    for (let at = each; at !== panel; at = at.parentElement) if (at.matches(whole)) found = at;
    return found;
  };
  const stops = [...panel.querySelectorAll("button, input, select, textarea, summary")]
    .filter((each) => each.checkVisibility() && !each.closest(".image-grid, .queue"));
  return new Set(stops.map(outermost)).size;
}"""
"""Number of controls of the panel in view: what stands under one name is one."""

IN_SIGHT = """(selector) => {
  const element = [...document.querySelectorAll(selector)].find((each) => each.checkVisibility());
  const box = element?.getBoundingClientRect();
  const [x, y] = [box?.left + box?.width / 2, box?.bottom - 2];
  return box && y > 0 && element.contains(document.elementFromPoint(x, y));
}"""


def opened(page: Page, url: str, name: str, more: str = "") -> None:
    page.goto(f"{url}/?tab=start&course={name}{more}")
    expect(page.locator(".course h2")).to_be_visible()


@pytest.mark.parametrize("name", ["ar-and-vae", "which-model", "language"])
def test_a_course_goes_from_first_to_last_by_key_and_every_state_is_as_promised(page: Page, app_url: str, name: str):
    opened(page, app_url, name)
    steps = course.read(course.COURSES / f"{name}.md", interface.KEYS)["steps"]
    for number, step in enumerate(steps, 1):
        expect(page.locator(".course h2")).to_have_text(step["title"])
        said = dict(parse_qsl(step["at"]))
        tab = said.pop("tab")
        expect(page.locator(f"#families [data-tab-id={tab}]")).to_have_attribute("aria-selected", "true")
        page.wait_for_function(ARRIVED, arg=[f".stage.{STAGES[tab]}", said])
        if step["choices"]:
            page.locator(".course .choices button", has_text=step["choices"][step["answer"]]).click()
            expect(page.locator(".course .reveal")).to_contain_text(step["reveal"][:60])
        if number < len(steps):
            page.keyboard.press("PageDown")
    asked = sum(bool(step["choices"]) for step in steps)
    expect(page.locator(".course .reveal")).to_contain_text(f"{asked} of {asked} first predictions were right")
    page.keyboard.press("PageUp")
    expect(page.locator(".course h2")).to_have_text(steps[-2]["title"])


@pytest.mark.parametrize(("said", "number"), [("3", 3), ("99", -1), ("x", 1)])
def test_a_course_opens_at_the_step_of_its_link(page: Page, app_url: str, said: str, number: int):
    steps = course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]
    page.goto(f"{app_url}/?course=ar-and-vae&step={said}")
    step = steps[number - 1 if number > 0 else number]
    expect(page.locator(".course h2")).to_have_text(step["title"])
    state = dict(parse_qsl(step["at"]))
    page.wait_for_function(ARRIVED, arg=[f".stage.{STAGES[state.pop('tab')]}", state])


@pytest.mark.core
def test_a_question_is_predicted_and_a_wrong_answer_is_marked(page: Page, app_url: str):
    opened(page, app_url, "which-model", "&page=2")
    page.locator(".course .choices button", has_text="those of the PixelCNN").click()
    right = page.locator(".course .choices button.right")
    expect(right).to_have_text("those of the VAEs and of the GAN")
    expect(page.locator(".course .choices [aria-pressed=true]")).to_have_text("those of the PixelCNN")
    page.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text("How likely?")


@pytest.mark.core
def test_a_remote_tells_the_answer_and_then_leads_on(page: Page, app_url: str):
    step = course.read(course.COURSES / "which-model.md", interface.KEYS)["steps"][1]
    opened(page, app_url, "which-model", "&page=2")
    expect(page.locator(".course").get_by_role("button", name="Answer")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text(step["title"])
    expect(page.locator(".course .choices button.right")).to_have_text(step["choices"][step["answer"]])
    expect(page.locator(".course .reveal")).to_contain_text(step["reveal"][:40])
    page.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text("How likely?")
    page.keyboard.press("PageUp")
    expect(page.locator(".course h2")).to_have_text(step["title"])
    expect(page.locator(".course").get_by_role("button", name="Next")).to_be_visible()


@pytest.mark.parametrize(("key", "colour"), [("b", "rgb(0, 0, 0)"), (".", "rgb(0, 0, 0)"), ("w", "rgb(255, 255, 255)")])
def test_a_key_hides_the_page_until_the_next_one(page: Page, app_url: str, key: str, colour: str):
    opened(page, app_url, "which-model", "&page=2")
    page.locator(".course h2").focus()
    page.keyboard.press(key)
    expect(page.locator(".curtain")).to_have_css("background-color", colour)
    page.keyboard.press(key)
    expect(page.locator(".curtain")).to_have_count(0)


def test_escape_leaves_the_presentation_and_single_keys_can_be_switched_off(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&__type=projector")
    page.locator(".stage.vae canvas").first.wait_for()
    presents = "document.documentElement.classList.contains('projector')"
    for _ in range(100):  # the keys come with a script of their own
        if not page.evaluate(presents):
            break
        page.keyboard.press("Escape")
        page.wait_for_timeout(100)
    page.locator(".stage.vae").get_by_role("button", name="View").first.click()
    page.get_by_role("button", name="Switch single keys off").click()
    page.keyboard.press("Escape")
    page.locator("body").press("p")
    page.wait_for_timeout(300)
    assert not page.evaluate(presents)


@pytest.mark.core
def test_until_a_prediction_the_stage_keeps_its_answer_to_itself(page: Page, app_url: str):
    opened(page, app_url, "ar-and-vae", "&step=2")
    stage = page.locator(".stage.foundations")
    result = stage.locator(".result canvas").first
    result.wait_for(state="attached")
    expect(result).to_have_css("visibility", "hidden")
    tells = [stage.locator(part) for part in (".panel .seen", ".mode-title", ".heading .lead", ".tries")]
    for each in tells:
        expect(each).to_be_hidden()
    names = stage.locator("canvas.chart").evaluate_all("(all) => all.map((each) => each.ariaLabel)")
    assert names and not [name for name in names if ":" in name], "the words of a chart wait, too"
    page.locator(".course .choices button", has_text="at 3.33").click()
    expect(result).to_have_css("visibility", "visible")
    expect(stage.locator("canvas.chart").first).to_have_accessible_name(re.compile(": "))
    for each in tells:
        expect(each).to_be_visible()
    page.keyboard.press("PageDown")
    expect(stage.locator(".panel .seen")).to_be_hidden()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text("One table, five questions")


@pytest.mark.core
def test_the_first_prediction_counts_arrows_lead_and_the_last_step_ends(page: Page, app_url: str):
    steps = course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]
    opened(page, app_url, "ar-and-vae", f"&step={len(steps)}")
    choices, wrong = page.locator(".course .choices button"), steps[-1]["choices"][2]
    choices.filter(has_text=wrong).click()
    choices.filter(has_text="neither of them").click()
    expect(page.locator(".course .reveal")).to_contain_text("0 of 1 first predictions were right")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".course h2")).to_have_text(steps[-2]["title"])
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".course h2")).to_have_text(steps[-1]["title"])
    page.locator(".course").get_by_role("button", name="End", exact=True).last.click()
    expect(page.locator(".course")).to_have_count(0)
    page.wait_for_url(lambda url: "course=" not in url)


@pytest.mark.parametrize(
    ("title", "covered"),
    [
        ("One table, five questions", ".start .matrix tbody tr:last-child th"),
        ("A product of predictions", ".film-controls [aria-label=Play]"),
    ],
)
def test_what_the_course_would_cover_of_the_stage_is_in_sight(page: Page, app_url: str, title: str, covered: str):
    page.set_viewport_size({"width": 1080, "height": 940})
    steps = course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]
    number, step = next((number, step) for number, step in enumerate(steps, 1) if step["title"] == title)
    page.goto(f"{app_url}/?{step['at']}&course=ar-and-vae&page={number}")
    expect(page.locator(".course .choices button")).to_have_count(3)
    page.wait_for_function(IN_SIGHT, arg=covered)
    page.locator(".course .choices button").nth(step["answer"]).click()
    page.wait_for_function(IN_SIGHT, arg=covered)


@pytest.mark.core
def test_in_a_wide_window_a_course_stands_beside_the_stage_and_folds_to_a_line(page: Page, app_url: str):
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, app_url, "ar-and-vae", "&step=11")
    slider = page.locator(".stage.vae input[type=range]").first
    slider.wait_for()
    box, beta = page.locator(".course").bounding_box(), slider.bounding_box()
    assert (box["x"], box["y"], box["height"]) == (0, 0, 720) and box["width"] < 0.25 * 1280
    assert beta["x"] >= box["width"] and beta["y"] + beta["height"] <= 720, "its main control is in sight"
    assert page.evaluate("() => !document.querySelector('.nav').contains(document.elementFromPoint(20, 20))")
    page.locator(".course").get_by_role("button", name="Fold").click()
    assert page.locator(".course").bounding_box()["height"] < 60
    page.wait_for_function("() => document.querySelector('.nav').contains(document.elementFromPoint(20, 20))")


@pytest.mark.core
def test_who_presents_a_course_has_its_words_only_with_a_question_and_goes_by_arrows(page: Page, app_url: str):
    page.set_viewport_size({"width": 1920, "height": 1080})
    opened(page, app_url, "ar-and-vae", "&__type=projector")
    bar, words = page.locator(".course"), page.locator(".course .words")
    asks = [bool(step["choices"]) for step in course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]][
        :4
    ]
    assert True in asks and False in asks
    page.evaluate("document.activeElement.blur()")
    for number, is_question in enumerate(asks, 1):
        expect(bar.locator(".place")).to_have_text(re.compile(rf"^{number} of"))
        expect(words).to_be_visible(visible=is_question)
        page.evaluate("document.activeElement.blur()")
        for _ in range(1 + is_question):  # the first press says that a prediction is wanted
            page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(bar.locator(".place")).to_have_text(re.compile(r"^4 of"))
    bar.get_by_role("button", name="Words" if not asks[3] else "Fold").click()
    expect(words).to_be_visible(visible=not asks[3])


def test_notes_open_in_a_window_of_their_own_and_follow(page: Page, app_url: str):
    opened(page, app_url, "ar-and-vae")
    page.locator(".course").get_by_role("button", name="More").click()
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Notes").click()
    notes = popup.value
    expect(notes.locator("h1")).to_have_text("What is learnt")
    expect(notes.locator("body")).to_contain_text("Then: Maximum likelihood")
    expect(page.locator(".course .menu-list")).to_be_hidden()
    notes.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text("Maximum likelihood")
    expect(notes.locator("h1")).to_have_text("Maximum likelihood")
    expect(notes.locator("body")).to_contain_text("A product of thousands of small numbers underflows")


@pytest.mark.core
def test_presenting_is_kept_in_the_address_and_goes_by_a_key(page: Page, app_url: str):
    opened(page, app_url, "which-model")
    page.locator(".stage.start").get_by_role("button", name="View").click()
    page.locator(".stage.start").get_by_role("button", name="Present").click()
    expect(page.locator("html.projector")).to_be_attached()
    expect(page.locator(".nav")).to_be_hidden()
    page.keyboard.press("PageDown")
    page.wait_for_url("**__type=projector**page=2**")
    page.reload()
    expect(page.locator("html.projector")).to_be_attached()
    page.keyboard.press("p")
    expect(page.locator(".nav")).to_be_visible()
    assert "__type" not in url_in(page)


@pytest.mark.parametrize("query", ["vae", "diffusion&mode=reverse", "ar&mode=generate"])
def test_who_presents_has_the_picture_and_its_slider_on_screen_in_large_type(page: Page, app_url: str, query: str):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{app_url}/?tab={query}&__type=projector")
    slider = page.locator(".stage:visible input[type=range]").first
    slider.wait_for()
    page.wait_for_function(
        "(slider) => slider.getBoundingClientRect().bottom <= innerHeight", arg=slider.element_handle()
    )
    smallest = page.evaluate(SMALLEST)
    assert smallest >= 28


LEAD = [
    "foundations",
    "ar&mode=override",
    "ar&mode=score",
    "autoencoders&mode=hole",
    "translate",
    "vae&mode=interpolate",
]
PLAY = ["diffusion", "energy", "gan&mode=game", "text&mode=generate", "playground", "compare&mode=make", "vae"]


@pytest.mark.parametrize(
    ("query", "most"),
    [*((query, 1) for query in LEAD), *((query, 0) for query in PLAY)],
)
def test_who_presents_has_one_control_and_the_others_on_leaving(page: Page, app_url: str, query: str, most: int):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{app_url}/?tab={query}&__type=projector")
    stage = page.locator(".stage:visible")
    page.wait_for_function(f"() => ({CONTROLS})() === {most}")
    page.wait_for_timeout(2_000)
    assert page.evaluate(CONTROLS) == most
    lessons = [stage.get_by_role("tab", name=name, exact=True) for name in ("Tour", "Exercises")]
    for lesson in lessons:
        expect(lesson).to_be_hidden()
    expect(stage.get_by_role("button", name="View", exact=True)).to_be_visible()
    assert page.evaluate(SMALLEST) >= 28
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")
    for lesson in lessons:
        expect(lesson).to_be_visible()
    page.wait_for_function(f"() => ({CONTROLS})() > {max(1, most)}")


@pytest.mark.parametrize("lesson", ["mode=tour&tour=1", "mode=exercises", "mode=landscape&course=which-model&page=2"])
def test_a_lesson_that_is_presented_keeps_what_its_step_needs(page: Page, app_url: str, lesson: str):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{app_url}/?tab=energy&{lesson}&__type=projector")
    page.wait_for_function(f"() => ({CONTROLS})() > 2")


def test_in_large_type_the_tools_of_the_page_are_whole(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&__type=projector")
    tools = page.locator(".stage.vae .actions button:visible")
    tools.first.wait_for()
    assert min(tool.bounding_box()["y"] for tool in tools.all()) >= 0


def test_a_course_that_is_none_says_so_and_the_page_works(desktop: BrowserContext, app_url: str):
    page = desktop.new_page()  # unwatched: the browser complains of what is not found
    page.goto(f"{app_url}/?tab=start&course=none")
    expect(page.locator(".course")).to_contain_text("could not be read")
    page.wait_for_function("() => document.querySelector('.stage.start')?.explorer")
    page.close()


@pytest.mark.core
def test_a_phone_has_the_words_under_the_stage(phone: Page, app_url: str):
    opened(phone, app_url, "which-model")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = phone.locator(".course").bounding_box()
    assert box["height"] < 0.45 * phone.viewport_size["height"]
    phone.locator(".course").get_by_role("button", name="Next").tap()
    expect(phone.locator(".course h2")).to_have_text("One seed, one clock")


def test_on_a_phone_the_way_on_keeps_its_place_and_the_explanation_is_in_sight(phone: Page, app_url: str):
    opened(phone, app_url, "ar-and-vae", "&page=10")
    bar = phone.locator(".course")
    before = bar.get_by_role("button", name="Next").bounding_box()
    bar.locator(".choices button", has_text="every digit equally often").tap()
    assert bar.get_by_role("button", name="Next").bounding_box() == before and before["height"] >= 40
    assert all(button.bounding_box()["height"] >= 40 for button in bar.locator(".button:visible").all())
    reveal, words = bar.locator(".reveal").bounding_box(), bar.locator(".words").bounding_box()
    assert reveal["y"] + reveal["height"] <= words["y"] + words["height"] + 1


def test_on_a_phone_an_exercise_stands_over_the_words_of_the_course(phone: Page, app_url: str):
    opened(phone, app_url, "ar-and-vae", "&step=7")
    check = phone.locator(".stage.autoregressive").get_by_role("button", name="Check")
    check.wait_for()
    phone.wait_for_function(IN_SIGHT, arg=".stage .tour-card .exercise-form")


FOCUSED = {
    "slider": "input[type=range]",
    "list": "select",
    "handle": "[role=slider]:not(input)",
    "board": "canvas[tabindex='0']",
    "box": "input[type=checkbox]",
}


def page_of(page: Page) -> int:
    return int(page.evaluate("new URLSearchParams(explorerAddress.search).get('page')"))


def page_keys_lead_whatever_has_the_focus(page: Page, steps: list[dict], number: int) -> set[str]:
    """Press the presenter's key with the focus in one control of each kind of a step; the kinds that were there."""
    page.locator(".stage:visible .panel > *").first.wait_for(state="attached")
    found = set()
    for kind, selector in FOCUSED.items():
        control = page.locator(f".stage:visible :is({selector})").locator("visible=true").first
        if not control.count():
            continue
        found.add(kind)
        handle = control.element_handle()
        handle.focus()
        value = handle.evaluate("(each) => each.value ?? each.ariaValueNow")
        page.keyboard.press("PageUp")
        assert page_of(page) == number - 1, f"{kind} on step {number}"
        assert handle.evaluate("(each) => each.value ?? each.ariaValueNow") == value, f"{kind} on step {number}"
        page.wait_for_function("explorerAddress.href === location.href")
        page.evaluate("history.back()")
        page.wait_for_function("number => new URLSearchParams(location.search).get('page') === `${number}`", arg=number)
        expect(page.locator(".course h2")).to_have_text(steps[number - 1]["title"])
    return found


@pytest.mark.core
def test_a_presenters_keys_lead_from_a_slider_and_a_list_and_not_from_what_is_typed(page: Page, app_url: str):
    steps = course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]
    opened(page, app_url, "ar-and-vae", "&page=2")
    page.evaluate(
        """() => document.querySelector("#families").after(...["range", "text"].map((type) => Object.assign(
          document.createElement("input"), { type, id: `own-${type}`, value: 40 })))"""
    )
    page.locator("#own-range").focus()
    page.keyboard.press("PageUp")
    assert page_of(page) == 1
    assert page.locator("#own-range").input_value() == "40"
    page.keyboard.press("PageDown")
    assert page_of(page) == 2
    page.locator("#own-text").focus()
    page.keyboard.press("PageUp")
    assert page_of(page) == 2
    assert "handle" in page_keys_lead_whatever_has_the_focus(page, steps, 2)


@pytest.mark.parametrize("name", ["ar-and-vae", "which-model", "language"])
def test_a_presenters_keys_lead_whatever_has_the_focus_in_every_step(page: Page, app_url: str, name: str):
    steps = course.read(course.COURSES / f"{name}.md", interface.KEYS)["steps"]
    found = set()
    for number in range(2, len(steps) + 1):
        tab = dict(parse_qsl(steps[number - 1]["at"]))["tab"]
        page.goto(f"{app_url}/?{steps[number - 1]['at']}&course={name}&page={number}")
        page.wait_for_function(f"document.querySelector('.stage.{STAGES[tab]}')?.explorer")
        found |= page_keys_lead_whatever_has_the_focus(page, steps, number)
    assert {"slider", "list"} <= found
