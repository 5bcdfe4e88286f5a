"""What a class makes in real browsers: a lecturer's page, a phone by touch and by keys, and others by HTTP."""

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from explorer import data
from explorer.classes import passages, trials
from explorer.classes.passages import PASSAGE_CONTEXT
from explorer.classes.room import digest_of
from explorer.spaces.packing import pack_bits
from tests.class_room import Phone, client_of, join

OTHERS = 5


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """The browser of a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def class_(page: Page, phone: Page, app_url: str) -> list[Phone]:
    """A room that a phone and others have joined."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{app_url}/?tab=start")
    page.wait_for_function("globalThis.explorerClass")
    page.evaluate("explorerClass()")
    code = page.locator(".classroom .room-code")
    expect(code).to_have_text(re.compile("[A-Z]{5}"))
    phone.goto(f"{app_url}/r/{code.inner_text()}")
    expect(phone.locator("#phase")).to_contain_text("lecturer")
    page.locator("summary", has_text="Made by the class").click()
    return [join(client_of(app_url), code.inner_text()) for _ in range(OTHERS)]


def send(each: Phone, place: int, value) -> None:
    said = {"phone": each.key, "asked": 1, "place": place, "value": value}
    assert each.client.post(f"/r/{each.code}/make", json=said).status_code == 200


def fits(phone: Page) -> None:
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 390


def stroke(phone: Page, points: list[tuple[float, float]]) -> None:
    box = phone.locator("#make canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    phone.mouse.move(*places[0])
    phone.mouse.down()
    for place in places[1:]:
        phone.mouse.move(*place)
    phone.mouse.up()


@pytest.mark.core
def test_points_of_all_phones_become_the_data_of_the_playground(page: Page, phone: Page, class_: list[Phone]):
    page.get_by_role("button", name="Collect points").click()
    plane = phone.locator("#make canvas")
    plane.focus()
    for key in ("ArrowUp", "Space", "Space"):
        phone.keyboard.press(key)
    expect(phone.locator("#sent")).to_have_text("You sent 1 of 30 points.")
    stroke(phone, [(k / 20, 0.2) for k in range(2, 18)])
    expect(phone.locator("#sent")).to_have_text(re.compile("You sent 1[5-7] of 30 points"))
    fits(phone)
    for k, each in enumerate(class_):
        send(each, 0, base64.b64encode(bytes([60 + 20 * k, 120]) * 30).decode())
    expect(page.locator(".room-made")).to_contain_text(re.compile("16[5-7] points of 6 phones"))
    page.get_by_role("button", name="Train on these points").click()
    expect(page.locator("#playground-stage .yours figcaption")).to_contain_text(re.compile("16[5-7] points"))
    assert "data=drawing" in page.url
    page.get_by_role("button", name="Show", exact=True).click()
    expect(phone.locator("#phase")).to_contain_text("This is closed.")


@pytest.mark.deep
def test_a_drawing_reaches_the_wall_after_the_lecturer_and_is_asked_about(page: Page, phone: Page, class_: list[Phone]):
    page.get_by_role("button", name="Collect drawings").click()
    phone.wait_for_selector("#make canvas")
    stroke(phone, [(0.5, 0.2), (0.5, 0.5), (0.5, 0.8)])
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#sent")).to_contain_text("waits until the lecturer")
    for k, each in enumerate(class_):
        send(each, 0, pack_bits(data.bundled_binary_images("mnist")[k]))
    expect(page.locator(".room-made")).to_contain_text("0 on the wall, 6 waiting")
    page.get_by_role("button", name="Show the wall").click()
    expect(page.locator(".wall-tile")).to_have_count(0)
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Review drawings").click()
    popup.value.get_by_role("button", name="Let through", exact=True).first.click()
    expect(page.locator(".wall-tile")).to_have_count(1)
    popup.value.get_by_role("button", name="Let all through").click()
    expect(page.locator(".wall-tile")).to_have_count(6)
    popup.value.get_by_role("button", name="Keep back").first.click()
    expect(page.locator(".wall-tile")).to_have_count(5)
    page.locator(".wall-tile").first.click()
    page.get_by_role("button", name="Encode it").click()
    page.wait_for_url(re.compile("tab=vae&mode=encode&draw="))
    expect(page.locator(".class-wall")).to_be_hidden()
    with page.expect_response(
        lambda answer: "component_server" in answer.url and "codes_of_class" in (answer.request.post_data or "")
    ):
        page.get_by_role("button", name="Show the codes").click()
    assert page.evaluate("explorerRoom.onMap.length") == 5
    page.reload()
    expect(page.locator(".room-made")).to_contain_text("5 on the wall, 0 waiting")


@pytest.mark.deep
def test_pictures_are_judged_and_d_prime_stands_on_the_wall(page: Page, phone: Page, class_: list[Phone]):
    page.get_by_role("button", name="Real or made?").click()
    expect(phone.locator("#sent")).to_have_text("Picture 1 of 20.")
    phone.keyboard.press("1")
    expect(phone.locator("#sent")).to_have_text("Picture 2 of 20.")
    phone.get_by_role("button", name="Made").click()
    expect(phone.locator("#sent")).to_have_text("Picture 3 of 20.")
    fits(phone)
    for each in class_:
        for place, (family, _) in enumerate(trials.plan(each.code, 1, digest_of(each.key))[:10]):
            send(each, place, int(family != trials.TRIAL_REAL))
    page.get_by_role("button", name="Show", exact=True).click()
    wall = page.locator(".class-wall")
    expect(wall).to_contain_text("6 phones gave 52 judgements")
    expect(wall.locator("tbody tr").first).to_contain_text("All families")
    expect(wall).to_contain_text("Families with fewer than five judgements are left out.")
    expect(phone.locator("#sent")).to_contain_text("You judged 2 of 20 pictures")
    page.keyboard.press("PageDown")  # the lesson goes on


@pytest.mark.deep
def test_characters_are_guessed_and_told_and_the_bits_stand_beside_the_transformers(
    page: Page, phone: Page, class_: list[Phone]
):
    text = passages.read()["passages"][0]["text"][PASSAGE_CONTEXT:]
    page.get_by_role("button", name="Guess the next character").click()
    expect(phone.locator("#sent")).to_have_text("0 of 20 guessed, 0 right.")
    phone.keyboard.press("q")
    expect(phone.locator("#sent")).to_contain_text("1 of 20 guessed, 0 right.")
    phone.get_by_role("button", name=text[1], exact=True).click()
    expect(phone.locator("#sent")).to_have_text("Right. 2 of 20 guessed, 1 right.")
    fits(phone)
    phone.reload()
    expect(phone.locator("#sent")).to_have_text("2 of 20 guessed, 1 right.")
    for each in class_:
        for place in range(3):
            send(each, place, passages.fold(text[place]))
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".wall-head")).to_contain_text(re.compile(r"Class: \d\.\d+ bits a character. Transformer:"))
    expect(page.locator(".class-wall tbody tr")).to_have_count(3)


@pytest.mark.deep
def test_a_number_is_asked_on_the_spot_and_its_histogram_has_the_lecturers_scale(
    page: Page, phone: Page, class_: list[Phone]
):
    page.locator("summary", has_text="Ask a question of your own").click()
    page.get_by_label("Your question").fill("How many nats?")
    form = page.locator(".room-own")
    form.get_by_role("button").click()
    expect(page.locator(".classroom [role=status]")).to_contain_text("both ends of a scale")
    for name, value in (("From", "0"), ("To", "120"), ("Right answer", "65"), ("Unit", "nats")):
        form.get_by_label(name, exact=True).fill(value)
    form.get_by_role("button").click()
    phone.get_by_label("Your answer").fill("64")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#sent")).to_contain_text("You sent 64 nats.")
    for k, each in enumerate(class_):
        assert each.vote(1, 1, 10.0 * k).status_code == 200
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("button", name="Reveal", exact=True).click()
    expect(page.locator(".room-votes")).to_contain_text("Right, 65: 1 of 6")
    expect(phone.locator("#sent")).to_contain_text("The answer is 65 nats.")
