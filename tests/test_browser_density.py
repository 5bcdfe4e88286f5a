"""Canvases are redrawn sharp when the density of the display alone changes, as on another monitor."""

import pytest
from playwright.sync_api import CDPSession, Page

from explorer.tabs import interface
from tests.rest import counts_questions, leads_to
from tests.stage import STAGES

RATIOS = """() => [...document.querySelectorAll(".stage .main canvas, .stage .panel canvas")]
  .filter((each) => each.checkVisibility() && each.clientWidth > 60 && !each.matches(".crisp, .film-screen"))
  .map((each) => [each.className, each.width / (each.clientWidth * each.currentCSSZoom)])"""
"""Pixels of the display for one of the page's own, of each canvas that is drawn at the display's density."""
FAR = 0.1
SOON_MS, TRIES = 200, 20
TABS = [pytest.param(tab.name, marks=[pytest.mark.core] if tab.name == "foundations" else []) for tab in interface.TABS]


HEARD = """(() => {
  const real = matchMedia.bind(globalThis);
  globalThis.matchMedia = (query) => {
    const list = real(query);
    if (/resolution/.test(query)) list.addEventListener = (name, act) => (globalThis.densityChanged = act);
    return list;
  };
})()"""
"""Keeps the listener of the density: a browser without windows changes it, and calls nobody."""


def set_density(session: CDPSession, density: float) -> None:
    size = {"width": 1280, "height": 800, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", size | {"deviceScaleFactor": density})


def still_blurred(page: Page, before: dict[int, tuple[str, float]]) -> list[tuple[str, float]]:
    """Canvases that keep the ratio they had, once each has had the time to be redrawn."""
    found = []
    for _ in range(TRIES):
        page.wait_for_timeout(SOON_MS)
        after = ratios(page)
        found = [after[at] for at in before if at in after and abs(after[at][1] - 2) > 2 * FAR]
        if not found:
            break
    return found


def ratios(page: Page) -> dict[int, tuple[str, float]]:
    return dict(enumerate(page.evaluate(RATIOS)))


@pytest.mark.parametrize("name", TABS)
def test_every_canvas_is_redrawn_where_the_density_alone_changes(page: Page, app_url: str, name: str):
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(HEARD)
    counts_questions(page)
    page.goto(f"{app_url}/?tab={name}")
    page.wait_for_function(f"document.querySelector('.stage.{STAGES[name]}')?.explorer")
    session = page.context.new_cdp_session(page)
    blurred, seen = [], 0
    for mode in next(tab for tab in interface.TABS if tab.name == name).modes:
        set_density(session, 1)
        page.evaluate("globalThis.densityChanged?.()")
        leads_to(page, name, mode)
        before = {at: each for at, each in ratios(page).items() if abs(each[1] - 1) < FAR}
        set_density(session, 2)
        page.evaluate("globalThis.densityChanged?.()")  # nobody listens where no canvas is drawn at its density
        seen += len(before)
        blurred += [f"{mode}: {each}" for each in still_blurred(page, before)]
    session.send("Emulation.clearDeviceMetricsOverride")
    assert not blurred
    assert seen or name in WITHOUT


WITHOUT = ("start", "translate", "style")
"""Tabs whose pictures are drawn pixel by pixel."""
