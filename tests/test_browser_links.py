"""Links that were shared open what they opened when they were recorded, and former ones what has taken their place.

`links.json` has of each link the state of its stage, without what is null: recorded before the fields were declared in
Python. A key that came later is none of a link's business.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.stage import url_in

pytestmark = pytest.mark.core
LINKS = json.loads(Path(__file__).with_name("links.json").read_text(encoding="utf-8"))
STAGES = {"vae": "vae", "ar": "autoregressive", "gan": "gan", "diffusion": "diffusion", "compare": "compare"}
PATIENCE_MS = 60_000
OPENS = """([stage, wanted]) => {
  const state = document.querySelector(`.stage.${stage}`)?.explorer?.store.get();
  return state && Object.entries(wanted).every(([key, value]) => JSON.stringify(state[key]) === JSON.stringify(value));
}"""


def visits(page: Page, url: str, links: dict[str, tuple[str, dict]]) -> None:
    """Open the first link on a fresh visit and the others within the page, each until its stage holds its values."""
    for number, (link, expected) in enumerate(links.items()):
        if number == 0:
            page.goto(f"{url}/?{link}")
        else:
            page.evaluate("(link) => goTo(`?${link}`)", link)
        page.wait_for_function(OPENS, arg=expected, timeout=PATIENCE_MS)
        assert "tab=codes" not in url_in(page)


@pytest.mark.parametrize("tab", STAGES)
def test_links_open_the_states_that_they_did(page: Page, app_url: str, tab: str):
    visits(page, app_url, {link: (STAGES[tab], LINKS[link]) for link in LINKS if link.startswith(f"tab={tab}&")})


MOVED = {
    "tab=codes&mode=hole&prior=fitted&seed=9": ("autoencoders", {"mode": "hole", "prior": "fitted", "seed": 9}),
    "tab=codes": ("autoencoders", {"mode": "map"}),
    "tab=codes&mode=tokens&img=8&swaps=1539&token=24": ("tokens", {"mode": "tokens", "img": 8, "swaps": [1539]}),
    "tab=codes&net=latent-diffusion-mnist&mode=make&label=3": ("tokens", {"mode": "make", "label": 3}),
    "tab=codes&mode=tour&tour=7": ("tokens", {"mode": "tour", "tour": 2}),
    "tab=codes&mode=exercises&exercise=where&numbers=4": ("autoencoders", {"exercise": "where", "numbers": 4}),
    "tab=codes&mode=straight&promise=12": ("tokens", {"promise": 12}),
    "tab=vae-room&mode=interpolate&img=108&img2=24": ("vae_room", {"mode": "paths", "img": 108, "img2": 24}),
}


def test_former_links_open_their_states_where_they_are_now(page: Page, app_url: str):
    visits(page, app_url, MOVED)
