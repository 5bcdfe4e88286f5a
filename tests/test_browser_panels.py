"""The side panels in a real browser: each mode by pointer and by keys, and what a visitor can take home."""

import csv
import re

import gradio as gr
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from explorer.stages.film import Film
from explorer.steps import Step, film
from tests.server import ROOT

STAGE = ".stage.latent-map"
FRAMES = 25
TOUR_STEPS = 8
expect.set_options(timeout=20_000)


def open_stage(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/?{query}")
    page.wait_for_function(f"document.querySelector('{STAGE}')?.explorer")
    page.evaluate(f"document.querySelector('{STAGE}').explorer.ready")


def state(page: Page, key: str):
    return page.evaluate(f"document.querySelector('{STAGE}').explorer.store.get()['{key}']")


def wait_for_address(page: Page, part: str) -> None:
    page.wait_for_function("part => location.search.includes(part)", arg=part)


def click_point(page: Page, index: int) -> None:
    """Click where the map shows a bundled image's code; another code on top of it may be the one that is hit."""
    place = page.evaluate(
        """([stage, index]) => {
          const { map } = document.querySelector(stage).explorer;
          const { mu } = map.points();
          return map.view.toScreen([mu[2 * index], mu[2 * index + 1]]);
        }""",
        [STAGE, index],
    )
    page.locator(f"{STAGE} .overlay").click(position={"x": place[0], "y": place[1]})


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+\.\d+", text.replace("\u2212", "-"))]


def row(page: Page, name: str) -> list[float]:
    return numbers(page.locator("table.numbers tr", has_text=name).first.inner_text())


def panel(page: Page) -> Locator:
    return page.locator(f"{STAGE} .panel")


def saved(page: Page, button: str, folder) -> str:
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=button, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_two_clicked_points_are_joined_by_a_film(page: Page, app_url: str):
    open_stage(page, app_url, "mode=interpolate")
    expect(panel(page)).to_contain_text("Click two points")
    click_point(page, 108)
    click_point(page, 24)
    wait_for_address(page, "b=")
    assert state(page, "a") != state(page, "b")
    frames = panel(page).locator(".strip-frame")
    expect(frames).to_have_count(14)
    assert all(0 <= int(count) <= 2000 for count in frames.all_inner_texts())
    expect(panel(page).locator(".strip-name")).to_have_text(["β = 1.00", "β = 0"])
    frames.nth(3).click()
    wait_for_address(page, "frame=12")
    panel(page).get_by_role("button", name="spherical").click()
    wait_for_address(page, "path=spherical")


def test_a_film_is_played_with_keys(page: Page, app_url: str):
    open_stage(page, app_url, "mode=interpolate")
    page.get_by_role("button", name="from a 3 to an 8").press("Enter")
    wait_for_address(page, "a=")
    scrubber = page.get_by_role("slider", name="Interpolation: step")
    scrubber.press("End")
    wait_for_address(page, f"frame={FRAMES - 1}")
    scrubber.press("ArrowLeft")
    wait_for_address(page, f"frame={FRAMES - 2}")
    expect(panel(page).locator(".film-place")).to_have_text(f"{FRAMES - 1}/{FRAMES}")
    scrubber.press("Home")
    scrubber.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function("Number(document.querySelector('.film-scrubber').value) > 1")
    scrubber.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_film_is_kept_as_a_gif(page: Page, app_url: str, tmp_path):
    open_stage(page, app_url, "mode=interpolate&a=108&b=24")
    with Image.open(saved(page, "GIF", tmp_path)) as gif:
        assert gif.format == "GIF"
        assert gif.n_frames == FRAMES
        first = gif.convert("L").tobytes()
        gif.seek(FRAMES - 1)
        assert gif.convert("L").tobytes() != first


def test_the_view_is_kept_as_a_png_and_the_curve_as_a_csv(page: Page, app_url: str, tmp_path):
    open_stage(page, app_url, "beta=4")
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert picture.format == "PNG"
        assert len(set(picture.convert("RGB").resize((64, 64)).get_flattened_data())) > 20
    with open(saved(page, "CSV", tmp_path), newline="") as table:
        rows = list(csv.DictReader(table))
    assert float(rows[0]["beta"]) == 0
    assert rows[0]["rate"] == ""
    assert len(rows) >= 25
    rates = [float(entry["rate"]) for entry in rows[1:]]
    assert rates[0] > rates[-1]


def test_every_number_of_a_draw_is_shown_and_adds_up(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode")
    expect(panel(page)).to_contain_text("Click a point on the map")
    click_point(page, 40)
    wait_for_address(page, "img=")
    expect(panel(page).locator("table")).to_have_count(2)
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


def test_a_plain_autoencoder_says_what_it_cannot(page: Page, app_url: str):
    open_stage(page, app_url, "mode=encode&img=12&beta=0")
    expect(panel(page).locator(".cannot")).to_contain_text("plain autoencoder")
    for part in ("Exact posterior", "Gradients"):
        page.get_by_role("button", name=part).click()
        expect(panel(page).locator(".part")).to_contain_text("plain autoencoder")


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
    expect(panel(page).locator("table")).to_have_count(2)
    address, before, shown = page.url, row(page, "μ"), fed_to_the_network(page)
    assert 30 < sum(shown) < 300
    page.goto("about:blank")
    page.goto(address)
    expect(panel(page).locator("table")).to_have_count(2)
    assert page.url == address
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


def test_a_drawing_is_centred_and_scaled_as_mnist_is(page: Page, app_url: str):
    open_stage(page, app_url)
    image = page.evaluate(
        """async () => {
          const { centre } = await import(`${location.origin}/gradio_api/file=explorer/stages/latent_map/drawing.js`);
          const ink = new Float32Array(280 * 280);
          for (let y = 20; y < 140; y++) for (let x = 10; x < (y < 40 ? 70 : 30); x++) ink[280 * y + x] = 1;
          return [...centre(ink, 280)];
        }"""
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
    page.wait_for_function("!location.search.includes('draw=')")
    expect(panel(page)).to_contain_text("draw one of your own")


def test_a_tapped_draw_meets_its_nearest_training_image(page: Page, app_url: str):
    open_stage(page, app_url, "mode=sample")
    grid = panel(page).locator(".sample-grid")
    expect(panel(page)).to_contain_text("Seed 7: 64 draws")
    grid.click(position={"x": 100, "y": 100})
    expect(panel(page).locator(".pictures")).to_contain_text("nearest: ")
    expect(panel(page)).to_contain_text("of 55,000 training images")
    page.get_by_role("button", name="Draw 64 more").click()
    wait_for_address(page, "seed=8")
    expect(panel(page)).to_contain_text("Seed 8: 64 draws")


def test_keys_choose_among_the_draws(page: Page, app_url: str):
    open_stage(page, app_url, "mode=sample&seed=3")
    expect(panel(page)).to_contain_text("Seed 3: 64 draws")
    page.get_by_role("button", name="Bernoulli pixels").press("Enter")
    wait_for_address(page, "pixels=bits")
    grid = panel(page).locator(".sample-grid")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        grid.press(key)
    expect(panel(page).locator(".pictures figure")).to_have_count(4)


def own_class_share(page: Page) -> float:
    """The share of codes whose nearest neighbour is of their own class, in percent."""
    sentence = panel(page).locator(".seen")
    expect(sentence).to_contain_text("of their own class")
    return float(re.search(r"(\d+) %", sentence.inner_text())[1])


def first_code(page: Page) -> list[float]:
    return page.evaluate(f"[...document.querySelector('{STAGE}').explorer.map.points().mu.slice(0, 2)]")


def test_training_is_replayed_from_its_snapshots(page: Page, app_url: str):
    open_stage(page, app_url, "mode=learn")
    start, code = own_class_share(page), first_code(page)
    image = page.evaluate(f"[...document.querySelector('{STAGE}').explorer.decode([1, 0])]")
    scrubber = page.get_by_role("slider", name="Training: step")
    scrubber.press("End")
    wait_for_address(page, "step=")
    assert state(page, "step") >= 11
    expect(panel(page).locator(".seen")).not_to_contain_text("After 0 images")
    assert own_class_share(page) > start + 20
    assert first_code(page) != code
    expect(panel(page).locator("canvas.chart")).to_have_count(3)
    page.get_by_role("button", name="One step back").click()
    page.wait_for_timeout(1_000)
    assert page.evaluate(f"[...document.querySelector('{STAGE}').explorer.decode([1, 0])]") != image
    page.locator("#latent-map-tab-explore").click()
    expect(panel(page).locator(".decoded")).to_be_visible()


def test_the_tour_asks_before_it_tells(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    card = panel(page).locator(".tour-card")
    for step in range(1, TOUR_STEPS + 1):
        wait_for_address(page, f"tour={step}")
        expect(card.locator(".tour-place")).to_have_text(f"{step} of {TOUR_STEPS}")
        expect(card.locator(".tour-reveal")).to_be_empty()
        card.locator(".tour-choices button").first.click()
        expect(card.locator(".tour-reveal")).not_to_be_empty()
        card.locator("button", has_text="Next" if step < TOUR_STEPS else "Explore freely").click()
    expect(page.locator("#latent-map-tab-explore")).to_have_attribute("aria-selected", "true")


def test_the_tour_goes_by_keys(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    card = panel(page).locator(".tour-card")
    expect(card).to_be_visible()
    page.locator(f"{STAGE} .overlay").focus()
    page.keyboard.press("2")
    expect(card.locator(".tour-reveal")).not_to_be_empty()
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")


def test_a_film_plays_any_list_of_steps(page: Page, monkeypatch: pytest.MonkeyPatch):
    steps = [Step(torch.full((4, 1, 28, 28), k / 5), k, 6, f"step {k}", {"energy": k / 2}) for k in range(6)]
    monkeypatch.chdir(ROOT)
    gr.set_static_paths(["explorer/stages"])
    with gr.Blocks() as demo:
        Film(film(steps))
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False, run_history=False)
    try:
        page.goto(url)
        scrubber = page.get_by_role("slider", name="Film: step")
        expect(page.locator(".film-caption")).to_have_text("step 0")
        scrubber.press("End")
        expect(page.locator(".film-caption")).to_have_text("step 5")
        expect(page.locator(".film-numbers")).to_contain_text("2.500")
        middle = "c => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data]"
        assert page.locator("canvas.film-screen").evaluate(middle) == [255, 255, 255, 255]
        page.get_by_role("button", name="One step back").click()
        expect(page.locator(".film-place")).to_have_text("5/6")
    finally:
        demo.close()
