"""Build the page and open it: `python -m explorer`, `make run`, or `app.py`, which a Space runs."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from explorer.running import address, engine, process
from explorer.serving import framed

PORT = address.port()
framed.sites()  # bad settings are reported before anything slow begins
process.prepare()
own_folder = TemporaryDirectory(prefix="explorer-")  # not Gradio's usual one, which other apps of this machine use
os.environ |= {"GRADIO_SERVER_PORT": str(PORT), "GRADIO_TEMP_DIR": own_folder.name}  # Gradio reads both at its import

with process.without_stubs():
    from explorer.networks import checkpoints
    from explorer.serving import headers, logs, places
    from explorer.tabs import interface

os.chdir(Path(__file__).resolve().parents[1])  # the addresses of modules are relative to the folder of the package

engine.switch(True)
headers.bound()
logs.bound()
demo = interface.build()
if places.address():  # the page is described; its questions are answered elsewhere
    checkpoints.forget()
process.settle()


def _has_display() -> bool:
    """Return whether this machine can open a browser window."""
    if os.environ.get("SPACE_ID") or os.environ.get("CI"):
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def launch() -> None:
    """Serve the page until the process is stopped, and open it in a browser if there is one.

    Raises:
        SystemExit: if another process took the port meanwhile.
    """
    try:
        demo.launch(**interface.launch_settings(demo), server_port=PORT, inbrowser=_has_display())
    except OSError as error:
        sys.exit(address.cannot_listen(PORT, error))


if __name__ == "__main__":
    launch()
