"""Steps of docs/adding.md, done word for word in a copy of the repository: a family comes to be without JavaScript."""

import ast
import json
import math
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from safetensors.torch import load_file
from torch.distributions import Normal

from explorer import data
from explorer.networks import checkpoints
from tests.server import serve
from tests.stage import mode_tab

ROOT = checkpoints.ROOT
GUIDE = ROOT / "docs" / "adding.md"
BLOCK = re.compile(r"`([\w.-]+/[\w/.-]+)`[^\n]*:\n\n```(\w+)\n(.*?)\n```", re.DOTALL)
COMMANDS = re.compile(r"```sh\n(python -m explorer.train .*?)\n```", re.DOTALL)
STAGE = "document.querySelector('#mixture-stage .stage').explorer"
MODES = ("Make", "How likely?", "Complete", "Anomaly", "Between two", "Tour")
NETS = {"MNIST": "mixture-mnist", "Two moons": "mixture-moons"}
FILM_MS = 60_000
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def inserted(text: str, diff: str) -> str:
    """A text with the lines that begin with + put in, each after the line before it in the diff."""
    lines, at = text.splitlines(), -1
    for line in diff.splitlines():
        if line.startswith("+"):
            at += 1
            lines.insert(at, line[1:])
        else:
            (at,) = [number for number, each in enumerate(lines) if each == line[1:]]
    return "\n".join(lines) + "\n"


def follow(guide: str, folder: Path) -> list[str]:
    """Do what the guide says in a copy of the repository; returns the files that it wrote."""
    written = []
    for name, kind, content in BLOCK.findall(guide):
        path = folder / name
        if kind == "diff":
            path.write_text(inserted(path.read_text(encoding="utf-8"), content), encoding="utf-8")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n", encoding="utf-8")
        written.append(name)
    return written


RUN = """import runpy, sys
for module, *given in {commands}:
    sys.argv[1:] = given
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        assert not end.code, (module, end.code)
"""
UNTRAINED = """import torch
from explorer.networks import checkpoints
net, folder = "mixture-mnist", checkpoints.pretrained_folder() / "mixture-mnist"
torch.manual_seed(0)
sha256 = checkpoints.save_weights(checkpoints.build(checkpoints.read_json(folder / "config.json")),
                                  folder / "model.safetensors")
run = {"command": "none", "date": "2026-01-02", "minutes": 0.1, "torch": "2", "device": "cpu", "parameters": 47_070}
checkpoints.write_json(folder / "card.json", {"sha256": sha256, "training": run | {"losses": [9.5]}})
"""
"""The checkpoint of images as it is before training, which takes data that a test may not have."""


def say(folder: Path, commands: str) -> None:
    """Run the commands of the guide there, which are lines, and write the untrained checkpoint."""
    modules = [line.removeprefix("python -m ").split() for line in commands.splitlines()]
    script = RUN.format(commands=modules) + UNTRAINED
    run = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr[-2_000:]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the new family in it, trained and measured; its images take part untrained."""
    folder = tmp_path_factory.mktemp("house")
    files = [path.name for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]  # a worktree's is a file
    for name in ("explorer", "tests", "docs", "examples", "recipes", ".github", *files):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name, **({"ignore": shutil.ignore_patterns("__pycache__")} if source.is_dir() else {}))
    (folder / "pretrained").mkdir()
    for each in (ROOT / "pretrained").iterdir():
        (folder / "pretrained" / each.name).symlink_to(each)
    written = follow(GUIDE.read_text(encoding="utf-8"), folder)
    assert not [name for name in written if name.endswith((".js", ".css"))]
    (commands,) = COMMANDS.findall(GUIDE.read_text(encoding="utf-8"))
    say(folder, commands)
    return folder


@pytest.fixture(scope="module")
def url(house: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("log") / "log.txt", cwd=house) as server:
        yield server.url


CODE = [(name, content) for name, kind, content in BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if kind == "python"]
RIDDLES = ("How", "What", "Which", "One", "Creates")
"""First words of docstrings that begin with neither a verb in the imperative nor a noun phrase of the field."""


@pytest.mark.parametrize(("name", "content"), CODE, ids=[name for name, _ in CODE])
def test_the_guides_code_is_written_like_the_projects_own(name: str, content: str):
    """It passes the linter and the formatter, and its docstrings begin with a verb or a noun phrase."""
    for what in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *what, "--stdin-filename", name, "-"]
        run = subprocess.run(command, cwd=ROOT, input=content + "\n", capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stdout + run.stderr
    nodes = [each for each in ast.walk(ast.parse(content)) if isinstance(each, DOCUMENTED)]
    texts = [text for each in nodes if (text := ast.get_docstring(each))]
    assert texts and not [text for text in texts if text.split()[0] in RIDDLES]


CONTRACT = ("models", "start", "attack_questions", "mechanism", "tabs")
OF_ALL = ("every_family", "the_page_offers")


@pytest.mark.deep
def test_the_tests_of_every_family_take_the_new_ones(house: Path):
    """All tests can be collected there, and those that are about each family or each tab hold of the new ones."""
    files = [f"tests/test_{name}.py" for name in CONTRACT]
    about = " or ".join(("mixture", "kernel", *OF_ALL))
    for what in (["--collect-only", "tests"], ["-k", about, *files]):
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *what],
            cwd=house,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert run.returncode == 0, run.stdout[-3_000:]
    passed = int(re.search(r"(\d+) passed", run.stdout)[1])
    assert passed > 20


@pytest.mark.deep
def test_nothing_is_written_but_what_the_guide_names(house: Path):
    assert not [path.name for path in house.glob("*.py") if path.name != "app.py"]


@pytest.mark.deep
def test_a_family_without_gradients_is_fitted_to_the_points_that_it_did_not_keep(house: Path):
    folder = house / "pretrained" / "kernel-density-moons"
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (nll,) = card["rows"]
    (loss,) = card["training"]["losses"]
    assert nll["kind"] == "exact" and loss == pytest.approx(nll["value"], abs=0.1)
    tensors = load_file(folder / "model.safetensors")
    assert tensors["middles"].shape == (500, 2) and float(tensors["width"]) == pytest.approx(0.1, abs=0.06)
    points = data.load("moons", "test").points.double()
    middles, width = tensors["middles"].double(), tensors["width"].double()
    log_prob = Normal(middles, width).log_prob(points[:2_000, None]).sum(-1).logsumexp(1) - math.log(500)
    assert -float(log_prob.mean()) == pytest.approx(nll["value"], abs=0.05)


@pytest.mark.deep
def test_its_card_holds_what_was_measured(house: Path):
    card = json.loads((house / "pretrained" / "mixture-moons" / "card.json").read_text(encoding="utf-8"))
    (nll,) = card["rows"]
    assert nll["name"] == "nll" and nll["kind"] == "exact" and nll["n"] == 10_000
    assert 0.3 < nll["value"] < 2.5  # the moons' own entropy is about 1.2 nats
    assert card["compare"]["odd"]["kinds"]["noise"]["auroc"] > 0.9
    assert set(card["compare"]["odd"]["kinds"]) == {"rings", "eight-gaussians", "noise"}


@pytest.mark.parametrize("title", NETS)
def test_every_shared_question_is_answered(page: Page, url: str, title: str):
    page.goto(f"{url}/?tab=mixture&net={NETS[title]}")
    stage = page.locator("#mixture-stage .stage")
    stage.locator(".panel").wait_for()
    for mode in MODES[:-1]:
        mode_tab(page, mode).click()
        panel = stage.locator(f".mode-{mode_id(mode)}").first
        expect(panel).to_be_visible()
        answered(page, stage, mode, title)
    assert stage.locator(".status").text_content() == ""


def mode_id(title: str) -> str:
    names = ("make", "likelihood", "complete", "anomaly", "interpolate")
    return dict(zip(MODES, names))[title]


def answered(page: Page, stage, mode: str, title: str) -> None:
    """Something that only the model can have said is on screen."""
    if mode == "Between two":
        page.wait_for_function(
            "document.querySelector('#mixture-stage .stage').explorer.store.get().mode === 'interpolate'"
        )
        second = {"img2": 40} if title == "MNIST" else {"y": [-1, 0.5]}
        page.evaluate(f"(patch) => {STAGE}.store.set(patch)", second)
    seen = stage.locator(".seen p").last
    if mode == "Anomaly" and title == "MNIST":  # it opens with a network that was measured
        stage.get_by_label("Network", exact=True).select_option("mixture-mnist")
        expect(stage.locator(".lead")).to_contain_text("each kind of picture")
        return expect(stage.locator(".main")).to_contain_text("was not measured yet")
    said = {
        "Make": "Mixture took one evaluation",
        "How likely?": "costs Mixture",
        "Complete": "The answers lie",
        "Anomaly": "the point (",
        "Between two": "Mixture’s path starts",
    }[mode]
    expect(seen).to_contain_text(said, timeout=FILM_MS)


def test_its_tour_asks_before_it_tells_and_quotes_the_card(page: Page, url: str):
    page.goto(f"{url}/?tab=mixture&mode=tour")
    stage = page.locator("#mixture-stage .stage")
    expect(stage.locator(".tour-card h2")).to_have_text("Prototypes")
    stage.get_by_role("button", name="their strokes fray", exact=False).click()
    expect(stage.locator(".tour-reveal")).to_contain_text("As you predicted")


def test_its_evidence_is_shown(page: Page, url: str):
    page.goto(f"{url}/?tab=mixture")
    expect(page.locator("#evidence-mixture-moons")).to_contain_text("python -m explorer.evaluate mixture-moons")
    expect(page.locator("#evidence-mixture-moons")).to_contain_text("nll")


@pytest.mark.parametrize("title", NETS)
def test_it_takes_its_place_in_compare(page: Page, url: str, title: str):
    data = {"MNIST": "mnist", "Two moons": "moons"}[title]
    page.goto(f"{url}/?tab=compare&data={data}&mode=likely")
    stage = page.locator("#compare-stage .stage")
    expect(stage.locator(".groups .size-row").filter(has_text="Mixture").locator(".number").first).to_contain_text(
        "=", timeout=FILM_MS
    )
    page.goto(f"{url}/?tab=compare&data={data}&mode=table")
    expect(page.locator("#compare-stage table.trade")).to_contain_text("Mixture")
