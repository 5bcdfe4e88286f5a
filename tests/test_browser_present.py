"""To present, no edge cuts a line of text or a picture: each tab's opening, each step of courses and tours."""

import pytest
from playwright.sync_api import Page

from explorer.lessons import course, lesson
from explorer.tabs import interface

SIZES = [(1920, 1080), (1280, 720)]
TOURS = {tab.name: len(lesson.blocks(tab.folder / "tour.md")) for tab in interface.TABS if "tour" in tab.modes}
CUT = """() => {
  const bar = document.querySelector(".course");
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // the part of the window that shows an element: within the frames around it, and above the bar of a course
  const frameOf = (element) => {
    let [left, top, right, bottom] = [0, 0, innerWidth, innerHeight];
    if (bar?.offsetTop && !bar.contains(element)) bottom = bar.getBoundingClientRect().top;
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const { overflowX, overflowY, clipPath, display } = getComputedStyle(each);
      if (clipPath !== "none") return null;
      if (each.tagName === "CANVAS" || display === "inline" || display === "contents") continue;
      const box = each.getBoundingClientRect();
      if (overflowX !== "visible") [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      if (overflowY !== "visible") [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
      if (right - left < 2 || bottom - top < 2) return null;
    }
    return { left, top, right, bottom };
  };
  const cut = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || element.closest("script, style, option, .skip, .nav, .nav-bar")) continue;
    const frame = seen(element) && frameOf(element);
    const size = parseFloat(getComputedStyle(element).fontSize) * (element.currentCSSZoom ?? 1);
    if (!frame || !size) continue;
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    for (const line of range.getClientRects()) {
      const slack = Math.max(2, (line.height - size) / 2 + 0.05 * size); // above and below the letters
      const [top, bottom] = [line.top + slack, line.bottom - slack];
      const out = bottom <= frame.top || top >= frame.bottom; // wholly: what scrolls in a frame ends between two lines
      if (line.width < 2 || (out && element.closest(".letters"))) continue;
      const beside = line.right > frame.right + 2 || line.left < frame.left - 2;
      const text = words.currentNode.data.trim().slice(0, 40);
      if (beside || bottom > frame.bottom + 1 || top < frame.top - 1) cut.add(text);
    }
  }
  for (const element of document.querySelectorAll(".stage canvas, .stage img")) {
    const plane = element.closest(".landscape-frame, .cloud-frame, .lab-plane-frame"); // its edges are empty
    const box = (plane ?? element).getBoundingClientRect();
    const frame = seen(element) && box.height >= 40 && box.width >= 40 && frameOf(plane?.parentElement ?? element);
    if (!frame) continue;
    const fits = box.bottom <= frame.bottom + 6 && box.right <= frame.right + 2 && box.top >= frame.top - 2;
    if (!fits) cut.add(`picture of ${element.parentElement.className}`);
  }
  return [...cut];
}"""
"""Lines and pictures of the page that an edge cuts; a plane may reach behind the edge of its frame."""
SETTLED = f"""() => {{
  const stage = [...document.querySelectorAll(".stage")].find((each) => each.getBoundingClientRect().width > 40);
  const now = stage && !stage.matches(".waiting") && JSON.stringify(({CUT})());
  const since = now === globalThis.before ? globalThis.since : performance.now();
  [globalThis.before, globalThis.since] = [now, since];
  return now && performance.now() - since > (now === "[]" ? 1_500 : 9_000);
}}"""


def cut(page: Page) -> list[str]:
    """What an edge still cuts once the page has come to rest: pictures take a moment to fit."""
    page.wait_for_timeout(500)
    page.wait_for_function(SETTLED, polling=300)
    return page.evaluate(CUT)


def at(page: Page, url: str, size: tuple[int, int], query: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{url}/?{query}&__type=projector")
    page.locator(".stage:visible").first.wait_for()


@pytest.mark.deep
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("tab", [tab.name for tab in interface.TABS])
def test_the_opening_of_a_tab_is_whole(page: Page, app_url: str, tab: str, size: tuple[int, int]):
    at(page, app_url, size, f"tab={tab}")
    assert not cut(page)


@pytest.mark.core
def test_start_keeps_its_row_from_noise_to_image_and_all_of_its_map(page: Page, app_url: str):
    at(page, app_url, SIZES[0], "tab=start")
    page.locator(".stage.start .noise-tile canvas:visible").nth(3).wait_for()
    assert not cut(page)
    at(page, app_url, SIZES[0], "tab=start&course=gan-and-diffusion&page=1")
    page.locator(".stage.start .noise-tile canvas:visible").nth(3).wait_for()
    assert not cut(page)


@pytest.mark.deep
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", sorted(path.stem for path in course.COURSES.glob("*.md")))
def test_the_steps_of_a_course_are_whole(page: Page, app_url: str, name: str, size: tuple[int, int]):
    found = {}
    for number, step in enumerate(course.read(course.COURSES / f"{name}.md", interface.KEYS)["steps"], 1):
        at(page, app_url, size, f"{step['at']}&course={name}&page={number}")
        page.locator(".course h2").wait_for()
        found[number] = cut(page)
        if step["choices"]:
            page.keyboard.press("PageDown")
            found[f"{number} answered"] = cut(page)
    assert not {step: lines for step, lines in found.items() if lines}


@pytest.mark.deep
@pytest.mark.parametrize("tab", TOURS)
def test_the_steps_of_a_tour_are_whole(page: Page, app_url: str, tab: str):
    found = {}
    for number in range(1, TOURS[tab] + 1):
        at(page, app_url, SIZES[0], f"tab={tab}&mode=tour&tour={number}")
        page.locator(".tour-choices:visible button").first.wait_for()
        found[number] = cut(page)
        page.locator(".tour-choices:visible button").first.click()
        found[f"{number} answered"] = cut(page)
    assert not {step: lines for step, lines in found.items() if lines}
