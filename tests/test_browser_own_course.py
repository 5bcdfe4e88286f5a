"""A course of the visitor's own, and the handout of a course, in a real browser."""

import io
import json
import re
from base64 import urlsafe_b64encode

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.lessons import course
from explorer.tabs import interface
from tests.stage import open_share
from tests.test_browser_course import opened

AT = "tab=foundations&mode=jensen"
SIZES = """() => [...document.querySelectorAll(".handout *")].filter((each) => each.checkVisibility())
  .map((each) => parseFloat(getComputedStyle(each).fontSize))"""


def collect(page: Page) -> None:
    open_share(page)
    page.locator(".stage:visible").get_by_role("button", name="Add to my course").click()
    expect(page.locator(".own-course")).to_be_visible()


def link(steps: list) -> str:
    name = urlsafe_b64encode(json.dumps(steps).encode()).decode().rstrip("=")
    return f"?{steps[0][1]}&course=~{name}"


def handout(page: Page) -> Page:
    """Open the handout of the course, and wait until it is complete."""
    page.locator(".course").get_by_role("button", name="More").click()
    with page.expect_popup() as popup:
        page.locator(".course").get_by_role("button", name="Handout").click()
    expect(popup.value.get_by_role("button", name="Print")).to_be_enabled(timeout=400_000)
    return popup.value


def test_states_are_collected_kept_and_given_as_a_file_and_a_link(page: Page, app_url: str, tmp_path):
    page.goto(f"{app_url}/?{AT}")
    collect(page)
    dialog = page.locator(".own-course")
    assert "Jensen" in dialog.get_by_label("Name of this step").input_value()
    dialog.get_by_label("Name of this step").fill("A <b>chord</b>")
    dialog.get_by_label("Minutes").fill("7")
    dialog.get_by_role("button", name="Add this state").click()
    expect(dialog.get_by_role("status")).to_have_text("Added.")
    page.keyboard.press("Escape")
    page.goto(f"{app_url}/?tab=vae&beta=4&course=which-model&page=2&__theme=dark")
    collect(page)
    dialog.get_by_label("Name of this step").fill("A code that costs")
    page.keyboard.press("Enter")
    expect(dialog.locator("li")).to_have_count(2)
    dialog.get_by_role("button", name="Move A code that costs up").click()
    expect(dialog.locator("li a").first).to_have_text("A code that costs")

    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Save its file").click()
    path = tmp_path / "mine.md"
    saved.value.save_as(path)
    result = course.read(path, interface.KEYS)
    assert [(step["title"], step["minutes"]) for step in result["steps"]] == [
        ("A code that costs", 3),
        ("A <b>chord</b>", 7),
    ]
    assert result["steps"][0]["at"].startswith("tab=vae") and "course" not in result["steps"][0]["at"]

    dialog.get_by_role("button", name="Open it").click()
    expect(page.locator(".course h2")).to_have_text("A code that costs")
    page.keyboard.press("PageDown")
    expect(page.locator(".course h2")).to_have_text("A <b>chord</b>")
    page.wait_for_url("**mode=jensen**")
    expect(page.locator(".course .clock")).to_contain_text("10")
    page.keyboard.press("PageUp")
    page.wait_for_url(re.compile("tab=vae.*beta=4"))

    collect(page)
    dialog.get_by_role("button", name="Remove A code that costs").click()
    expect(dialog.locator("li")).to_have_count(1)
    page.reload()
    collect(page)
    expect(dialog.locator("li")).to_have_count(1)


@pytest.mark.parametrize(
    "steps",
    ["nonsense", [], [["Long", AT, 9999]], [["Far", "x" * 3000, 3]], [[1]], [["Many", AT, 1]] * 41],
)
def test_a_link_that_is_no_course_is_said_in_words(page: Page, app_url: str, steps):
    page.goto(f"{app_url}/{link(steps) if steps and isinstance(steps, list) and len(steps[0]) > 1 else '?course=~!'}")
    expect(page.locator(".course[role=alert]")).to_contain_text("could not be read")


def test_a_handout_has_every_step_with_its_picture_and_a_code_that_leads_there(page: Page, app_url: str):
    steps = [["A chord", AT, 3], ["A code", "tab=vae&beta=4", 5], ["A table", "tab=foundations&mode=bayes", 4]]
    page.goto(f"{app_url}/{link(steps)}")
    expect(page.locator(".course h2")).to_have_text("A chord")
    page.evaluate("() => { globalThis.moves = 0; addEventListener('popstate', () => globalThis.moves++); }")
    sheet = handout(page)
    expect(sheet.locator("article h2")).to_have_text(["1. A chord", "2. A code", "3. A table"])
    assert page.evaluate("() => globalThis.moves") == 0, "the window of the class has not moved"
    expect(page.locator(".course h2")).to_have_text("A chord")
    for number, (_, at, _) in enumerate(steps):
        article = sheet.locator("article").nth(number)
        where = article.locator("a.at").get_attribute("href")
        assert where == f"{app_url}/?{at}"
        code = Image.open(io.BytesIO(article.locator("svg").screenshot(scale="css")))
        assert zxingcpp.read_barcode(code.resize((code.width * 4, code.height * 4))).text == where
        picture = article.locator(".handout-picture")
        shades = Image.open(io.BytesIO(picture.screenshot())).convert("L").getextrema()
        assert shades[1] - shades[0] > 100, "the picture shows something"
        assert picture.bounding_box()["width"] > 500
        assert picture.locator("button:not([aria-pressed=true]):visible, input:visible, select:visible").count() == 0
    marks = sheet.locator(".handout-picture li")
    expect(marks.first).to_have_css("list-style-type", "none")
    sheet.emulate_media(media="print")
    expect(sheet.locator(".handout")).to_be_visible()
    expect(sheet.locator(".gradio-container")).to_be_hidden()
    assert min(sheet.evaluate(SIZES)) >= 12  # 9 points


@pytest.mark.core
def test_a_step_of_ones_own_takes_words_and_a_question(page: Page, app_url: str, tmp_path):
    page.goto(f"{app_url}/?{AT}")
    collect(page)
    dialog = page.locator(".own-course")
    for label, text in [
        ("Words (optional)", "- A chord\nlies  below."),
        ("Question", "? Where is the gap?"),
        ("Answers", "in the middle; at the ends ;;"),
    ]:
        dialog.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Save its file").click()
    saved.value.save_as(tmp_path / "mine.md")
    (step,) = course.read(tmp_path / "mine.md", interface.KEYS)["steps"]
    assert step["words"] == "A chord\nlies below." and step["question"] == "Where is the gap?"
    assert step["choices"] == ["in the middle", "at the ends"] and step["answer"] == 0
    dialog.get_by_role("button", name="Open it").click()
    expect(page.locator(".course .question")).to_have_text("Where is the gap?")
    page.locator(".course .choices button", has_text="at the ends").click()
    expect(page.locator(".course .reveal")).to_contain_text("The answer: in the middle.")


def test_a_handout_of_a_written_course_asks_what_the_course_asks_and_tells_nothing(page: Page, app_url: str):
    result = course.read(course.COURSES / "which-model.md", interface.KEYS)
    steps = result["steps"][4:7]
    page.context.route("**/file=courses/which-model.json", lambda route: route.fulfill(json=result | {"steps": steps}))
    opened(page, app_url, "which-model", "&page=2")
    sheet = handout(page)
    text = sheet.locator(".handout > section").inner_text()
    assert all(step["question"] in text for step in steps) and any(step["question"] for step in steps)
    assert not any(step["reveal"] and step["reveal"] in text for step in steps)
    expect(page.locator(".course h2")).to_have_text(steps[1]["title"])


def test_a_course_of_ones_own_asks_an_exercise_that_the_server_checks(page: Page, app_url: str):
    exercise = """# half · Half of a number
x = whole(2, 9)
answer = x / 2 ± 0.1 nats

What is half of {x}?

? Divide by two.
> It is {say(answer, 1)}.
~ 2 * x: You doubled it."""
    page.goto(f"{app_url}/?{AT}")
    collect(page)
    dialog = page.locator(".own-course")
    text = dialog.get_by_label("Exercise as text")
    text.fill(exercise.replace("{x}", "{y}"))
    dialog.get_by_role("button", name="Add this state").click()
    expect(dialog.get_by_role("status")).to_have_text("The exercise was not added: line 5: no number is named `y` here")
    text.fill(exercise)
    dialog.get_by_role("button", name="Add this state").click()
    expect(dialog.get_by_role("status")).to_have_text("Added.")
    dialog.get_by_role("button", name="Open it").click()
    card = page.locator(".course-exercise")
    expect(card.locator(".asks")).to_contain_text("What is half of")
    x = int(re.search(r"\d+", card.locator(".asks").inner_text())[0])
    card.get_by_label("Your answer in nats").fill(str(2 * x))
    page.keyboard.press("Enter")
    expect(card.locator(".verdict")).to_contain_text("You doubled it.")
    card.get_by_label("Your answer in nats").fill(str(x / 2))
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".verdict")).to_contain_text("Right")
    card.get_by_role("button", name="Hint").click()
    expect(card).to_contain_text("Divide by two.")
    card.get_by_role("button", name="Worked answer").click()
    expect(card).to_contain_text(f"It is {x / 2:.1f}.")
    card.get_by_role("button", name="New numbers").click()
    expect(card.locator(".verdict")).to_be_empty()


def test_a_step_is_edited_in_its_place(page: Page, app_url: str):
    page.goto(f"{app_url}/?{AT}")
    collect(page)
    dialog = page.locator(".own-course")
    for name in ("First", "Second"):
        dialog.get_by_label("Name of this step").fill(name)
        dialog.get_by_role("button", name="Add this state").click()
        expect(dialog.locator("li").last).to_contain_text(name)
    dialog.get_by_role("button", name="Edit First").click()
    dialog.get_by_label("Name of this step").fill("The first")
    dialog.get_by_label("Notes for the speaker (optional)").fill("Slowly.\nTwice.")
    dialog.get_by_role("button", name="Save this step").click()
    expect(dialog.locator("li a")).to_have_text(["The first", "Second"])
    dialog.get_by_role("button", name="Edit The first").click()
    expect(dialog.get_by_label("Notes for the speaker (optional)")).to_have_value("Slowly.\nTwice.")
    dialog.get_by_role("button", name="Leave it as it was").click()
    expect(dialog.get_by_role("button", name="Add this state")).to_be_visible()


FORMULAS = [
    *(
        "The bound is $\\log p(x) \\ge -D - R$, for 5 $ and 6 $.\nThen $$\\int q\\,\\log\\frac{q}{p}\\,dz$$",
        "Is $x^2$ convex?",
    ),
    ["$f'' = 2$", "no; $\\sin x$ is not"],
    *("", "Since $\\frac{d}{dx} x^2 = 2x$ grows.", "Write $\\sigma$ slowly."),
]


@pytest.mark.core
def test_a_course_of_ones_own_has_its_formulas_set(page: Page, app_url: str):
    page.goto(f"{app_url}/{link([['A <b>square</b>', AT, 3, *FORMULAS]])}")
    bar = page.locator(".course")
    expect(bar.locator(".words > :first-child math")).to_have_count(2)
    expect(bar.locator(".words > :first-child .formula.display")).to_have_count(1)
    expect(bar.locator(".words")).to_contain_text("for 5 $ and 6 $.")
    assert bar.locator(".words > :first-child p").last.inner_text().count("\n"), "its second line is a line"
    expect(bar.locator(".question math")).to_have_count(1)
    expect(bar.locator(".choices button math")).to_have_count(2)
    bar.locator(".choices button", has_text="no;").click()
    expect(bar.locator(".reveal math")).to_have_count(2)
    bar.get_by_role("button", name="More").click()
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Notes").click()
    expect(popup.value.locator("math").first).to_be_attached()


HOSTILE = [
    "\\href{javascript:alert(1)}{x}",
    "\\includegraphics{https://example.org/a.png}",
    "\\htmlClass{course}{x}",
    "\\frac{1",
    "\\def\\a{\\a\\a}\\a",
    "<img src=x onerror=alert(1)>\\none",
    "x" * 301,
]
OUTSIDE = """() => [...document.querySelectorAll(".course .formula")].filter((each) => {
  const [own, words] = [each, each.closest(".words")].map((part) => part.getBoundingClientRect());
  return own.width > words.width + 1 || own.height > words.height || getComputedStyle(each).overflowX === "visible";
}).length"""


def test_a_strangers_formula_stays_in_its_place_and_a_wrong_one_shows_its_source(page: Page, app_url: str):
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    large = ["\\kern-900em x", "\\rule{900em}{900em}", "\\raisebox{900em}{$x$}", "{" * 100 + "x" + "}" * 100]
    steps = [[f"Step {k}", AT, 3, f"<b>One</b> ${each}$ two"] for k, each in enumerate([*HOSTILE, *large])]
    page.goto(f"{app_url}/{link(steps)}")
    words = page.locator(".course .words > :first-child p").last
    for each in HOSTILE:
        expect(words).to_have_text(f"<b>One</b> ${' '.join(each.split())}$ two")
        page.wait_for_timeout(300)
        assert words.locator("a, img, b, .formula").count() == 0
        page.keyboard.press("PageDown")
    for number, _ in enumerate(large, len(HOSTILE)):
        expect(page.locator(".course h2")).to_have_text(f"Step {number}")
        expect(words).to_contain_text("two")
        page.wait_for_timeout(300)
        assert page.evaluate(OUTSIDE) == 0
        page.keyboard.press("PageDown")
    assert not [url for url in asked if "example.org" in url]


def test_a_semicolon_in_a_formula_parts_no_answers(page: Page, app_url: str):
    page.goto(f"{app_url}/?{AT}")
    collect(page)
    dialog = page.locator(".own-course")
    dialog.get_by_label("Question").fill("Which?")
    dialog.get_by_label("Answers").fill("$p(x; 1)$; $a\\;b$ ;5 $")
    dialog.get_by_role("button", name="Add this state").click()
    dialog.get_by_role("button", name="Open it").click()
    choices = page.locator(".course .choices button")
    expect(choices).to_have_count(3)
    expect(choices.locator("math")).to_have_count(2)
