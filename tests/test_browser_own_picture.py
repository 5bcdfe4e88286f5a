"""Pictures of a visitor's own in a real browser: opened, dropped and pasted, with what was done, and in the address."""

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from explorer.data import pictures, tones
from tests.stage import open_stage, panel, wait_for_address

OPENED = "Choose files or a folder, drop them here, or paste a picture."


def stroke(path: Path, mode: str = "RGBA") -> Path:
    """A black seven on nothing, or on white."""
    image = Image.new(mode, (300, 400), (0, 0, 0, 0) if mode == "RGBA" else 255)
    black = (0, 0, 0, 255) if mode == "RGBA" else 0
    ImageDraw.Draw(image).line([(80, 60), (220, 60), (120, 340)], fill=black, width=36)
    image.save(path)
    return path


def in_address(page: Page) -> np.ndarray:
    text = page.evaluate("new URL(location).searchParams.get('draw')")
    return np.frombuffer(base64.urlsafe_b64decode(text + "=="), np.uint8).reshape(28, 28)


def choose(page: Page, *files: Path) -> None:
    page.get_by_role("button", name="Open one").first.click()
    panel(page).get_by_label("Picture files").set_input_files([*files])


@pytest.mark.core
def test_a_picture_is_opened_and_the_page_says_what_was_done(page: Page, app_url: str, tmp_path: Path):
    open_stage(page, app_url, "mode=encode")
    says = panel(page).locator(".picture-says")
    page.get_by_role("button", name="Open one").click()
    expect(says).to_have_text(OPENED)
    choose(page, stroke(tmp_path / "seven.png"))
    expect(says).to_have_text("Laid on white, inverted, cropped to its strokes, scaled from 300 × 400.")
    expect(panel(page).locator(".given figcaption")).to_have_text("seven.png")
    wait_for_address(page, "draw=")
    read = pictures.read(tmp_path / "seven.png", "seven.png")
    levels = tones.prepare(read.levels, "seven.png", 20, read.size)[0]
    assert np.array_equal(in_address(page), levels)
    expect(panel(page)).to_contain_text("fed: levels above half")
    page.reload()
    expect(panel(page).locator(".picture-says")).to_have_text("A picture that the address holds.")
    assert np.array_equal(in_address(page), levels)


def test_several_pictures_stand_side_by_side_and_the_bad_ones_are_named(page: Page, app_url: str, tmp_path: Path):
    open_stage(page, app_url, "mode=encode")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4")
    choose(page, stroke(tmp_path / "a.png"), tmp_path / "scan.pdf", stroke(tmp_path / "b.png", "L"))
    side = panel(page)
    expect(side.locator(".picture-one")).to_have_count(2)
    expect(side.locator(".picture-refused")).to_have_text(
        "scan.pdf is a PDF, which is not read: save it as PNG or JPEG."
    )
    page.get_by_role("button", name="b.png").click()
    expect(side.locator(".picture-says")).to_have_text("Inverted, cropped to its strokes, scaled from 300 × 400.")


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted_in_any_mode_that_takes_one(way: str, page: Page, app_url: str, tmp_path: Path):
    page.goto(f"{app_url}/?tab=diffusion&mode=forward")
    page.get_by_role("button", name="Open one").first.wait_for()
    raw = base64.b64encode(stroke(tmp_path / "a.png").read_bytes()).decode()
    page.evaluate(
        """([way, raw]) => {
          const bytes = Uint8Array.from(atob(raw), (each) => each.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], "a.png", { type: "image/png" }));
          const given = { bubbles: true, cancelable: true };
          const source = [...document.querySelectorAll(".source")].find((each) => each.checkVisibility());
          if (way === "drop") source.dispatchEvent(new DragEvent("drop", { ...given, dataTransfer: data }));
          else document.body.dispatchEvent(new ClipboardEvent("paste", { ...given, clipboardData: data }));
        }""",
        [way, raw],
    )
    expect(page.locator(".picture-says:visible")).to_contain_text("Laid on white, inverted")
    wait_for_address(page, "draw=")
    assert in_address(page).max() == 255
