"""The exam: a set of exercises that its link names, with what this browser has answered."""

import re

import pytest
from playwright.sync_api import Page, expect

from explorer.tabs.interface import TABS
from tests.node import call
from tests.stage import url_in

EXAM = "tab=start&mode=exam"


def test_a_set_takes_one_exercise_of_each_topic_in_turn():
    every = [{"tab": tab, "name": str(k)} for tab in ("vae", "gan", "flow") for k in range(4)]
    found = call("start/exam.js", "setOf", every, ["vae", "gan"], 3, 5)
    assert [each["tab"] for each in found[:4:2]] == [found[0]["tab"]] * 2
    assert {each["tab"] for each in found} == {"vae", "gan"}
    assert found == call("start/exam.js", "setOf", every, ["vae", "gan"], 3, 5)
    assert len(call("start/exam.js", "setOf", every, [], 3, 20)) == 12


def exercises(tab: str) -> int:
    """Number of the exercises of a tab."""
    return len(next(each.exercises for each in TABS if each.name == tab))


@pytest.mark.core
def test_a_link_names_the_same_questions_on_the_chosen_topics(page: Page, app_url: str):
    page.goto(f"{app_url}/?{EXAM}&topics=vae,gan&numbers=3&count=5")
    questions = page.locator(".exam-set a")
    expect(questions).to_have_count(5)
    first = questions.all_inner_texts()
    tabs = {re.search(r"tab=([\w-]+)", each.get_attribute("href"))[1] for each in questions.all()}
    assert tabs == {"vae", "gan"}
    page.reload()
    expect(questions).to_have_count(5)
    assert questions.all_inner_texts() == first
    page.get_by_role("button", name="Other questions").click()
    page.wait_for_url("**numbers=4*")
    assert questions.all_inner_texts() != first


@pytest.mark.core
def test_a_topic_is_chosen_and_an_answer_is_marked(page: Page, app_url: str):
    page.goto(f"{app_url}/?{EXAM}")
    expect(page.locator(".exam-set a")).to_have_count(10)
    page.get_by_role("button", name=re.compile(r"^GAN, 0 of")).click()
    expect(page.locator(".exam-set a")).to_have_count(min(10, exercises("gan")))
    page.evaluate("""localStorage.setItem("explorer.exercises.gan",
      JSON.stringify([{exercise: "value", seed: 1, answer: 1, right: true, tries: 1}]))""")
    page.goto(f"{app_url}/?{EXAM}&topics=gan")
    expect(page.get_by_role("button", name=re.compile(r"^GAN, 1 of"))).to_be_visible()
    expect(page.locator(".exam-set a", has_text="✓")).to_have_count(1)
    page.locator(".exam-set a", has_text="✓").click()
    page.wait_for_url("**tab=gan*exercise=value*")
    assert "numbers" not in url_in(page) or "numbers=1" in url_in(page)
