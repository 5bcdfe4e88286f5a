"""Versions of Python: which one the Makefile takes, and that every pin resolves on each."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tests import pins
from tests.workshop import MAKEFILE, PYTHONS, ROOT

MAKE = shutil.which("make")
UNREACHED = ("Could not fetch URL", "Retrying", "Connection", "Temporary failure in name resolution", "timed out")
pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")


def stand_in(folder: Path, name: str, suits: bool) -> None:
    """Write a Python that only answers whether its version is one of ours."""
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {int(not suits)}\n", encoding="utf-8")
    path.chmod(0o755)


def make(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """Run make where only the commands of this folder are found."""
    place = {"PATH": str(folder)}
    return subprocess.run([MAKE, *words], cwd=folder, env=place, capture_output=True, text=True, timeout=60)


def chosen(folder: Path) -> str:
    shown = make(folder, "-f", str(ROOT / "Makefile"), "--eval=chosen: ; @echo [$(PYTHON)]", "chosen")
    return shown.stdout.strip()


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (["python3.13", "python3.12", "python3.11"], "python3.11"),
        (["python3", "python3.13", "python3.12"], "python3.12"),
        (["python3", "python3.13"], "python3.13"),
        (["python", "python3"], "python3"),
        (["python"], "python"),
        (["python3.10", "python3.14"], ""),
    ],
)
def test_the_makefile_takes_the_lowest_of_its_pythons(tmp_path: Path, there: list[str], taken: str):
    for name in there:
        stand_in(tmp_path, name, suits=True)
    assert chosen(tmp_path) == f"[{taken}]"


def test_a_command_of_another_version_is_passed_over(tmp_path: Path):
    """pyenv has a command of every version that is installed, also where another one is selected."""
    for name, suits in (("python3.11", False), ("python3.12", True)):
        stand_in(tmp_path, name, suits)
    assert chosen(tmp_path) == "[python3.12]"


@pytest.mark.parametrize(("word", "said"), [((), "None of Python"), (("PYTHON=python3.10",), "python3.10 is none of")])
def test_make_names_the_versions_where_none_suits(tmp_path: Path, word: tuple[str, ...], said: str):
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    for name in ("requirements.txt", "constraints.txt"):
        (tmp_path / name).touch()
    stand_in(tmp_path, "python3.10", suits=False)
    run = make(tmp_path, ".venv/.run", *word)
    assert run.returncode == 2
    assert said in run.stdout and " ".join(PYTHONS) in run.stdout
    assert not (tmp_path / ".venv").exists()


def test_the_project_declares_the_versions_that_the_makefile_takes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = SpecifierSet(project["requires-python"])
    assert [each for each in (f"3.{minor}" for minor in range(30)) if each in declared] == PYTHONS


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/hosting.md"])
def test_the_pages_name_all_versions(page: str):
    *others, last = PYTHONS
    assert f"Python {', '.join(others)} or {last}" in (ROOT / page).read_text(encoding="utf-8")


def find_python(version: str) -> str | None:
    """Return a Python of this version that starts: one on the path, or one of pyenv's."""
    found = [shutil.which(f"python{version}"), *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]
    works = (path for path in found if path and not subprocess.run([path, "-V"], capture_output=True).returncode)
    return next(works, None)


@pytest.mark.deep
@pytest.mark.parametrize("version", PYTHONS)
def test_the_pins_resolve(version: str):
    if (python := find_python(version)) is None:
        pytest.skip(f"Python {version} is not installed")
    environment = os.environ | {"PIP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "30"}
    run = subprocess.run([python, "-m", "tests.pins"], cwd=ROOT, env=environment, capture_output=True, text=True)
    if run.returncode and any(sign in run.stderr for sign in UNREACHED):
        pytest.skip("the index of packages is not reached")
    assert run.returncode == 0, run.stderr


def test_a_package_without_a_pin_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pins, "resolved", lambda: {"torch": "2.0", "numpy": pins.pins()["numpy"], "new-one": "1.0"})
    assert pins.main() == "Not in constraints.txt: torch==2.0, new-one==1.0"
