"""Networks in a folder of any name, one of them broken, in a real browser: its weights are read, whatever its name."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.server import ROOT, serve
from tests.stage import STAGE, explorer, open_stage, requests_of
from tests.tab import Tab

DIFFUSION = Tab("diffusion", "diffusion", "reverse")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with the real networks in such a folder; a bit of MNIST's VAE is flipped."""
    folder = tmp_path_factory.mktemp("folder")
    nets = folder / "nets #1 %41?x é"
    broken = shutil.copytree(ROOT / "pretrained" / "beta-vae-mnist", nets / "beta-vae-mnist")
    flip_bit(broken / "model.safetensors")
    for each in (ROOT / "pretrained").iterdir():
        if each.name != broken.name:
            (nets / each.name).symlink_to(each)
    with serve(folder / "log.txt", EXPLORER_PRETRAINED=str(nets)) as server:
        yield server.url


def flip_bit(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def test_weights_are_read_from_a_folder_whose_name_is_no_address(page: Page, url: str, tmp_path_factory):
    asked = requests_of(page)
    open_stage(page, url, "data=fashion-mnist")
    assert explorer(page, "x.map.points().mu.length") == 4000
    page.goto(f"{url}/?tab=diffusion&mode=field")
    DIFFUSION.wait_until(page, "x.mode().field && x.mode().plane.scene?.level")
    assert any("pretrained/score-moons/model.safetensors" in each for each in asked)
    assert not [each for each in asked if "nets" in each or str(tmp_path_factory.getbasetemp()) in each]


def test_a_bit_flipped_checkpoint_is_named_and_the_rest_still_works(page: Page, url: str):
    open_stage(page, url)
    notice = page.locator(".block.notice")
    expect(notice).to_contain_text("MNIST cannot be shown")
    expect(notice).to_contain_text("restore it or train it again")
    open_stage(page, url, "data=fashion-mnist")
    assert page.evaluate(f"document.querySelector('{STAGE}').explorer.decode([0, 0]).length") == 784
