"""A picture that is saved while a film plays: one moment, whose sentence and headline are those of the step drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.exports import QUIET, blocks_apart, fine_pages
from tests.raster import saved
from tests.stage import open_share

FILMS = [
    "playground",
    "diffusion&mode=reverse&steps=50&seed=7",
    "flow&mode=warp",
    "ar&mode=generate&seed=3",
    "energy&mode=langevin",
    "foundations&mode=divergences&goal=forward",
    "discrete-diffusion&mode=chain",
    "gan&mode=game",
    "compare&mode=make",
    "vae&mode=learn",
    "diffusion&mode=forward",
    "diffusion&mode=field",
    "flow-matching&mode=paths",
    "text&mode=generate",
    "sound&mode=speak",
    "gan&mode=generate",
    "vae&mode=interpolate",
    "tokens&mode=latent",
]
"""Films of every kind of player, made by the server and by the browser."""
CORE = FILMS[:2]
PLAYED_MS = (350, 900)
"""Waits from the start of a film to the click; the sentence of a film that plays is told every half a second."""
REST_MS = 700
STRAY = 3
STAGE = "[...document.querySelectorAll('.stage')].find((each) => each.clientWidth)"
FILM = f"[...({STAGE}?.querySelectorAll('.film') ?? [])].find((each) => each.clientWidth)"
PNG = f"[...{STAGE}.querySelectorAll('button')].find((each) => each.textContent === 'PNG')"
READY = f"""() => {{
  const film = {FILM};
  const busy = [...document.querySelectorAll('.queue button')].some((each) => each.checkVisibility());
  return !busy && film?.querySelector(".play").disabled === false && film.querySelector('.film-scrubber').max > 2;
}}"""
NOTED = f"""() => {{
  const {{ serializeToString }} = XMLSerializer.prototype;
  XMLSerializer.prototype.serializeToString = function (node) {{
    const film = {FILM};
    const [scrubber, play] = ['.film-scrubber', '.play'].map((name) => film.querySelector(name));
    globalThis.taken ??= {{ at: scrubber.value, sign: play.getAttribute('aria-label') }};
    return serializeToString.call(this, node);
  }};
  const {{ fillText }} = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {{
    if (this.font.startsWith('600 34px')) globalThis.written = {{ ink: this.fillStyle, words: [] }};
    if (this.font.startsWith('26px')) {{
      written.foot ??= place[1];
      if (this.fillStyle === written.ink) written.words.push(text);
    }}
    fillText.call(this, text, ...place);
  }};
}}"""
"""Notes where a film stands when its copy is taken, and what is said under the picture."""
PLAYED = f"""(wait) => new Promise((done) => {{
  const film = {FILM};
  const [scrubber, play] = ['.film-scrubber', '.play'].map((name) => film.querySelector(name));
  const png = {PNG};
  const sign = () => play.getAttribute('aria-label');
  if (sign() === 'Pause') play.click();
  scrubber.value = 0;
  for (const name of ['input', 'change']) scrubber.dispatchEvent(new Event(name));
  delete globalThis.taken;
  play.click();
  setTimeout(() => {{ png.click(); done(); }}, wait);
}})"""
"""Plays the film from its start, and has a picture saved on the way."""
STAND = f"""(at) => {{
  const film = {FILM};
  const [scrubber, play] = ['.film-scrubber', '.play'].map((name) => film.querySelector(name));
  if (play.getAttribute('aria-label') === 'Pause') play.click();
  scrubber.value = at;
  for (const name of ['input', 'change']) scrubber.dispatchEvent(new Event(name));
}}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose screen is as fine as a saved picture, on which no film begins by itself."""
    yield from fine_pages(browser)


def above(path: Path, foot: int) -> Image.Image:
    """Part of a saved picture above its words."""
    with Image.open(path) as picture:
        return picture.convert("RGB").crop((0, 0, picture.width, foot))


def faults(page: Page, folder: Path, wait: int) -> list[str]:
    """Sentences about a picture of a film that plays which differs from the one of the film that stands there."""
    with page.expect_download() as download:
        page.evaluate(PLAYED, wait)
    moving = folder / "moving.png"
    download.value.save_as(moving)
    taken, words = page.evaluate("taken"), page.evaluate("written.words.join(' ')")
    page.evaluate(STAND, taken["at"])
    page.evaluate(QUIET, REST_MS)
    standing = saved(page, "PNG", folder)
    page.keyboard.press("Escape")
    still = page.evaluate("written.words.join(' ')")
    apart = blocks_apart(*(above(path, page.evaluate("written.foot")) for path in (moving, standing)))
    found = [] if taken["sign"] == "Pause" else ["the film did not play"]
    found += [f"at {taken['at']}: said {words!r}, not {still!r}"] if words != still else []
    return found + ([f"at {taken['at']}: {apart} squares differ"] if apart > STRAY else [])


def tried(page: Page, url: str, folder: Path, place: str) -> list[str]:
    """Faults of pictures of a film, taken at several moments."""
    page.goto(f"{url}/?tab={place}")
    page.wait_for_function(READY)
    page.evaluate(QUIET, REST_MS)
    open_share(page)
    page.wait_for_function(
        f"[...{STAGE}.querySelectorAll('button')].find((e) => e.textContent === 'PNG' && !e.disabled)"
    )
    page.evaluate(NOTED)
    return [fault for wait in PLAYED_MS for fault in faults(page, folder, wait)]


@pytest.mark.core
@pytest.mark.parametrize("place", CORE)
def test_a_picture_of_a_film_that_plays_is_of_one_moment(page: Page, app_url: str, tmp_path: Path, place: str):
    assert not tried(page, app_url, tmp_path, place)


@pytest.mark.parametrize("place", FILMS[len(CORE) :])
def test_so_is_that_of_every_kind_of_film(page: Page, app_url: str, tmp_path: Path, place: str):
    assert not tried(page, app_url, tmp_path, place)
