"""Compress in the comparison, in a real browser: files by every family, downloaded and opened again."""

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from explorer.tabs.kit.ask.nets import title_of
from tests.compare import compare, main, open_compare, panel, saved, state, wait_until
from tests.stage import url_in


def answered(page: Page) -> None:
    wait_until(page, "x.mode().answer?.isCurrent && !x.mode().value.more")


def opened(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        panel(page).get_by_role("button", name="Decode a file").click()
    chooser.value.set_files(path)


def test_a_picture_is_compressed_by_all_who_have_a_p_of_x_and_read_back(page: Page, compare_app: str, tmp_path: Path):
    open_compare(page, compare_app, "mode=compress&img=12")
    answered(page)
    group = main(page).locator(".group").filter(visible=True).first
    titles = group.locator(".of-model > :first-child").all_inner_texts()
    assert titles == ["2-latent β-VAE", "PixelCNN", "MADE"]
    ask = "x.mode().ctx.ask('compress', { net: '%s', x: x.mode().asked.picture })"
    nets = compare(page, "x.mode().value.table.slice(1).map(([net]) => net)")
    found = [(title_of(net), compare(page, ask % net)) for net in nets]
    for title, answer in found:
        row = group.locator(".size-row", has_text=title)
        first = [answer["first"] // 8] if answer["first"] else []
        parts = [part for part in (answer["code"] - sum(first), *first, answer["header"]) if part]
        expect(row.locator(".number")).to_have_text(str(sum(parts)))
        expect(row.locator(".number")).to_have_attribute("title", " + ".join(map(str, parts)))
    cannot = main(page).locator(".silent")
    expect(cannot).to_contain_text("GAN cannot, because it has no p(x)")
    with page.expect_download() as download:
        panel(page).get_by_role("button", name="Download the shortest file").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.stat().st_size == min(answer["code"] + answer["header"] for _, answer in found)
    opened(page, path)
    expect(panel(page).locator(".code-file-says")).to_contain_text("were read back as 784 pixels", timeout=60_000)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {row["network"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {"beta-vae-mnist", "pixelcnn-mnist", "made-mnist"}
    assert float(rows["beta-vae-mnist"]["first bits"]) == 48


def test_a_network_of_text_that_is_not_here_is_named_and_points_of_the_plane_have_no_file(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=compress&of=text")
    expect(main(page).locator(".silent")).to_contain_text("Transformer")
    expect(panel(page).get_by_label("Your text, up to 500 characters")).to_be_visible()
    expect(panel(page).get_by_role("button", name="any")).to_be_hidden()
    panel(page).get_by_role("button", name="picture", exact=True).click()
    wait_until(page, "x.mode().value?.table.length > 1")
    assert "of" not in url_in(page).partition("?")[2] and state(page)["of"] == "picture"
