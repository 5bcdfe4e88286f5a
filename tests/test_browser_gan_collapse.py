"""Mode collapse in a real browser: three losses on one clock, and the modes that each lost."""

import csv
import re
from statistics import fmean

from playwright.sync_api import Page, expect

from explorer.networks import checkpoints
from tests.gan import gan, main, open_gan, panel, saved, wait_for_address, wait_until

KEPT = checkpoints.read_json(checkpoints.pretrained_folder() / "gan-game" / "runs" / "race-ring-1-0.001-0.001.json")

GRID = checkpoints.read_json(checkpoints.pretrained_folder() / "gan-game" / "card.json")["figures"]
NAMES = {"saturating": "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP"}


def arrived(page: Page) -> None:
    wait_until(page, "x.mode().current?.done")


def test_three_losses_are_shown_with_what_was_recorded(page: Page, app_url: str):
    open_gan(page, app_url, "mode=collapse")
    arrived(page)
    expect(panel(page)).to_contain_text(f"Recorded on {KEPT['date']}")
    wait_until(page, "!x.mode().film.timer")
    end = KEPT["frames"][-1]
    panel(page).get_by_text("Every seed", exact=True).click()
    table = panel(page).get_by_role("table", name="Every seed")
    for loss, name in NAMES.items():
        cells = table.get_by_role("row", name=name, exact=False).filter(
            has=page.get_by_role("rowheader", name=name, exact=True)
        )
        assert cells.get_by_role("cell").all_inner_texts()[:5] == list(map(str, end["modes"][loss]))
    phrase = f"Saturating covers {', '.join(map(str, end['modes']['saturating']))} of 8 modes, seed by seed"
    lost, name = min((fmean(end["modes"][loss]), name) for loss, name in NAMES.items())
    lead = f"After 2,000 rounds {name} covers the fewest modes, {lost:.1f} of 8"
    expect(panel(page).locator(".seen")).to_contain_text(lead)
    expect(panel(page).locator(".seen")).to_contain_text(phrase)


def test_every_cell_of_the_grid_has_both_figures_and_is_played_when_it_is_chosen(page: Page, app_url: str):
    open_gan(page, app_url, "mode=collapse&data=grid&gseed=3&dsteps=9")
    expect(main(page).locator(".grid [aria-pressed=true]")).to_have_count(0)
    for loss, name in NAMES.items():
        buttons = (
            main(page)
            .get_by_role("table", name=f"{name}: D-steps a round by learning rates", exact=True)
            .get_by_role("button")
        )
        expect(buttons).to_have_count(len(GRID["cells"]))
        for cell in GRID["cells"]:
            modes, apart = (fmean(cell["losses"][loss][figure]) for figure in ("modes", "divergence"))
            label = re.compile(f"^{name}, {cell['dsteps']} D-step.*: {modes:.1f} of 8 modes .*divergence {apart:.2f}")
            shown = main(page).get_by_role("button", name=label)
            assert shown.first.inner_text().split() == [
                f"{modes:.1f}",
                f"{apart:.2f}{'' if cell['losses'][loss]['settled'] else '…'}",
            ]
    expect(panel(page)).to_contain_text("Recorded on")
    panel(page).get_by_text("The cells").click()
    expect(panel(page).get_by_role("row", name="evenly on the ring 0 of 8")).to_be_visible()
    main(page).get_by_role("button", name="Stop").click()
    main(page).get_by_role("button", name=re.compile("^Saturating, 1 D-step a round, rates 0.001:")).click()
    wait_until(page, "x.store.get().data === 'ring' && x.store.get().gseed === 0 && x.store.get().dsteps === 1")
    arrived(page)
    expect(main(page).locator(".grid [aria-pressed=true]")).to_have_count(3)


def test_what_you_see_follows_the_film_while_it_plays(page: Page, app_url: str):
    """At every look the sentence names the round on screen or one of half a second before; it is not read aloud."""
    open_gan(page, app_url, "mode=collapse&at=0")
    arrived(page)
    seen = panel(page).locator(".seen p")
    expect(seen).to_contain_text("After 0 rounds")
    main(page).get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "x.mode().film.index > 5 && x.mode().film.timer")
    behind = gan(
        page,
        "x.mode().drawn.frames[x.mode().film.index].round - "
        "Number(document.querySelector('.stage.gan .seen p').textContent"
        ".match(/After ([\\d,]+)/)[1].replace(',', ''))",
    )
    assert 0 <= behind <= 50 * 8
    expect(seen).to_have_attribute("aria-live", "off")
    main(page).get_by_role("button", name="Pause", exact=True).click()
    expect(seen).to_contain_text(f"After {gan(page, 'x.mode().drawn.frames[x.mode().film.index].round'):,} rounds")
    expect(seen).to_have_attribute("aria-live", "polite")


def test_all_three_go_by_one_clock_and_another_seed_is_looked_at(page: Page, app_url: str):
    open_gan(page, app_url, "mode=collapse")
    arrived(page)
    begun = "x.mode().arenas.map((arena) => [...arena.scene.made].join())"
    wait_until(page, f"new Set({begun}).size === 3")
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
    wait_until(page, "x.mode().current?.frames.length")
    expect(panel(page)).to_contain_text("Live")
    main(page).get_by_role("button", name="Stop").click()
    expect(main(page).locator(".queue")).to_contain_text("Stopped")
    begun = [count for counts in KEPT["frames"][0]["modes"].values() for count in counts]
    live = gan(page, "Object.values(x.mode().current.frames[0].modes).flat()")
    assert live == begun, "the same seeds begin alike"


def test_the_numbers_are_kept(page: Page, app_url: str, tmp_path):
    open_gan(page, app_url, "mode=collapse")
    arrived(page)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 41 * 3 * 5
    last = [row for row in rows if row["round"] == "2000" and row["loss"] == "saturating"]
    assert [int(row["modes covered"]) for row in last] == KEPT["frames"][-1]["modes"]["saturating"]


def test_on_a_phone_the_race_fits(phone: Page, app_url: str):
    open_gan(phone, app_url, "mode=collapse")
    arrived(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
