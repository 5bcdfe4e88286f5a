"""Noise over an image in a real browser: the slider, the schedule, the histogram, what is kept."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from explorer import data
from explorer.models.schedule import Schedule
from tests.diffusion import (
    STAGE,
    TIMES,
    array,
    diffusion,
    figure,
    main,
    open_diffusion,
    panel,
    saved,
    state,
    wait_for_address,
    wait_until,
)
from tests.node import run
from tests.stage import kept_pixels, settle, url_in

SHOWN = "x.mode().x0"
SLIDER = "Adding noise, time by time: step"


@pytest.mark.parametrize("kind", ["linear", "cosine"])
def test_the_browser_knows_the_schedules_of_the_models(kind: str):
    found = run("return [...(await load('diffusion/schedule.js')).ALPHAS[kind]];", kind=kind)
    assert np.allclose(found, Schedule(kind, TIMES).alphas_cumprod.numpy(), rtol=1e-9, atol=1e-12)


def test_x_t_is_the_image_and_noise_in_the_shares_of_the_schedule(page: Page, app_url: str):
    open_diffusion(page, app_url, "img=8&t=300")
    wait_until(page, SHOWN)
    x0 = data.bundled_images("mnist").images[8].numpy().ravel() / 127.5 - 1
    eps = array(page, "x.mode().eps")
    assert abs(eps.mean()) < 0.1 and 0.9 < eps.std() < 1.1
    alpha = float(Schedule("linear", TIMES).alphas_cumprod[300])
    wanted = np.sqrt(alpha) * x0 + np.sqrt(1 - alpha) * eps
    assert np.allclose(array(page, "x.mode().noised(300)"), wanted, atol=1e-5)
    assert np.allclose(array(page, "x.mode().board.what.values"), np.clip((wanted + 1) / 2, 0, 1), atol=1e-5)
    assert figure(page, "signal-to-noise ratio") == pytest.approx(alpha / (1 - alpha), abs=1e-3)
    assert figure(page, "mean of the pixels") == pytest.approx(wanted.mean(), abs=1e-3)
    assert figure(page, "their standard deviation") == pytest.approx(wanted.std(), abs=1e-3)


@pytest.mark.core
def test_the_slider_moves_image_plot_and_histogram_and_writes_the_address_when_it_rests(page: Page, app_url: str):
    open_diffusion(page, app_url, "mode=forward")
    wait_until(page, SHOWN)
    slider = page.get_by_role("slider", name=SLIDER)
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2, steps=10)
    wait_until(page, "Math.abs(x.store.get().t - 600) < 25")
    assert "t=" not in url_in(page).replace("tab=", "")
    t = state(page)["t"]
    plot = main(page).get_by_role("img", name=re.compile("^ᾱₜ over time"))
    expect(plot).to_have_attribute("aria-label", re.compile(f"at time {t}, linear"))
    page.mouse.up()
    wait_for_address(page, f"t={t}")
    for key, to in {"ArrowRight": t + 1, "ArrowDown": 50 * ((t + 1) // 50 + 1)}.items():
        slider.press(key)
        wait_for_address(page, f"t={to}")
    slider.press("End")
    wait_for_address(page, "&t=", there=False)
    assert diffusion(page, "x.mode().film.index") == TIMES
    slider.press("Home")
    wait_for_address(page, "t=0")
    expect(panel(page)).to_contain_text("At t = 0 there is no noise")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "x.store.get().t > 30")
    page.get_by_role("button", name="Pause", exact=True).click()
    wait_for_address(page, f"t={state(page)['t']}")


def test_at_the_end_the_pixels_are_gaussian_and_at_the_start_they_are_not(page: Page, app_url: str):
    open_diffusion(page, app_url, f"t={TIMES}")
    wait_until(page, SHOWN)
    bars = np.array(diffusion(page, "x.mode().histogram.what.bars.map(({ x0, x1, y }) => [x0, x1, y])"))
    gaussian = np.exp(-(bars[:, :2].mean(1) ** 2) / 2) / np.sqrt(2 * np.pi)
    assert np.abs(bars[:, 2] - gaussian).max() < 0.12
    assert abs(figure(page, "mean of the pixels")) < 0.1
    page.get_by_role("slider", name=SLIDER).press("Home")
    wait_until(page, "x.store.get().t === 0 && x.mode().film.index === 0")
    bars = np.array(diffusion(page, "x.mode().histogram.what.bars.map(({ y }) => y)"))
    assert bars.max() == 1, "most pixels are black, and their bar is cut"
    expect(page.locator(".stage:visible .figures")).to_contain_text("∞")


def test_dragging_along_the_plot_moves_the_time_and_cosine_keeps_more(page: Page, app_url: str):
    open_diffusion(page, app_url, "t=100")
    wait_until(page, SHOWN)
    plot = main(page).locator("canvas.movable")
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 80, steps=4)
    page.mouse.up()
    wait_until(page, "x.store.get().t > 600 && x.store.get().t < 750")
    linear = figure(page, "ᾱₜ")
    page.get_by_role("group", name="Schedule").get_by_role("button", name="Cosine").click()
    wait_for_address(page, "schedule=cosine")
    wait_until(page, "x.mode().plot.what.lines.some(({ label, dash }) => label === 'cosine' && !dash.length)")
    assert figure(page, "ᾱₜ") > linear
    expect(panel(page)).to_contain_text("trained with the linear one")


def test_a_drawing_is_noised_and_an_empty_pad_says_what_to_do(page: Page, app_url: str):
    open_diffusion(page, app_url, "t=0")
    wait_until(page, SHOWN)
    page.get_by_role("button", name="Draw one").click()
    settle(page)
    pad = page.locator(f"{STAGE} .pad")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 140, steps=6)
    page.mouse.up()
    wait_for_address(page, "draw=")
    wait_until(page, SHOWN)
    assert set(array(page, "x.mode().x0")) == {-1, 1}
    page.get_by_role("button", name="Clear").click()
    expect(main(page)).to_contain_text("Draw something on the pad")


def test_other_noise_and_a_shared_link(page: Page, app_url: str):
    open_diffusion(page, app_url, "img=30&t=420&schedule=cosine&net=diffusion-fashion-mnist")
    wait_until(page, SHOWN)
    before = array(page, "x.mode().board.what.values")
    page.get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=8")
    wait_until(page, "x.mode().seedShown === 8")
    after = array(page, "x.mode().board.what.values")
    assert (before != after).any()
    page.reload()
    wait_until(page, "x.mode()?.x0")
    assert (array(page, "x.mode().board.what.values") == after).all()


def test_what_is_on_screen_can_be_kept(page: Page, app_url: str, tmp_path):
    open_diffusion(page, app_url, "t=500")
    wait_until(page, SHOWN)
    shown = kept_pixels(page, tmp_path, main(page).locator("canvas.board")) / 255
    assert np.allclose(shown, array(page, "x.mode().board.what.values"), atol=0.01)
    text = saved(page, "CSV", tmp_path).read_text(encoding="utf-8").splitlines()
    assert text[0] == "t,alpha_bar,noise_variance,signal_to_noise" and len(text) == TIMES + 2
    alpha = float(Schedule("linear", TIMES).alphas_cumprod[500])
    assert float(text[501].split(",")[1]) == pytest.approx(alpha, rel=1e-6)
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert 50 < film.n_frames <= 100
