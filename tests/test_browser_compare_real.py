"""*Which is real?* in a real browser: twenty rounds, the error rate by family, and where the answers are kept."""

import json
from collections import Counter
from statistics import NormalDist

import pytest
from playwright.sync_api import Page, expect

from tests.compare import (
    PIXELS,
    STAGE,
    asked,
    compare,
    main,
    open_compare,
    panel,
    wait_for_address,
    wait_until,
)
from tests.node import call

NETS = {f"{family}-mnist" for family in ("beta-vae", "pixelcnn", "made", "gan", "flow", "diffusion")}


def ready(page: Page) -> None:
    """Wait until both images of the round are on screen."""
    wait_until(page, "x.mode().images && !document.querySelector('.stage.compare .choice:disabled')")


def kept(page: Page) -> dict:
    return json.loads(page.evaluate("localStorage.getItem('explorer.which-is-real')") or "{}")


def answer(page: Page, rightly: bool) -> None:
    """Choose the real image, or the other one, by the keys."""
    left = compare(page, "x.mode().rounds[x.mode().round].left")
    page.locator(f"{STAGE} .main").get_by_role("button", name="Skip").press(
        "ArrowLeft" if left == rightly else "ArrowRight"
    )


def test_twenty_rounds_by_keys_are_counted_family_by_family(page: Page, compare_app: str):
    questions = asked(page, "one")
    open_compare(page, compare_app, "mode=real&seed=3")
    rounds = compare(page, "x.mode().rounds")
    for number, plan in enumerate(rounds):
        expect(main(page).locator(".verdict")).to_have_text(f"Round {number + 1} of 20. Which one is real?")
        ready(page)
        answer(page, rightly=number % 4 != 0)
        verdict = main(page).locator(".verdict")
        expect(verdict).to_contain_text("Wrong" if number % 4 == 0 else "Right")
        expect(verdict).to_contain_text(f"test image {plan['real']}")
        if number < 19:
            page.keyboard.press("Enter")
    wrong = Counter(plan["net"] for plan in rounds[::4])
    seen = Counter(plan["net"] for plan in rounds)
    assert set(seen.values()) == {3, 4}, "20 of six"
    assert set(seen) == NETS
    rows = compare(page, "x.mode().rows.map(({ net, n, wrong }) => [net, n, wrong])")
    assert {net: (n, missed) for net, n, missed in rows} == {net: (seen[net], wrong[net]) for net in NETS}
    expect(panel(page).locator(".seen")).to_contain_text("Wrong answers: 5 of 20, 25 % (95 % interval 11 % to 47 %)")
    expect(main(page).get_by_role("button", name="Another twenty")).to_be_visible()
    assert all(set(question) == {"net", "seed"} for question in questions), "answers are nobody's business"


def test_the_real_image_is_the_test_image_and_the_seed_repeats_the_rounds(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=real&seed=5")
    ready(page)
    plan = compare(page, "x.mode().rounds[0]")
    real = page.evaluate(
        f"""async () => {{
          const x = document.querySelector('{STAGE}').explorer, ctx = x.mode().ctx;
          const images = x.mode().images, bits = ctx.assets.bits({plan["real"]});
          return images.map((image) => image.every((value, i) => value === 255 * bits[i]));
        }}"""
    )
    assert real == ([True, False] if plan["left"] else [False, True])
    assert set(compare(page, "[...x.mode().images.flatMap((image) => [...image])]")) == {0, 255}
    assert compare(page, "x.mode().images[0].length") == PIXELS
    before = compare(page, "x.mode().rounds")
    open_compare(page, compare_app, "mode=real&seed=5")
    assert compare(page, "x.mode().rounds") == before
    open_compare(page, compare_app, "mode=real&seed=6")
    assert compare(page, "x.mode().rounds") != before


def test_answers_stay_in_the_browser_until_they_are_forgotten(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=real&seed=5")
    ready(page)
    answer(page, rightly=False)
    plan = compare(page, "x.mode().rounds[0]")
    assert kept(page) == {"mnist": {"5": {"0": [plan["net"], 0]}}}
    open_compare(page, compare_app, "mode=real&seed=5")
    wait_until(page, "x.store.get().round === 1")
    expect(panel(page).locator(".seen")).to_contain_text("Wrong answers: 1 of 1,")
    page.get_by_role("button", name="Back").click()
    wait_for_address(page, "round=0")
    expect(main(page).locator(".verdict")).to_contain_text("Wrong")
    page.get_by_role("button", name="Forget my answers").click()
    expect(main(page).locator(".verdict")).to_contain_text("Which one is real?")
    assert kept(page) == {"mnist": {}}


@pytest.mark.parametrize(("hits", "n"), [(10, 20), (15, 20), (3, 20), (19, 20)])
def test_the_sensitivity_is_that_of_two_alternatives(hits: int, n: int):
    """d′ = √2 Φ⁻¹(share), by the standard library's quantile."""
    found = call("compare/interval.js", "sensitivity", hits, n)
    shares = [hits / n, *call("compare/interval.js", "wilson", hits, n)]
    expected = [2**0.5 * NormalDist().inv_cdf(share) for share in shares]
    assert found == pytest.approx(expected, abs=1e-8)


def test_an_end_of_the_interval_that_is_not_finite_keeps_its_sign():
    ends = [call("compare/interval.js", "sensitivityOf", {"n": 1, "wrong": wrong}) for wrong in (0, 1)]
    assert ends == ["−1.2 … ∞", "−∞ … 1.2"]


def test_rounds_of_one_family_are_all_its_own_and_kept_apart(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=real&seed=3&lit=gan")
    assert {plan["net"] for plan in compare(page, "x.mode().rounds")} == {"gan-mnist"}
    ready(page)
    answer(page, rightly=True)
    row = panel(page).locator("table.tally tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("GAN")
    assert list(kept(page)["mnist"]) == ["3 gan"]
    page.get_by_label("Made by").select_option(label="all families")
    wait_until(page, "x.mode().asked.length > 1")
    assert not compare(page, "x.mode().answer")


def test_a_phone_plays_a_round(phone: Page, compare_app: str):
    open_compare(phone, compare_app, "mode=real&seed=4")
    ready(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    main(phone).get_by_role("button", name="The left one is real").tap()
    expect(main(phone).locator(".verdict")).to_contain_text("test image")
    assert panel(phone).locator("table.tally").bounding_box()["width"] <= 360
    main(phone).get_by_role("button", name="Next").tap()
    wait_for_address(phone, "round=1")
    expect(main(phone).locator(".verdict")).to_contain_text("Round 2 of 20")
