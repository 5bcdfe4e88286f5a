"""The package installed without its repository: what the wheel holds, and that it loads networks and opens the app."""

import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.networks.hub import SHIPPED_APART
from tests import hub as hubs
from tests.server import serve
from tests.test_hub import settings
from tests.tiny_nets import GANS, write

ROOT = Path(__file__).parents[1]
MOST_BYTES = 10_000_000
pytestmark = pytest.mark.xdist_group("wheel")


def tracked() -> list[str]:
    found = subprocess.run(["git", "ls-files", "-z", "explorer"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for path in found.stdout.split("\0") if path and (ROOT / path).exists()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what git tracks."""
    source = tmp_path_factory.mktemp("source")
    for path in ("pyproject.toml", "requirements.txt", "LICENSE", *tracked()):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, source / path)
    made = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(made), "."]
    subprocess.run(command, cwd=source, check=True, timeout=300)
    return next(made.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on the path of Python that holds the package and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder)
    (folder / "page.py").write_text(
        "import runpy\n\nrunpy.run_module('explorer', run_name='__main__')\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[hubs.Hub]:
    """A Hub that has two tiny networks, and a file that ships with a repository alone."""
    with hubs.running(write(tmp_path / "there", GANS)) as hub:
        (hub.folder / "bundled").mkdir()
        shutil.copy(ROOT / "explorer" / "bundled" / SHIPPED_APART[0], hub.folder / "bundled")
        yield hub


def run(script: str, installed: Path, hub: hubs.Hub, tmp_path: Path) -> subprocess.CompletedProcess:
    """Run a script that knows this Hub, with an empty cache."""
    known = settings(hub, tmp_path / "here") | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(installed)}
    known["EXPLORER_PRETRAINED"] = ""
    place = tmp_path / "elsewhere"
    place.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", script], env=os.environ | known, cwd=place, capture_output=True, text=True, timeout=200
    )


def test_the_wheel_is_small_and_has_all_that_git_has_but_the_training_images(wheel: Path):
    with zipfile.ZipFile(wheel) as files:
        there = {name for name in files.namelist() if name.startswith("explorer/")}
    assert wheel.stat().st_size <= MOST_BYTES
    assert {path for path in tracked() if path not in there} == {f"explorer/bundled/{name}" for name in SHIPPED_APART}
    assert not [name for name in there if "pretrained" in name]


def test_a_network_comes_from_the_hub_into_a_cache_and_is_ones_own(installed: Path, hub: hubs.Hub, tmp_path: Path):
    found = run(
        "import explorer, torch; a, b = explorer.load('gan-mnist', 'cpu'), explorer.load('gan-mnist', 'cpu')\n"
        "print(explorer.__file__, a is b, a.sample(2, generator=torch.Generator().manual_seed(0)).shape)",
        installed,
        hub,
        tmp_path,
    )
    assert found.stdout.split() == [f"{installed}/explorer/__init__.py", "False", "torch.Size([2,", "1,", "28,", "28])"]
    assert (tmp_path / "cache" / "explorer" / "pretrained" / "gan-mnist" / "model.safetensors").exists()


def test_a_network_that_is_nowhere_is_refused_with_what_to_do(installed: Path, hub: hubs.Hub, tmp_path: Path):
    found = run("import explorer; explorer.load('no-such-net')", installed, hub, tmp_path)
    assert found.returncode == 1 and "check EXPLORER_HUB_REVISION" in found.stderr


def test_training_images_come_from_the_hub_when_they_are_asked_for(installed: Path, hub: hubs.Hub, tmp_path: Path):
    script = "from explorer.data.neighbours import training_index; print(len(training_index('{}')))"
    assert run(script.format("mnist"), installed, hub, tmp_path).stdout == "55000\n"
    assert "could not be fetched" in run(script.format("fashion-mnist"), installed, hub, tmp_path).stderr


def test_python_m_explorer_opens_the_app(installed: Path, hub: hubs.Hub, tmp_path: Path):
    known = settings(hub, tmp_path / "here") | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    known["EXPLORER_PRETRAINED"] = ""
    with serve(tmp_path / "log.txt", app=str(installed / "page.py"), cwd=tmp_path, **known) as server:
        with urllib.request.urlopen(server.url) as page:
            assert b"Explorer" in page.read()
        module = "/gradio_api/file=explorer/stages/kit/shell/stage.js"
        with urllib.request.urlopen(server.url + module) as script:
            assert b"mount" in script.read()
