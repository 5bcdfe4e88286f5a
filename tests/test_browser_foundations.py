"""The Foundations in a real browser: every mode is dragged by pointer and by keys, and says what its numbers are."""

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.finger import drag as finger
from tests.stage import numbers, saved, settle, wait_for_address
from tests.tab import Tab

TAB = Tab("foundations", "foundations", "likelihood", patience_ms=240_000)
MODES = {
    "Likelihood": "likelihood",
    "Divergences": "divergences",
    "Jensen": "jensen",
    "Importance": "importance",
    "Bayes": "bayes",
}


def grip(page: Page, name: str) -> Locator:
    return TAB.main(page).get_by_role("slider", name=name, exact=True).locator("visible=true").first


def drag(page: Page, name: str, across: float = 0, up: float = 0) -> None:
    """Drag a grip by so many pixels, with the pointer beside its middle."""
    box = grip(page, name).bounding_box()
    x, y = box["x"] + box["width"] / 2 + 5, box["y"] + box["height"] / 2 + 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y - up, steps=4)
    page.mouse.up()


def press(page: Page, name: str, *keys: str) -> None:
    grip(page, name).focus()
    for key in keys:
        page.keyboard.press(key)


def row(page: Page, name: str) -> list[float]:
    """The numbers of the figure of the panel whose name begins so."""
    named = page.locator("dt").filter(has_text=re.compile(f"^{re.escape(name)}"))
    return numbers(TAB.panel(page).locator(".figures > div:visible").filter(has=named).locator("dd").inner_text())


def seen(page: Page) -> Locator:
    return TAB.panel(page).locator(".seen:visible")


@pytest.mark.core
def test_a_figure_has_its_label_alone_until_somebody_has_predicted(page: Page, app_url: str):
    TAB.open(page, app_url, "mode=tour")
    figure = TAB.main(page).get_by_role("img").first
    spoken = page.locator(".stage.foundations > .spoken[aria-live=polite]")
    label = "The Gaussian and the three points"
    page.wait_for_timeout(1_500)  # by then, what is seen would be spoken
    expect(figure).to_have_accessible_name(label)
    expect(spoken).to_be_empty()
    TAB.panel(page).locator(".tour-choices button").first.click()
    expect(figure).to_have_accessible_name(re.compile(rf"^{label}: .*log-likelihood"))
    expect(spoken).to_contain_text("log-likelihood")


@pytest.mark.core
def test_a_gaussian_is_dragged_over_three_points_and_its_terms_add_up(page: Page, app_url: str, tmp_path: Path):
    TAB.open(page, app_url)
    assert row(page, "log-likelihood") == [-13.26]
    per_unit = TAB.value(page, "x.mode().density.scales.x(1) - x.mode().density.scales.x(0)")
    drag(page, "the mean μ", across=2 * per_unit)
    wait_for_address(page, "mu=3")
    terms = [row(page, f"log N({x};")[0] for x in (2, 3, 5)]
    assert terms == pytest.approx([-1.42, -0.92, -2.92])
    assert row(page, "log-likelihood") == pytest.approx([sum(terms)], abs=0.015)
    press(page, "the width σ", "ArrowRight", "Shift+ArrowRight")
    TAB.wait_until(page, "x.store.get().sigma === 1.3")
    press(page, "the mean μ", "Home")
    TAB.wait_until(page, "x.store.get().mu === -2")
    page.get_by_role("button", name="To the maximum").click()
    expect(seen(page)).to_contain_text("No μ does better at this σ")
    assert TAB.state(page)["mu"] == pytest.approx(10 / 3, abs=1e-3)
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") == 362
    assert saved(page, "PNG", tmp_path).stat().st_size > 10_000


def test_a_prior_pulls_the_best_mean_and_its_width_is_dragged(page: Page, app_url: str):
    TAB.open(page, app_url, "mu=3.33")
    page.get_by_role("button", name="N(0, τ²)").click()
    settle(page)
    assert row(page, "MAP") == [2.5]
    drag(page, "the width of the prior, τ", across=-20)
    wait_for_address(page, "tau=")
    tau = TAB.state(page)["tau"]
    assert tau < 0.8
    assert row(page, "MAP") == pytest.approx([10 / (3 + 1 / tau**2)], abs=0.01)
    assert row(page, "penalty") == pytest.approx([3.33**2 / (2 * tau**2)], abs=0.01)
    page.get_by_role("button", name="To the maximum").click()
    TAB.wait_until(page, f"Math.abs(x.store.get().mu - {10 / (3 + 1 / tau**2)}) < 0.001")


def test_the_bars_of_a_model_are_dragged_and_its_loss_is_entropy_and_kl(page: Page, app_url: str):
    TAB.open(page, app_url, "part=table")
    assert [row(page, each) for each in ("cross-entropy", "H(p) + ")] == [[1.386], [1.386]]
    drag(page, "q(sun)", up=60)
    wait_for_address(page, "q=")
    q = TAB.state(page)["q"]
    assert q[0] > 0.4 and sum(q) == pytest.approx(1) and q[1:] == pytest.approx(3 * [q[1]])
    press(page, "q(snow)", "ArrowDown", "PageDown")
    TAB.wait_until(page, "x.store.get().q[3] < 0.1")
    kl = sum(p * math.log(p / each) for p, each in zip((0.5, 0.25, 0.125, 0.125), TAB.state(page)["q"]))
    assert row(page, "KL(p ‖ q)") == pytest.approx([kl], abs=1e-3)
    page.get_by_role("button", name="To the maximum").click()
    expect(seen(page)).to_contain_text("q is p")


def test_a_gaussian_descends_into_the_mode_beside_it_and_begins_anew_where_it_is_dragged(
    page: Page, app_url: str, tmp_path: Path
):
    TAB.open(page, app_url, "mode=divergences&goal=reverse&m=2&s=0.8")
    start = row(page, "KL(q ‖ p)")
    expect(seen(page)).not_to_contain_text("Other starts")
    page.get_by_role("button", name="Play", exact=True).click()
    TAB.wait_until(page, "!x.mode().film.timer && x.store.get().step > 3")
    expect(seen(page)).to_contain_text("Other starts end at m = −2.50, s = 0.70 with 0.51 nats or at m = −0.4")
    assert row(page, "KL(q ‖ p)") == pytest.approx([-math.log(0.4)], abs=0.003) and row(page, "KL(q ‖ p)") < start
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") == TAB.value(
        page, "x.mode().path.length + 1"
    )
    drag(page, "the mean of q", across=-150)
    wait_for_address(page, "step=", there=False)
    state = TAB.state(page)
    assert state["m"] < 0 and state["s"] == pytest.approx(0.7, abs=0.01), "from where the descent had come"
    press(page, "the distance between the modes", "PageDown", "PageDown")
    TAB.wait_until(page, "Math.abs(x.store.get().gap - 3) < 1e-6")
    page.get_by_role("button", name="KL(p ‖ q)").click()
    page.locator(f"{TAB.selector} .film-scrubber").press("End")
    expect(seen(page)).to_contain_text("That is the mean and the width of p, from any start.")
    assert 0 <= row(page, "Jensen")[0] <= math.log(2)


def test_a_chord_is_dragged_below_the_logarithm(page: Page, app_url: str):
    TAB.open(page, app_url, "mode=jensen")
    before = row(page, "gap")[0]
    drag(page, "the other value", across=-150)
    wait_for_address(page, "b=")
    assert 0 < row(page, "gap")[0] < before
    drag(page, "the weight of the one value", across=-600)
    TAB.wait_until(page, "x.store.get().w === 1")
    expect(seen(page)).to_contain_text("so there is no gap")
    press(page, "the one value", "ArrowRight")
    TAB.wait_until(page, "Math.abs(x.store.get().a - 0.45) < 1e-9")
    assert row(page, "log E[x]") == pytest.approx([math.log(0.45)], abs=1e-3)


def test_a_proposal_is_dragged_under_the_posterior(page: Page, app_url: str, tmp_path: Path):
    TAB.open(page, app_url, "mode=importance&pm=0&ps=1")
    poor = row(page, "mean of log p̂, proposal")
    assert poor == row(page, "mean of log p̂, prior"), "it begins as the prior"
    per_unit = TAB.value(page, "x.mode().latent.scales.x(1) - x.mode().latent.scales.x(0)")
    drag(page, "the mean of the proposal", across=2.3 * per_unit)
    wait_for_address(page, "pm=2.")
    press(page, "the width of the proposal", "PageDown")
    TAB.wait_until(page, "x.store.get().ps === 0.5")
    exact = row(page, "exact log p(x)")[0]
    assert exact == pytest.approx(-(2.5**2) / 2.18 - math.log(2 * math.pi * 1.09) / 2, abs=0.006)
    assert poor[0] < exact - 1 < row(page, "mean of log p̂, proposal")[0] < exact + 0.05
    TAB.panel(page).get_by_role("button", name="Propose the posterior").click()
    page.get_by_role("button", name="1000", exact=True).click()
    TAB.wait_until(page, "x.mode().found.draws === 1000 && x.mode().found.first.ess > 999")
    press(page, "the width of the proposal", "Home")
    expect(seen(page)).to_contain_text("its weights have no finite variance")
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") == 301


def test_the_cells_of_a_table_are_dragged_and_bayes_rule_holds(page: Page, app_url: str):
    TAB.open(page, app_url, "mode=bayes")
    drag(page, "p(medium, cat)", up=60)
    wait_for_address(page, "joint=")
    joint = TAB.state(page)["joint"]
    assert joint[2] > 0.2 and sum(joint) == pytest.approx(1)
    given, cat, together, result = numbers(seen(page).inner_text())[:4]
    assert result == pytest.approx(joint[2] / (joint[2] + joint[3]), abs=0.006)
    assert given * cat / together == pytest.approx(result, abs=0.03), "Bayes' rule"
    TAB.panel(page).get_by_role("button", name="nothing", exact=True).click()
    expect(TAB.panel(page).locator(".asked")).to_contain_text("x is missing")
    expect(TAB.panel(page).locator(".asked td", has_text="cannot")).to_have_count(2)
    before = TAB.panel(page).locator(".asked").inner_text()
    for _ in range(3):
        TAB.panel(page).get_by_role("button", name="Draw again").click()
    TAB.wait_until(page, "x.store.get().seed === 10")
    expect(TAB.panel(page).locator(".asked")).not_to_have_text(before)
    press(page, "p(large, dog)", "Home")
    TAB.wait_until(page, "x.store.get().joint[5] === 0.01")


@pytest.mark.core
def test_a_broken_link_is_passed_over_and_a_table_need_not_add_up(page: Page, app_url: str):
    TAB.open(page, app_url, "mode=bayes&joint=1,1,1,1,1,1&known=huge&m=99&seed=-1")
    state = TAB.state(page)
    assert (state["known"], state["m"], state["seed"]) == ("medium", 0.5, 7)
    expect(seen(page)).to_contain_text("0.33 · 0.50 ÷ 0.33 = 0.50")


@pytest.mark.core
def test_a_phone_drags_by_touch_and_scrolls_beside_the_grips(phone: Page, app_url: str):
    TAB.open(phone, app_url)
    TAB.fits(phone)
    finger(phone, grip(phone, "the mean μ"), along=60)
    wait_for_address(phone, "mu=")
    assert TAB.state(phone)["mu"] > 2
    mu = TAB.state(phone)["mu"]
    finger(phone, TAB.main(phone).locator("canvas").first, along=2, up=120)
    assert TAB.state(phone)["mu"] == mu
    for title, mode in list(MODES.items())[1:]:
        TAB.tap_to(phone, title, mode)
        wide = "[...document.querySelectorAll('.foundations table, .foundations canvas')]"
        widest = phone.evaluate(f"Math.max(...{wide}.map((each) => each.getBoundingClientRect().right))")
        assert widest <= 390
    TAB.tap_to(phone, "Tour", "tour")
