"""Autoencoders in a real browser: the map, the hole, pulls, ellipses and atoms, by pointer, keys and touch."""

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from explorer import data
from explorer.networks import checkpoints
from tests.stage import saved, url_in, wait_for_address
from tests.tab import Tab

PATIENCE_MS = 120_000
TAB = Tab("autoencoders", "autoencoders", "map", patience_ms=PATIENCE_MS)
PLAIN = "autoencoder-mnist"
MAPPED = "x.mode().answer?.isCurrent && x.mode().decode"
SUM = "[...x.mode().imageGrids[0].grid.shown.bytes.subarray(784)]"


def open_mode(page: Page, url: str, mode: str, ready: str, query: str = "") -> None:
    page.set_default_timeout(PATIENCE_MS)
    TAB.open(page, url, f"mode={mode}&{query}")
    TAB.wait_until(page, ready)


@torch.no_grad()
def decoded(z: list[float], net: str = PLAIN) -> np.ndarray:
    return checkpoints.load(net, "cpu").decode(torch.tensor([z], dtype=torch.float32)).flatten().numpy()


@pytest.mark.core
def test_a_place_on_the_map_is_decoded_as_torch_does_and_comes_back_by_the_link(page: Page, app_url: str, tmp_path):
    open_mode(page, app_url, "map", MAPPED, "img=8")
    np.testing.assert_allclose(TAB.value(page, "[...x.mode().pixels]"), decoded([0, 0]), atol=2e-3)
    canvas = TAB.main(page).locator("canvas.landscape")
    side = canvas.bounding_box()["width"]
    canvas.click(position={"x": 0.8 * side, "y": 0.3 * side})
    wait_for_address(page, "z=")
    z = TAB.state(page)["z"]
    assert z != [0, 0]
    np.testing.assert_allclose(
        TAB.value(page, "[...x.mode().pixels]"), decoded(TAB.value(page, "x.mode().place")), atol=2e-3
    )
    x = data.read(("test", 8, "mnist"), checkpoints.load(PLAIN).space)
    errors = TAB.value(page, "x.mode().value.errors")
    assert errors[0] == pytest.approx(float(checkpoints.load(PLAIN, "cpu").error(x)), rel=1e-3)
    page.goto(url_in(page))
    TAB.wait_until(page, MAPPED)
    assert TAB.state(page)["z"] == z
    assert saved(page, "CSV", tmp_path).read_text(encoding="utf-8").count("\n") == 2_001
    assert saved(page, "PNG", tmp_path).stat().st_size > 10_000
    TAB.turn_to(page, "Random codes", "hole")
    TAB.wait_until(page, "x.mode().value")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Their codes are from N(0, I)")
    assert sum(TAB.value(page, "x.mode().charts[0].what.bars.map(({ y }) => y)")) == 300


def test_keys_choose_a_place_drop_points_and_mark_an_image(page: Page, app_url: str):
    open_mode(page, app_url, "map", MAPPED)
    canvas = TAB.main(page).locator("canvas.landscape")
    canvas.focus()
    for key in ("Shift+ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    wait_for_address(page, "z=")
    TAB.turn_to(page, "Denoising", "pull")
    TAB.wait_until(page, "x.mode().part.value")
    TAB.main(page).locator("canvas.landscape").focus()
    for key in ("Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    TAB.wait_until(page, "x.store.get().drops.length === 2 && x.mode().part.value?.frames.length === 21")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("your point has moved")
    page.keyboard.press("Backspace")
    TAB.wait_until(page, "x.store.get().drops.length === 0")
    TAB.turn_to(page, "Contractive", "contractive")
    TAB.wait_until(page, "x.mode().value")
    TAB.main(page).locator("canvas.landscape").first.focus()
    for key in ("Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    wait_for_address(page, "mark=")


def test_a_phone_removes_an_atom_and_noises_an_image(phone: Page, app_url: str):
    open_mode(phone, app_url, "dictionary", "x.mode().answer?.isCurrent")
    TAB.fits(phone)
    before = np.array(TAB.value(phone, SUM))
    TAB.main(phone).locator("button.choice").nth(2).tap()
    TAB.wait_until(phone, "x.store.get().unit === 2")
    TAB.panel(phone).get_by_role("button", name="Remove it").tap()
    TAB.wait_until(phone, "x.store.get().gains[2] === 0")
    TAB.wait_until(phone, "x.mode().answer.isCurrent")
    assert np.abs(np.array(TAB.value(phone, SUM)) - before).max() > 12  # of 255
    TAB.panel(phone).get_by_role("button", name="Put it back").tap()
    TAB.wait_until(phone, "x.store.get().gains[2] === 1")
    np.testing.assert_array_equal(TAB.value(phone, SUM), before)
    TAB.tap_to(phone, "Denoising", "pull")
    TAB.panel(phone).get_by_role("button", name="Images", exact=True).tap()
    TAB.wait_until(phone, "x.mode().part.value")
    TAB.fits(phone)


def test_clothes_have_a_map_a_hole_ellipses_and_atoms_of_their_own(page: Page, app_url: str):
    clothes = "autoencoder-fashion-mnist"
    open_mode(page, app_url, "map", MAPPED, f"net={PLAIN}&img=8")
    fashion = TAB.panel(page).get_by_role("button", name="Fashion", exact=True)
    fashion.click()
    TAB.wait_until(page, f"x.store.get().net === '{clothes}' && {MAPPED}")
    model = checkpoints.load(clothes, "cpu")
    error = float(model.error(data.read(("test", 8, "fashion-mnist"), model.space)))
    assert TAB.value(page, "x.mode().value.errors")[0] == pytest.approx(error, rel=1e-3)
    wait_for_address(page, f"net={clothes}")
    for title, mode, ready, net in (
        ("Contractive", "contractive", "x.mode().value", clothes),
        ("Sparse", "dictionary", "x.mode().value", "sparse-autoencoder-fashion-mnist"),
    ):
        TAB.turn_to(page, title, mode)
        TAB.wait_until(page, f"x.store.get().net === '{net}' && {ready}")
    TAB.panel(page).get_by_role("button", name="Remove it").click()
    TAB.wait_until(page, "x.store.get().gains[0] === 0")
    TAB.panel(page).get_by_role("button", name="MNIST", exact=True).click()  # other atoms, none of them removed
    TAB.wait_until(page, "x.store.get().gains[0] === 1 && x.store.get().net === 'sparse-autoencoder-mnist'")
    fashion.click()
    TAB.turn_to(page, "Random codes", "hole")
    TAB.wait_until(page, f"x.store.get().net === '{clothes}' && x.mode().answer.isCurrent")
    said = TAB.panel(page).locator(".seen").inner_text()
    assert any(f"look like “{name}”" in said for name in data.CLASSES["fashion-mnist"])


@pytest.mark.parametrize(
    ("query", "ready", "net"),
    [
        ("mode=dictionary&net=autoencoder-mnist&img=8", "x.mode().value", "sparse-autoencoder-mnist"),
        ("mode=map&net=vqvae-fashion-mnist&img=8", MAPPED, PLAIN),
        ("mode=contractive&mark=3", "x.mode().value", PLAIN),
        ("mode=pull&where=images", "x.mode().part?.value", PLAIN),
    ],
)
def test_a_link_that_says_nothing_of_clothes_opens_digits(page: Page, app_url: str, query: str, ready: str, net: str):
    gains = ",".join(["1", "3", *["1"] * 23])
    page.set_default_timeout(PATIENCE_MS)
    TAB.open(page, app_url, f"{query}&gains={gains}")
    TAB.wait_until(page, ready)
    page.wait_for_timeout(200)  # frames in which nothing more may change
    assert TAB.state(page)["net"] == net and TAB.state(page)["gains"][1] == 3


@pytest.mark.parametrize("net", [PLAIN, "sparse-autoencoder-mnist"])
def test_an_autoencoder_that_is_asked_to_draw_says_why_it_cannot(page: Page, app_url: str, net: str):
    TAB.open(page, app_url, f"mode=make&net={net}")
    expect(TAB.main(page).locator(".refusal")).to_contain_text("Cannot, because nothing says where codes lie")
    expect(TAB.main(page)).not_to_contain_text("fault is ours")
