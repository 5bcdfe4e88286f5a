"""Settings that the process asks of the interpreter and of the operating system."""

import asyncio
import contextlib
import gc
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.running import process
from explorer.tabs import interface
from tests.asking import wait_for

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="glibc's heaps and priorities of threads are Linux's")
HEAPS = """
import ctypes, sys, threading
from explorer.running import process
if sys.argv[1] == "prepared": process.prepare()
meet = threading.Barrier(16)
def work():
    meet.wait(); kept = [bytearray(10_000) for _ in range(100)]; meet.wait()
threads = [threading.Thread(target=work) for _ in range(16)]
[each.start() for each in threads]; [each.join() for each in threads]
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file); libc.fclose(file)
"""


def heaps(how: str, path: Path) -> int:
    """Count of heaps that sixteen threads leave behind which allocate at the same moment."""
    subprocess.run([sys.executable, "-c", HEAPS, how, str(path)], check=True, timeout=60, cwd=Path(__file__).parents[1])
    return path.read_text(encoding="utf-8").count("<heap nr=")


@LINUX
def test_threads_share_a_few_heaps(tmp_path: Path):
    assert heaps("prepared", tmp_path / "a.xml") <= process.ARENAS < heaps("as it is", tmp_path / "b.xml")


def test_threads_take_turns_every_millisecond():
    before = sys.getswitchinterval()
    try:
        process.prepare()
        assert sys.getswitchinterval() == pytest.approx(process.SWITCH_SECONDS)
    finally:
        sys.setswitchinterval(before)
        gc.enable()


def test_what_the_start_has_made_is_not_visited_again():
    process.prepare()
    try:
        assert not gc.isenabled()
        made = []
        made.append(made)
        process.settle()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
        assert not any(each is made for each in gc.get_objects())
    finally:
        gc.unfreeze()
        gc.enable()


def test_the_queue_to_which_nothing_goes_is_left_to_sleep(monkeypatch: pytest.MonkeyPatch):
    demo, slept = interface.build(interface.TABS[:1]), []
    assert not [fn for fn in demo.fns.values() if fn.fn is not None and fn.queue]

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        demo._queue.stopped = True

    monkeypatch.setattr(asyncio, "sleep", sleep)
    for work in (demo._queue.start_processing, demo._queue.start_progress_updates):
        demo._queue.stopped = False
        wait_for(work())
    assert slept == [1, 1]


COMPONENT = """
import inspect
from gradio.components.base import Component

class Named(Component):
    EVENTS = []

FILE = inspect.getfile(Named)
"""


@pytest.mark.parametrize("without", [True, False])
def test_no_stub_is_written_beside_a_component(without: bool, tmp_path: Path):
    (tmp_path / "named.py").write_text(COMPONENT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(tmp_path))
        with process.without_stubs() if without else contextlib.nullcontext():
            file = importlib.import_module("named").FILE
        del sys.modules["named"]
    assert (tmp_path / "named.pyi").exists() is not without
    assert Path(file) == tmp_path / "named.py", "others find the file of a component meanwhile"
