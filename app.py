"""Explorer: deep generative models to touch. Builds the demo; run this file, or `make run`, to open it."""

import os
import sys
from pathlib import Path

from explorer import address, process

PORT = address.port()
process.prepare()
os.environ["GRADIO_SERVER_PORT"] = str(PORT)  # which Gradio reads, too, while it is imported

from explorer.tabs import interface  # noqa: E402

ROOT = Path(__file__).resolve().parent
os.chdir(ROOT)  # what is relative is meant from the repository

demo = interface.build()


def _has_display() -> bool:
    """Whether a browser window can be opened on this machine."""
    if os.environ.get("SPACE_ID") or os.environ.get("CI"):
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    try:
        demo.launch(**interface.launch_settings(demo), server_port=PORT, inbrowser=_has_display())
    except OSError as error:  # the port was taken meanwhile
        sys.exit(address.cannot_listen(PORT, error))
