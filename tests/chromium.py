"""The Chromium that the browser tests drive: one on the path, else apt's, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

PACKAGES = ("chromium-headless-shell", "chromium")  # without windows a page opens in half the time
COMMANDS = (*PACKAGES, "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Return the path of a Chromium that starts, or None."""
    return next((path for path in _paths() if path and _starts(path)), None)


def install() -> None:
    """Install Chromium with apt where that is allowed, else Playwright's own build."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not root or shutil.which("sudo")):
        apt = [*root, "apt-get", "-y", "-qq"]
        _run([*apt, "update"])
        for package in PACKAGES:
            if find() is None:
                _run([*apt, "install", "--no-install-recommends", package, "fonts-dejavu-core"])
    if find() is None:
        _run([sys.executable, "-m", "playwright", "install", *([] if root else ["--with-deps"]), "chromium"])


def _paths() -> Iterator[str | None]:
    yield from map(shutil.which, COMMANDS)
    yield _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _starts(path: str) -> bool:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _run(command: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    if find() is None:
        install()
    path = find()
    if path is None:
        sys.exit("The browser tests need Chromium: neither apt nor Playwright could install it here.")
    print(f"Chromium: {path}")
