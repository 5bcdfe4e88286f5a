"""The app as a Space: which files it holds, and what borrows a GPU where one is lent."""

import os
import subprocess
import sys
from pathlib import Path

from explorer import publish
from explorer.networks import checkpoints
from tests import tiny_nets

LENT = """
import sys, types
import torch
torch.cuda.is_available = lambda: True  # as ZeroGPU says everywhere, although only who has borrowed one has a GPU
borrowing = []
def GPU(function):
    def borrowed(*args, **kwargs):
        borrowing.append(function.__name__)
        return function(*args, **kwargs)
    return borrowed
sys.modules["spaces"] = types.SimpleNamespace(GPU=GPU)
from explorer.running import device
from explorer.tabs.interface import server_functions
from tests.asking import wait_for
assert device.best_device().type == "cpu"
answers = server_functions()
picture = {"set": "mnist", "test": 3}
traced = wait_for(answers["ar-stage/trace"]({"net": "pixelcnn-mnist", "picture": picture, "label": 1, "order": 0}))
assert "total" in traced and not borrowing, "what is answered at once borrows nothing"
def load(name, at=None):
    raise ValueError(f"{name} at {device.best_device().type}")
from explorer.networks import checkpoints
checkpoints.load = load
told = wait_for(answers["compare-stage/ask_likelihood"]({"net": "pixelcnn-mnist", "picture": picture}))
assert borrowing == ["ask_likelihood"] and told == {"error": "pixelcnn-mnist at cuda"}, (borrowing, told)
"""


def test_where_a_gpu_is_lent_only_what_takes_seconds_borrows_it(tmp_path: Path):
    nets = tiny_nets.write(tmp_path)
    lent = {"SPACES_ZERO_GPU": "true", "EXPLORER_PRETRAINED": str(nets), "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, "-c", LENT], cwd=checkpoints.ROOT, env=os.environ | lent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_space_holds_the_app_and_no_tests():
    files = publish.space_files()
    assert {"app.py", "README.md", "requirements.txt", "explorer/tabs/interface.py"} <= files.keys()
    assert not [path for path in files if path.startswith(("tests/", ".ci/"))]
    assert all(path.is_file() for path in files.values())
