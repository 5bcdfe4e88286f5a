"""What is computed travels through the mechanism: a copy of a real picture moves, ends, and queues nothing."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.node import call
from tests.stage import STAGE, open_stage, settle

ROW = f"{STAGE} .mechanism"
NOTES = """(row) => {
  const rowOf = document.querySelector(row);
  const pictures = () => [...rowOf.querySelectorAll(".part-picture canvas")].map((each) => each.toDataURL());
  window.notes = { ghosts: [], most: 0 };
  new MutationObserver((all) => {
    for (const ghost of all.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!ghost.matches?.(".mechanism-ghost")) continue;
      const { delay, duration } = ghost.getAnimations()[0].effect.getTiming();
      notes.ghosts.push({ isOfABox: pictures().includes(ghost.toDataURL()), delay, duration });
    }
    notes.most = Math.max(notes.most, rowOf.querySelectorAll(".mechanism-ghost").length);
  }).observe(rowOf, { childList: true });
}"""


def watched(page: Page, url: str, query: str = "mode=explore") -> Locator:
    """The row of a stage at rest, whose ghosts are noted from now on."""
    open_stage(page, url, query)
    row = page.locator(ROW)
    expect(row.locator(".part-picture canvas:visible").first).to_be_visible()
    expect(row.locator(".mechanism-ghost")).to_have_count(0)
    page.evaluate(NOTES, ROW)
    return row


def notes(page: Page) -> dict:
    """What was noted so far."""
    return page.evaluate("notes")


def move_the_point(page: Page) -> None:
    page.locator(f"{STAGE} .overlay").focus()
    page.keyboard.press("ArrowRight")


def test_a_computed_picture_travels_into_the_network_and_out_of_it_and_ends(page: Page, app_url: str):
    row = watched(page, app_url)
    move_the_point(page)
    page.wait_for_function("notes.ghosts.length >= 2")
    expect(row.locator(".mechanism-ghost")).to_have_count(0)
    ghosts = notes(page)["ghosts"]
    assert len(ghosts) == 2, "one goes into the decoder, one comes out of it"
    assert all(ghost["isOfABox"] for ghost in ghosts)
    assert ghosts[0]["delay"] < ghosts[1]["delay"]
    assert 200 <= sum(ghost["duration"] for ghost in ghosts) <= 600


def test_a_drag_queues_nothing(page: Page, app_url: str):
    row = watched(page, app_url)
    box = page.locator(f"{STAGE} .overlay").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(40):
        page.mouse.move(x + 2 * k, y - k)
    page.mouse.up()
    page.wait_for_function("notes.ghosts.length >= 2")
    expect(row.locator(".mechanism-ghost")).to_have_count(0)
    page.wait_for_timeout(700)
    found = notes(page)
    assert found["most"] <= 2 and len(found["ghosts"]) <= 20


def test_with_reduced_motion_nothing_travels(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    row = watched(page, app_url)
    before = row.locator(".part-picture canvas").last.evaluate("(canvas) => canvas.toDataURL()")
    move_the_point(page)
    last = "[...document.querySelectorAll(`${row} .part-picture canvas`)].at(-1).toDataURL()"
    page.wait_for_function(f"([row, before]) => {last} !== before", arg=[ROW, before])
    settle(page)
    assert notes(page)["ghosts"] == []


def test_a_box_looks_pressable_says_what_it_opens_and_opens_it(page: Page, app_url: str):
    row = watched(page, app_url)
    box = row.get_by_role("button", name="Encoder: opens Encode", exact=True)
    expect(box).to_have_attribute("title", "Encoder: opens Encode")
    expect(box).to_have_css("cursor", "pointer")
    border = box.evaluate("(box) => getComputedStyle(box, '::after').borderBottomColor")
    box.hover()
    assert box.evaluate("(box) => getComputedStyle(box, '::after').borderBottomColor") != border
    box.click()
    expect(box).to_have_attribute("aria-current", "true")


def test_on_a_phone_a_box_is_a_name_as_high_as_a_finger(phone: Page, app_url: str):
    open_stage(phone, app_url, "mode=explore")
    row = phone.locator(ROW)
    boxes = [part.bounding_box() for part in row.locator(".mechanism-part").all()]
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
    expect(row.locator(".part-picture").first).to_be_hidden()


CHAIN = [
    {"name": "x", "kind": "value", "arrow": "→", "shows": "x"},
    {"name": "Encoder", "kind": "narrows", "arrow": "→"},
    {"name": "z", "kind": "value", "arrow": "→", "shows": "code"},
    {"name": "Decoder", "kind": "widens", "arrow": "→"},
    {"name": "x̂", "kind": "value", "arrow": "→", "shows": "out"},
]
BACK = [
    {"name": "x0", "kind": "value", "arrow": "→", "shows": "x"},
    {"name": "Noise", "kind": "step", "arrow": "→"},
    {"name": "xt", "kind": "value", "arrow": "→", "shows": "out"},
    {"name": "Sampler", "kind": "step", "arrow": "←"},
    {"name": "Network", "kind": "network", "arrow": "←", "shows": "guess", "source": "out"},
]
LOOP = [
    {"name": "x before", "kind": "value", "arrow": "→", "shows": "out", "source": "out", "through": "Draw"},
    {"name": "Network", "kind": "network", "arrow": "→"},
    {"name": "Draw", "kind": "step", "arrow": "→"},
]


@pytest.mark.parametrize(
    ("parts", "shown", "lit", "changed", "expected"),
    [
        (CHAIN, ["x", "code", "out"], [1], ["code", "out"], [(0, [1], 2, 0), (2, [3], 4, 1)]),
        (CHAIN, ["code", "out"], [3], ["code", "out"], [(2, [3], 4, 0)]),
        (CHAIN, ["out"], [], ["out"], [(None, [3, 2, 1, 0], 4, 0)]),
        (CHAIN, ["x"], [1], ["x"], [(0, [], 1, 0)]),
        (CHAIN, ["x", "code"], [1], ["x"], []),
        (BACK, ["out", "guess"], [4], ["out", "guess"], [(4, [3], 2, 1), (2, [3], 4, 0)]),
        (BACK, ["x", "out"], [1, 2], ["out"], [(0, [1], 2, 0)]),
        (LOOP, ["out"], [1], ["out"], [(0, [2, 1], 0, 0)]),
    ],
)
def test_a_picture_takes_the_way_of_the_arrows(parts, shown, lit, changed, expected):
    row = {"parts": parts, "shown": shown, "lit": lit}
    plan = call("kit/shell/mechanism_routes.js", "planOf", row, changed)
    assert [(each["from"], each["via"], each["to"], each["slot"]) for each in plan] == expected


def test_a_way_leads_into_the_last_network_and_out_of_it():
    legs = call("kit/shell/mechanism_routes.js", "legsOf", CHAIN, {"from": 0, "via": [3, 2, 1], "to": 4})
    assert legs == [{"from": 0, "to": 3, "isNew": False}, {"from": 3, "to": 4, "isNew": True}]
