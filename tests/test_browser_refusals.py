"""A browser that refuses the history or its storage: the page works on, and says once what is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from explorer.lessons import course
from explorer.tabs import interface
from tests.stage import mode_tab, open_stage, url_in
from tests.test_browser_exercises import place
from tests.test_browser_own_course import collect, link

NO_HISTORY = """for (const name of ["pushState", "replaceState"]) {
  const real = history[name].bind(history);
  history[name] = (...given) => {
    if (!globalThis.allows) throw new DOMException("more than 100 times per 30 seconds", "SecurityError");
    real(...given);
  };
}"""
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(globalThis, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}"""
AT = "tab=foundations&mode=jensen"


@pytest.mark.core
def test_while_the_browser_refuses_the_history_modes_tabs_and_a_course_go_on(page: Page, app_url: str):
    page.add_init_script(NO_HISTORY)
    open_stage(page, app_url)
    mode_tab(page, "Encode").click()
    expect(page).to_have_title("Encode · VAE · Explorer")
    page.locator(".nav [data-tab=gan]").click()
    expect(page).to_have_title("The game · GAN · Explorer")
    expect(page.locator(".stage.gan .mode-game")).to_be_visible()
    page.evaluate("globalThis.allows = true")
    assert "tab=gan" in url_in(page) and "encode" not in url_in(page)
    page.evaluate("globalThis.allows = false")
    steps = course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]
    page.goto(f"{app_url}/?course=ar-and-vae&page=3")
    for step in (steps[2], steps[3]):
        expect(page.locator(".course h2")).to_have_text(step["title"])
        if step["choices"]:
            page.locator(".course .choices button").first.click()
        page.locator(".course").get_by_role("button", name="Next", exact=True).click()
    expect(page.locator(".course h2")).to_have_text(steps[4]["title"])
    page.evaluate("globalThis.allows = true")
    assert "page=5" in url_in(page)


@pytest.mark.core
def test_without_any_storage_a_course_and_an_exercise_work_and_it_is_said_once(page: Page, app_url: str):
    page.add_init_script(NO_STORAGE)
    page.goto(f"{app_url}/?{AT}&course=which-model&page=2")
    expect(page.locator(".course h2")).to_be_visible()
    expect(page.locator(".course .clock")).to_contain_text("0:0")
    page.goto(f"{app_url}/?tab=foundations&mode=exercises&exercise=map-mean&numbers=7).")
    box = page.locator(".tour-card").get_by_role("textbox", name="Your answer")
    for answer in ("99", "98"):
        box.fill(answer)
        box.press("Enter")
        expect(place(page, 1)).to_have_accessible_name(re.compile("not right yet"))
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("stores nothing for this page")
    page.locator(".notice").get_by_role("button", name="Close").click()
    box.fill("97")
    box.press("Enter")
    expect(page.locator(".notice")).to_have_count(0)
    page.goto("about:blank")  # where nothing is kept, nothing is to be cleared


@pytest.mark.core
def test_two_pages_of_one_browser_keep_each_others_steps(page: Page, app_url: str):
    other = page.context.new_page()
    for number, each in enumerate((page, other), 1):
        each.goto(f"{app_url}/?{AT}")
        collect(each)
        each.locator(".own-course").get_by_label("Name of this step").fill(f"Step of page {number}")
    for each in (page, other):
        each.locator(".own-course").get_by_role("button", name="Add this state").click()
    for each in (page, other):
        expect(each.locator(".own-course li a")).to_have_text(["Step of page 1", "Step of page 2"])
    page.locator(".own-course").get_by_role("button", name="Remove Step of page 1").click()
    expect(other.locator(".own-course li a")).to_have_text(["Step of page 2"])
    other.close()


@pytest.mark.core
def test_a_link_to_a_step_alone_leads_there_and_a_cut_one_says_so(page: Page, app_url: str):
    page.goto(f"{app_url}/?Course=AR-and-VAE&amp;page=3).")
    expect(page.locator(".course .place")).to_have_text("3 of 19")
    expect(page.locator(".stage.foundations .mode-divergences")).to_be_visible()
    page.goto(f"{app_url}/?course=ar-and-vae&page=99")
    expect(page.locator(".notice")).to_contain_text("This course has no step 99: it has steps 1 to 19.")
    page.goto(f"{app_url}/{link([['A', AT, 3], ['', 'tab=flow', 1], ['---', AT, 1]])}).")
    expect(page.locator(".course .place")).to_have_text("1 of 3")
    page.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text("Step")
    page.goto(f"{app_url}/{link([['A', AT, 3], ['B', AT, 3]])[:-9]}")
    expect(page.locator(".course[role=alert]")).to_contain_text("The link of this course is not whole")


@pytest.mark.core
def test_what_a_link_does_not_mean_is_said_in_one_line_and_leaves_the_address(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=Diffusion;Mode=forward&T=597&seed=-1&colour=red")
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("It ignores: seed=-1, colour=red.")
    assert url_in(page).endswith("/?tab=diffusion&mode=forward&t=597") or "colour" not in url_in(page)
    state = "document.querySelector('.stage.diffusion').explorer.store.get()"
    assert page.evaluate(f"{state}.t") == 597
    mode_tab(page, "Learned").click()
    page.wait_for_function(f"{state}.mode === 'learned'")
    assert page.evaluate(f"{state}.t") is None and "t=597" not in url_in(page)
