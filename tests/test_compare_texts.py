"""Text in the comparison: each network's own figure, and what it draws after the visitor's text."""

import math

import pytest
import torch
from playwright.sync_api import Page, expect

from explorer.networks import checkpoints
from explorer.spaces import TEXT
from explorer.tabs.compare import texts
from explorer.tabs.text.shared import DIFFUSION, NETS
from tests.asking import wait_for

WORDS = "O Romeo, Romeo!"


def answer(net: str, words: str = WORDS, seed: int = 7) -> dict:
    return wait_for(texts.ask_text({"net": net, "words": words, "seed": seed}))


CORE = "lstm-shakespeare"


@pytest.mark.parametrize("net", [net if net == CORE else pytest.param(net, marks=pytest.mark.deep) for net in NETS])
def test_a_network_that_reads_from_left_to_right_has_an_exact_value_and_goes_on(net: str):
    model, x, found = checkpoints.load(net), TEXT.codes(WORDS).unsqueeze(0), answer(net)
    whole = -float(model.log_prob(x)) / math.log(2) / len(WORDS)
    assert (found["kind"], found["limit"], found["se"]) == ("exact", None, None)
    assert found["bits"] == pytest.approx(whole, rel=1e-5)
    steps = model.sample_steps(1, generator=torch.Generator().manual_seed(7), length=len(WORDS) + 80, prefix=x)
    *_, last = steps
    assert WORDS + found["added"] == TEXT.text(last.x[0])
    assert answer(net, seed=8)["added"] != found["added"]


@pytest.mark.deep
def test_the_diffusion_has_a_bound_below_the_value_of_one_order_and_only_for_texts_that_it_knows():
    found, model = answer(DIFFUSION), checkpoints.load(DIFFUSION)
    assert found["kind"] == "bound" and found["limit"] == model.context and len(found["added"]) == 80
    draws = torch.stack(
        [
            model.elbo(TEXT.codes(WORDS).unsqueeze(0), generator=torch.Generator().manual_seed(seed))
            for seed in range(40)
        ]
    )
    bits = -float(draws.mean()) / math.log(2) / len(WORDS)
    assert abs(found["bits"] - bits) < 5 * found["se"]
    long = answer(DIFFUSION, "a" * (model.context + 1))
    assert long["bits"] is None and len(long["added"]) == 80
    last = "a" * (model.context - 80)
    assert long["added"] == answer(DIFFUSION, last)["added"], "what it draws depends on the last characters only"


def test_the_page_shows_every_network_with_its_mark(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=compare&mode=texts&words=O%20Romeo%2C%20Romeo!")
    cards = page.locator(".stage.compare .cards figure")
    expect(cards).to_have_count(len(NETS) + 1)
    for net, title in (NETS | {DIFFUSION: "Masked diffusion"}).items():
        card, found = cards.filter(has_text=title), answer(net)
        sign = "≤" if net == DIFFUSION else "="
        expect(card.locator(".text-figure")).to_contain_text(f"{sign} {found['bits']:.2f}", timeout=120_000)
        expect(card.locator(".text-body")).to_have_text(WORDS + found["added"])
    best = min(answer(net)["bits"] for net in NETS)
    expect(page.locator(".stage.compare .headline .chief")).to_contain_text(f"{best:.2f}")
