"""What the histograms are said to show: the words follow from the figures, whichever way these point."""

from functools import partial
from typing import Any

from playwright.sync_api import Page

from explorer.tabs.autoregressive.verdict import area, verdict
from tests.node import call
from tests.raster import MODULES, open_raster


def measured(auroc: float, flagged: float, blank: float) -> dict[str, Any]:
    """Histograms of a network of MNIST, as its card has them; `blank` is the share of test images above it."""
    return {
        "edges": [10, 100, 1000],
        "threshold": -150.0,
        "sets": {
            "mnist": {"counts": [90, 10], "value": -80.0, "n": 100, "auroc": 0.5, "flagged": 0.01},
            "fashion-mnist": {"counts": [1, 99], "value": -300.0, "n": 100, "auroc": auroc, "flagged": flagged},
            "noise": {"counts": [0, 100], "value": -900.0, "n": 100, "auroc": 1.0, "flagged": 1.0},
            "blank": {"counts": [1, 0], "value": -20.0, "n": 1, "auroc": blank, "flagged": float(blank > 0.99)},
        },
    }


words = partial(call, "autoregressive/verdict.js")


def test_a_set_that_is_less_likely_is_said_to_be():
    text = verdict("mnist", measured(auroc=0.997, flagged=0.96, blank=1.0))
    assert "flags 96.0 % of Fashion-MNIST and 100 % of noise, and flags the blank page too" in text
    assert "An image of MNIST is more likely than one of Fashion-MNIST in 99.7 % of pairs (AUROC 0.997)." in text
    assert "less likely than 100 % of MNIST's test images" in text
    assert "fails" not in text
    assert "typical" not in text


def test_a_set_that_is_more_likely_is_said_to_escape():
    text = verdict("mnist", measured(auroc=0.08, flagged=0.004, blank=0.25))
    assert "flags 0.4 % of Fashion-MNIST and 100 % of noise, but lets the blank page pass" in text
    assert "Here likelihood fails" in text
    assert "more likely than MNIST in 92.0 % of pairs (AUROC 0.080)" in text
    assert "99.6 % of Fashion-MNIST would pass" in text
    assert "more likely than 75.0 % of MNIST's test images" in text
    assert "typical" in text


def test_a_picture_is_flagged_below_the_threshold_alone():
    histograms = measured(auroc=0.9, flagged=0.5, blank=0)

    def ruling(total: float, picture: dict) -> str:
        return words("ruling", "mnist", histograms, total, picture)

    assert ruling(-150.1, {"bits": ""}) == "below the threshold of −150.0: flagged"
    assert ruling(-150.0, {"bits": ""}) == "above the threshold of −150.0: it passes"
    assert ruling(-200, {"test": 1, "set": "mnist"}).endswith("flagged, though it is one of MNIST's own")
    assert ruling(-90, {"test": 1, "set": "mnist"}).endswith("it passes")
    assert ruling(-90, {"test": 1, "set": "fashion-mnist"}).endswith("it passes, though it comes from Fashion-MNIST")
    assert ruling(-20, {"kind": "blank"}).endswith("it passes, though nothing is on it")


def test_an_area_is_never_rounded_to_all_or_none():
    areas = [call("autoregressive/distribution.js", "share", area) for area in (0, 0.0004, 0.9996, 1)]
    assert areas == [area(each) for each in (0, 0.0004, 0.9996, 1)] == ["0.000", "<0.001", ">0.999", "1.000"]


def test_a_card_without_histograms_is_not_measured_yet():
    assert words("measured", {}) is None
    assert words("measured", None) is None
    assert words("measured", {"edges": [1, 2]}) == {"edges": [1, 2]}


DRAW = """async ([folder, histograms]) => {
  const { Histograms } = await import(`${folder}/histograms.js`);
  const stage = document.querySelector(".stage.autoregressive");
  const net = (title, dataset, levels, histograms) =>
    ({ title, dataset, levels, histograms, error: null, name: title });
  const nets = { "pixelcnn-fashion-mnist": net("Fashion-MNIST", "fashion-mnist", 256, null) };
  const neutral = { ink: "#000", quiet: "#666", line: "#ccc", ground: "#fff" };
  const colours = () => ({ classes: Array(10).fill("#08f"), you: "#f40", ...neutral });
  const own = net("MNIST", "mnist", 2, histograms);
  const ask = async () => ({ total: -1234.5 });
  const ctx = { value: () => ({ nets }), ask, refresh() {}, colours };
  const view = new Histograms(ctx);
  stage.append(view.main, view.side);
  const answer = { net: own, total: -160, name: "the test image", request: { picture: { kind: "blank" } } };
  view.show(answer);
  await new Promise((done) => setTimeout(done, 300));
  view.show(answer);
  const canvas = view.main.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let marks = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] > 220 && data[i + 1] < 110 && data[i + 2] < 60) marks++;
  const [main, side] = [view.main.innerText, view.side.innerText];
  const kept = { table: view.table().rows.length, picture: view.picture().width };
  return { label: canvas.getAttribute("aria-label"), main, side, words: view.words(), marks, ...kept };
}"""


def test_a_chart_marks_the_picture_and_an_unmeasured_network_says_so(page: Page, app_url: str):
    open_raster(page, app_url, "mode=chain")
    found = page.evaluate(DRAW, [f"{app_url}{MODULES}", measured(auroc=0.997, flagged=0.96, blank=0.25)])
    assert "Your picture has −160.0" in found["label"]
    assert found["marks"] > 100, "the accent is on the canvas"
    assert "Not measured yet" in found["main"]
    assert "−1234.50 nats" in found["main"]
    assert "0.997" in found["side"]
    assert "Under the MNIST network the test image has log p(x) = −160.0 nats" in found["words"]
    assert "flagged" in found["words"]
    assert found["table"] == 1 + 4 * 2
    assert found["picture"] > 100


FAIL = """async (folder) => {
  const { Histograms } = await import(`${folder}/histograms.js`);
  const net = { title: "MNIST", dataset: "mnist", levels: 2, histograms: null, error: null };
  const score = () => ({ net, total: -160, name: "the test image", request: { picture: { kind: "blank" } } });
  const asked = [];
  const ask = async (name) => void asked.push(name);
  let answer = score();
  const refresh = () => view.show(answer);
  const view = new Histograms({ value: () => ({ nets: { "pixelcnn-fashion-mnist": net } }), ask, refresh });
  const counts = [];
  for (const before of [() => {}, () => {}, () => view.retry(), () => (answer = score())]) {
    before();
    refresh();
    await new Promise((done) => setTimeout(done));
    counts.push(asked.length);
  }
  return counts;
}"""


def test_a_question_that_failed_is_not_asked_in_a_loop(page: Page, app_url: str):
    """Once for a score, however often it is shown; again when it is to be retried, and for the next score."""
    open_raster(page, app_url, "mode=chain")
    assert page.evaluate(FAIL, f"{app_url}{MODULES}") == [1, 1, 2, 3]
