"""A second visit reads the page again and nothing that has not changed."""

import pytest
from playwright.sync_api import Browser, Response

from explorer.serving.files import ASK_AGAIN, FOR_EVER
from tests.attack import Target
from tests.benchmarks.again import visits

TABS = ["start", "vae", "diffusion", "compare"]
FILES, BYTES = 12, 60_000  # that may travel again


@pytest.mark.parametrize("tab", TABS)
def test_a_second_visit_reads_little(tab: str, browser: Browser, target: Target):
    first, second = visits(browser, target.url, tab, is_slow=False)
    assert first.files > 50 and first.file_bytes > 10 * second.file_bytes
    assert second.files <= FILES and second.file_bytes <= BYTES


def test_a_browser_is_told_how_long_it_may_keep_every_file(browser: Browser, target: Target):
    came: list[Response] = []
    context = browser.new_context()
    context.on("response", lambda response: came.append(response))
    page = context.new_page()
    page.goto(f"{target.url}/?tab=vae")
    page.wait_for_function("document.querySelector('#vae-stage .stage')?.explorer")
    page.wait_for_load_state("networkidle")
    kept = {each.url: each.headers.get("cache-control") for each in came if each.request.method == "GET"}
    context.close()
    asked_again = [url for url, result in kept.items() if result == ASK_AGAIN]
    assert set(kept.values()) == {ASK_AGAIN, FOR_EVER}
    assert len(asked_again) <= FILES and not [url for url in asked_again if "stages" in url or "/assets/" in url]
