"""A network of the visitor's own in a real browser: its tab, Compare, other pages, and what is said once it is gone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from explorer.networks.opened import OPENED_GONE
from explorer.running.received import POINTER
from tests import tiny_nets
from tests.stage import url_in
from tests.test_browser_language import ENGLISH, VISIBLE

MADE = {"made-mnist": tiny_nets.MODELS["made-mnist"]}
FILES = ("config.json", "model.safetensors", "card.json")
LOST = re.compile("was open in another page only")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    nets = tiny_nets.MODELS | {"vae-mnist": tiny_nets.VAES["vae-mnist"], "rbm-mnist": tiny_nets.ENERGIES["rbm-mnist"]}
    return tiny_nets.write(tmp_path_factory.mktemp("files"), nets)


def dialog(page: Page):
    page.locator(".menus:visible").get_by_role("button", name="View").click()
    page.locator(".stage:visible").get_by_role("button", name="Open a network…").click()
    found = page.locator("dialog.opener")
    expect(found).to_be_visible()
    return found


def open_files(page: Page, folder: Path, *files: str) -> None:
    found = dialog(page)
    found.get_by_label("Files").set_input_files([folder / name for name in files or FILES])
    found.get_by_role("button", name="Open").click()
    expect(found).to_be_hidden()


def net_in(page: Page) -> str:
    page.wait_for_function("/-open-/.test(location.search)")
    return re.search(r"=([a-z0-9-]+-open-[0-9a-f]+)", url_in(page))[1]


def test_a_network_opens_in_its_tab_and_in_compare_and_goes_with_the_page(page: Page, app_url: str, folder: Path):
    page.goto(f"{app_url}/?tab=compare&data=mnist&mode=likely")
    expect(page.locator("#compare-stage .size-row").first).to_be_visible()
    open_files(page, folder / "made-mnist")
    stage = page.locator("#ar-stage .stage")
    expect(stage.get_by_role("combobox", name="Network")).to_have_value(net_in(page))
    address = url_in(page)
    expect(stage.get_by_text("MADE · your network").first).to_be_attached()
    page.wait_for_function("document.querySelector('#ar-stage .stage')?.explorer?.mode().hasResult?.()")

    page.evaluate("goTo('?tab=compare&data=mnist&mode=likely&img=8')")
    row = page.locator("#compare-stage .size-row").filter(has_text="MADE · your network")
    expect(row.locator(".number").first).to_contain_text("=")
    page.evaluate("goTo('?tab=compare&data=mnist&mode=table')")
    expect(page.locator("#compare-stage tr").filter(has_text="MADE · your network")).to_be_visible()

    page.goto(address)
    expect(stage.locator(".status")).to_have_text(LOST)
    expect(stage.get_by_text("your network")).to_have_count(0)
    page.goto(address.replace("tab=ar", "tab=vae"))
    expect(page.locator("#vae-stage .stage .status")).to_have_text(LOST)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_recipe_opens_as_other_programs_save_it(encoding: str, page: Page, app_url: str, folder: Path):
    recipe = (folder / "made-mnist" / "config.json").read_text(encoding="utf-8").encode(encoding)
    path = written(folder / "made-mnist", f"config {encoding}.json", recipe)
    page.goto(f"{app_url}/?tab=foundations")
    found = dialog(page)
    found.get_by_label("Files").set_input_files([path, folder / "made-mnist" / "model.safetensors"])
    found.get_by_role("button", name="Open").click()
    expect(found).to_be_hidden()
    assert net_in(page).startswith("made-mnist")


def test_another_page_neither_lists_it_nor_breaks_at_its_address(page: Page, app_url: str, folder: Path):
    page.goto(f"{app_url}/?tab=ar")
    open_files(page, folder / "made-mnist", *FILES[:2])
    net = net_in(page)
    other = page.context.new_page()
    other.goto(url_in(page))
    stage = other.locator("#ar-stage .stage")
    expect(stage.locator(".status")).to_have_text(LOST)
    expect(stage.locator(".status")).to_be_in_viewport(ratio=1)
    expect(stage.get_by_role("group", name="Network").get_by_role("button", pressed=True)).to_have_text("MNIST")
    assert net not in other.content()
    other.goto(f"{app_url}/?tab=compare&data=mnist&mode=likely&lit={net}")
    expect(other.locator("#compare-stage .status")).to_have_text(LOST)
    expect(other.locator("#compare-stage .size-row").first).to_be_visible()
    assert "your network" not in other.content()


def test_a_page_that_goes_closes_its_networks(page: Page, app_url: str, folder: Path):
    page.goto(f"{app_url}/?tab=ar")
    open_files(page, folder / "made-mnist")
    net = net_in(page)
    ask = f"""async () => {{
      const {{ root, api_prefix: prefix, components }} = gradio_config;
      const {{ id }} = components.find(({{ props }}) => props.elem_id === "ar-stage");
      const told = {{ session_hash: "somebody", component_id: id, fn_name: "score" }};
      const body = JSON.stringify({{ ...told, data: {{ net: "{net}", picture: {{ test: 3, set: "mnist" }} }} }});
      const headers = {{ "content-type": "application/json" }};
      return (await fetch(`${{root}}${{prefix}}/component_server`, {{ method: "POST", headers, body }})).json();
    }}"""
    assert "error" not in page.evaluate(ask)
    page.goto(f"{app_url}/?tab=ar")
    page.wait_for_function("document.querySelector('#ar-stage .stage')?.explorer")
    assert page.evaluate(ask)["error"] == OPENED_GONE


WRONG: dict[str, tuple[Callable[[Path], list[Path]], str]] = {
    "one file": (lambda folder: [folder / "config.json"], "Choose config.json and model.safetensors"),
    "a pickle": (lambda folder: [folder / "config.json", written(folder, "model.pt", b"\x80\x04")], "pickle"),
    "a pickle that says it is none": (
        lambda folder: [folder / "config.json", written(folder, "other.safetensors", b"\x80\x04\x95" + bytes(30))],
        "is a pickle",
    ),
    "other weights": (
        lambda folder: [folder / "config.json", folder.parent / "vae-mnist" / "model.safetensors"],
        "does not hold the tensors of its recipe",
    ),
    "an unknown family": (
        lambda folder: [
            written(
                folder, "config 2.json", json.dumps({"family": "x", "dataset": "mnist", "model": {}, "training": {}})
            ),
            folder / "model.safetensors",
        ],
        "The page opens no network of that family",
    ),
    "a Git LFS pointer": (
        lambda folder: [folder / "config.json", written(folder, "note.safetensors", POINTER + b"v1\nsize 9\n")],
        "note.safetensors is a Git LFS pointer, not the file itself. Run git lfs pull",
    ),
    "too large": (
        lambda folder: [folder / "config.json", written(folder, "large.safetensors", bytes(24_000_001))],
        "The files may have 24 MB together",
    ),
}


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_opened_gets_a_sentence(name: str, page: Page, app_url: str, folder: Path):
    files, said = WRONG[name]
    page.goto(f"{app_url}/?tab=foundations")
    found = dialog(page)
    found.get_by_label("Files").set_input_files(files(folder / "made-mnist"))
    found.get_by_role("button", name="Open").click()
    expect(found.get_by_role("status")).to_contain_text(said)
    found.get_by_role("button", name="Close").click()
    expect(found).to_be_hidden()


def test_by_keys_alone_and_readable_for_all(page: Page, app_url: str, folder: Path):
    page.goto(f"{app_url}/?tab=foundations&__theme=dark")
    page.locator(".stage:visible .header").get_by_role("button", name="View").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Open a network…")).to_be_focused()
    page.keyboard.press("Enter")
    found = page.locator("dialog.opener")
    expect(found).to_be_visible()
    found.get_by_label("Files").set_input_files([folder / "rbm-mnist" / name for name in FILES])
    found.get_by_role("button", name="Open").press("Enter")
    expect(found).to_be_hidden()
    expect(page.locator("#energy-stage .stage")).to_be_visible()
    assert net_in(page).startswith("rbm-mnist-open-")


def test_two_of_them_stand_side_by_side(page: Page, app_url: str, folder: Path):
    page.goto(f"{app_url}/?tab=vae-room&mode=make")
    for _ in range(2):
        open_files(page, folder / "vae-mnist", *FILES[:2])
    choices = page.locator("#vae-room-stage .stage").get_by_label("Network").locator("button, option")
    expect(choices.filter(has_text="your network")).to_have_text(["your network", "your network 2"])


def test_a_map_is_drawn_from_the_visitors_own_file(page: Page, app_url: str):
    asked = []
    page.goto(f"{app_url}/?tab=foundations")
    page.on("request", lambda request: asked.append(request.url))
    own = Path(__file__).parents[1] / "pretrained" / "beta-vae-mnist"
    open_files(page, own, *FILES, "atlas.safetensors")
    expect(page.locator("#vae-stage .stage")).to_contain_text("your network")
    page.wait_for_function("document.querySelector('#vae-stage .stage')?.explorer?.decode([0, 0])")
    page.evaluate("document.querySelector('#vae-stage .stage').explorer.store.commit({ mode: 'explore' })")
    expect(page.locator("#vae-stage .stage")).to_contain_text("The codes have standard deviations")
    assert not [each for each in asked if "-open-" in each and "pretrained" in each]


def test_a_phone_opens_one_too(phone: Page, app_url: str, folder: Path):
    phone.goto(f"{app_url}/?tab=ar")
    open_files(phone, folder / "made-mnist")
    expect(phone.locator("#ar-stage .stage").get_by_label("Network").first).to_be_visible()
    phone.reload()
    expect(phone.locator("#ar-stage .stage .status")).to_have_text(LOST)
    expect(phone.locator("#ar-stage .stage .status")).to_be_in_viewport(ratio=1)


def test_the_dialog_speaks_the_language_of_the_page(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&__lang=de")
    page.locator(".stage:visible .header").get_by_role("button", name="Ansicht").click()
    page.locator(".stage:visible").get_by_role("button", name="Netz öffnen…").click()
    found = page.locator("dialog.opener")
    found.get_by_role("button", name="Öffnen", exact=True).click()
    expect(found.get_by_role("status")).to_contain_text("aus einem Ordner wählen")
    assert not [text for text in page.evaluate(VISIBLE) if ENGLISH.search(text)]
    found.get_by_role("button", name="Schließen").click()
    expect(found).to_be_hidden()
