"""A Redis of a test's own, where this machine has one: `make redis` installs it with apt, where that is allowed."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import server

STARTED_SECONDS = 20.0


def missing() -> str:
    """Return what a test with Redis lacks here; empty if nothing."""
    if importlib.util.find_spec("redis") is None:
        return "the package redis is not installed"
    return "" if shutil.which("redis-server") else "there is no redis-server on this machine: make redis"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing on disk; give its address."""
    import redis

    port = server.free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    with (folder / "redis.txt").open("w", encoding="utf-8") as log:
        process = subprocess.Popen([*command, "--dir", str(folder)], stdout=log, stderr=log)
    try:
        url = f"redis://127.0.0.1:{port}/0"
        asked, end = redis.Redis.from_url(url), time.monotonic() + STARTED_SECONDS
        while True:
            try:
                asked.ping()
                break
            except redis.ConnectionError:
                assert time.monotonic() < end and process.poll() is None, (folder / "redis.txt").read_text(
                    encoding="utf-8"
                )
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def install() -> None:
    """Install redis-server with apt as root, or by a sudo that asks nothing; its service is not started."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (root and not shutil.which("sudo")):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for words in (["update"], ["install", "--no-install-recommends", "redis-server"]):
        command = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-y", "-qq", *words]
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    if not shutil.which("redis-server"):
        install()
    sys.stdout.write(f"Redis: {shutil.which('redis-server') or 'none; its tests are skipped'}\n")
