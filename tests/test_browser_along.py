"""*Share → Download* in the page: networks as zips that open again, and the film as WebM."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.stage import open_share
from tests.test_browser_opened import dialog

READY = "document.querySelector('#{0}-stage .stage')?.explorer?.mode().hasResult?.()"


def open_zip(page: Page, path: Path) -> None:
    found = dialog(page)
    found.get_by_label("Files").set_input_files(path)
    found.get_by_role("button", name="Open").click()
    expect(found).to_be_hidden(timeout=120_000)


def taken(page: Page, button: str, folder: Path) -> Path:
    open_share(page)
    item = page.locator(".menus:visible").get_by_role("button", name=button, exact=True)
    expect(item).to_be_enabled()
    with page.expect_download(timeout=120_000) as download:
        item.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    page.keyboard.press("Escape")
    return path


def test_a_network_is_saved_and_opened_again(page: Page, app_url: str, tmp_path: Path):
    page.goto(f"{app_url}/?tab=gan&mode=generate&seed=9")
    page.wait_for_function(READY.format("gan"))
    path = taken(page, "Network", tmp_path)
    with zipfile.ZipFile(path) as found:
        assert {"config.json", "card.json", "model.safetensors", "README.md", "draw.py"} == {*found.namelist()}
        assert "else 9" in found.read("draw.py").decode() and found.testzip() is None
    open_zip(page, path)
    page.wait_for_function("/gan-mnist-open-/.test(location.search)")


def test_trained_networks_are_saved_and_opened_again(page: Page, app_url: str, tmp_path: Path):
    page.goto(f"{app_url}/?tab=playground&learn=8,9&steps=200&n=200&noise=0.15")
    page.wait_for_function(READY.format("playground"))
    path = taken(page, "Trained networks", tmp_path)
    open_zip(page, path)
    page.wait_for_function("/taken=playground-open-/.test(location.search)")
    expect(page.get_by_text("200 steps · opened").filter(visible=True).first).to_be_visible(timeout=60_000)


def test_a_film_is_saved_as_webm(page: Page, app_url: str, tmp_path: Path):
    page.goto(f"{app_url}/?tab=discrete-diffusion&mode=make")
    page.wait_for_function(READY.format("discrete-diffusion"))
    raw = taken(page, "WebM", tmp_path).read_bytes()
    assert raw[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in raw[:64] and len(raw) > 5_000


def test_a_hostile_zip_is_refused_with_a_sentence(page: Page, app_url: str, tmp_path: Path):
    path = tmp_path / "network.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("../../etc/passwd", "x")
    page.goto(f"{app_url}/?tab=gan&mode=generate")
    page.wait_for_function(READY.format("gan"))
    found = dialog(page)
    found.get_by_label("Files").set_input_files(path)
    found.get_by_role("button", name="Open").click()
    expect(found.get_by_role("status")).to_contain_text("no file of a network", timeout=60_000)
