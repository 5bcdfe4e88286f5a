"""Workflows on GitHub: what they run is what the Makefile has, on its Pythons, with the least rights."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workshop import MAKEFILE, PYTHONS, ROOT, TARGETS

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def read(path: Path) -> dict[str, Any]:
    """Return a workflow; without `BaseLoader`, YAML 1.1 reads its key `on` as true."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.fixture(scope="module")
def checks() -> dict[str, Any]:
    return read(FOLDER / "checks.yml")


def test_the_tests_run_on_both_ends_of_the_range(checks: dict[str, Any]):
    job = checks["jobs"]["tests"]
    assert job["strategy"]["matrix"]["python"] == [PYTHONS[0], PYTHONS[-1]]
    assert [line.split()[:2] for line in commands(job)] == [["make", "check"], ["make", "redis"], ["make", "test"]]
    assert commands(job)[0].split()[2:] == ["PYTHON=python"]  # else the Makefile takes the runner's lowest Python


def test_the_pins_resolve_on_every_version(checks: dict[str, Any]):
    job = checks["jobs"]["pins"]
    assert job["strategy"]["matrix"]["python"] == PYTHONS
    assert commands(job) == ["make pins PYTHON=python"]


def test_every_change_is_checked(checks: dict[str, Any]):
    assert checks["on"]["push"] == {"branches": ["main"]} and "pull_request" in checks["on"]


def test_the_pins_are_audited_every_week():
    audit = read(FOLDER / "audit.yml")
    (when,) = audit["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", when["cron"])
    assert commands(audit["jobs"]["audit"]) == ["make audit PYTHON=python"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_workflow_runs_targets_of_the_makefile_alone(path: Path):
    for job in read(path)["jobs"].values():
        assert {line.split()[0] for line in commands(job)} == {"make"}
        assert {line.split()[1] for line in commands(job)} <= TARGETS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_workflow_has_the_least_rights(path: Path):
    found, text = read(path), path.read_text(encoding="utf-8")
    assert found["permissions"] == {"contents": "read"}
    assert not [name for name, job in found["jobs"].items() if "permissions" in job]
    assert "secrets." not in text and "pull_request_target" not in text
    used = [step for job in found["jobs"].values() for step in job["steps"] if "uses" in step]
    assert len(PINNED.findall(text)) == len(used) > 0
    checkouts = [step for step in used if step["uses"].startswith("actions/checkout@")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == ["false"] * len(found["jobs"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_job_ends(path: Path):
    jobs = read(path)["jobs"].values()
    assert all(0 < int(job["timeout-minutes"]) <= 60 for job in jobs)
    assert {job["runs-on"] for job in jobs} == {"ubuntu-24.04"}


def test_an_audit_that_learns_nothing_of_a_package_fails():
    """pip-audit otherwise ends well where the index does not answer."""
    (recipe,) = re.findall(r"^audit:.*\n\t(.+)$", MAKEFILE, re.MULTILINE)
    assert {"--strict", "--no-deps", "constraints.txt"} <= set(recipe.split())
