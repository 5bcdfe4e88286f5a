"""Explorer: deep generative models to touch. Builds the demo; run this file, or `make run`, to open it."""

import os
import sys
from pathlib import Path

import gradio as gr

from explorer import checkpoints
from explorer.tabs import interface

ROOT = Path(__file__).resolve().parent
os.chdir(ROOT)  # the browser asks for static files by paths relative to the repository
gr.set_static_paths(["explorer/stages", "explorer/bundled", checkpoints.pretrained_folder()])

sys.setswitchinterval(0.001)  # seconds after which a thread that draws lets one that answers a click go on
demo = interface.build()


def _has_display() -> bool:
    """Whether a browser window can be opened on this machine."""
    if os.environ.get("SPACE_ID") or os.environ.get("CI"):
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    demo.launch(
        **interface.launch_settings(demo),
        server_port=int(os.environ.get("GRADIO_SERVER_PORT", "7860")),
        inbrowser=_has_display(),
    )
