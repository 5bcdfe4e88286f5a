"""Steps of docs/package.md, done word for word outside the tree: an installed package adds a family."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from safetensors.torch import load_file
from torch.distributions import Bernoulli, Categorical, Independent, MixtureSameFamily, Normal

from explorer import data
from explorer.models import NETWORKS
from explorer.networks import checkpoints, installed
from tests.server import serve
from tests.stage import mode_tab
from tests.test_adding import BLOCK

ROOT = checkpoints.ROOT
GUIDE = (ROOT / "docs" / "package.md").read_text(encoding="utf-8")
COMMANDS = re.compile(r"```sh\n(python -m explorer.train .*?)\n```", re.DOTALL)
STAGE = "#prototypes-stage .stage"
CONTRACT = ("models", "start", "attack_questions", "mechanism", "tabs", "every_question", "spaces", "checkpoints")
FAMILY_TESTS = "prototypes or every_family or the_page_offers"
FITTED = """import sys
from pathlib import Path
import torch
from explorer import data
from explorer.networks import checkpoints
folder = Path(sys.argv[1])
recipe = checkpoints.read_json(folder / "config.json")
model = checkpoints.build(recipe)
x = data.bundled_binary_images("mnist")
model.fit(x, recipe["training"], generator=torch.Generator().manual_seed(0))
checkpoints.save_weights(model, folder / "model.safetensors")
"""
"""The network of images, fitted to the bundled ones: the whole training data may not be here. It gets no card."""


def write(folder: Path) -> None:
    """Write the files of the guide."""
    for name, _, content in BLOCK.findall(GUIDE):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n", encoding="utf-8")


def install(package: Path) -> None:
    """Write what pip writes of an editable package: its name, and where its entry points lead."""
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = package / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    named = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(named, encoding="utf-8")
    points = [
        line
        for group, each in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in each.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(points) + "\n", encoding="utf-8")


def run(package: Path, *command: str, timeout: float = 600) -> str:
    """Run a command of Python in the repository, with the package installed; returns what it printed."""
    there = os.environ | {"PYTHONPATH": str(package), "EXPLORER_RUNS": str(package.parent / "runs")}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=there, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-2_000:]
    return done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the guide, installed, its network of points trained and measured by the commands of the guide."""
    folder = tmp_path_factory.mktemp("outside")
    write(folder)
    found = folder / "my-prototypes"
    install(found)
    (commands,) = COMMANDS.findall(GUIDE)
    for line in commands.splitlines():
        run(found, *line.split()[1:])
    run(found, "-c", FITTED, str(found / "prototypes" / "nets" / "prototypes-mnist"))
    return found


def net(package: Path, name: str) -> Path:
    return package / "prototypes" / "nets" / name


def asked(package: Path, script: str) -> str:
    return run(package, "-c", script).strip().splitlines()[-1]


def test_no_javascript_is_written():
    names = [name for name, _, _ in BLOCK.findall(GUIDE)]
    assert len(names) == 6 and not [name for name in names if name.endswith((".js", ".css"))]


OURS = "lint.isort.known-first-party=['explorer', 'prototypes']"
CODE = [(name, content) for name, kind, content in BLOCK.findall(GUIDE) if kind == "python"]


@pytest.mark.parametrize(("name", "content"), CODE, ids=[name for name, _ in CODE])
def test_the_guides_code_is_written_like_the_projects_own(name: str, content: str):
    for what in (
        ["check", "--config", "lint.isort.known-first-party=['explorer','prototypes']"],
        ["format", "--check"],
    ):
        command = [sys.executable, "-m", "ruff", *what, "--stdin-filename", name, "-"]
        done = subprocess.run(command, cwd=ROOT, input=content + "\n", capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.deep
def test_the_contract_of_every_family_holds_of_an_installed_one(package: Path):
    files = [f"tests/test_{name}.py" for name in CONTRACT]
    result = run(package, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", FAMILY_TESTS, *files, timeout=900)
    assert int(re.search(r"(\d+) passed", result)[1]) > 40


@pytest.mark.deep
def test_its_likelihood_is_that_of_torch(package: Path):
    points = load_file(net(package, "prototypes-moons") / "model.safetensors")
    shares = Categorical(logits=points["log_shares"].double())
    each = Normal(points["means"].double(), points["log_widths"].double().exp())
    x = data.load("moons", "test").points[:500]
    wanted = -float(MixtureSameFamily(shares, Independent(each, 1)).log_prob(x.double()).mean())
    card = checkpoints.read_json(net(package, "prototypes-moons") / "card.json")
    (nll,) = card["rows"]
    assert nll["kind"] == "exact" and nll["value"] == pytest.approx(wanted, abs=0.1) and 0.3 < wanted < 2
    losses = card["training"]["losses"]
    assert losses == sorted(losses, reverse=True) and losses[0] - losses[-1] > 0.3

    pixels = load_file(net(package, "prototypes-mnist") / "model.safetensors")
    shares = Categorical(logits=pixels["log_shares"].double())
    each = Bernoulli(logits=pixels["means"].double())
    x = data.bundled_binary_images("mnist")[:1]
    wanted = float(MixtureSameFamily(shares, Independent(each, 1)).log_prob(x.flatten(1).double()))
    script = (
        "from explorer import checkpoints, data\nfrom explorer.questions import likelihood\n"
        "model = checkpoints.load('prototypes-mnist', 'cpu')\n"
        "print(likelihood.ask(model, data.bundled_binary_images('mnist')[:1]).nats)"
    )
    assert float(asked(package, script)) == pytest.approx(wanted, abs=1e-3)


EMPTY = """from pathlib import Path
from torch import nn
from explorer.networks.installed import Family
class Model(nn.Module):
    title = "Odd"
FAMILY = Family(Model, Path(__file__).parent / "none", "Why?")
"""
UNTITLED = EMPTY.replace("title", "name")
BROKEN = {
    "raises": ("raise RuntimeError('no such thing')", "no such thing"),
    "exits": ("raise SystemExit('the end')", "the end"),
    "number": ("FAMILY = 3", "must be an explorer.networks.installed.Family"),
    "nothing": ("", "has no attribute 'FAMILY'"),
    "untitled": (UNTITLED, "its model has no title"),
    "empty": (EMPTY, "holds no empty-…/config.json"),
    "beta-vae": (EMPTY, "another family has this name"),
    "Upper": (EMPTY, "must be lower-case words"),
}
"""Packages that cannot be used, by their families' names: their code, and the reason that is given."""
PAGE = """import gradio as gr
from explorer.networks import installed
from explorer.models import NETWORKS
from explorer.tabs import interface
demo = interface.build([tab for tab in interface.TABS if tab.name in ("start", "compare")])
shown = [b.value for b in demo.blocks.values() if isinstance(b, gr.Markdown) and "notice" in b.elem_classes]
print(len(NETWORKS), [tab.name for tab in interface.TABS][-3:], *sorted(shown), sep="|")
"""


def test_broken_packages_are_named_on_the_page_and_the_rest_works(tmp_path: Path):
    points = [f"{name} = broken_{k}:FAMILY" for k, name in enumerate(BROKEN)]
    info = tmp_path / "broken-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("\n".join(["[explorer.families]", *points]) + "\n", encoding="utf-8")
    for k, (content, _) in enumerate(BROKEN.values()):
        (tmp_path / f"broken_{k}.py").write_text(content, encoding="utf-8")
    count, names, *notices = asked(tmp_path, PAGE).split("|")
    assert int(count) == len(NETWORKS) and names == "['energy', 'compare', 'lab']"
    assert len(notices) == 2 * len(BROKEN)  # on Start and in Compare
    for name, (_, reason) in BROKEN.items():
        found = [each.replace("\\", "") for each in notices if f"The installed family “{name}” cannot be used" in each]
        assert len(found) == 2 and all(reason in each for each in found)


@pytest.mark.deep
def test_a_family_whose_texts_are_broken_stays_in_compare_without_a_tab(package: Path, tmp_path: Path):
    copy = tmp_path / "my-prototypes"
    shutil.copytree(package, copy)
    (copy / "prototypes" / "texts" / "tour.md").write_text("# A tour\n\n---\ntitel: Odd\n---\n", encoding="utf-8")
    count, names, *notices = asked(copy, PAGE).split("|")
    assert int(count) == len(NETWORKS) + 1 and names == "['energy', 'compare', 'lab']"
    assert len(notices) == 2 and all("“prototypes” cannot be used: " in each for each in notices)


@pytest.fixture(scope="module")
def url(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("log") / "log.txt"
    with serve(log, PYTHONPATH=str(package)) as server:
        yield server.url


ANSWERS = {
    "Make": "Prototypes took one evaluation",
    "How likely?": "costs Prototypes",
    "Complete": "The answers lie",
}


@pytest.mark.parametrize("of", ["prototypes-mnist", "prototypes-moons"])
def test_its_tab_answers_without_javascript(page: Page, url: str, of: str):
    page.goto(f"{url}/?tab=prototypes&net={of}")
    stage = page.locator(STAGE)
    stage.locator(".panel").wait_for()
    for mode, said in ANSWERS.items():
        mode_tab(page, mode).click()
        expect(stage.locator(".seen p").last).to_contain_text(said)
    mode_tab(page, "Anomaly").click()
    if of == "prototypes-moons":
        expect(stage.locator(".seen p").last).to_contain_text("the point (")
    else:
        stage.get_by_role("group", name="Network", exact=True).get_by_role("button", name="MNIST").click()
        expect(stage.locator(".main")).to_contain_text("Prototypes was not measured yet")
        expect(page.locator(f"#evidence-{of}")).to_contain_text("Nothing was measured of this network")
    assert stage.locator(".status").text_content() == ""


def test_it_has_its_place_on_the_map_and_in_compare(page: Page, url: str):
    page.goto(f"{url}/?tab=compare&data=mnist&mode=likely")
    rows = page.locator("#compare-stage .groups .size-row").filter(has_text="Prototypes")
    expect(rows.locator(".number").first).to_contain_text("=")
    page.goto(f"{url}/?tab=start")
    expect(page.locator("#start-stage .tree")).to_contain_text("Prototypes")


def test_without_a_package_the_registries_are_those_of_the_repository():
    assert (installed.families, installed.problems, checkpoints.elsewhere) == ({}, [], {})
