"""Start the app as a visitor would meet it: its own process, its own port, no network."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.error import URLError

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A running app: its address, its process id and the seconds it took to answer."""

    url: str
    pid: int
    seconds: float


@contextmanager
def serve(
    log: Path, timeout: float = 120.0, app: str = "tests/patient_app.py", cwd: Path = ROOT, **environment: str
) -> Iterator[Server]:
    """Run the app, with all patience, or another script that listens where it is told to, until the block ends.

    **Raises** `RuntimeError` with the end of the log when the app stops or does not answer in `timeout` seconds.
    """
    port = free_port()
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, app],
            cwd=cwd,
            env=environment_at(port) | {"EXPLORER_ROOMS": str(log.with_name("rooms.sqlite"))} | environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(process, url, log, started + timeout)
            yield Server(url, process.pid, time.monotonic() - started)
        finally:
            stop(process)


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """The address of an app that whoever comes first starts, and stops when nobody uses it any longer."""
    address = folder / "address.txt"
    with (folder / "lock").open("a", encoding="utf-8") as lock:
        while not (is_first := _locks(lock)):
            fcntl.flock(lock, fcntl.LOCK_SH)  # until it has started
            if address.exists():
                break
        if not is_first:
            yield address.read_text(encoding="utf-8")
            return
        with serve(folder / "log.txt") as server:
            address.write_text(server.url, encoding="utf-8")
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield server.url
            fcntl.flock(lock, fcntl.LOCK_EX)  # until nobody uses it
            address.unlink()


def _locks(file: IO[str]) -> bool:
    """Lock a file for oneself, unless somebody else has locked it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def environment_at(port: int) -> dict[str, str]:
    """The environment of a process that listens at a port, without settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EXPLORER_", "GRADIO_"))}
    fixed = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port), "HF_HUB_OFFLINE": "1", "CI": "1"}
    fixed["EXPLORER_OFFLINE"] = "0"  # what a service worker answers is not seen by a test that holds back a request
    return kept | fixed | {"PYTHONUNBUFFERED": "1", "NO_PROXY": "127.0.0.1"}


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait(process: subprocess.Popen, url: str, log: Path, deadline: float) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            opener.open(url, timeout=5).close()
            return
        except (URLError, OSError):
            time.sleep(0.05)
    state = "did not answer in time" if process.poll() is None else f"stopped with code {process.returncode}"
    raise RuntimeError(f"app.py {state}:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


def stop(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
