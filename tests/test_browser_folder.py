"""Networks in a folder of any name, in a real browser: their weights are read, and nobody learns where they are."""

from pathlib import Path

from playwright.sync_api import Page

from explorer import checkpoints
from tests.server import serve
from tests.stage import explorer, open_stage, requests_of
from tests.tab import Tab

DIFFUSION = Tab("diffusion", "diffusion", "reverse")


def test_weights_are_read_from_a_folder_whose_name_is_no_address(page: Page, tmp_path: Path):
    nets = tmp_path / "nets #1 %41?x é"
    nets.mkdir()
    for name in ("beta-vae-mnist", "score-moons"):
        (nets / name).symlink_to(checkpoints.ROOT / "pretrained" / name)
    asked = requests_of(page)
    with serve(tmp_path / "log.txt", EXPLORER_PRETRAINED=str(nets)) as server:
        open_stage(page, server.url)
        assert explorer(page, "x.map.points().mu.length") == 4000
        page.goto(f"{server.url}/?tab=diffusion&mode=field")
        DIFFUSION.wait_until(page, "x.mode().field && x.mode().plane.scene?.level")
    assert any("pretrained/score-moons/model.safetensors" in url for url in asked)
    assert not [url for url in asked if "nets" in url or str(tmp_path) in url]
