"""Points from a table or a curve, on the playground's board in a real browser."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.stage import wait_for_address


def test_a_curve_and_a_table_become_points_and_the_line_says_how_many(page: Page, app_url: str, tmp_path: Path):
    page.goto(f"{app_url}/?tab=playground")
    curve, says = page.get_by_label("A curve x(t), y(t) as points"), page.locator(".given-says")
    curve.fill("cos(t), sin(2*t)")
    curve.press("Enter")
    expect(says).to_have_text("400 points of the curve, t from 0 to 2π.")
    wait_for_address(page, "data=drawing")
    (tmp_path / "p.csv").write_text("x;y\n" + "\n".join(f"{k},5;{k * k % 97}" for k in range(2_000)), encoding="utf-8")
    page.get_by_label("A table of points").set_input_files(tmp_path / "p.csv")
    expect(says).to_contain_text("The table is long: evenly spaced lines of it are used. 500 points.")
    curve.fill("open(1), t")
    curve.press("Enter")
    expect(page.get_by_text("calls what is no function")).to_be_visible()
