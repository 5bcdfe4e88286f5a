"""Slow drawing, measured on this server, in a real browser."""

import csv

from playwright.sync_api import Page, expect

from tests.raster import board, main, open_raster, panel, saved, wait_for_address, wait_until

LONG = 240_000
WHOLE = "x.mode().drawn?.frames.length === 28"


def measured(page: Page, url: str, query: str = "") -> None:
    """Open the mode, and wait until the whole image is drawn both ways."""
    page.emulate_media(reduced_motion="reduce")
    open_raster(page, url, f"mode=slow{query}")
    wait_until(page, WHOLE)


def test_the_times_in_sight_are_the_sums_of_those_of_all_rows(page: Page, app_url: str, tmp_path):
    measured(page, app_url)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert len(rows) == 28
    naive, cached = (sum(float(row[f"{way} ms"]) for row in rows) / 1000 for way in ("naive", "cached"))
    assert cached < naive
    expect(panel(page).locator(".figures > .chief dd")).to_have_text(f"{naive / cached:.1f} times as long")
    cells = panel(page).locator(".cost-table tbody tr td:last-child")
    expect(cells.nth(0)).to_have_text(f"{naive:.2f}")
    expect(cells.nth(1)).to_have_text(f"{cached:.2f}")
    expect(panel(page).locator(".seen")).to_contain_text("one thread")


def test_a_tapped_row_is_where_the_film_stands(page: Page, app_url: str):
    measured(page, app_url, "&net=made-mnist")
    expect(panel(page).locator(".seen")).to_contain_text("it only masks its weights once instead of at each pixel")
    expect(panel(page).locator(".seen")).to_contain_text("1,024 steps, 192 times fewer")
    size = board(page).bounding_box()["width"]
    board(page).click(position={"x": size / 2, "y": size * 9.5 / 28})
    wait_for_address(page, "at=9")
    expect(main(page)).to_contain_text("10 of 28 rows")


def test_it_fits_a_phone(phone: Page, app_url: str):
    open_raster(phone, app_url, "mode=slow")
    expect(main(phone)).to_contain_text("of 28 rows", timeout=LONG)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
