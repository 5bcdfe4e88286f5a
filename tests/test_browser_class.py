"""A room in real browsers: a lecturer's page, a phone beside it, and a student's page that follows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from explorer.lessons import course
from explorer.tabs import interface
from tests.class_room import client_of, join

STEP = course.read(course.COURSES / "which-model.md", interface.KEYS)["steps"][1]
RIGHT = STEP["choices"][STEP["answer"]]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """The browser of a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield context.new_page()
    context.close()


def opened(page: Page, url: str) -> str:
    """Open a course at a question, and a room; return its code."""
    page.goto(f"{url}/?course=which-model&page=2")
    bar = page.locator(".course")
    bar.get_by_role("button", name="More").click()
    bar.get_by_role("button", name="Open a room").click()
    code = page.locator(".classroom .room-code")
    expect(code).to_have_text(re.compile("[A-Z]{5}"))
    expect(page.locator(".room-join svg")).to_be_visible()
    return code.inner_text()


@pytest.mark.core
def test_a_lecturer_and_a_phone_predict_talk_vote_again_and_see_the_answer(page: Page, phone: Page, app_url: str):
    """By Page Down alone, as a presenter's remote sends it, until the course goes on."""
    code = opened(page, app_url)
    room = page.locator(".classroom")
    phone.goto(f"{app_url}/r/{code}")
    others = [join(client_of(app_url), code) for _ in range(5)]
    expect(room).to_contain_text("6 phones")
    page.keyboard.press("PageDown")
    phone.get_by_role("button", name=RIGHT).click()
    expect(phone.locator("#sent")).to_contain_text("You sent choice")
    texts = phone.locator("#choices button span").all_inner_texts()
    wrong = 1 if texts[0] == RIGHT else 0
    assert all(each.vote(1, 1, wrong).status_code == 200 for each in others)
    expect(room).to_contain_text("6 of 6 answered")
    expect(room.locator(".vote")).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(room.locator(".vote-choice").nth(wrong)).to_contain_text("83 %")
    expect(room.locator(".vote-choice", has_text=RIGHT)).to_contain_text("17 %")
    page.keyboard.press("PageDown")
    expect(phone.locator("#phase")).to_contain_text("Talk with your neighbours")
    expect(phone.locator("#choices [aria-pressed=true]")).to_have_count(0)
    phone.get_by_role("button", name=RIGHT).click()
    expect(room).to_contain_text("1 of 6 answered")
    expect(page.locator(".course .choices .right")).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(page.locator(".course .choices .right")).to_have_text(RIGHT)
    expect(room.locator(".vote-choice.right")).to_contain_text(RIGHT)
    expect(phone.locator("#choices .right")).to_contain_text(RIGHT)
    reason = STEP["tempts"][STEP["choices"].index(texts[wrong])]
    expect(room).to_contain_text(f"Choice {wrong + 1}, the most chosen wrong answer (5): {reason}")
    page.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text("How likely?")
    expect(phone.locator("#phase")).to_have_text("Look at the lecturer’s screen.")
    expect(phone.locator("#choices button")).to_have_count(0)
    expect(phone.locator("#sent")).to_be_empty()
    room.get_by_role("button", name="End the room").click()
    room.get_by_role("button", name="Press again").click()
    expect(page.locator(".classroom")).to_have_count(0)
    expect(phone.locator("#phase")).to_have_text("This room has ended.")


def test_a_page_follows_until_the_student_touches_it_and_comes_back(page: Page, phone: Page, app_url: str):
    code = opened(page, app_url)
    phone.goto(f"{app_url}/r/{code}")
    link = phone.get_by_role("link", name="Open what the lecturer sees")
    link.click()
    expect(phone.locator(".follow-bar")).to_contain_text("Following the lecture")
    expect(page.locator(".classroom")).to_contain_text("1 follow")
    page.evaluate("goTo('?tab=vae&beta=4')")
    phone.wait_for_function("new URLSearchParams(location.search).get('beta') === '4'")
    phone.locator(".stage .main").first.dispatch_event("pointerdown")  # by a script: not a touch
    phone.locator(".stage h1:visible").first.tap()
    expect(phone.locator(".follow-bar")).to_contain_text("You are on your own.")
    page.evaluate("goTo('?tab=vae&beta=1')")
    expect(page.locator(".classroom")).not_to_contain_text("1 follow")
    assert "beta=4" in phone.url
    phone.get_by_role("button", name="Back to the lecture").click()
    phone.wait_for_function("!location.search.includes('beta=4')")


def test_a_room_lives_on_when_the_lecturer_loads_the_page_again(page: Page, app_url: str):
    code = opened(page, app_url)
    page.reload()
    expect(page.locator(".classroom .room-code")).to_have_text(code)


def test_a_class_hands_in_the_inventory_and_the_report_opens_where_the_room_is_led(
    page: Page, phone: Page, app_url: str
):
    code = opened(page, app_url)
    page.locator("summary", has_text="What was learned").click()
    page.get_by_role("button", name="Before the course").click()
    phone.goto(f"{app_url}/r/{code}")
    phone.get_by_label("A code of your own").fill("MINE 01")
    phone.get_by_role("button", name="Start").click()
    expect(phone.locator("fieldset")).to_have_count(12)
    phone.locator("fieldset").first.get_by_role("radio").first.check()
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.locator("#survey-says")).to_contain_text("11 of 12 are not answered")
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.locator("#survey-says")).to_contain_text(re.compile("Your pseudonym is [0-9a-f]{16}"))
    client = client_of(app_url)
    others = [join(client, code) for _ in range(5)]
    for k, each in enumerate(others):
        said = {"phone": each.key, "own": f"other{k}", "sitting": "before", "answers": [0] * 12}
        assert client.post(f"/r/{code}/handin", json=said).status_code == 200
    expect(page.locator(".room-survey").first).to_contain_text("6 handed in")
    page.get_by_role("button", name="Close the sitting").click()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Open the report").click()
    report = popup.value
    expect(report.locator("#who")).to_contain_text("Figures of 6 students")
    expect(report.locator("#rows li")).to_have_count(12)
    expect(report.get_by_role("button", name="For Moodle (CSV)")).to_be_visible()
    phone.goto(f"{app_url}/r/report")
    expect(phone.locator("#who")).to_contain_text("the browser that opened the room")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the answers").click()
    file = download.value.path()
    page.get_by_role("button", name="End the room").click()
    page.get_by_role("button", name="Press again").click()
    opened(page, app_url)  # on another day
    page.locator("summary", has_text="What was learned").click()
    page.get_by_label("Saved answers").set_input_files(file)
    expect(page.locator(".room-survey").first).to_contain_text("6 answers opened.")


def test_the_log_of_a_class_is_replayed_from_its_link_without_code_or_secret(page: Page, phone: Page, app_url: str):
    code = opened(page, app_url)
    others = [join(client_of(app_url), code) for _ in range(5)]
    room = page.locator(".classroom")
    expect(room).to_contain_text("5 phones")
    page.keyboard.press("PageDown")
    expect(room).to_contain_text("Phones show the choices.")
    assert all(each.vote(1, 1, 1).status_code == 200 for each in others)
    expect(room).to_contain_text("5 of 5 answered")
    room.get_by_role("button", name="Reveal").click()
    expect(room.locator(".vote-choice.right")).to_contain_text(RIGHT)
    page.locator("summary", has_text="For whoever was absent").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the log").click()
    text = download.value.path().read_text(encoding="utf-8")
    secret = page.evaluate("JSON.parse(localStorage.getItem('room of a class')).secret")
    assert code not in text and secret not in text and STEP["question"] in text
    phone.goto(f"{app_url}/?tab=start")
    with phone.expect_file_chooser() as chooser:
        phone.evaluate("explorerReplay()")
    chooser.value.set_files({"name": "log.json", "mimeType": "application/json", "buffer": text.encode()})
    replay = phone.get_by_role("complementary", name="Replay of a class")
    shows = replay.get_by_role("button", name="Show the votes")
    while not shows.is_visible():
        replay.get_by_role("button", name="Next").click()
    expect(replay.locator(".vote")).to_have_count(0)
    shows.click()
    expect(replay.locator(".vote-choice").nth(1)).to_contain_text("100 %")
    expect(replay.locator(".vote-choice.right")).to_contain_text(RIGHT)
    phone.wait_for_function("new URLSearchParams(location.search).get('tab') === 'compare'")
    replay.get_by_role("button", name="Close").click()
    expect(replay).to_have_count(0)
