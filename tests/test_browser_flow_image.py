"""The flow's modes of images in a real browser, with the trained flow: by pointer, by keys and on a phone."""

import csv
import math

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from explorer import data
from explorer.networks import checkpoints
from tests.raster import asked, refuse, saved
from tests.stage import numbers, wait_for_address
from tests.tab import Tab

NET = "flow-mnist"
TAB = Tab("flow", "flow", "", patience_ms=60_000)
DONE = "x.mode().part?.drawn?.done && !x.mode().part.film.timer"
SHOWN = "x.mode().part.answer?.isCurrent"
STOOD = "x.mode().beside?.length >= 5 && x.mode().beside.every(({ kind, answer }) => !kind || answer)"


def figure(page: Page, name: str) -> str:
    return page.locator(".stage:visible .figures > div", has_text=name).locator("dd").inner_text()


def test_an_image_goes_through_its_layers_by_keys_and_keeps_its_density(page: Page, app_url: str, tmp_path):
    TAB.open(page, app_url, f"net={NET}&mode=layers&label=3")
    TAB.wait_until(page, DONE)
    model, label = checkpoints.load(NET), torch.full((16,), 3)
    with torch.no_grad():
        x = model.decode(torch.randn(16, 1, 28, 28, generator=torch.Generator().manual_seed(7)), label)
        wanted = model.log_prob(x, label)
    assert numbers(figure(page, "log-density").replace(",", ""))[0] == pytest.approx(float(wanted[0]), abs=0.5)
    wall = TAB.main(page).locator("canvas.wall")
    side = wall.bounding_box()["width"]
    wall.click(position={"x": 0.9 * side, "y": 0.1 * side})
    wait_for_address(page, "tap=3")
    assert numbers(figure(page, "log-density").replace(",", ""))[0] == pytest.approx(float(wanted[3]), abs=0.5)
    slider = page.get_by_role("slider", name="From z to x, layer by layer: step")
    slider.press("Home")
    wait_for_address(page, "at=0")
    expect(TAB.main(page)).to_contain_text("z: Gaussian noise")
    assert figure(page, "pixels drawn") == "0 of 784"
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    wait_for_address(page, "at=0.1")
    assert figure(page, "pixels drawn") == "1 of 784" and figure(page, "layers inverted") == "2 of 20"
    expect(TAB.panel(page).locator(".seen")).to_contain_text("After 2 of 20 layers, 1 of 784 pixels of image 4")
    rows = list(csv.reader(saved(page, "CSV", tmp_path).open(encoding="utf-8")))
    assert float(rows[-1][6]) == pytest.approx(float(wanted[3]), abs=0.5) and len(rows) == 22
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == 21


def test_two_z_are_mixed_by_a_slider_that_asks_nobody(page: Page, app_url: str):
    TAB.open(page, app_url, f"net={NET}&mode=layers&part=mix&img=108&img2=0&cut=5")
    TAB.wait_until(page, SHOWN)
    board = "[...x.mode().part.strips[0].strip.bytes].map((level) => level / 255)"
    own = data.bundled_images("mnist").images[108].flatten().numpy() / 255
    assert np.abs(np.array(TAB.value(page, board)) - own).max() < 1e-3, "all of z gives the image back"
    questions = asked(page, "mix")
    slider = TAB.panel(page).get_by_role("slider", name="Coarse z")
    slider.press("ArrowLeft")
    wait_for_address(page, "cut=4")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("A, a 3, gives 196 numbers of z; B, a 9, the other 588")
    kept = np.zeros((28, 28), bool)
    kept[::2, ::2] = True
    found = np.array(TAB.value(page, board)).reshape(28, 28)
    assert np.abs(found - own.reshape(28, 28))[kept].max() < 1e-3 and np.abs(found.flatten() - own).max() > 0.1
    TAB.main(page).locator("canvas.strip").nth(1).click(position={"x": 5, "y": 20})
    wait_for_address(page, "cut=0")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("this is B, a 9")
    assert not questions
    second = TAB.panel(page).get_by_role("spinbutton", name="Second, no.")
    second.fill("1")
    second.press("Enter")
    wait_for_address(page, "img2=1")
    TAB.wait_until(page, SHOWN)
    assert questions[0]["other"] == {"test": 1, "set": "mnist"}
    accept = refuse(page)
    TAB.panel(page).get_by_role("button", name="Next test image").click()
    wait_for_address(page, "img=109")
    again = page.locator(".stage:visible").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    accept()
    again.click()
    TAB.wait_until(page, SHOWN)


def test_the_density_changes_with_the_unit_and_the_bits_do_not(page: Page, app_url: str, tmp_path):
    TAB.open(page, app_url, "mode=fifth")  # with a flow of points, for which images are taken
    TAB.wait_until(page, STOOD)
    assert TAB.state(page)["net"] == NET and TAB.state(page)["img"] == 8
    before = ladder(page)
    assert before["unit 1"] > 3_000
    TAB.panel(page).get_by_role("button", name="0 … 255", exact=True).click()
    wait_for_address(page, "unit=255")
    after = ladder(page)
    assert before["unit 1"] - after["unit 255"] == pytest.approx(784 * math.log(255), abs=0.11)
    assert after["bits"] == before["bits"] == pytest.approx(-after["levels"] / (784 * math.log(2)), abs=1e-3)
    beside = TAB.main(page).locator(".with-numbers > .result")
    not_beside = TAB.main(page).locator(".on-demand")
    expect(beside).to_contain_text("Flow bound")
    expect(beside).to_contain_text("Diffusion")
    not_beside.get_by_text("Why the others").click()
    for title in ("2-latent β-VAE", "PixelCNN", "MADE", "GAN"):
        expect(beside).not_to_contain_text(title)
        expect(not_beside.get_by_text(title, exact=True)).to_be_visible()
    questions = asked(page, "density")
    TAB.panel(page).get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=8")
    TAB.wait_until(page, "x.mode().isCurrent")
    assert questions[0]["seed"] == 8
    assert ladder(page)["bits"] == pytest.approx(before["bits"], abs=0.01)
    rows = list(csv.reader(saved(page, "CSV", tmp_path).open(encoding="utf-8")))
    assert len(rows) == 17 and float(rows[1][1]) - float(rows[1][3]) == pytest.approx(784 * math.log(255))


def ladder(page: Page) -> dict[str, float]:
    """The density in the unit in use, the bound of levels, and the bits per dimension, as they stand on the page."""
    result = TAB.panel(page).locator(".figures dd").all_inner_texts()
    density, _, levels, bits = (numbers(text.replace(",", ""))[0] for text in result)
    return {f"unit {TAB.state(page)['unit']}": density, "levels": levels, "bits": bits}


def test_a_phone_goes_through_the_modes_of_images_by_touch(phone: Page, app_url: str):
    TAB.open(phone, app_url, f"net={NET}&mode=layers")
    TAB.wait_until(phone, DONE)
    TAB.fits(phone)
    phone.get_by_role("button", name="One step back").tap()
    wait_for_address(phone, "at=0.95")
    TAB.panel(phone).get_by_role("button", name="The typical set").tap()
    TAB.wait_until(phone, SHOWN)
    TAB.fits(phone)
    strip = TAB.main(phone).locator("canvas.strip")
    strip.tap(position={"x": 8, "y": 8})
    wait_for_address(phone, "temperature=0")
    expect(TAB.panel(phone).locator(".seen")).to_contain_text("19.8 standard deviations short")
    TAB.tap_to(phone, "Density", "fifth")
    TAB.wait_until(phone, STOOD)
    TAB.fits(phone)
    offered = phone.locator(".stage.flow .choice-list select option").evaluate_all(
        "all => all.map(({ value }) => value)"
    )
    assert offered == ["flow-mnist", "flow-fashion-mnist"], "no flow of points"
    TAB.value(phone, "x.store.set({ net: 'flow-moons' }, { commit: true })")
    TAB.wait_until(phone, f"x.store.get().net === '{NET}'")
