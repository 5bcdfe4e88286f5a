"""Links that were shared open what they opened when they were recorded, and former ones what has taken their place.

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


MOVED = {
    "tab=codes": ("autoencoders", {"mode": "map"}),
    "tab=codes&mode=hole&prior=fitted&seed=9": ("autoencoders", {"mode": "hole", "prior": "fitted", "seed": 9}),
    "tab=codes&mode=tokens&img=8&swaps=1539&token=24": ("tokens", {"mode": "tokens", "img": 8, "swaps": [1539]}),
    "tab=codes&net=latent-diffusion-mnist&mode=make&label=3": ("tokens", {"mode": "make", "label": 3}),
    "tab=codes&mode=tour&tour=7": ("tokens", {"mode": "tour", "tour": 2}),
    "tab=codes&mode=exercises&exercise=where&numbers=4": ("autoencoders", {"exercise": "where", "numbers": 4}),
    "tab=vae-room&mode=interpolate&img=108&img2=24": ("room", {"mode": "paths", "img": 108, "img2": 24}),
}


@pytest.mark.parametrize("link", MOVED)
def test_a_former_link_opens_its_state_where_it_is_now(page: Page, app_url: str, link: str):
    stage, wanted = MOVED[link]
    page.goto(f"{app_url}/?{link}")
    found = f"document.querySelector('.stage.{stage}')?.explorer"
    page.wait_for_function(f"() => Boolean({found})")
    state = page.evaluate(f"() => {found}.store.get()")
    assert {key: state[key] for key in wanted} == wanted
    assert "tab=codes" not in page.url


def test_a_former_address_is_followed_within_the_page(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae")
    page.evaluate("goTo('?tab=codes&mode=straight&promise=12')")
    page.wait_for_function("() => document.querySelector('.stage.tokens')?.explorer?.store.get().promise === 12")
    assert "tab=tokens" in page.url
