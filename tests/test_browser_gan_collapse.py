"""Mode collapse in a real browser: three losses on one clock, and the modes that each lost."""

import csv

from playwright.sync_api import Page, expect

from explorer import checkpoints
from tests.gan import gan, main, open_gan, panel, saved, wait_for_address, wait_until

KEPT = checkpoints.read_json(checkpoints.pretrained_folder() / "gan-game" / "runs" / "race-ring.json")


def arrived(page: Page) -> None:
    wait_until(page, "x.mode().film?.current?.done")


def test_three_losses_are_shown_with_what_was_recorded(page: Page, app_url: str):
    open_gan(page, app_url, "mode=collapse")
    arrived(page)
    expect(panel(page)).to_contain_text(f"Recorded on {KEPT['date']}")
    end = KEPT["frames"][-1]
    table = panel(page).get_by_role("table", name="Modes covered")
    for loss, name in (("saturating", "Saturating"), ("non-saturating", "Non-saturating"), ("wgan-gp", "WGAN-GP")):
        cells = table.get_by_role("row", name=name, exact=False).filter(
            has=page.get_by_role("rowheader", name=name, exact=True)
        )
        assert cells.get_by_role("cell").all_inner_texts()[:5] == list(map(str, end["modes"][loss]))
    expect(panel(page).locator(".seen")).to_contain_text("WGAN-GP covers all 8 modes with every seed")


def test_all_three_go_by_one_clock_and_another_seed_is_looked_at(page: Page, app_url: str):
    open_gan(page, app_url, "mode=collapse")
    arrived(page)
    begun = "x.mode().lanes.map(({ arena }) => [...arena.scene.made].join())"
    assert len(set(gan(page, begun))) == 3
    main(page).get_by_role("slider", name="Three losses, round by round: step").press("Home")
    wait_for_address(page, "at=0")
    start = gan(page, begun)
    assert len(set(start)) == 1, "all begin with the same generator"
    panel(page).get_by_role("group", name="Seed that is shown").get_by_role("button", name="3").click()
    wait_for_address(page, "tap=3")
    wait_until(page, "x.mode().watched === 3")
    assert gan(page, begun)[0] != start[0]


def test_what_is_changed_trains_live(page: Page, app_url: str):
    open_gan(page, app_url, "mode=collapse")
    arrived(page)
    panel(page).get_by_role("button", name="Train it live").click()
    wait_until(page, "x.mode().film.current?.frames.length")
    expect(panel(page)).to_contain_text("Live")
    panel(page).get_by_role("button", name="Stop").click()
    expect(panel(page).locator(".queue")).to_contain_text("Stopped")
    begun = [count for counts in KEPT["frames"][0]["modes"].values() for count in counts]
    live = gan(page, "Object.values(x.mode().film.current.frames[0].modes).flat()")
    assert live == begun, "the same seeds begin alike"


def test_the_numbers_are_kept(page: Page, app_url: str, tmp_path):
    open_gan(page, app_url, "mode=collapse")
    arrived(page)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 25 * 3 * 5
    last = [row for row in rows if row["round"] == "600" and row["loss"] == "saturating"]
    assert [int(row["modes covered"]) for row in last] == KEPT["frames"][-1]["modes"]["saturating"]


def test_on_a_phone_the_race_fits(phone: Page, app_url: str):
    open_gan(phone, app_url, "mode=collapse")
    arrived(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
