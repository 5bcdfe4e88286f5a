"""Further networks of `EXPLORER_EXTRA`: they open in their tabs and in Compare, and a broken one stops nothing."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError
from playwright.sync_api import Page, expect

from explorer.models import FAMILIES
from explorer.networks import checkpoints, extra, installed
from explorer.tabs import interface
from tests import tiny_nets
from tests.server import serve

ROOT = checkpoints.ROOT
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MADE = {"made-mnist": tiny_nets.MODELS["made-mnist"]}
LSTM = {"lstm-shakespeare": {"width": 12, "layers": 1, "embedding": 8}}
WAVENET = {"wavenet-digits": {"channels": 4, "skips": 4, "layers": 4, "stacks": 1, "excerpt": 64}}
GARMENTS = {"pix2pix-fashion-mnist": tiny_nets.PAIRED["pix2pix-fashion-mnist"]}
CYCLE = {"cyclegan-mnist": {"domains": "slant", "generator": [8, 8], "blocks": 1, "discriminator": [8, 8, 8]}}
OWN = "made-mnist-my-raster"


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Keep what is opened and reported in a test out of the other tests."""
    monkeypatch.setattr(extra, "titles", {})
    monkeypatch.setattr(extra, "apart", {})
    monkeypatch.setattr(installed, "problems", [])
    return monkeypatch


def write(folder: Path, name: str, models: dict[str, dict] = MADE) -> Path:
    """Write a tiny network of some family into a folder of any name."""
    tiny_nets.write(folder / "raw", models)
    ((net),) = models
    (folder / "raw" / net).rename(folder / name)
    return folder / name


def loaded(apart: pytest.MonkeyPatch, *places: str | Path, started_in: Path = ROOT) -> dict[str, Path]:
    apart.setenv(extra.SETTING, os.pathsep.join(map(str, places)))
    return dict(extra.load(FAMILIES, started_in, {"made-mnist"}))


def test_a_folder_is_called_after_its_family_its_data_set_and_itself(tmp_path: Path, apart: pytest.MonkeyPatch):
    folder = write(tmp_path, "My Raster")
    assert loaded(apart, folder) == {OWN: folder} and extra.titles == {OWN: "My Raster"} and not installed.problems
    apart.setattr(extra, "titles", {})
    assert loaded(apart, "My Raster", started_in=tmp_path) == {OWN: folder}


@pytest.mark.parametrize(("name", "net"), [("made-mnist-late", "made-mnist-late"), ("Ω", "made-mnist-[0-9a-f]{8}")])
def test_a_name_is_one_that_an_address_can_hold(name: str, net: str, tmp_path: Path, apart: pytest.MonkeyPatch):
    (found,) = loaded(apart, write(tmp_path, name))
    assert re.fullmatch(net, found)


def changed(folder: Path, **recipe: object) -> Path:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | recipe), encoding="utf-8")
    return folder


def test_what_cannot_be_opened_is_reported_and_the_others_open(tmp_path: Path, apart: pytest.MonkeyPatch):
    (tmp_path / "empty").mkdir()
    places = [
        tmp_path / "nowhere",
        tmp_path / "empty",
        changed(write(tmp_path, "odd family"), family="perceptron"),
        changed(write(tmp_path, "no family"), family=["made"]),
        changed(write(tmp_path, "odd data"), dataset="cifar"),
        write(tmp_path, "My Raster"),
        write(tmp_path, "my-raster"),
        "owner/name",
        "owner/name@main",
    ]
    assert list(loaded(apart, *places)) == [OWN]
    reasons = [
        *("“nowhere” of EXPLORER_EXTRA cannot be opened: it is neither a folder", "no config.json"),
        *("“odd family” of EXPLORER_EXTRA cannot be opened: its recipe names the family “perceptron”", "['made']"),
        *("its recipe names the data set “cifar”", "rename the folder", "neither a folder", "neither a folder"),
    ]
    assert len(installed.problems) == len(reasons)
    assert all(reason in problem for reason, problem in zip(reasons, installed.problems))
    assert not any(str(tmp_path) in problem for problem in installed.problems)  # visitors need not know it


def test_a_network_of_text_is_told_apart_from_those_of_images(tmp_path: Path, apart: pytest.MonkeyPatch):
    writer = write(tmp_path, "My Writer", LSTM)
    assert loaded(apart, writer) == {"lstm-shakespeare-my-writer": writer}
    assert extra.apart == {"lstm-shakespeare-my-writer": "My Writer"} and not extra.titles
    assert not loaded(apart, changed(write(tmp_path, "odd", LSTM), dataset="mnist"))
    assert "names the data set “mnist”, and the app has shakespeare" in installed.problems[-1]


@pytest.mark.parametrize(("models", "dataset"), [(WAVENET, "mnist"), (GARMENTS, "digits"), (CYCLE, "fashion-mnist")])
def test_a_network_of_sound_or_translation_opens_for_its_own_data_only(
    models: dict, dataset: str, tmp_path: Path, apart: pytest.MonkeyPatch
):
    (net,) = models
    assert list(loaded(apart, write(tmp_path, "mine", models))) == [f"{net}-mine"] and not extra.titles
    assert not loaded(apart, changed(write(tmp_path, "odd", models), dataset=dataset))
    assert f"names the data set “{dataset}”" in installed.problems[-1]


def test_there_may_be_no_more_than_some(tmp_path: Path, apart: pytest.MonkeyPatch):
    folder = write(tmp_path, "first")
    apart.setattr(extra, "MOST_FOLDERS", 1)
    assert len(loaded(apart, folder, tmp_path / "second")) == 1
    assert "at most 1 are opened" in installed.problems[0]


@pytest.mark.parametrize("with_card", [True, False])
def test_a_repository_is_fetched_at_its_commit(with_card: bool, tmp_path: Path, apart: pytest.MonkeyPatch):
    source = write(tmp_path, "source")
    if not with_card:
        (source / "card.json").unlink()
    asked = []

    def download(repo: str, file: str, *, revision: str) -> str:
        asked.append((repo, file, revision))
        if not (source / file).exists():
            raise EntryNotFoundError("404")
        return str(source / file)

    apart.setattr(huggingface_hub, "hf_hub_download", download)
    assert loaded(apart, f"owner/my-raster@{COMMIT}") == {OWN: source}
    assert extra.titles == {OWN: "my-raster"} and not installed.problems
    assert asked == [("owner/my-raster", file, COMMIT) for file in (*extra.NEEDED, *extra.OPTIONAL)]


def test_a_repository_that_is_not_there_is_reported(apart: pytest.MonkeyPatch):
    def download(repo: str, file: str, *, revision: str) -> str:
        response = type("Response", (), {"status_code": 404, "headers": {}, "request": None})()
        raise RepositoryNotFoundError("no such repository", response=response)

    apart.setattr(huggingface_hub, "hf_hub_download", download)
    assert not loaded(apart, f"owner/my-raster@{COMMIT}")
    assert "it was not found (404): check EXPLORER_EXTRA" in installed.problems[0]


def test_the_browser_reads_what_a_network_consists_of_and_no_other_file(tmp_path: Path, apart: pytest.MonkeyPatch):
    folder = write(tmp_path, "mine")
    (folder / "notes.json").write_text("{}", encoding="utf-8")
    weights = folder / "model.safetensors"
    weights.rename(tmp_path / "blob")
    weights.symlink_to(tmp_path / "blob")  # as in the cache of the Hub's client
    apart.setitem(checkpoints.elsewhere, "made-mnist-mine", folder)
    found = {}
    for file in ("config.json", "model.safetensors", "notes.json", "card.json", "../raw", "sub/config.json"):
        path = f"/gradio_api/file=pretrained/made-mnist-mine/{file}"
        place = next(each for each in interface.folders() if re.match(each.address, path))
        found[file] = place.find(path[re.match(place.address, path).end() :]) is not None
    assert [file for file, is_there in found.items() if is_there] == ["config.json", "model.safetensors"]


def test_weights_without_a_card_must_have_the_shapes_of_the_recipe(tmp_path: Path, apart: pytest.MonkeyPatch):
    folder = write(tmp_path, "mine")
    (folder / "card.json").unlink()
    apart.setitem(checkpoints.elsewhere, "made-mnist-mine", folder)
    assert checkpoints.read_card(folder)["training"] == {}
    assert checkpoints.load("made-mnist-mine", "cpu").space.name == "binary"
    other = changed(write(tmp_path, "other"), model={"widths": [24, 32]})
    (other / "card.json").unlink()
    apart.setitem(checkpoints.elsewhere, "made-mnist-other", other)
    with pytest.raises(checkpoints.CheckpointError, match="shape"):
        checkpoints.load("made-mnist-other", "cpu")


def test_a_card_is_believed_only_if_its_weights_are_those_that_were_measured(tmp_path: Path, apart: pytest.MonkeyPatch):
    folder, other = write(tmp_path, "mine"), write(tmp_path / "b", "other", {"made-mnist": {"widths": [24, 25]}})
    shutil.copy(other / "card.json", folder / "card.json")
    apart.setitem(checkpoints.elsewhere, "made-mnist-mine", folder)
    with pytest.raises(checkpoints.CheckpointError, match="sha256 differs"):
        checkpoints.load("made-mnist-mine", "cpu")


PLANES = ("flow-moons", "energy-moons", "flow-matching-rings", "denoising-autoencoder-moons", "beta-vae-mnist")
KINDS = {
    **(tiny_nets.MODELS | tiny_nets.FLOWS | tiny_nets.VELOCITIES | tiny_nets.GANS | tiny_nets.STYLEGANS),
    **(tiny_nets.CODES | tiny_nets.VAES | tiny_nets.DISCRETE | tiny_nets.ENERGIES | tiny_nets.RECURRENT),
    **{net: each for net, each in tiny_nets.DIFFUSIONS.items() if net.endswith("-mnist")},
}
OF_DIGITS = {net: each for net, each in KINDS.items() if "fashion" not in net}
SHOWN = """import json
import runpy
import sys
import gradio as gr
sys.path[0] = "."
from app import demo
from explorer.networks import extra
from explorer.tabs import interface
notices = [b.value for b in demo.blocks.values() if isinstance(b, gr.Markdown) and "notice" in b.elem_classes]
tabs = {tab.name: [net for net in tab.nets if net in extra.titles] for tab in interface.TABS}
compare = next(b.value for b in demo.blocks.values() if b.elem_id == "compare-stage")
columns = [each for known in compare["datasets"].values() for each in known["families"]]
columns = {each["net"]: [each["family"], each["title"], each["address"]] for each in columns}
told = {"notices": notices, "tabs": tabs, "columns": columns, "titles": extra.titles}
with open(__file__ + ".json", "w") as file:
    json.dump(told, file)
runpy.run_path("tests/patient_app.py")
"""
"""Script that writes what its page holds into a file, and then serves it."""
ALONE = {"pixelrnn", "consistency"}
"""Families whose networks stand in Compare alone."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A network of each family in a folder of its own name, every second without a card."""
    folder = tmp_path_factory.mktemp("extra")
    tiny_nets.write(folder / "raw", OF_DIGITS)
    for index, net in enumerate(sorted(OF_DIGITS)):
        path = (folder / "raw" / net).rename(folder / f"my {net.removesuffix('-mnist')}")
        if index % 2:
            (path / "card.json").unlink()
    for net in PLANES:
        (folder / f"my {net}").symlink_to(ROOT / "pretrained" / net)
    return os.pathsep.join(str(path) for path in sorted(folder.glob("my *")))


@pytest.fixture(scope="module")
def app(places: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict]]:
    """The address of an app with all of them, and what its page holds."""
    script = tmp_path_factory.mktemp("app") / "shown.py"
    script.write_text(SHOWN, encoding="utf-8")
    apart = {"my writer": LSTM, "my voice": WAVENET, "my tailor": GARMENTS, "my lean": CYCLE}
    some = [str(write(tmp_path_factory.mktemp("apart"), name, models)) for name, models in apart.items()]
    setting = {extra.SETTING: os.pathsep.join([places, *some, "/nowhere"])}
    with serve(script.with_name("log.txt"), app=str(script), **setting) as server:
        yield server.url, json.loads(Path(f"{script}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told(app: tuple[str, dict]) -> dict:
    return app[1]


@pytest.fixture(scope="module")
def url(app: tuple[str, dict]) -> str:
    return app[0]


def test_a_network_of_each_family_opens_in_the_tab_of_its_family(told: dict):
    assert told["notices"] and all("“nowhere”" in notice for notice in told["notices"])
    assert len(told["titles"]) == len(OF_DIGITS) + len(PLANES)
    shown = [net for nets in told["tabs"].values() for net in nets]
    assert len(shown) == len(set(shown))
    families = {net.partition("-mnist-")[0] for net in set(told["titles"]) - set(shown)}
    assert families == ALONE


def test_a_further_network_of_a_generative_family_has_a_column_of_its_own(told: dict):
    families = [family for family, _, _ in told["columns"].values()]
    assert len(told["columns"]) == len(set(told["columns"]))
    missing = {net for net in told["titles"] if net not in told["columns"]}
    assert all("autoencoder" in net for net in missing)
    assert families.count("made") == 1
    family, title, address = told["columns"]["made-mnist-my-made"]
    assert (family, title) == ("made-mnist-my-made", "MADE · my made") and address["net"] == "made-mnist-my-made"
    _, _, address = told["columns"]["beta-vae-mnist-my-beta-vae-mnist"]
    assert address["data"] == "beta-vae-mnist-my-beta-vae-mnist"


def test_a_further_network_draws_in_its_tab_and_is_asked_in_compare(page: Page, url: str):
    page.goto(f"{url}/?tab=ar&mode=generate&net=made-mnist-my-made&at=784")
    stage = page.locator("#ar-stage .stage")
    expect(stage.get_by_role("combobox", name="Network").first).to_have_value("made-mnist-my-made")
    page.goto(f"{url}/?tab=compare&data=mnist&mode=likely&lit=made-mnist-my-made")
    row = page.locator("#compare-stage .groups .size-row").filter(has_text="MADE · my made")
    expect(row.locator(".number").first).to_contain_text("=")
    expect(page.locator(".notice").filter(has_text="nowhere").first).to_contain_text("cannot be opened")


@pytest.mark.core
def test_a_further_network_of_text_writes_and_is_compared(page: Page, url: str):
    page.goto(f"{url}/?tab=text&mode=generate&net=lstm-shakespeare-my-writer&length=100")
    stage = page.locator("#text-stage .stage")
    expect(stage.get_by_role("button", name="my writer")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("document.querySelector('#text-stage .stage').explorer.mode().drawn?.frames.length > 50")
    page.goto(f"{url}/?tab=text&mode=surprise")
    expect(stage).to_contain_text("my writer")
    page.goto(f"{url}/?tab=text&mode=loss&net=lstm-shakespeare-my-writer")
    expect(stage).to_contain_text("nothing was measured of “my writer”")


@pytest.mark.core
def test_a_further_network_of_sound_speaks_and_scores(page: Page, url: str):
    page.goto(f"{url}/?tab=sound&mode=speak&net=wavenet-digits-my-voice&given=200")
    stage = page.locator("#sound-stage .stage")
    expect(stage.get_by_role("button", name="my voice")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("document.querySelector('#sound-stage .stage').explorer.mode().drawn?.frames.length > 5")
    page.goto(f"{url}/?tab=sound&mode=score&net=wavenet-digits-my-voice")
    expect(stage).to_contain_text(re.compile(r"my voice needs ([89]|\d\d)\."))  # untrained: a level has 8 bits
    page.goto(f"{url}/?tab=sound&mode=score")
    expect(stage).to_contain_text(re.compile(r"WaveNet needs [3-6]\."))


@pytest.mark.core
def test_further_translations_stand_beside_ours(page: Page, url: str):
    page.goto(f"{url}/?tab=translate&mode=paired&img=1")
    stage = page.locator("#translate-stage .stage")
    made = stage.locator("figure").filter(has_text="translation:").locator("canvas").first
    expect(made).to_be_visible()
    ours = made.evaluate("canvas => canvas.toDataURL()")
    stage.get_by_role("button", name="outline → garment, my tailor").click()
    expect(page).to_have_url(re.compile("net=pix2pix-fashion-mnist-my-tailor"))
    page.wait_for_function("([canvas, ours]) => canvas.toDataURL() !== ours", arg=[made.element_handle(), ours])
    page.goto(f"{url}/?tab=translate&mode=unpaired&img=34&net=cyclegan-mnist-my-lean")
    rows = stage.locator(".main").first
    expect(rows.get_by_text("no cycle loss", exact=True)).to_be_visible()
    expect(rows.get_by_text("cycle, identity", exact=True)).to_be_hidden()
    page.goto(f"{url}/?tab=translate&mode=permutes&net=cyclegan-mnist-my-lean")
    expect(stage).to_contain_text("No such network was trained and measured.")


def test_a_further_vae_has_its_own_map(page: Page, url: str):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/?tab=vae&data=beta-vae-mnist-my-beta-vae-mnist")
    stage = page.locator("#vae-stage .stage")
    expect(stage).to_contain_text(re.compile(r"codes have standard deviations \d"))
    assert any("pretrained/beta-vae-mnist-my-beta-vae-mnist/atlas.safetensors" in each for each in asked)
