"""Promises of the presets' labels and of the steps of tours, held against what came: a tab joins by its own `Stage`.

A preset is set twice: on a stage as a visitor finds it, and after another data set and other choices. What came is read
from the mode on screen, and its classes are judged by the classifier of the data set that the state names.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Page, expect

from explorer import data
from explorer.networks import checkpoints

WAIT_MS = 120_000


@cache
def classifier(dataset: str) -> torch.nn.Module:
    return checkpoints.load(f"classifier-{dataset}")


@torch.no_grad()
def classes_of(dataset: str, images: np.ndarray) -> list[int]:
    """The class that a classifier sees in each image: (n, 784) in [0, 1]."""
    x = torch.tensor(images, dtype=torch.float32).view(-1, 1, 28, 28)
    return classifier(dataset)(x).argmax(-1).tolist()


@dataclass(frozen=True)
class Came:
    """Screen after a choice: the state, the images as their mode has them, its finding and its sentences."""

    state: Mapping[str, Any]
    dataset: str
    images: np.ndarray
    words: str

    def seen(self, label: int) -> int:
        """Count of the images of a class."""
        return classes_of(self.dataset, self.images).count(label)

    @property
    def kinds(self) -> int:
        """Count of different classes."""
        return len(set(classes_of(self.dataset, self.images)))

    def shows(self, key: str, label: int) -> bool:
        """True if the test image of that key is of a class, in the data set that the state names."""
        return int(data.bundled_images(self.state.get("set") or self.dataset).labels[self.state[key]]) == label


@dataclass(frozen=True)
class Promise:
    """It `holds` of what came once `arrived` is true of the mode, m; `images` gives their pixels, 0…1."""

    holds: Callable[[Came], bool]
    arrived: str = "true"
    images: str = "[]"


@dataclass(frozen=True)
class Stage:
    """A tab's stage: how it is opened, what is set before the second time, and what presets and tour steps promise."""

    selector: str
    address: str
    dataset: Callable[[Mapping[str, Any]], str]
    other: Mapping[str, Any]
    presets: Mapping[tuple[str, str], Promise] = field(default_factory=dict)
    steps: Mapping[str, tuple[Promise, Promise]] = field(default_factory=dict)
    fresh: Mapping[str, Any] = field(default_factory=dict)

    def run(self, page: Page, body: str, argument: Any = None) -> Any:
        found = f"const x = document.querySelector('{self.selector}').explorer; const m = x.mode?.();"
        return page.evaluate(f"async (argument) => {{ {found} {body} }}", argument)

    def wait(self, page: Page, condition: str) -> None:
        """Wait until a condition holds in a display frame that follows all that has been set."""
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found = f"const x = document.querySelector('{self.selector}')?.explorer; const m = x?.mode?.();"
        page.wait_for_function(f"() => {{ {found} return Boolean(x && ({condition})); }}", timeout=WAIT_MS)

    def open(self, page: Page, url: str) -> dict[str, Any]:
        """Open the tab; its state as a visitor finds it."""
        page.goto(f"{url}/?{self.address}")
        self.wait(page, "x.store")
        return self.run(page, "return x.store.get();")

    def set(self, page: Page, state: Mapping[str, Any]) -> None:
        self.run(page, "x.store.set(argument, { commit: true });", dict(state))

    def came(self, page: Page, promise: Promise) -> Came:
        self.wait(page, promise.arrived)
        state = self.run(page, "return x.store.get();")
        images = np.array(self.run(page, f"return {promise.images};"), dtype=float).reshape(-1, 784)
        words = page.locator(f"{self.selector} .seen").all_inner_texts()
        words += page.locator(f"{self.selector} .headline .finding").all_text_contents()  # while a tour hides it, too
        return Came(state, self.dataset(state), images, " ".join(words))


PLAYED = {"at", "round", "frame", "along"}
"""Place of a film, which may be on its way."""
PRESSED = "all => all.filter((each) => each.getAttribute('aria-pressed') === 'true').map((each) => each.innerText)"


def at_rest(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state without where its films stand."""
    return {key: value for key, value in state.items() if key not in PLAYED}


def check_presets(stage: Stage, page: Page, url: str, mode: str) -> None:
    """Every preset of a mode keeps its promise, on a fresh stage and after another data set.

    It leads to the same state from both, which is not the one that the mode opens with, and it alone is pressed then.
    """
    fresh = stage.open(page, url) | stage.fresh
    buttons = page.locator(f"{stage.selector} .mode-{mode} .tries button:not(.more)")
    named = {label for room, label in stage.presets if room == mode}
    away = next((room for room, _ in reversed(stage.presets) if room != mode), "tour")
    stage.set(page, {"mode": mode})
    expect(buttons.first).to_be_visible()
    opened, led = stage.run(page, "return x.store.get();"), {}
    for before in (fresh, fresh | stage.other):
        for label in sorted(named):
            stage.set(page, before | {"mode": away})
            expect(buttons.first).to_be_hidden()
            stage.set(page, {"mode": mode})
            button = buttons.filter(has_text=re.compile(f"^{re.escape(label)}$"))
            expect(button).to_be_visible()
            assert set(buttons.all_inner_texts()) == named
            button.dispatch_event("click")  # words that come meanwhile may move it
            promise = stage.presets[mode, label]
            came = stage.came(page, promise)
            assert promise.holds(came), (label, came.state, came.words, classes_of(came.dataset, came.images))
            state = at_rest(came.state)
            assert state == led.setdefault(label, state), label
            assert came.state != opened, label
            assert buttons.evaluate_all(PRESSED) == [label]


def check_tour(stage: Stage, page: Page, url: str, steps: list[dict[str, Any]]) -> None:
    """Every step of a tour keeps its promises, before the answer and after it, from wherever it is entered.

    Where a film stands is left out of what must come back, as it may be on its way.
    """
    fresh = stage.open(page, url) | stage.fresh
    assert set(stage.steps) == {step["title"] for step in steps}
    seen = []
    for before in (fresh, fresh | stage.other):
        stage.set(page, before | {"mode": "tour", "tour": None})
        card = page.locator(f"{stage.selector} .tour-card")
        expect(card).to_be_visible()
        for _ in steps[1:]:
            card.get_by_role("button", name="Back", exact=True).click(force=True)
        states = []
        for number, step in enumerate(steps, start=1):
            expect(card.locator(".tour-place")).to_have_text(f"{number} of {len(steps)}")
            expect(page.locator(f"{stage.selector} .tour-stage .mode-{step['state']['mode']}")).to_have_count(1)
            for promise, answered in zip(stage.steps[step["title"]], (False, True)):
                if answered:
                    card.locator(".tour-choices button").first.click()
                came = stage.came(page, promise)
                states.append({key: value for key, value in came.state.items() if key != "at"})
                assert promise.holds(came), (step["title"], answered, came.state, came.words)
            card.get_by_role("button", name="Next").or_(card.get_by_role("button", name="Explore freely")).click()
        expect(card).not_to_be_visible()  # the tour has been left
        seen.append(states)
    for number, (one, other) in enumerate(zip(*seen)):
        assert one == other, steps[number // 2]["title"]
