"""Training replayed in a real browser, each snapshot with its own encoder and decoder."""

import re
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageSequence
from playwright.sync_api import Page, Route, expect
from safetensors.torch import load_file

from explorer.networks import checkpoints
from tests.server import ROOT
from tests.stage import STAGE, explorer, open_stage, panel, requests_of, saved, state, wait_for_address

MODEL = ROOT / "pretrained" / "beta-vae-mnist"


def own_class_share(page: Page) -> float:
    """The share of codes whose nearest neighbour is of their own class, in percent."""
    sentence = panel(page).locator(".seen")
    expect(sentence).to_contain_text("has their own class")
    return float(re.search(r"(\d+) %", sentence.inner_text())[1])


def first_code(page: Page) -> list[float]:
    return page.evaluate(f"[...document.querySelector('{STAGE}').explorer.map.points().mu.slice(0, 2)]")


def kept(step: int) -> dict:
    """Line of the log for a snapshot."""
    return checkpoints.read_json(MODEL / "snapshots" / "log.json")["snapshots"][step]


def decoded_by_torch(step: int, z: torch.Tensor, beta: float) -> np.ndarray:
    """The means (B, 784) that one snapshot decodes from z (B, 2)."""
    model = checkpoints.build(checkpoints.read_json(MODEL / "config.json"))
    model.load_state_dict(load_file(MODEL / "snapshots" / kept(step)["file"]), strict=False)
    with torch.no_grad():
        return model.decode(z, beta).mean.flatten(1).numpy()


def wait_for_decoder(page: Page, requests: list[str], step: int) -> None:
    """Wait until the map decodes with the snapshot of a step."""
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.decoderOverride.value")
    page.wait_for_timeout(1_000)
    assert any(kept(step)["file"].removeprefix("../") in url for url in requests)


def test_training_is_replayed_from_its_snapshots(page: Page, app_url: str):
    requests = requests_of(page)
    open_stage(page, app_url, "mode=learn&step=0")
    start, code = own_class_share(page), first_code(page)
    z = 2 * torch.randn(50, 2, generator=torch.Generator().manual_seed(0))
    last = len(checkpoints.read_json(MODEL / "snapshots" / "log.json")["snapshots"]) - 1
    page.get_by_role("slider", name="Training: step").press("End")
    wait_for_address(page, "step=")
    assert state(page)["step"] == last
    expect(panel(page).locator(".seen")).not_to_contain_text("After 0 images")
    assert own_class_share(page) > start + 20
    assert first_code(page) != code
    expect(panel(page).locator("canvas.chart")).to_have_count(3)
    for step in (last, last - 1):
        wait_for_decoder(page, requests, step)
        ours = np.array(explorer(page, f"{z.tolist()}.map((point) => [...x.decode(point)])"))
        assert np.abs(ours - decoded_by_torch(step, z, 1.0)).max() <= 1e-3
        page.get_by_role("button", name="One step back").click()
    page.locator("#vae-tab-explore").click()
    expect(panel(page).locator(".decoded")).to_be_visible()


def test_a_snapshot_is_fetched_once(page: Page, app_url: str):
    requests = requests_of(page)
    open_stage(page, app_url, "mode=learn&step=3")
    wait_for_decoder(page, requests, 3)
    for name in ("Fashion-MNIST", "MNIST"):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_timeout(1_500)
    scrubber = page.get_by_role("slider", name="Training: step")
    for key in ("Home", "End", "Home"):
        scrubber.press(key)
        page.wait_for_timeout(600)
    weights = [url.partition("/file=")[2] for url in requests if "mnist/snapshots/" in url and ".safetensors" in url]
    assert len(set(weights)) >= 3
    assert max(map(weights.count, weights)) == 2, "one request for the header, one for the weights"


def test_every_frame_of_a_saved_training_holds_a_cloud_though_other_frames_are_asked_for(
    page: Page, app_url: str, tmp_path: Path
):
    open_stage(page, app_url, "mode=learn&step=4")
    own_class_share(page)

    def late(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route("**/component_server**", late)
    scrub = """() => setInterval(() => {
      const scrubber = document.querySelector(".film-scrubber");
      scrubber.value = (Number(scrubber.value) + 5) % 12;
      scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    }, 200)"""
    page.evaluate(scrub)
    with Image.open(saved(page, "GIF", tmp_path)) as gif:
        frames = [np.asarray(frame.convert("RGB"))[:300].reshape(-1, 3) for frame in ImageSequence.Iterator(gif)]
    assert len(frames) >= 12
    assert min(len(np.unique(frame, axis=0)) for frame in frames) > 5
