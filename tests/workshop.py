"""The Makefile as tests read it: the Pythons of the app, and what each target runs."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PYTHONS = re.search(r"^PYTHONS := (.*)$", MAKEFILE, re.MULTILINE)[1].split()
TARGETS = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
