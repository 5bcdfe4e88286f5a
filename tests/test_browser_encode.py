"""One image through the encoder, in a real browser: every number, the exact posterior, drawings."""

import pytest
import torch
from playwright.sync_api import Page, expect

from tests.node import run
from tests.stage import STAGE, click_point, numbers, open_stage, panel, row, state, url_in, wait_for_address


def answered(page: Page) -> None:
    """Waits for the numbers of the picture that is shown now."""
    expect(panel(page).locator("table")).to_have_count(2)
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.mode.isCurrent")


@pytest.mark.core
def test_every_number_of_a_draw_is_shown_and_adds_up(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode")
    expect(panel(page).locator("table")).to_have_count(2)
    click_point(page, 40)
    wait_for_address(page, "img=")
    answered(page)
    mean, width, noise, place = (row(page, name) for name in ("μ", "σ", "ε", "z = μ + σ ⊙ ε"))
    for axis in range(2):
        assert place[axis] == pytest.approx(mean[axis] + width[axis] * noise[axis], abs=0.005)
    (distortion, _), (rate,), (elbo, _) = (row(page, name) for name in ("distortion D", "rate R", "ELBO"))
    assert elbo == pytest.approx(-distortion - rate, abs=0.02)
    page.get_by_role("button", name="Resample ε").press("Enter")
    wait_for_address(page, "eps=8")
    expect(panel(page).locator("table").first).not_to_contain_text(f"{abs(noise[0]):.3f}")


def test_an_exact_posterior_adds_up_and_its_gap_splits(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode&img=12&part=posterior")
    total = panel(page).locator(".adds-up")
    expect(total).to_contain_text("KL")
    exact, elbo, gap = numbers(total.inner_text())
    assert exact == pytest.approx(elbo + gap, abs=0.02)
    page.get_by_role("button", name="Fit q to this image alone").click()
    expect(panel(page).locator(".gap-keys")).to_contain_text("family")
    amortisation, family = numbers(panel(page).locator(".gap-keys").inner_text())[1:3]
    assert amortisation + family == pytest.approx(gap, abs=0.03)
    expect(page.get_by_role("slider", name="Fit of q: step")).to_be_visible()


def test_autograd_stands_beside_the_formula(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode&img=12&beta=4")
    page.get_by_role("button", name="Gradients").press("Enter")
    wait_for_address(page, "part=gradients")
    for name in ("∂/∂μ₁", "∂/∂μ₂", "∂/∂σ₁", "∂/∂σ₂"):
        autograd, formula, *_ = row(page, name)
        assert autograd == pytest.approx(formula, abs=2e-3, rel=1e-3)


def test_q_is_moved_by_pointer_and_keys_and_its_gap_follows(page: Page, app_url: str):
    open_stage(page, app_url, "mode=gaps&img=3")
    bars = panel(page).locator(".size-row")
    expect(bars).to_have_count(3)
    best = numbers(bars.nth(1).inner_text())[-1]
    plane = page.locator(".stage.vae .gaps-plane canvas")
    box = plane.bounding_box()
    assert box["width"] == box["height"] > 200
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3, steps=3)
    page.mouse.up()
    wait_for_address(page, "q=hand")
    expect(bars).to_have_count(4)
    mean = state(page)["hand"][:2]
    far = numbers(bars.nth(1).inner_text())[-1]
    assert far > best + 1, "a q beside the posterior loses more than the best one"
    expect(panel(page).locator(".seen")).to_contain_text(f"With your q, the ELBO is {far:.2f} nats below")
    plane.press("ArrowRight")
    page.wait_for_function(f"(x) => document.querySelector('{STAGE}').explorer.store.get().hand[0] > x", arg=mean[0])
    width = state(page)["hand"][2]
    plane.press("Shift+ArrowRight")
    page.wait_for_function(f"(w) => document.querySelector('{STAGE}').explorer.store.get().hand[2] > w", arg=width)
    panel(page).get_by_role("button", name="Best Gaussian", exact=True).click()
    expect(bars).to_have_count(3)


def test_a_plain_autoencoder_says_what_it_cannot(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode&img=12&beta=0")
    expect(panel(page).locator(".cannot")).to_contain_text("plain autoencoder")
    for part in ("Exact posterior", "Gradients"):
        page.get_by_role("button", name=part).click()
        expect(panel(page).locator(".part")).to_contain_text("plain autoencoder")


@pytest.mark.core
def test_a_drawing_is_encoded_and_lives_in_the_address(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode")
    page.get_by_role("button", name="Draw one").click()
    box = panel(page).locator(".pad").bounding_box()
    corners = [(0.3, 0.2), (0.7, 0.2), (0.5, 0.5), (0.7, 0.7), (0.3, 0.85)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()
    wait_for_address(page, "draw=")
    answered(page)
    address, before, shown = url_in(page), row(page, "μ"), fed_to_the_network(page)
    assert 30 < sum(shown) < 300
    page.goto("about:blank")
    page.goto(address)
    answered(page)
    assert url_in(page) == address
    assert row(page, "μ") == before
    assert fed_to_the_network(page) == shown
    expect(panel(page).locator(".pad")).to_be_visible()


def fed_to_the_network(page: Page) -> list[int]:
    return page.evaluate(
        """() => {
          const canvas = document.querySelector("canvas[aria-label='What the network was fed']");
          const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
          return Array.from({ length: 784 }, (_, i) => data[4 * i] / 255);
        }"""
    )


def test_a_drawing_is_centred_and_scaled_as_mnist_is():
    image = run(
        """const { centre } = await load("kit/image/drawing.js");
        const ink = new Float32Array(280 * 280);
        for (let y = 20; y < 140; y++) for (let x = 10; x < (y < 40 ? 70 : 30); x++) ink[280 * y + x] = 1;
        return [...centre(ink, 280)];"""
    )
    picture = torch.tensor(image).view(28, 28)
    rows, columns = (picture.amax(axis) > 0.5 for axis in (1, 0))
    assert rows.sum() == 20, "the longer side of the ink fills 20 pixels"
    assert columns.sum() == 10, "and the shape is kept"
    places = torch.arange(28) + 0.5
    for axis in (0, 1):
        assert (picture.sum(1 - axis) * places).sum() / picture.sum() == pytest.approx(14, abs=0.1)


def test_keys_draw_too(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode")
    page.get_by_role("button", name="Draw one").press("Enter")
    pad = panel(page).locator(".pad")
    expect(pad).to_be_focused()
    page.keyboard.press("Space")
    for key in ["ArrowDown"] * 8 + ["ArrowRight"] * 4:
        page.keyboard.press(key)
    page.keyboard.press("Space")
    wait_for_address(page, "draw=")
    expect(panel(page).locator("table")).to_have_count(2)
    assert sum(fed_to_the_network(page)) > 20
    pad.press("Delete")
    wait_for_address(page, "draw=", there=False)
    expect(panel(page)).to_contain_text("draw one of your own")


def test_fitting_again_replaces_the_film(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode&img=12&part=posterior")
    fit = page.get_by_role("button", name="Fit q to this image alone")
    for _ in range(2):
        fit.click()
        expect(fit).to_be_enabled()
        expect(page.get_by_role("slider", name="Fit of q: step")).to_have_count(1)


def test_a_number_that_is_none_gives_way_to_the_present_one(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode&img=12")
    number = page.get_by_role("spinbutton", name="No.")
    page.get_by_role("button", name="Next test image").click()
    number.fill("5000")
    number.press("Enter")
    expect(number).to_have_value("13")
    assert state(page)["img"] == 13
    expect(panel(page)).to_contain_text("Wanted: a whole number from 0 to 1,999.")
    number.fill("14")
    number.press("Enter")
    expect(panel(page)).not_to_contain_text("Wanted")


def test_a_drawing_is_said_to_be_cut_at_half_ink(page: Page, app_url: str):
    open_stage(page, app_url, f"mode=encode&draw={'A' * 60 + '_' * 20 + 'A' * 51}")
    expect(panel(page)).to_contain_text("fed: ink above half")


def test_an_empty_pad_shows_nothing_of_the_image_before(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode&img=40")
    expect(panel(page).locator("table")).to_have_count(2)
    page.get_by_role("button", name="Draw one").click()
    expect(panel(page)).to_contain_text("Click or tap a point on the map")
    for part in ("table", ".pictures", ".seen"):
        expect(panel(page).locator(part).first).to_be_hidden()
    page.get_by_role("button", name="Test image").click()
    expect(panel(page).locator(".seen")).to_contain_text("The encoder outputs")
