"""Words in the browser: a prompt is typed and pressed, its maps are laid over, and one word is exchanged."""

import pytest
from playwright.sync_api import Page, expect

from tests.tab import Tab

TAB = Tab("words", "words", "prompt")
CAT = "a yellow cat on grass"
STAR = ("two", "dogs", "above", "a", "red", "star", "on", "sky")


def finished(page: Page) -> None:
    TAB.wait_until(page, "x.mode().done && x.mode().current && x.mode().drawn === x.mode().current")


def field(page: Page, name: str = "Prompt"):
    return TAB.main(page).get_by_role("textbox", name=name, exact=True)


@pytest.mark.core
def test_a_typed_prompt_becomes_four_pictures_and_words_with_maps(page: Page, app_url: str):
    TAB.open(page, app_url, f"prompt={CAT.replace(' ', '+')}&at=19&steps=5")
    finished(page)
    expect(TAB.main(page).locator(".word-map .word")).to_have_text(CAT.split())
    field(page).fill(" ".join(STAR))
    TAB.wait_until(page, f"x.store.get().prompt === '{' '.join(STAR)}'")
    finished(page)
    expect(TAB.main(page).locator(".word-map .word")).to_have_text(list(STAR))
    expect(TAB.main(page).locator(".scenes figcaption").first).to_contain_text(" on ")
    assert "prompt=two+dogs" in page.url.replace("%20", "+")


def test_an_unknown_word_is_named_and_a_near_one_takes_its_place(page: Page, app_url: str):
    TAB.open(page, app_url, "prompt=a+yellow+hatt+on+grass&steps=3")
    problem = TAB.main(page).locator(".prompt-field .wanted")
    expect(problem).to_contain_text("“hatt” is unknown. Nearest:")
    problem.get_by_role("button", name="hat", exact=True).click()
    expect(field(page)).to_have_value("a yellow hat on grass")
    finished(page)
    expect(problem).to_be_empty()


def test_markup_in_the_address_stays_text(page: Page, app_url: str):
    TAB.open(page, app_url, "prompt=%3Cimg+src%3Dx+onerror%3D%22window.hacked%3D1%22%3E+cat")
    expect(TAB.main(page).locator(".prompt-field .wanted")).to_contain_text("a prompt has words alone")
    assert page.evaluate("window.hacked") is None and TAB.main(page).locator("img").count() == 0


def test_a_preview_follows_what_is_typed(page: Page, app_url: str):
    TAB.open(page, app_url, f"prompt={CAT.replace(' ', '+')}&steps=3")
    finished(page)
    field(page).press("End")
    field(page).press_sequentially(" cat")
    caption = TAB.main(page).locator(".scenes figcaption").first
    for _ in range(200):  # who goes on typing keeps the prompt from being asked about
        if caption.text_content() == "preview":
            break
        field(page).press("Space")
        field(page).press("Backspace")
    assert caption.text_content() == "preview"  # which no prompt has that was asked about


def test_a_chosen_word_has_its_map_over_all_pictures_and_is_exchanged_by_a_press(page: Page, app_url: str):
    TAB.open(page, app_url, f"prompt={CAT.replace(' ', '+')}&steps=3")
    finished(page)
    canvas = TAB.main(page).locator(".scenes canvas").nth(2)
    before = canvas.evaluate("(each) => each.toDataURL()")
    TAB.main(page).locator(".word-map").nth(2).click()
    assert TAB.state(page)["word"] == 2
    assert canvas.evaluate("(each) => each.toDataURL()") != before
    TAB.main(page).get_by_role("group", name="Objects").get_by_role("button", name="apple", exact=True).click()
    expect(field(page)).to_have_value("a yellow apple on grass")


@pytest.mark.core
def test_one_word_is_left_out_and_the_noise_stays(page: Page, app_url: str):
    TAB.open(page, app_url, "mode=changed&steps=3")
    TAB.wait_until(page, "x.mode().value && x.mode().answer.isCurrent")
    first = TAB.main(page).locator(".pairs canvas").first
    before = first.evaluate("(each) => each.toDataURL()")
    TAB.main(page).locator(".exchange").get_by_role("button", name="yellow", exact=True).click()
    TAB.main(page).get_by_role("button", name="Leave it out").click()
    expect(field(page, "Prompt after")).to_have_value("a dog left of a blue car on grass")
    TAB.wait_until(page, "x.mode().value && x.mode().answer.isCurrent")
    assert first.evaluate("(each) => each.toDataURL()") == before
