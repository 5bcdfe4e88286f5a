"""The game in a real browser: recorded films, single moves, rules that train live, and points that are painted."""

import csv
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.networks import checkpoints
from explorer.tabs.gan.game import MOVES
from tests.gan import STAGE, gan, main, open_gan, panel, saved, state, wait_for_address, wait_until
from tests.node import run
from tests.stage import kept_picture, mode_tab, settle

RUN = checkpoints.pretrained_folder() / "gan-game" / "runs" / "play-ring-non-saturating-1-0.001-0.001.json"
SHORT = "mode=game&dsteps=1&moves=2&gseed=4"
"""A game that nobody recorded, of two rounds."""


def arrived(page: Page) -> None:
    """Wait until all of the film that is asked for is there, and has played."""
    wait_until(page, "x.mode().current?.done && !x.mode().film.timer")


def arena(page: Page) -> Locator:
    return main(page).locator("canvas.arena")


def row(page: Page, name: str) -> str:
    return page.locator(".stage:visible .figures > div", has_text=name).locator("dd").inner_text()


def test_the_first_visit_shows_the_recorded_game_and_its_numbers(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game")
    arrived(page)
    kept = checkpoints.read_json(RUN)
    expect(panel(page)).to_contain_text(f"Recorded on {kept['date']}")
    last = kept["frames"][-1]
    assert row(page, "modes covered") == f"{last['modes']} of 8"
    assert float(row(page, "norm of G's gradient")) == round(last["gradient"], 3)
    scrubber = main(page).get_by_role("slider", name="The game, round by round: step")
    scrubber.press("Home")
    wait_for_address(page, "round=0")
    assert row(page, "modes covered") == f"{kept['frames'][0]['modes']} of 8"
    expect(arena(page)).to_have_attribute("aria-label", re.compile("eight Gaussians on a ring; Round 0: 0 of 8"))


def test_a_round_in_the_address_is_shown(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game&round=500&overlay=both&loss=saturating")
    arrived(page)
    expect(main(page).locator(".film-place")).to_have_text("500")
    assert gan(page, "x.mode().arenas[0].scene.contours.length") == 36 * 36
    assert state(page)["round"] == 500


def test_single_moves_go_on_from_the_frame_that_is_shown(page: Page, app_url: str):
    open_gan(page, app_url, SHORT)
    arrived(page)
    expect(panel(page)).to_contain_text("Live: trained on this server")
    before = gan(page, "[...x.mode().arenas[0].scene.made]")
    main(page).get_by_role("button", name="One D step").click()
    wait_for_address(page, "moves=2d")
    wait_until(page, "x.mode().drawn.frames[x.mode().film.index].moves === '2d' && x.mode().current?.done")
    assert gan(page, "[...x.mode().arenas[0].scene.made]") == before, "a step of D leaves the generator alone"
    main(page).get_by_role("button", name="One G step").click()
    wait_for_address(page, "moves=2dg")
    wait_until(page, "x.mode().drawn.frames[x.mode().film.index].moves === '2dg' && x.mode().current?.done")
    assert row(page, "steps of D") == "3 · 3"
    assert gan(page, "[...x.mode().arenas[0].scene.made]") != before
    expect(main(page).locator(".film-caption")).to_contain_text("Round 2, then one step of G")


@pytest.mark.core
def test_a_single_step_leads_back_to_the_recorded_rounds(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game&round=500")
    arrived(page)
    back = main(page).get_by_role("button", name="Recorded rounds")
    expect(back).to_be_hidden()
    main(page).get_by_role("button", name="One G step").click()
    wait_for_address(page, "moves=500g")
    expect(panel(page).locator(".seen")).to_contain_text("This step of G moved its points by")
    back.click()
    wait_for_address(page, "round=500")
    wait_until(page, "x.store.get().moves === null && x.mode().current?.done && x.mode().current.frames.length === 41")
    expect(main(page).locator(".film-place")).to_have_text("500")
    expect(back).to_be_hidden()


def test_a_game_that_is_as_long_as_it_may_be_says_so_and_goes_on_from_an_earlier_round(page: Page, app_url: str):
    open_gan(page, app_url, f"mode=game&dsteps=1&gseed=4&moves=2{'d' * 59}")
    arrived(page)
    step = main(page).get_by_role("button", name="One D step")
    step.click()
    expect(page.locator(f"{STAGE} .status")).to_contain_text("scrub back and go on")
    expect(step).to_be_enabled()
    assert state(page)["moves"] == f"2{'d' * 59}"


def test_a_game_is_played_on_as_far_as_python_would_play_it():
    body = "const moves = await load('kit/base/moves.js'); return {};".format
    on = body("given.map((each) => moves.playedOn(each, 250, limits))")
    can = body("given.map((each) => moves.canBePlayed(each, limits))")
    limits = MOVES.kind.to_props()
    assert run(on, given=["2900", "2900d50"], limits=limits) == ["3000", "2900d99"]
    assert run(can, given=["2900d99", "2900d100", "2x", "d" * 61], limits=limits) == [True, *[False] * 3]


def test_a_rule_that_is_changed_trains_live_and_can_be_stopped(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game")
    arrived(page)
    panel(page).get_by_role("button", name="Draw again").click()
    wait_for_address(page, "gseed=1")
    wait_until(page, "x.mode().current?.frames.length")
    expect(panel(page)).to_contain_text("Live")
    main(page).get_by_role("button", name="Stop").click()
    expect(main(page).locator(".queue")).to_contain_text("Stopped")
    assert 0 < gan(page, "x.mode().current.frames.length") < 41
    panel(page).get_by_label("Seed", exact=True).fill("0")
    panel(page).get_by_label("Seed", exact=True).press("Tab")
    arrived(page)
    expect(panel(page)).to_contain_text("Recorded on")


def test_a_step_after_a_recorded_game_costs_a_step(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game&loss=saturating")
    arrived(page)
    main(page).get_by_role("button", name="One D step").click()
    wait_until(page, "x.mode().drawn.frames[x.mode().film.index].moves === '2000d' && x.mode().current?.done")
    assert gan(page, "x.mode().current.evaluations") == 1
    assert not gan(page, "Boolean(x.mode().film.timer)"), "it stands at its end and does not begin anew"
    expect(panel(page)).to_contain_text("played on from there")
    expect(main(page).locator(".film-caption")).to_contain_text("Round 2,000, then one step of D")


def test_data_without_modes_of_their_own_are_told_without_a_count(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game&data=moons&moves=1")
    arrived(page)
    settle(page)
    assert row(page, "modes covered") == "–"
    for words in (panel(page).locator(".seen"), main(page).locator(".film-caption")):
        expect(words).to_contain_text("near")
        expect(words).not_to_contain_text("80 modes")
    gan(page, "x.store.set({ data: 'painted' }, { commit: true })")
    expect(main(page).locator(".empty")).to_contain_text("Click, tap or drag in the plane")
    expect(main(page).locator(".film-caption")).to_be_empty()
    for name in ("modes covered", "round", "loss of D"):
        assert row(page, name) == "–"
    expect(panel(page).locator(".seen")).to_be_hidden()
    expect(panel(page)).not_to_contain_text("Recorded")


def test_the_axis_has_room_for_the_sign_of_its_values(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game")
    arrived(page)
    room = gan(page, "x.mode().curves.charts[0].chart.left")
    names = gan(
        page,
        "x.mode().curves.charts[0].chart.what.ticks.y"
        ".map((value) => value.toFixed(Number.isInteger(value) ? 0 : 1).length)",
    )
    assert room >= 7 * max(names) + 5


def test_only_where_it_does_something_there_is_a_switch_of_data_sets(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game&moves=1")
    switch = page.locator(f"{STAGE} .above").get_by_role("group", name="Network")
    expect(switch).to_be_hidden()
    mode_tab(page, "Make").click()
    expect(switch).to_be_visible()


def test_points_are_painted_and_played_for(page: Page, app_url: str):
    open_gan(page, app_url, "mode=game&data=painted&moves=1&dsteps=1")
    expect(main(page).locator(".empty")).to_contain_text("Click, tap or drag in the plane")
    side = arena(page).bounding_box()["width"]
    arena(page).click(position={"x": 0.75 * side, "y": 0.25 * side})
    wait_until(page, "x.store.get().points.length === 2 && x.store.get().moves === null")
    assert [round(value, 1) for value in state(page)["points"]] == [1.1, 1.1]
    expect(main(page).locator(".empty")).to_be_hidden()
    wait_until(page, "x.mode().current?.frames.length")
    main(page).get_by_role("button", name="Stop").click()
    arena(page).focus()
    for key in ("ArrowLeft", "Enter"):
        page.keyboard.press(key)
    wait_until(page, "x.store.get().points.length === 4")
    page.keyboard.press("Backspace")
    wait_until(page, "x.store.get().points.length === 2")
    panel(page).get_by_role("button", name="Clear points").click()
    expect(main(page).locator(".empty")).to_be_visible()


def test_picture_and_numbers_are_kept(page: Page, app_url: str, tmp_path):
    open_gan(page, app_url, "mode=game")
    arrived(page)
    assert len(kept_picture(page, tmp_path, main(page).locator("canvas").first).getcolors(1_000_000)) > 50
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 41 and rows[-1]["modes"] == str(checkpoints.read_json(RUN)["frames"][-1]["modes"])


@pytest.mark.core
def test_on_a_phone_the_game_fits(phone: Page, app_url: str):
    open_gan(phone, app_url, "mode=game")
    arrived(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    main(phone).get_by_role("button", name="One step back").tap()
    wait_for_address(phone, "round=1950")
