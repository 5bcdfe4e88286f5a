"""What opens by itself in a real browser: the comparison stands complete, and a mode opened by hand shows a 3."""

import pytest
from playwright.sync_api import Page, expect

from tests.tab import Tab

COMPARE = Tab("compare", "compare", "make", patience_ms=240_000)
RASTER = Tab("autoregressive", "ar", "generate", patience_ms=240_000)
WHOLE = "x.mode().race?.films.length > 10 && x.mode().race.rests"
TITLES = "Object.fromEntries(x.families().map(({ net, group }) => [net, group]))"


def films_asked(page: Page) -> list[str]:
    """Films that the page asks for from now on."""
    found: list[str] = []
    page.on(
        "request", lambda request: found.append(request.url) if "ask_" in (request.post_data or request.url) else None
    )
    return found


def test_the_comparison_stands_complete_and_draws_when_asked(page: Page, app_url: str):
    asked = films_asked(page)
    page.goto(f"{app_url}/?tab=compare")
    COMPARE.wait_until(page, WHOLE)
    expect(COMPARE.main(page)).to_contain_text("are finished")
    COMPARE.turn_to(page, "Complete", "finish")
    COMPARE.wait_until(page, WHOLE)
    assert "img=108" in page.url and not asked, "everything is recorded"

    page.get_by_role("button", name="Draw again").locator("visible=true").click()
    COMPARE.wait_until(page, "x.mode().race.queue.wanted.length > 10")
    assert asked, "and now nothing is"
    groups = COMPARE.value(page, TITLES)
    wanted = COMPARE.value(page, "x.mode().race.queue.wanted.map(({ net }) => net)")
    several = len({groups[net] for net in wanted})
    assert len({groups[net] for net in wanted[:several]}) == several > 2, "each group comes early"


def test_a_link_that_names_another_question_has_it_drawn(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=compare&mode=make&label=3")
    COMPARE.wait_until(page, "x.mode().race?.queue.wanted.length > 10")
    assert COMPARE.state(page)["seed"] == 7


@pytest.mark.core
def test_a_mode_opened_by_hand_shows_a_3_and_a_link_what_it_always_did(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=ar")
    completed = "x.store.get().mode === 'complete' && x.store.get().img"
    RASTER.wait_until(page, "x.mode().update")
    RASTER.turn_to(page, "Complete", "complete")
    RASTER.wait_until(page, f"{completed} === 108")
    page.wait_for_url("**img=108**")
    page.goto(f"{app_url}/?tab=ar&mode=complete")
    RASTER.wait_until(page, f"{completed} === 8")
