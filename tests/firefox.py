"""A headless Firefox, driven by its own protocol Marionette: no driver and no package is needed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.server import free_port

COMMANDS = ("firefox-esr", "firefox")
STARTS_WITHIN = 120.0
PREFERENCES: dict[str, Any] = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
BLOCKS_OTHERS = {"network.cookie.cookieBehavior": 1}
"""Pages in frames of other sites may store nothing."""


def find() -> str | None:
    """Return the path of a Firefox, or None."""
    return next(filter(None, map(shutil.which, COMMANDS)), None)


class Marionette:
    """Session of a running Firefox."""

    def __init__(self, port: int):
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), timeout=STARTS_WITHIN)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self._file, self._count = self._socket.makefile("rb"), 0
        self._receive()  # its greeting
        self.ask("WebDriver:NewSession", capabilities={})
        self.ask("WebDriver:SetTimeouts", script=120_000, pageLoad=120_000)

    def ask(self, command: str, **parameters: Any) -> Any:
        """Return the answer to a command.

        Raises:
            RuntimeError: if Firefox reports an error.
        """
        self._count += 1
        text = json.dumps([0, self._count, command, parameters]).encode()
        self._socket.sendall(f"{len(text)}:".encode() + text)
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def open(self, address: str) -> None:
        """Open an address in the page."""
        self.ask("WebDriver:SwitchToFrame", id=None)
        self.ask("WebDriver:Navigate", url=address)

    def enter_frame(self) -> None:
        """Go to the document of the page's first frame."""
        self.ask("WebDriver:SwitchToFrame", id=0)

    def run(self, script: str) -> Any:
        """Return the value of a script's `return` in the current document."""
        return self.ask("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait_for(self, expression: str, seconds: float = 120.0) -> Any:
        """Return the first true value of an expression in the current document.

        Raises:
            TimeoutError: if it does not become true in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := self.run(f"return {expression}"):
                return found
            time.sleep(0.2)
        raise TimeoutError(expression)

    def _receive(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._file.read(1)
        return json.loads(self._file.read(int(size[:-1])))


@contextmanager
def started(folder: Path, **preferences: Any) -> Iterator[Marionette]:
    """Run a Firefox with a fresh profile in a folder until the block ends."""
    port = free_port()
    chosen = PREFERENCES | {"marionette.port": port} | preferences
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in chosen.items()]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
    process = subprocess.Popen(
        [find(), "--headless", "--no-remote", "--marionette", "--profile", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield Marionette(port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
