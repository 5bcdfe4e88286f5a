"""Downloads in a real browser: tables and pictures are made when they are asked for, and not before."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.raster import saved
from tests.stage import kept_picture, open_share

COUNTED = """() => {
  const stage = [...document.querySelectorAll('.stage')].find((each) => each.clientWidth);
  const mode = stage.explorer.mode();
  globalThis.made = { table: 0, picture: 0 };
  const table = mode.table.bind(mode);
  mode.table = () => (globalThis.made.table++, table());
  const { toBlob } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.toBlob = function (...how) {
    globalThis.made.picture++;
    toBlob.apply(this, how);
  };
}"""
CHANGES = """() => new Promise((done) => {
  const stage = [...document.querySelectorAll('.stage')].find((each) => each.clientWidth);
  let count = 0;
  const timer = setInterval(() => {
    stage.querySelector('.body').dataset.changed = ++count;
    if (count === 10) { clearInterval(timer); setTimeout(done, 500); }
  }, 200);
})"""


@pytest.mark.parametrize("place", ["energy&mode=landscape", "flow&mode=coupling", "flow-matching&mode=paths"])
def test_changes_on_the_stage_make_no_table(page: Page, app_url: str, tmp_path, place: str):
    page.goto(f"{app_url}/?tab={place}")
    open_share(page)
    buttons = [page.locator(".stage:visible").get_by_role("button", name=name, exact=True) for name in ("CSV", "PNG")]
    for button in buttons:
        expect(button).to_be_enabled()
    page.evaluate(COUNTED)
    page.evaluate(CHANGES)
    assert page.evaluate("made") == {"table": 0, "picture": 0}
    for button in buttons:
        expect(button).to_be_enabled()
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") > 1
    assert page.evaluate("made.table") == 1


def test_the_marks_of_the_plane_stand_in_the_picture(page: Page, app_url: str, tmp_path):
    page.goto(f"{app_url}/?tab=energy&mode=landscape")
    open_share(page)
    expect(page.locator(".stage:visible").get_by_role("button", name="PNG", exact=True)).to_be_enabled()
    mark = page.locator(".stage:visible .plane-keys li", has_text="first chain").locator(".sign")
    colour = mark.evaluate("(mark) => getComputedStyle(mark).color.match(/\\d+/g).slice(0, 3).map(Number)")
    picture = np.asarray(Image.open(saved(page, "PNG", tmp_path)).convert("RGB"))
    assert (picture == colour).all(-1).sum() >= 20


@pytest.mark.core
def test_the_nearest_families_of_the_playground_are_framed_in_the_picture(page: Page, app_url: str, tmp_path):
    page.goto(f"{app_url}/?tab=playground")
    framed = page.locator(".stage.playground .learner.near canvas").first
    open_share(page)
    expect(page.locator(".stage.playground").get_by_role("button", name="PNG", exact=True)).to_be_enabled()
    colour = framed.evaluate("(one) => getComputedStyle(one).boxShadow.match(/\\d+/g).slice(0, 3).map(Number)")
    kept = np.asarray(kept_picture(page, tmp_path, framed, around=3).convert("RGB")).astype(int)
    middle = kept[:3, kept.shape[1] // 4 : -kept.shape[1] // 4]
    assert abs(middle - colour).max(-1).min(0).max() < 60, "a line goes along the upper edge"


SHAPES = [("lab", ".lab-row:not([data-verdict=blind]) .lab-mark"), ("text&mode=surprise", ".size-bar .size-code")]
"""Modes with bars and marks, which are drawn as shapes."""


@pytest.mark.core
@pytest.mark.parametrize(("place", "shape"), SHAPES, ids=lambda each: each)
def test_bars_and_marks_stand_in_the_picture(page: Page, app_url: str, tmp_path, place: str, shape: str):
    page.goto(f"{app_url}/?tab={place}")
    found = page.locator(f".stage:visible {shape}").first
    expect(found).to_be_visible()
    colour = found.evaluate("(one) => getComputedStyle(one).fill.match(/\\d+/g).slice(0, 3).map(Number)")
    kept = np.asarray(kept_picture(page, tmp_path, found).convert("RGB")).astype(int)
    middle = kept[kept.shape[0] // 2, kept.shape[1] // 4 : -kept.shape[1] // 4]
    assert abs(middle - colour).max() < 12


WRITTEN = """() => {
  globalThis.written = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    globalThis.written.push(text);
    fillText.call(this, text, ...place);
  };
}"""
"""Has the page remember what is written on its canvases, as under a picture."""


def written(page: Page, tmp_path) -> list[str]:
    """Save the picture on screen; return the texts that were written meanwhile."""
    open_share(page)
    expect(page.locator(".stage:visible").get_by_role("button", name="PNG", exact=True)).to_be_enabled()
    page.evaluate(WRITTEN)
    saved(page, "PNG", tmp_path)
    return page.evaluate("written")


@pytest.mark.parametrize(
    ("place", "points"),
    [("gan&mode=game", "Ring"), ("gan&mode=collapse", "Ring"), ("diffusion&mode=field", "Two moons")],
)
def test_a_picture_of_points_names_the_points_and_no_network_of_images(
    page: Page, app_url: str, tmp_path, place: str, points: str
):
    page.goto(f"{app_url}/?tab={place}")
    words = " ".join(written(page, tmp_path))
    assert points in words and "MNIST" not in words


def test_a_picture_tells_of_its_headline_and_of_beta(page: Page, app_url: str, tmp_path):
    page.goto(f"{app_url}/?tab=vae")
    number = page.locator(".stage.vae .figures > .chief .number")
    expect(number).not_to_have_text("–")
    words = " ".join(written(page, tmp_path))
    assert number.inner_text().split()[0] in words and "beta = 1" in words


FILM = "diffusion&mode=reverse&seed=77"
SAVE_GIF = """(stop) => new Promise((done) => {
  const stageOf = () => [...document.querySelectorAll('.stage')].find((each) => each.clientWidth);
  const named = (name) => [...stageOf()?.querySelectorAll('button') ?? []].find((each) => each.textContent === name);
  const timer = setInterval(() => {
    const gif = named('GIF');
    if (!gif || gif.hidden || gif.disabled) return;
    clearInterval(timer);
    if (stop) named('Stop').click();
    gif.click();
    done(stageOf().explorer.mode().film.steps.length);
  }, 10);
})"""
"""Has a film saved as soon as there is any of it, and perhaps stopped before; resolves to how many steps there are."""


@pytest.mark.parametrize(("steps", "stop"), [(200, False), (1000, True)], ids=["made", "stopped"])
def test_a_gif_waits_for_the_rest_of_its_film_or_says_that_there_is_none(
    page: Page, app_url: str, tmp_path, steps: int, stop: bool
):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{app_url}/?tab={FILM}&steps={steps}")
    page.evaluate(WRITTEN)
    with page.expect_download() as download:
        there = page.evaluate(SAVE_GIF, stop)
    path = tmp_path / "film.gif"
    download.value.save_as(path)
    with Image.open(path) as film:
        assert there < 60, "the film was not yet made"
        assert film.n_frames < 101 if stop else film.n_frames == 101
    assert ("This film is unfinished." in page.evaluate("written")) == stop
