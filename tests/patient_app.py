"""The app as it is, but with answers that are waited for however busy the machine is."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

import app  # noqa: E402
from explorer.serving import desk  # noqa: E402
from explorer.tabs import interface  # noqa: E402

desk.WAIT_SECONDS = 600
app.demo.launch(**interface.launch_settings(app.demo), server_port=app.PORT)
