"""β in a real browser: the decoder is torch's at every β, and nobody is asked while the slider moves."""

import io
import re

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.networks import checkpoints
from tests.stage import (
    STAGE,
    explorer,
    load_text,
    open_stage,
    panel,
    points,
    requests_of,
    settle,
    state,
    url_in,
    wait_for_address,
)
from tests.test_browser_more import AS_A_STRANGER

DATASETS = ("mnist", "fashion-mnist")
BETAS = (0.0, 0.01, 1.0, 20.0)
BETWEEN = (0.013, 0.04, 0.09, 0.21, 0.5, 1.4, 3.5, 7.0, 14.0, 27.0)


DECODE_MANY = """([z, beta]) => {
  const { decode, map } = document.querySelector(".stage.vae").explorer;
  const one = z.map((point) => [...decode(point, beta)]);
  const all = map.decoder(beta).decode(Float32Array.from(z.flat()));
  const apart = one.flat().reduce((most, value, k) => Math.max(most, Math.abs(value - all[k])), 0);
  return { pixels: one.map((image) => image.map((value) => value.toFixed(6)).join(" ")), apart };
}"""


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_browser_decodes_what_torch_decodes(page: Page, app_url: str, dataset: str):
    model = checkpoints.load(f"beta-vae-{dataset}", "cpu")
    z = 2 * torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    open_stage(page, app_url, f"data={dataset}")
    for beta in BETAS:
        answer = page.evaluate(DECODE_MANY, [z.tolist(), beta])
        ours = np.array([row.split() for row in answer["pixels"]], dtype=np.float32)
        with torch.no_grad():
            theirs = model.decode(z, beta).mean.reshape(200, 784).numpy()
        assert theirs.std() > 0.05
        assert np.abs(ours - theirs).max() <= 1e-3
        assert answer["apart"] <= 1e-5


BINARY_IMAGES = """x.map.ctx.assets.load().then(
    () => Array.from({ length: 400 }, (_, i) => [...x.map.ctx.assets.bits(i)])
)"""


@pytest.mark.parametrize("dataset", DATASETS)
def test_points_between_measured_betas_are_where_the_encoder_puts_them(page: Page, app_url: str, dataset: str):
    model = checkpoints.load(f"beta-vae-{dataset}", "cpu")
    open_stage(page, app_url, f"data={dataset}")
    images = torch.tensor(explorer(page, f"{BINARY_IMAGES}")).reshape(-1, 1, 28, 28).float()
    for beta in BETWEEN:
        explorer(page, f"x.store.set({{ beta: {beta} }})")
        with torch.no_grad():
            means = model.encode(images, beta).mean.numpy()
        assert np.sqrt(((points(page)[: len(images)] - means) ** 2).mean()) <= 0.05, beta


def drag_beta(page: Page, pause_ms: int = 0) -> None:
    """Press the slider at β ≈ 1 and drag it to β ≈ 12, without letting go."""
    box = page.locator(f"{STAGE} .beta input").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.55, y)
    page.mouse.down()
    for share in np.linspace(0.55, 0.8, 12):
        page.mouse.move(box["x"] + box["width"] * share, y)
        page.wait_for_timeout(pause_ms)
    settle(page)
    assert 5 < state(page)["beta"] < 30


@pytest.mark.core
def test_dragging_beta_moves_everything_and_asks_the_server_nothing(page: Page, app_url: str):
    touched = requests_of(page)
    open_stage(page, app_url)
    load_text(page)
    page.wait_for_timeout(1_500)
    before = {"points": points(page), "widths": points(page, "sigma"), "image": explorer(page, "[...x.decode([1, 1])]")}
    curve = page.locator(f"{STAGE} .curve canvas")
    drawn, spoken = curve.screenshot(), curve.get_attribute("aria-label")
    touched.clear()
    drag_beta(page)
    assert np.abs(points(page) - before["points"]).mean() > 0.05
    assert points(page, "sigma").mean() > 2 * before["widths"].mean()
    assert np.abs(np.subtract(explorer(page, "[...x.decode([1, 1])]"), before["image"])).max() > 0.01
    assert curve.screenshot() != drawn
    assert curve.get_attribute("aria-label") != spoken
    assert "beta=" not in url_in(page)
    page.mouse.up()
    wait_for_address(page, "beta=")
    assert touched == []


@pytest.mark.parametrize(
    ("query", "answer", "asked"),
    [
        ("mode=explore&z=0.5,0.5&pin=0.5,0.5", "stretch", 1),
        ("mode=encode&img=12", "ELBO = −D − R", 1),
        ("mode=encode&img=12&part=posterior", "KL(q‖p)", 2),
        ("mode=sample&tap=9", "nearest: ", 2),
        ("mode=learn&step=5", "has their own class", 2),
    ],
)
def test_in_every_mode_the_server_is_asked_when_beta_is_released(
    page: Page, app_url: str, query: str, answer: str, asked: int
):
    touched = requests_of(page)
    open_stage(page, app_url, query)
    expect(panel(page)).to_contain_text(answer)
    expect(panel(page)).not_to_contain_text("Dimmed")
    load_text(page)
    page.wait_for_timeout(1_500)
    touched.clear()
    drag_beta(page, pause_ms=100)
    page.wait_for_timeout(500)
    assert touched == []
    expect(panel(page).get_by_text("Dimmed: these belong to β = 1.00")).to_be_visible()
    page.mouse.up()
    expect(panel(page).get_by_text("Dimmed")).to_be_hidden()
    expect(panel(page)).to_contain_text(answer)
    page.wait_for_timeout(500)
    assert len(touched) == asked, touched


def test_draws_follow_beta_in_the_browser(page: Page, app_url: str):
    open_stage(page, app_url, "mode=sample")
    expect(panel(page)).to_contain_text("Seed 7: 64 draws")
    grid = panel(page).locator(".draws .image-grid").first
    before = grid.screenshot()
    drag_beta(page)
    page.wait_for_timeout(800)
    dragged = grid.screenshot()
    assert dragged != before
    page.mouse.up()
    page.wait_for_timeout(1_000)
    shown, decoded = (Image.open(io.BytesIO(picture)).convert("L") for picture in (grid.screenshot(), dragged))
    assert np.abs(np.subtract(shown, decoded, dtype=float)).max() <= 2


def test_beta_has_an_exact_stop_at_zero(page: Page, app_url: str):
    open_stage(page, app_url, "beta=0.02")
    slider = page.locator(f"{STAGE} .beta input")
    slider.focus()
    seen = []
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
        seen.append(state(page)["beta"])
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == 0
    assert min(beta for beta in seen if beta > 0) == 0.01
    expect(page.locator(f"{STAGE} .beta")).to_contain_text("R undefined")
    expect(page.locator(f"{STAGE} .curve")).to_contain_text("off the curve")
    assert (points(page, "sigma") == 0).all()
    page.keyboard.press("ArrowRight")
    assert state(page)["beta"] == 0.01


def test_the_first_of_its_sentences_is_in_sight_until_more_is_wanted(page: Page, app_url: str):
    page.add_init_script(AS_A_STRANGER)
    open_stage(page, app_url)
    seen = page.locator(f"{STAGE} .mode-explore .seen")
    expect(seen.locator("p")).to_have_text(re.compile(r"^It trades detail away: .+\.$"), use_inner_text=True)
    seen.get_by_role("button", name="more", exact=True).click()
    expect(seen).to_contain_text("the prior 1 and 1")
    expect(seen).to_contain_text("of the cursor")


def test_what_you_see_speaks_of_collapse_where_there_is_one(page: Page, app_url: str):
    open_stage(page, app_url, "beta=100")
    expect(page.locator(f"{STAGE} .seen")).to_contain_text("Posterior collapse: the rate is 0.0")
    largest = explorer(page, "Math.max(...x.decode([2, 0]).map((value, i) => Math.abs(value - x.decode([0, 0])[i])))")
    assert largest < 0.05
