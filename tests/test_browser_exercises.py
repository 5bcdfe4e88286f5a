"""Exercises in a real browser: answered by keys, by pointer and by the stage, kept, and checked again as a file."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import exercises
from explorer.tabs import interface
from explorer.tabs.foundations.exercises import EXERCISES
from tests.stage import saved, url_in, wait_for_address
from tests.tab import Tab

FOUNDATIONS, VAE = Tab("foundations", "foundations", "likelihood"), Tab("vae", "vae", "explore")
CODES, TOKENS = Tab("autoencoders", "autoencoders", "map"), Tab("tokens", "tokens", "tokens")
ROOM = Tab("vae_room", "vae-room", "traverse")
GAN, COMPARE = Tab("gan", "gan", "generate"), Tab("compare", "compare", "make")
STAGED = [(TOKENS, "evaluations"), (CODES, "where"), (ROOM, "in-use"), (ROOM, "cheaper"), (COMPARE, "one-clock")]
STAGED += [(COMPARE, "less-odd"), (GAN, "wgan-behind")]
BY_NAME = {each.name: each for each in EXERCISES}
SEED = 12


def card(page: Page) -> Locator:
    return page.locator(".stage:visible .tour-card")


def verdict(page: Page) -> Locator:
    return card(page).locator(".exercise-verdict")


def opened(page: Page, url: str, name: str, tab: Tab = FOUNDATIONS) -> None:
    page.goto(f"{url}/?tab={tab.name}&mode=exercises&exercise={name}&numbers={SEED}")
    expect(card(page).get_by_role("button", name="Worked answer")).to_be_enabled()


def place(page: Page, number: int) -> Locator:
    return card(page).locator(".exercise-places button").nth(number - 1)


@pytest.mark.core
def test_a_number_is_answered_by_keys_helped_with_kept_and_checked_again(
    page: Page, app_url: str, tmp_path: Path, capsys: pytest.CaptureFixture
):
    task = BY_NAME["map-mean"].task(SEED)
    opened(page, app_url, "map-mean")
    expect(card(page)).to_contain_text(task.question)
    box = card(page).get_by_role("textbox", name="Your answer")
    box.focus()
    page.keyboard.type("nonsense\n")
    expect(verdict(page)).to_contain_text("Wanted: a number")
    expect(place(page, 1)).to_have_accessible_name(re.compile("not answered"))
    box.fill(f"{sum(task.given['data'])}/3")
    box.press("Enter")
    expect(verdict(page)).to_contain_text("the prior is missing")
    expect(place(page, 1)).to_have_accessible_name(re.compile("not right yet"))
    card(page).get_by_role("button", name="Hint (2 left)").press("Enter")
    expect(card(page)).to_contain_text(task.hints[0])
    expect(card(page)).not_to_contain_text(task.hints[1])
    box.fill(f"{task.answer:.2f}".replace(".", ","))
    box.press("Enter")
    expect(verdict(page)).to_contain_text("Right:")
    expect(card(page).get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(card(page).locator(".tour-title")).to_have_text("KL of two Gaussians")
    wait_for_address(page, "exercise=gaussian-kl")
    assert f"numbers={SEED}" in url_in(page)
    page.reload()
    expect(place(page, 1)).to_have_accessible_name("Exercise 1, A mean by MAP: right")
    expect(page.locator(".stage:visible .tour-foot")).to_contain_text("1 of 7 right")
    file = saved(page, "Save answers", tmp_path)
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert file.name == f"explorer-exercises-{SEED}.json" and kept["seed"] == SEED
    assert kept["answers"][0] | {"link": ""} == {
        **{"tab": "foundations", "exercise": "map-mean", "answer": pytest.approx(task.answer, abs=0.006)},
        **{"tries": 2, "hints": 1, "worked": False, "link": ""},
    }
    exercises.check(file)
    said = capsys.readouterr().out
    assert said.startswith("right foundations/map-mean (with hints)") and "1 of 1 right" in said


def test_a_number_that_may_mean_two_is_asked_about_and_another_unit_is_refused(page: Page, app_url: str):
    opened(page, app_url, "gaussian-kl")
    box = card(page).get_by_role("textbox", name="Your answer in nats")
    box.fill("3,400")
    box.press("Enter")
    expect(verdict(page)).to_contain_text("“3,400” may be 3400 or 3.4. Choose one:")
    expect(place(page, 2)).to_have_accessible_name(re.compile("not answered"))
    verdict(page).get_by_role("button", name="3.4", exact=True).press("Enter")
    expect(verdict(page)).to_contain_text("Not this")
    expect(box).to_have_value("3.4")
    box.fill("0.54 bits")
    box.press("Enter")
    expect(verdict(page)).to_contain_text("Wanted: a number in nats")
    box.fill(f"{BY_NAME['gaussian-kl'].task(SEED).answer:.3f} nats".replace(".", ","))
    box.press("Enter")
    expect(verdict(page)).to_contain_text("may be")
    verdict(page).get_by_role("button").last.click()
    expect(verdict(page)).to_contain_text("Right:")


def test_a_choice_is_made_by_pointer_and_by_keys_and_new_numbers_begin_anew(page: Page, app_url: str):
    task = BY_NAME["which-kl"].task(SEED)
    opened(page, app_url, "which-kl")
    answers = card(page).locator(".tour-choices button")
    assert answers.all_inner_texts() == task.to_props()["choices"]
    wrong = (task.answer + 1) % 4
    answers.nth(wrong).click()
    expect(verdict(page)).to_contain_text(task.check(wrong)[1])
    page.keyboard.press(str(task.answer + 1))
    expect(verdict(page)).to_contain_text("Right.")
    page.locator(".stage:visible").get_by_role("button", name="New numbers").click()
    page.wait_for_function(f"location.search.includes('numbers={SEED + 1}')")
    expect(verdict(page)).to_be_empty()
    expect(place(page, 5)).to_have_accessible_name(re.compile("not answered"))
    page.locator(".stage:visible").get_by_role("spinbutton", name="Seed").fill(str(SEED))
    page.keyboard.press("Enter")
    expect(place(page, 5)).to_have_accessible_name(re.compile("right$"))
    expect(verdict(page)).to_contain_text("You have answered this.")


@pytest.mark.core
def test_the_stage_answers_and_who_saw_the_worked_answer_is_marked_so(page: Page, app_url: str, tmp_path: Path):
    page.goto(f"{app_url}/?tab=foundations&mode=bayes&known=large")
    FOUNDATIONS.turn_to(page, "Exercises", "exercises")
    place(page, 6).click()
    check = card(page).get_by_role("button", name="Check the stage")
    check.click()
    expect(verdict(page)).to_contain_text("Not yet: at σ = 1.00 and τ = 1.00 MAP chooses μ = 2.50")
    page.get_by_role("button", name="Show the controls").click()
    expect(check).to_be_visible()
    expect(card(page).get_by_role("button", name="Worked answer")).to_be_hidden()
    page.get_by_role("button", name="Back to the exercise").click()
    card(page).get_by_role("button", name="Worked answer").click()
    card(page).get_by_role("button", name="Set the stage so").click()
    tau = BY_NAME["prior"].task(1).solved["tau"]
    FOUNDATIONS.wait_until(page, f"x.store.get().tau === {tau}")
    check.click()
    expect(verdict(page)).to_contain_text("Right:")
    expect(place(page, 6)).to_have_accessible_name(re.compile("after its worked answer was shown"))
    kept = json.loads(saved(page, "Save answers", tmp_path).read_text(encoding="utf-8"))["answers"]
    assert kept[0]["worked"] and kept[0]["answer"] == {"part": "points", "prior": True, "sigma": 1, "tau": tau}
    FOUNDATIONS.turn_to(page, "Bayes", "bayes")
    FOUNDATIONS.wait_until(page, "x.store.get().known === 'large' && x.store.get().exercise === null")


@pytest.mark.parametrize(("tab", "name"), STAGED, ids=[f"{tab.name}-{name}" for tab, name in STAGED])
def test_the_stage_is_set_as_the_worked_answer_says_and_is_right(page: Page, app_url: str, tab: Tab, name: str):
    page.goto(f"{app_url}/?tab={tab.name}")
    tab.turn_to(page, "Exercises", "exercises")
    each = next(one for one in interface.TABS if one.name == tab.name)
    place(page, 1 + [one.name for one in each.exercises].index(name)).click()
    check = card(page).get_by_role("button", name="Check the stage")
    check.click()
    expect(verdict(page)).to_contain_text("Not yet:")
    card(page).get_by_role("button", name="Worked answer").click()
    card(page).get_by_role("button", name="Set the stage so").click()
    check.click()
    expect(verdict(page)).to_contain_text("Right:")


@pytest.mark.parametrize(("tab", "last"), [(TOKENS, "slow"), (COMPARE, "table")], ids=["tokens", "compare"])
def test_tour_and_exercises_stay_in_sight_beside_the_last_mode(page: Page, app_url: str, tab: Tab, last: str):
    page.goto(f"{app_url}/?tab={tab.name}&mode={last}")
    chosen = page.locator(f"#{tab.name}-tab-{last}")
    expect(chosen).to_have_attribute("aria-selected", "true")
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    for mode in ("tour", "exercises", last):
        box = page.locator(f"#{tab.name}-tab-{mode}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height


def test_on_a_phone_an_exercise_is_answered_by_touch_and_nothing_is_too_wide(phone: Page, app_url: str):
    opened(phone, app_url, "price", VAE)
    check = card(phone).get_by_role("button", name="Check the stage")
    check.tap()
    expect(verdict(phone)).to_contain_text("Not yet: over the 2,000 images at β = 1 R is")
    expect(verdict(phone)).to_be_in_viewport()
    card(phone).get_by_role("button", name="Worked answer").tap()
    card(phone).get_by_role("button", name="Set the stage so").tap()
    VAE.wait_until(phone, "x.store.get().beta > 10")
    check.tap()
    expect(verdict(phone)).to_contain_text("Right:")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
