"""Compress on the page: a file is saved and opened again, and a damaged one is refused in words."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.stage import url_in

SHOWN = "() => document.querySelector('.stage.{}')?.explorer?.mode?.()?.value"
TABS = {"text": "text", "sound": "sound", "ar": "autoregressive"}


def opened(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Decode a file").click()
    chooser.value.set_files(path)


@pytest.mark.parametrize("tab", TABS)
def test_a_file_that_is_saved_is_read_back_and_a_damaged_one_is_refused(
    page: Page, app_url: str, tmp_path: Path, tab: str
):
    page.goto(f"{app_url}/?tab={tab}&mode=compress")
    page.wait_for_function(SHOWN.format(TABS[tab]), timeout=120_000)
    value = page.evaluate(SHOWN.format(TABS[tab]))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    raw = path.read_bytes()
    assert len(raw) == value["header"] + value["code"] and path.suffix == ".expl"
    opened(page, path)
    says = page.locator(".code-file-says")
    expect(says).to_contain_text("The checksum is right.", timeout=60_000)
    expect(says).to_contain_text(f"{len(raw)} bytes")
    (tmp_path / "damaged.expl").write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    opened(page, tmp_path / "damaged.expl")
    expect(page.locator(f".stage.{TABS[tab]} [role=status]", has_text="damaged")).to_be_visible(timeout=60_000)
    (tmp_path / "long.expl").write_bytes(raw + bytes(8_000))
    opened(page, tmp_path / "long.expl")
    expect(says).to_contain_text("larger than 8,000 bytes")


def test_the_text_of_a_file_comes_back_with_its_network(page: Page, app_url: str, tmp_path: Path):
    page.goto(f"{app_url}/?tab=text&mode=compress&net=lstm-shakespeare&words=A%20horse!")
    page.wait_for_function(SHOWN.format("text"), timeout=120_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    download.value.save_as(tmp_path / "horse.expl")
    page.get_by_role("button", name="Keys at random").click()
    expect(page.locator(".stage.text .letters")).to_contain_text("xqzj", timeout=60_000)
    opened(page, tmp_path / "horse.expl")
    expect(page.locator(".stage.text .letters")).to_have_text("A horse!", timeout=60_000)
    assert "net=lstm-shakespeare" in url_in(page) and "words=A" in url_in(page)


def test_the_sound_of_a_file_comes_back_sample_by_sample(page: Page, app_url: str, tmp_path: Path):
    shown = SHOWN.format("sound")
    page.goto(f"{app_url}/?tab=sound&mode=compress&digit=6&speaker=lucas")
    page.wait_for_function(shown, timeout=120_000)
    before = page.evaluate(shown)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    download.value.save_as(tmp_path / "six.expl")
    page.get_by_role("button", name="A coarse recording").click()
    page.wait_for_function(f"levels => ({shown})()?.levels !== levels", arg=before["levels"], timeout=60_000)
    opened(page, tmp_path / "six.expl")
    page.wait_for_function(f"levels => ({shown})()?.levels === levels", arg=before["levels"], timeout=60_000)
    expect(page.locator(".own-says")).to_have_text("The sound of the file.")
    assert "digit=6" in url_in(page) and page.evaluate(shown)["bits"] == before["bits"]
