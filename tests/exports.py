"""Parts of the tests of what leaves the page: a picture beside a screenshot, and a table as programs read it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.conftest import watched
from tests.stage import KEPT_LEFT, KEPT_TOP, KEPT_WIDTH, open_share

DENSE = 2
"""Pixels of the screen for one of the page's, as in a saved picture."""
BLOCK = 8 * DENSE
"""Side of the squares whose mean colours are compared, so that the edges of letters do not count."""
FAR = 40
"""Levels of 255 between two means that anti-aliasing does not make."""
INK = 12
"""Levels by which a pixel differs from the ground."""
CONTROLS = (
    ".button:not([aria-pressed], th *), .film-controls, .queue, input:not([type=number]), select, "
    "details:not([open]), .spoken"
)
"""These are not in a picture; their room is."""
MAIN = "[...document.querySelectorAll('.stage .main')].find((each) => each.clientWidth)"
QUIET = """(rest) => new Promise((done) => {
  const begun = performance.now();
  let last = begun;
  const changes = new MutationObserver(() => (last = performance.now()));
  changes.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  const timer = setInterval(() => {
    const now = performance.now();
    const busy = [...document.querySelectorAll('.queue button')].some((each) => each.checkVisibility());
    if ((busy || now - last < rest) && now - begun < 60000) return;
    clearInterval(timer);
    changes.disconnect();
    done();
  }, 100);
})"""
ON_PAPER = f"""() => {{
  const main = {MAIN};
  const sheet = document.createElement('style');
  sheet.id = 'on-paper';
  const off = '{CONTROLS}';
  sheet.textContent = `.off-paper {{ display: none !important }}
    .aside, .aside *, .main :is(${{off}}), .main :is(${{off}}) *,
    .main :is(${{off}})::before, .main :is(${{off}}) *::before {{ visibility: hidden !important }}`;
  document.head.append(sheet);
  for (let each = main; each !== document.body; each = each.parentElement) {{
    for (const other of each.parentElement.children) if (other !== each) other.classList.add('aside');
  }}
  for (const each of main.querySelectorAll('*')) {{
    const style = getComputedStyle(each);
    const rolls = ([axis, side]) =>
      ['auto', 'scroll'].includes(style[`overflow${{axis}}`]) && each[`scroll${{side}}`] > each[`client${{side}}`] + 1;
    if ([['X', 'Width'], ['Y', 'Height']].some(rolls)) {{
      each.dataset.css = each.style.cssText;
      each.style.cssText += '; max-height: none; height: auto; flex: none; overflow: visible';
    }}
  }}
}}"""
"""Leaves of the page what a picture has: no controls, nothing beside it, and all that scrolls."""
OFF_PAPER = """() => {
  document.getElementById('on-paper').remove();
  for (const each of document.querySelectorAll('.aside')) each.classList.remove('aside');
  for (const each of document.querySelectorAll('[data-css]')) {
    each.style.cssText = each.dataset.css;
    delete each.dataset.css;
  }
}"""
BOX = f"""() => {{
  const main = {MAIN};
  const {{ x, y, width, height }} = main.getBoundingClientRect();
  const [wide, high] = [Math.max(width, main.scrollWidth), Math.max(height, main.scrollHeight)];
  return {{ x: x + scrollX, y: y + scrollY, width: wide, height: high }};
}}"""


def fine_pages(browser: Browser) -> Iterator[Page]:
    """A page whose screen is as fine as a saved picture, on which nothing moves by itself."""
    size = {"width": 1280, "height": 800}
    context = browser.new_context(
        viewport=size, device_scale_factor=DENSE, reduced_motion="reduce", accept_downloads=True
    )
    with watched(context.new_page()) as page:
        yield page
    context.close()


def can_save(page: Page, name: str) -> bool:
    """Return whether the menu *Share* offers something under this name."""
    open_share(page)
    page.wait_for_timeout(400)  # until it has looked
    button = page.locator(".stage:visible").get_by_role("button", name=name, exact=True)
    return button.is_visible() and button.is_enabled()


def shown(page: Page, path: Path) -> Image.Image:
    """A screenshot of what a picture of the open mode has to show."""
    page.mouse.move(0, 0)
    page.evaluate(ON_PAPER)
    page.wait_for_timeout(150)  # until it is laid out and drawn
    page.screenshot(path=path, clip=page.evaluate(BOX), full_page=True, animations="disabled")
    page.evaluate(OFF_PAPER)
    return Image.open(path).convert("RGB")


def kept(path: Path, size: tuple[int, int]) -> Image.Image:
    """Part of a saved picture that shows a part of the page of this size in pixels of the screen."""
    width, height = size
    times = max(1, -(-KEPT_WIDTH // width))
    with Image.open(path) as picture:
        right, bottom = KEPT_LEFT + times * width, KEPT_TOP + times * height
        return picture.convert("RGB").crop((KEPT_LEFT, KEPT_TOP, right, bottom)).resize(size, Image.Resampling.BOX)


def blocks_apart(one: Image.Image, other: Image.Image) -> int:
    """Number of squares of clearly different mean colour, in that part of `other` that shows anything."""
    levels = np.asarray(other).astype(int)
    ink = (np.abs(levels - levels[-1, -1]) > INK).any(-1)
    assert ink.any(), "nothing is shown"
    rows, columns = (BLOCK * (1 + int(np.nonzero(ink.any(axis))[0].max()) // BLOCK) for axis in (1, 0))
    means = [_means(np.asarray(each)[:rows, :columns].astype(float)) for each in (one, other)]
    return int((np.abs(means[0] - means[1]).max(-1) > FAR).sum())


def _means(levels: np.ndarray) -> np.ndarray:
    """Mean colours of the squares of an image (H, W, 3), the last of a row and of a column filled up."""
    height, width, _ = levels.shape
    filled = np.pad(levels, ((0, -height % BLOCK), (0, -width % BLOCK), (0, 0)), mode="edge")
    return filled.reshape(-(-height // BLOCK), BLOCK, -(-width // BLOCK), BLOCK, 3).mean((1, 3))


AMOUNT = re.compile(r"[−–+-]?[\d.,]+ ?(%|[^\W\d]+(/[^\W\d]+)?)")
"""A number and its unit in one cell."""


@dataclass(frozen=True)
class Table:
    """A saved table: the names of its columns, and their cells that are not empty."""

    head: list[str]
    columns: list[list[str]]

    @classmethod
    def read(cls, path: Path) -> "Table":
        """Read a table as Python's csv module does.

        Raises:
            ValueError: if its rows are not of one length.
        """
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        columns = [*zip(*([row[i] for i in range(len(head))] for row in rows if len(row) == len(head)), strict=True)]
        if not rows or any(len(row) != len(head) for row in rows):
            raise ValueError("rows of several lengths, or none")
        return cls(head, [[cell for cell in column if cell] for column in columns])

    def faults(self) -> list[str]:
        """Sentences about what a program cannot read."""
        names = [name for name in self.head if not re.match(r"[^\s=+\-−@'±]", name)]
        found = [f"a name begins with a sign: {name!r}" for name in names]
        if len(set(self.head)) < len(self.head):
            found.append(f"a name twice: {self.head}")
        for name, cells in zip(self.head, self.columns, strict=True):
            words = [cell for cell in cells if not is_number(cell)]
            if words and len(words) < len(cells):
                found.append(f"numbers and words in {name!r}: {words[:3]}")
            mixed = [cell for cell in words if "±" in cell or AMOUNT.fullmatch(cell)]
            found += [f"a number with more in one cell of {name!r}: {cell!r}" for cell in mixed[:3]]
        return found


def is_number(cell: str) -> bool:
    """Return whether Python reads a cell as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
