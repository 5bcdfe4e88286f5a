"""Masks in a real browser: a kernel switched by hand, layers added, the blind spot, MADE's connections."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.models.masks import (
    earlier_pixels,
    kernel_mask,
    made_connections,
    naive_field,
    receptive_field,
    two_stack_field,
)
from explorer.networks import checkpoints
from explorer.tabs.autoregressive.kernel import kinds_of
from explorer.tabs.autoregressive.masks import SMALL_WIDTHS
from tests.raster import (
    STAGE,
    board,
    click_pixel,
    main,
    open_raster,
    panel,
    refuse,
    saved,
    state,
    table,
    tap_pixel,
    wait_for_address,
)

DILATIONS = checkpoints.read_json(checkpoints.folder_of("pixelcnn-mnist") / "config.json")["model"]["dilations"]
MIDDLE = 406


def cell(page: Page, name: str) -> Locator:
    return panel(page).locator(".matrix").get_by_role("link", name=re.compile(f"^{name}:"))


def seen(page: Page) -> Locator:
    return page.locator(f"{STAGE} .seen")


def slide(page: Page, name: str, key: str) -> None:
    panel(page).get_by_role("slider", name=name).press(key)


def choose(page: Page, name: str) -> None:
    panel(page).get_by_role("button", name=name, exact=True).click()


def reached(page: Page) -> list[int]:
    """The pixels reached, block by block, as the table says."""
    rows = main(page).get_by_role("table", name="Every figure").locator("tbody tr")
    expect(rows).to_have_count(len(DILATIONS) + 1)
    return [int(text) for text in rows.locator("td:nth-child(3)").all_inner_texts()]


def fields(pixel: int) -> list[int]:
    return [int(receptive_field(pixel, DILATIONS, blocks).sum()) for blocks in range(len(DILATIONS) + 1)]


@pytest.mark.parametrize("size", [3, 5, 7])
@pytest.mark.parametrize("kind", ["A", "B"])
def test_a_cell_is_what_the_networks_mask_says_until_it_is_switched(size: int, kind: str):
    kinds = kinds_of(size, kind, [])
    assert kinds == ["kept" if kept else "off" for kept in kernel_mask(size, kind).flatten()]
    centre, last = size * size // 2, size * size - 1
    switched = kinds_of(size, kind, [0, centre, last])
    assert [switched[cell] for cell in (0, centre, last)] == [
        "missing",
        "itself" if kind == "A" else "missing",
        "future",
    ]


@pytest.mark.core
def test_a_tap_switched_by_hand_is_judged_in_words_and_crossed(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks")
    expect(seen(page)).to_contain_text("The 4 weights lie before")
    cell(page, "1 right").click()
    expect(seen(page)).to_contain_text("one pixel that comes later")
    expect(cell(page, "1 right")).to_have_text("×")
    wait_for_address(page, "taps=5")
    cell(page, "centre").click()
    expect(seen(page)).to_contain_text("It sees its own pixel, and one pixel that comes later")
    choose(page, "As the mask requires")
    cell(page, "1 up").click()
    expect(seen(page)).to_contain_text("1 weight that it may keep is off: nothing leaks")
    choose(page, "B: later layers")
    expect(seen(page)).to_contain_text("The 5 weights lie before")
    expect(cell(page, "centre")).to_have_text("1")
    assert state(page)["taps"] == []


def test_the_kernel_goes_by_keys_and_comes_back_with_its_link(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=masks&kernel=5&type=B")
    cell(page, "centre").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    wait_for_address(page, "taps=14")
    page.reload()
    expect(cell(page, "2 right")).to_have_text("×")
    rows = saved(page, "CSV", tmp_path).read_text(encoding="utf-8").splitlines()
    assert "0,2,1,future" in rows and len(rows) == 26


def test_the_field_grows_with_each_block_as_the_kernels_say(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=masks&part=layers")
    assert reached(page) == fields(MIDDLE)
    slide(page, "Layers", "End")
    wait_for_address(page, "layer=8")
    expect(seen(page)).to_contain_text(f"{fields(MIDDLE)[-1]} of {MIDDLE} earlier pixels")
    click_pixel(board(page), 419)
    wait_for_address(page, "pixel=419")
    expect(seen(page)).to_contain_text(f"never the other {419 - fields(419)[-1]}")
    assert reached(page) == fields(419)
    kept = table(saved(page, "CSV", tmp_path))
    wanted = receptive_field(419, DILATIONS, 3)
    assert [row["reached_after_3"] for row in kept] == wanted.flatten().tolist()
    board(page).focus()
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    wait_for_address(page, "pixel=447")
    panel(page).get_by_role("button", name="Its gradient").click()
    expect(page.locator("#ar-tab-ask")).to_have_attribute("aria-selected", "true")
    assert state(page)["pixel"] == 447


def test_the_first_pixel_has_nothing_to_reach(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks&part=layers&pixel=0")
    expect(seen(page)).to_contain_text("nothing before it")


def test_the_image_is_one_of_the_set_that_is_chosen(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks&part=layers&set=fashion-mnist")
    expect(seen(page)).to_contain_text("earlier pixels")


def test_the_blind_spot_is_counted_as_python_counts_it(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks")
    choose(page, "One stack")
    wait_for_address(page, "layer=4")
    for kernel, layers in ((3, 4), (3, 5), (5, 5)):
        if kernel == 5:
            choose(page, "5 × 5")
        elif layers == 5:
            slide(page, "Layers", "ArrowRight")
        naive, two = naive_field(MIDDLE, kernel, layers), two_stack_field(MIDDLE, kernel, layers)
        counts = [int(field.sum()) for field in (two & ~naive, naive, two)]
        expect(panel(page).locator(".figures dd")).to_have_text([f"{count} pixels" for count in counts])
        expect(seen(page)).to_contain_text(f"So {counts[0]} pixels above to the right stay unseen")
    slide(page, "Layers", "Home")
    expect(seen(page)).to_contain_text("One layer of mask A has no blind spot")


def test_an_output_of_made_shows_what_leads_to_it(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks&part=made&order=1")
    canvas = main(page).locator("canvas.chart")
    made = made_connections(1, SMALL_WIDTHS)
    squares = panel(page).locator(".matrix tbody td")
    expect(squares).to_have_text([str(place) for place in made.places.tolist()])
    for output in (4, 5, 6):
        places = sorted(made.places[made.straight[output]].tolist())
        expect(canvas).to_have_attribute("aria-label", re.compile(f"pixels {', '.join(map(str, places))}:"))
        expect(panel(page).locator(".matrix [data-kind=kept]")).to_have_count(len(places))
        canvas.press("ArrowDown")
        wait_for_address(page, f"output={output + 1}")
    size = canvas.bounding_box()
    canvas.click(position={"x": size["width"] - 12, "y": 22 + (size["height"] - 42) / 18})
    expect(seen(page)).to_contain_text("comes first in this order")
    wait_for_address(page, "output=0")


def test_the_trained_made_reads_all_that_comes_before(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks&part=made&pixel=300")
    order = checkpoints.load("made-mnist", "cpu").orders
    for which, name in enumerate(("rows", "columns", "rows, back", "columns, back")):
        choose(page, name)
        count = int(earlier_pixels(300, order[which]).sum())
        expect(main(page)).to_contain_text(f"{count} pixels come before row 11, column 21")


def test_made_has_no_blocks_to_add(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks&part=layers&net=made-mnist")
    expect(panel(page)).to_contain_text("MADE has no kernels")


def test_a_question_that_fails_keeps_what_is_on_screen(page: Page, app_url: str):
    open_raster(page, app_url, "mode=masks&part=blind&layer=4")
    expect(seen(page)).to_contain_text("stay unseen")
    before = seen(page).inner_text()
    mend = refuse(page)
    slide(page, "Layers", "ArrowRight")
    expect(page.locator(f"{STAGE} .status")).to_contain_text("busy")
    assert seen(page).inner_text() == before
    mend()
    slide(page, "Layers", "ArrowRight")
    expect(seen(page)).not_to_have_text(before)


@pytest.mark.parametrize("part", ["kernel", "layers", "blind", "made"])
def test_every_part_fits_a_phone(phone: Page, app_url: str, part: str):
    open_raster(phone, app_url, f"mode=masks&part={part}&layer=4")
    expect(seen(phone)).not_to_be_empty()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    if part == "kernel":
        cell(phone, "1 right").tap()
        expect(seen(phone)).to_contain_text("comes later")
    elif part != "made":
        expect(board(phone)).to_be_visible()
        tap_pixel(board(phone), 200)
        wait_for_address(phone, "pixel=200")
