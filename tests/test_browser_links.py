"""Links that were shared open what they opened when they were recorded.

`links.json` has of each link the state of its stage, without what is null: recorded before the fields were declared in
Python. A key that came later is none of a link's business.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

LINKS = json.loads(Path(__file__).with_name("links.json").read_text(encoding="utf-8"))
STAGES = {"vae": "vae", "ar": "autoregressive", "gan": "gan", "diffusion": "diffusion", "compare": "compare"}


@pytest.mark.parametrize("link", LINKS)
def test_a_link_opens_the_state_that_it_did(page: Page, app_url: str, link: str):
    stage = STAGES[link.partition("&")[0].removeprefix("tab=")]
    page.goto(f"{app_url}/?{link}")
    found = f"document.querySelector('.stage.{stage}')?.explorer"
    page.wait_for_function(f"() => Boolean({found})")
    state = page.evaluate(f"() => {found}.store.get()")
    assert {key: state.get(key) for key in LINKS[link]} == LINKS[link]
