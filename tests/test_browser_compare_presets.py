"""Every preset of the comparison keeps what its label says, on a fresh page and after another data set."""

import base64
from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Page, expect

from explorer import data
from explorer.networks import checkpoints
from explorer.numbers.trained import read_card
from explorer.tabs.compare import evidence, table
from explorer.tabs.compare.tab import TAB
from explorer.tabs.kit.ask import questions
from tests.compare import FILM_MS, compare, finished, main, open_compare, panel, state, wait_until
from tests.promises import Promise, Stage, check_tour


def seen_in(dataset: str, x: torch.Tensor) -> list[str]:
    """The classes that the classifier of a data set sees in images (N, 784) of bytes."""
    with torch.no_grad():
        logits = checkpoints.load(f"classifier-{dataset}")(x.view(-1, 1, 28, 28).float() / 255)
    return [data.CLASSES[dataset][int(label)] for label in logits.argmax(-1)]


def shows(dataset: str, name: str) -> Callable[[Page], None]:
    """True if the chosen test image is one of the class, by its label and by the classifier."""

    def check(page: Page) -> None:
        found = state(page)
        assert found["data"] == dataset and found["draw"] is None
        x = data.bundled_images(dataset).images[found["img"]]
        assert seen_in(dataset, x) == [name]
        expect(panel(page).locator(".source figcaption").first).to_have_text(name)

    return check


def after_50_evaluations(page: Page) -> None:
    finished(page)
    expect(main(page).locator(".film-place")).to_have_text("50 evaluations")
    frames = "x.mode().race.runners().map(({ title, frame }) => [title, frame.numbers.evaluations])"
    assert dict(compare(page, frames))["Diffusion"] == 50


def a_tenth_of_the_time(page: Page) -> None:
    finished(page)
    end = compare(page, "Math.max(...x.mode().race.columns.map(({ film }) => film.frames.at(-1).numbers.seconds))")
    expect(main(page).locator(".film-place")).to_have_text(f"{end / 10:.2f} s")


def asked_for(dataset: str, name: str) -> Callable[[Page], None]:
    """True if those who can be asked are asked for the class, and the others say that they cannot."""

    def check(page: Page) -> None:
        assert state(page)["data"] == dataset
        finished(page)
        rows = "x.mode().race.columns.map(({ family, request }) => [family.can.label, request.label])"
        for can, label in compare(page, rows):
            assert (data.CLASSES[dataset][label] if can else label) == (name if can else None)
        expect(main(page).locator(".family").first).to_contain_text(f"Any, not a {name}")

    return check


def kept(rows: int) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        wait_until(page, f"x.mode().found?.length && x.store.get().keep === {rows}", FILM_MS)
        expect(panel(page).locator(".seen")).to_contain_text(f"The upper {rows} rows of 28 are kept")

    return check


def half_a_shirt(page: Page) -> None:
    shows("fashion-mnist", "Shirt")(page)
    assert state(page)["keep"] == 14


def told_from(dataset: str, kind: str) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        assert state(page)["data"] == dataset
        expect(main(page).locator(".plane-keys")).to_contain_text(kind)

    return check


PRESETS = {
    "make": {
        "After 50 evaluations": after_50_evaluations,
        "A tenth of the time": a_tenth_of_the_time,
        "A 3 from each": asked_for("mnist", "3"),
        "Bags from each": asked_for("fashion-mnist", "Bag"),
    },
    "likely": {
        "A plain 1": shows("mnist", "1"),
        "A strange 2": shows("mnist", "2"),
        "A boot": shows("fashion-mnist", "Ankle boot"),
    },
    "finish": {"A quarter is kept": kept(7), "Three quarters are kept": kept(21), "Half a shirt": half_a_shirt},
    "odd": {
        "Nothing at all": told_from("mnist", "blank pages"),
        "Digits, to the clothes' networks": told_from("fashion-mnist", "MNIST's test images"),
        "Digits, turned": told_from("mnist", "test images turned by 90°"),
    },
}
"""By the mode and the label on the button, what must have come of it."""


@pytest.mark.parametrize("mode", PRESETS)
def test_a_preset_keeps_what_its_label_says(page: Page, compare_app: str, mode: str):
    for label, check in PRESETS[mode].items():
        open_compare(page, compare_app, f"mode={mode}")
        buttons = panel(page).locator(".tries .button:not(.more)")
        expect(buttons).to_have_count(len(PRESETS[mode]))
        buttons.get_by_text(label, exact=True).click()
        check(page)
        other = next(dataset for dataset in data.CLASSES if dataset != state(page)["data"])
        compare(page, f"x.store.set({{ data: '{other}' }}, {{ commit: true }})")
        wait_until(page, f"x.families()[0].net.endsWith('-{other}')")
        buttons.get_by_text(label, exact=True).click()
        check(page)


def says(**said: object) -> Promise:
    """The state is as is said, and MNIST's."""
    return Promise(lambda came: all(came.state[key] == value for key, value in (said | {"data": "mnist"}).items()))


TOUR = Stage(
    ".stage.compare",
    "tab=compare&mode=make",
    lambda state: state["data"],
    {"data": "fashion-mnist", "seed": 5, "keep": 21, "clock": "evaluations"},
    steps={
        "One seed, one clock": (says(clock="seconds", at=0, seed=7), says(at=1)),
        "How likely?": (says(img=330), says(img=330)),
        "Half an image": (says(keep=14, img=12), says(keep=6)),
        "Likely, so it belongs?": (says(kind="fashion-mnist"), says(kind="blank")),
        "A bound as a file": (says(img=330), says(img=330)),
        "Choosing a family": (says(seed=8), says(sort="frechet")),
    },
)


def test_every_step_of_the_tour_does_what_it_says(page: Page, compare_app: str):
    check_tour(TOUR, page, compare_app, TAB.tour(evidence.quotes({})))


def test_what_the_tour_says_of_a_blank_page_is_so_by_the_cards():
    pixelcnn, gan = (read_card(f"{net}-mnist")["compare"]["odd"]["kinds"]["blank"] for net in ("pixelcnn", "gan"))
    assert pixelcnn["auroc"] < 0.05 and gan["auroc"] > 0.95


def test_what_the_tour_says_of_samples_and_likelihoods_is_so_by_the_cards():
    read = {net: table.read(f"{net}-mnist") for net in ("pixelcnn", "vae", "gan", "made", "pixelrnn", "d3pm")}
    orders = table.table([*read.values()])["orders"]
    likely, near = ([net.removesuffix("-mnist") for net in orders[by][0]["nets"]] for by in ("likelihood", "frechet"))
    assert likely[0] == "pixelcnn" and "vae" in likely and "gan" not in likely
    assert [net for net in near if net in ("gan", "pixelcnn", "vae")] == ["gan", "pixelcnn", "vae"] and near[0] == "gan"


@pytest.mark.parametrize(("dataset", "label"), [("mnist", 3), ("fashion-mnist", 8)])
def test_the_class_that_a_preset_asks_for_is_the_class_that_comes(dataset: str, label: int):
    frame = [frame for _, frame in questions.ask_make.props(f"gan-{dataset}", 7, label).scenes()][-1]
    x = torch.tensor(list(base64.b64decode(frame["x"]))).view(-1, 784)
    assert seen_in(dataset, x) == [data.CLASSES[dataset][label]] * len(x)
