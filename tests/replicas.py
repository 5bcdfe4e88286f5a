"""Start replicas as `make` does not: by the command that the manual names, in processes of their own."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from explorer.serving.places import AFFINITY, REPLICA, pack_call
from explorer.serving.visitors import NOBODY
from tests.server import ROOT, environment_at, free_port

START_SECONDS, STOP_SECONDS = 180, 60
CHEAP = "vae-stage/probe", {"dataset": "mnist", "beta": 1, "z": [0, 0]}


@dataclass(frozen=True)
class Group:
    """Running replicas: their address, and the process that started them."""

    url: str
    pid: int

    def ask(self, path: str, argument: dict, replica: str = "") -> httpx.Response:
        """The answer of a replica, of that name if one is named."""
        headers = {AFFINITY: replica} if replica else {}
        body = pack_call(argument, NOBODY)
        return httpx.post(f"{self.url}/{path}", content=body, headers=headers, timeout=120, trust_env=False)

    def names(self, count: int) -> set[str]:
        """The names of so many replicas, as soon as all of them answer."""
        found, deadline = set(), time.monotonic() + START_SECONDS
        while len(found) < count and time.monotonic() < deadline:
            found.add(self.ask(*CHEAP).headers[REPLICA])
        return found

    def processes(self) -> list[psutil.Process]:
        """The processes of the replicas."""
        below = psutil.Process(self.pid).children(recursive=True)
        return [each for each in below if "".join(each.cmdline()).startswith("ray::ServeReplica")]


@contextmanager
def replicas(count: int, log: Path, cpus: float = 0.5) -> Iterator[Group]:
    """Run so many replicas until the block ends.

    **Raises** `RuntimeError` with the end of the log when they do not answer in time.
    """
    port = free_port()
    words = ["--replicas", str(count), "--cpus", str(cpus), "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "explorer.scale", *words],
            cwd=ROOT,
            env=environment_at(port),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        group = Group(f"http://127.0.0.1:{port}", process.pid)
        try:
            _wait(process, group, log)
            yield group
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()  # what it started ends with it


def _wait(process: subprocess.Popen, group: Group, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if group.ask(*CHEAP).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the replicas do not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")
