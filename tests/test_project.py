"""Promises of the repository to those who install it: pins, front matter, links, and a clean room for each layer."""

import ast
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from packaging.requirements import Requirement

from tests.pins import pins, plain
from tests.workshop import PYTHONS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LONGEST = 600
MOST_IMPORTANT = 6
"""Declarations of style sheets that take no part in the cascade: there a size cannot be said anew."""
ABOVE = {"gradio", "explorer.stages", "explorer.tabs"}
AT_THE_ROOT = {"__init__.py", "__main__.py", "fields.py", "steps.py", "verdicts.py"}
FORBIDDEN = {
    "running": ABOVE | {"explorer.models", "explorer.questions", "explorer.measures", "explorer.serving"},
    "networks": {"gradio", "explorer.stages", "explorer.questions", "explorer.measures", "explorer.serving"},
    "spaces": ABOVE | {"explorer.data", "explorer.models", "explorer.measures", "explorer.steps"},
    "data": ABOVE | {"explorer.models", "explorer.measures", "explorer.questions"},
    "models": ABOVE | {"explorer.measures", "explorer.questions"},
    "questions": ABOVE | {"explorer.measures"},
    "measures": ABOVE,
    "serving": {"explorer.stages", "explorer.tabs", "explorer.models", "explorer.questions", "explorer.measures"},
    "stages": {"torch", "explorer.models"},
    "classes": ABOVE | {"explorer.models", "explorer.questions", "explorer.measures", "explorer.networks"},
    "programs": {"explorer.stages", "explorer.tabs", "explorer.models", "explorer.questions", "explorer.measures"},
}


def requirements(file: str) -> list[Requirement]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("-", "#"))]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_pin_of_every_requirement_lies_in_its_range(file: str):
    pinned = pins()
    assert not [str(wanted) for wanted in requirements(file) if pinned[plain(wanted.name)] not in wanted.specifier]


def test_every_requirement_is_imported():
    modules = {"huggingface-hub": "huggingface_hub", "pillow": "PIL"}
    wanted = {modules.get(each.name, each.name) for each in requirements("requirements.txt")}
    found = {name for path in [ROOT / "app.py", *(ROOT / "explorer").rglob("*.py")] for name in _imports(path)}
    assert wanted <= {name.split(".")[0] for name in found}


def test_the_space_runs_the_gradio_that_was_tested():
    front = yaml.safe_load((ROOT / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert front["sdk"] == "gradio"
    assert front["sdk_version"] == pins()["gradio"]
    assert (ROOT / front["app_file"]).is_file()
    assert front["python_version"] in PYTHONS
    assert len(front["short_description"]) <= 60


def test_the_version_stands_in_one_place():
    """The newest section of the changelog is about it, and no other file repeats it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    sections = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sections[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(version)} \(20\d\d-\d\d-\d\d\)", sections[1])
    assert "version" not in yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page: Path):
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / unquote(link)).exists()]


def test_what_the_architecture_says_to_open_and_to_run_is_there():
    """`<tab>` and `<stage>` stand for any folder, `<name>` for any part of a name."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    effort = text.split("## By effort\n")[1].split("\n## ")[0]
    paths = re.findall(r"`((?:explorer|tests)/[^`]*)`", effort)
    assert len(paths) > 40
    assert not [path for path in paths if not any(ROOT.glob(re.sub(r"<\w+>", "*", path)))]


@pytest.mark.parametrize("kind", ["py", "js", "css"])
def test_every_file_is_short(kind: str):
    ours = [path for room in ("explorer", "tests") for path in (ROOT / room).rglob(f"*.{kind}")]
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in ours
        if "vendor" not in path.parts
    }
    assert not {name: length for name, length in lengths.items() if length >= LONGEST}


def test_every_class_in_a_style_sheet_is_used():
    stages = ROOT / "explorer" / "stages"
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in stages.parent.rglob("*.js"))
    made = {"gradio-container", *re.findall(r"[a-z][a-z-]*", scripts)}
    made |= {path.name for path in stages.iterdir()}
    made |= {f"mode-{path.stem}" for path in stages.rglob("*.js")}
    named = {
        name
        for path in stages.rglob("*.css")
        for name in re.findall(r"\.([a-z][a-z_-]*)", path.read_text(encoding="utf-8"))
    }
    assert not named - made


def test_few_declarations_are_important_and_each_says_why():
    paths = [path for kind in ("css", "js", "py") for path in (ROOT / "explorer").rglob(f"*.{kind}")]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    important = [line.strip() for line in lines if re.search(r"!\s*important", line)]
    assert len(important) <= MOST_IMPORTANT
    assert not [line for line in important if line.count("important") > 1 or "/*" not in line]


def test_every_module_has_a_room():
    assert {path.name for path in (ROOT / "explorer").glob("*.py")} == AT_THE_ROOT


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_nothing_imports_upward(layer: str):
    modules = (path for path in (ROOT / "explorer" / layer).rglob("*.py"))
    found = {(path.name, name) for path in modules for name in _imports(path)}
    assert not [pair for pair in found if any(_within(pair[1], room) for room in FORBIDDEN[layer])]


def test_the_bundled_training_index_is_small():
    sizes = {path.name: path.stat().st_size for path in (ROOT / "explorer" / "bundled").glob("*-train.*")}
    assert len(sizes) == 2
    assert max(sizes.values()) <= 4_000_000


@pytest.mark.parametrize("dataset", ["mnist", "fashion-mnist"])
def test_the_bundled_images_name_their_licence(dataset: str):
    facts = json.loads((ROOT / "explorer" / "bundled" / f"{dataset}.json").read_text(encoding="utf-8"))
    assert {"mnist": "CC BY-SA 3.0", "fashion-mnist": "MIT"}[dataset] in facts["licence"]


def _imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def _within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def _reads_text(call: ast.Call) -> bool:
    """True if a call opens a file as text; images and what opens for `wb` do not."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    owner = getattr(getattr(call.func, "value", None), "id", "")
    if name in ("read_text", "write_text"):
        return True
    modes = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    other = isinstance(call.func, ast.Attribute) and (call.args and not modes or owner in ("Image", "gzip", "TAB"))
    return name == "open" and not other and not any("b" in mode for mode in modes)


def test_no_text_depends_on_the_encoding_of_the_machine():
    for path in [*ROOT.glob("*.py"), *ROOT.glob("[et]*/**/*.py")]:
        source = path.read_text(encoding="utf-8")
        if not any(name in source for name in ("open(", "read_text(", "write_text(")):
            continue
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _reads_text(node)]
        lacking = [call.lineno for call in calls if "encoding" not in [keyword.arg for keyword in call.keywords]]
        assert not lacking, path
