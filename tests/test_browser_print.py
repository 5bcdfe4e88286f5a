"""Paper: a handout has one sheet a step, with the charts of the page; a printed tab has its map and its swatches."""

import io
import re
from collections.abc import Iterator

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.lessons import course
from explorer.tabs import interface
from tests.test_browser_own_course import AT, handout, link

MM = 96 / 25.4
A4 = (210 * MM, 297 * MM)
MARGINS = (13 * MM, 8 * MM)  # as handout.css has them
SHARP = 2  # pixels of a rendered sheet for one of the page
CHARTS = [AT, "tab=foundations&mode=likelihood&mu=1&sigma=1", "tab=foundations&mode=divergences&gap=5&goal=forward"]
STEPS = [["A chord", CHARTS[0], 3], ["A fit", CHARTS[1], 3], ["A divergence", CHARTS[2], 4]]


def sheets(page: Page, size: str = "A4") -> Iterator[tuple[str, Image.Image]]:
    """The words and the picture of each sheet of a page that is printed."""
    for sheet in pypdfium2.PdfDocument(page.pdf(format=size, print_background=False)):
        text = sheet.get_textpage().get_text_range()
        yield text, sheet.render(scale=SHARP * 96 / 72).to_pil().convert("L")


def alike(a: Image.Image, b: Image.Image) -> float:
    """Correlation of two pictures of the same thing, at a size at which a letter is a few shades."""
    shades = [np.asarray(each.resize((96, 48), Image.Resampling.BOX), float).ravel() for each in (a, b)]
    return float(np.corrcoef(*shades)[0, 1])


def at_rest(page: Page) -> Image.Image:
    """The first picture of a stage once it has stood still, as a curve glides to where it fits."""
    before = b""
    for _ in range(40):
        page.wait_for_timeout(500)
        now = page.locator(".stage:visible .main canvas").first.screenshot()
        if now == before:
            break
        before = now
    return Image.open(io.BytesIO(before))


def test_a_handout_has_one_sheet_a_step_and_the_charts_of_the_page(page: Page, app_url: str):
    page.goto(f"{app_url}/{link(STEPS)}")
    sheet = handout(page)
    for size in ("A4", "Letter"):
        printed = [*sheets(sheet, size)]
        assert [number for number in range(3) if f"{number + 1}. {STEPS[number][0]}" in printed[number][0]] == [0, 1, 2]
        assert len(printed) == len(STEPS)
    printed = [picture for _, picture in sheets(sheet)]
    sheet.emulate_media(media="print")
    sheet.set_viewport_size({"width": round(A4[0] - 2 * MARGINS[0]), "height": round(A4[1] - 2 * MARGINS[1])})
    for number, at in enumerate(CHARTS):
        article = sheet.locator("article").nth(number)
        box = article.locator(".handout-picture canvas").first.bounding_box()
        top = article.bounding_box()["y"] if number else sheet.locator(".handout").bounding_box()["y"]
        left, above = MARGINS[0] + box["x"], MARGINS[1] + box["y"] - top
        crop = [SHARP * each for each in (left, above, left + box["width"], above + box["height"])]
        page.goto(f"{app_url}/?{at}&__theme=light")
        page.wait_for_function("document.querySelector('.stage .main canvas')?.getBoundingClientRect().width > 40")
        page.add_style_tag(content=".stage .main { width: 690px !important; flex: none !important; }")
        shown = at_rest(page).convert("L")
        assert alike(printed[number].crop(tuple(map(round, crop))), shown) > 0.9
        others = [printed[other].crop(tuple(map(round, crop))) for other in range(3) if other != number]
        assert all(alike(each, shown) < 0.8 for each in others)


def numbered(page: Page, size: str) -> list[str]:
    """Numbers of the steps that begin on each sheet of a handout."""
    return ["".join(re.findall(r"(?m)^\d+\. ", text)) for text, _ in sheets(page, size)]


@pytest.mark.core
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_boxes_of_texts_are_no_higher_on_paper_than_in_the_window(page: Page, app_url: str, size: str):
    steps = [["A text", "tab=text&mode=generate&seed=7&at=40", 3], ["A head", "tab=text&mode=attention&layer=3", 3]]
    page.goto(f"{app_url}/{link(steps)}&handout=1&__theme=light")
    expect(page.get_by_role("button", name="Print", exact=True)).to_be_enabled()
    assert numbered(page, size) == ["1. ", "2. "]


@pytest.mark.parametrize("name", sorted(path.stem for path in course.COURSES.glob("*.md")))
def test_the_handout_of_every_course_has_one_sheet_a_step(page: Page, app_url: str, name: str):
    steps = course.read(course.COURSES / f"{name}.md", interface.KEYS)["steps"]
    page.goto(f"{app_url}/?{steps[0]['at']}&course={name}&handout=1&__theme=light")
    expect(page.get_by_role("button", name="Print", exact=True)).to_be_enabled(timeout=900_000)
    assert not page.locator(".unmade").count()
    for size in ("A4", "Letter"):
        assert numbered(page, size) == [f"{number}. " for number in range(1, len(steps) + 1)]


@pytest.mark.parametrize("at", ["tab=vae&beta=4", AT])
def test_a_printed_tab_has_no_blank_sheet_and_its_canvases_keep_their_shape(at: str, page: Page, app_url: str):
    page.goto(f"{app_url}/?{at}")
    page.wait_for_function("document.querySelector('.stage .panel .number')?.textContent")
    for text, picture in sheets(page):
        assert len(text.strip()) > 100 and picture.getextrema()[0] < 128
    page.emulate_media(media="print")
    fits = page.evaluate(
        "[...document.querySelectorAll('.stage .main canvas')].map((e) => getComputedStyle(e).objectFit)"
    )
    assert fits and {*fits} == {"contain"}


def test_swatches_of_classes_are_printed_in_their_colours(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&beta=4")
    page.wait_for_function("document.querySelectorAll('.stage .legend .swatch').length >= 10")
    paper = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False))[0]
    colours = paper.render(scale=2, crop=_below(paper, "Test images")).to_pil().convert("HSV")
    assert (np.asarray(colours)[..., 1] > 100).sum() > 300


def _below(paper: pypdfium2.PdfPage, words: str) -> tuple[float, float, float, float]:
    """The strip of a sheet under some words, as what is cut off around it."""
    text = paper.get_textpage()
    first, _ = text.search(words).get_next()
    _, bottom, _, _ = text.get_charbox(first)
    return 0, max(0, bottom - 24), 0, paper.get_height() - bottom


AWAY = """() => {
  globalThis.away = true;
  Object.defineProperty(Document.prototype, 'hidden', { get: () => globalThis.away });
}"""
SEEN = "() => { globalThis.away = false; document.dispatchEvent(new Event('visibilitychange')); }"


def test_a_handout_out_of_sight_waits_for_its_films_and_prints_that_it_is_not_complete(page: Page, compare_app: str):
    page.add_init_script(f"({AWAY})()")
    page.goto(f"{compare_app}/{link([['A race', 'tab=compare&mode=make', 3]])}&handout=1")
    expect(page.locator(".stage.compare .families > *").first).to_be_attached()
    page.wait_for_timeout(4000)  # films would have ended, and the stage stood still
    (sheet,) = sheets(page)
    assert "not complete yet" in sheet[0] and "1. A race" not in sheet[0]
    page.evaluate(SEEN)
    expect(page.get_by_role("button", name="Print", exact=True)).to_be_enabled()
    assert not page.locator(".handout-picture .family-waits:visible").count()
    names = page.locator(".handout-picture").evaluate(
        "(one) => [...one.querySelectorAll('[aria-label]')].map((e) => e.ariaLabel)"
    )
    assert names and not [name for name in names if "not drawn yet" in name]
    (sheet,) = sheets(page)
    assert "1. A race" in sheet[0] and "not complete yet" not in sheet[0]


def test_the_points_of_a_map_are_printed(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae")
    page.wait_for_function("document.querySelectorAll('.stage .legend .swatch').length >= 10")
    page.wait_for_timeout(1000)
    (_, picture), *_ = sheets(page)
    middle = np.asarray(picture)[400:900, 200:1200]
    assert (middle < 200).mean() > 0.03
