"""Size of the code: files and lines of each family and of each axis, in every language, tests included.

`python -m tests.benchmarks.sizes` prints the table. A file belongs to the first place whose
pattern its path matches; what matches none is shared.
"""

import re
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = {".py": "Python", ".js": "JavaScript", ".css": "style", ".md": "text"}
PLACES = {
    "VAE": r"beta_vae|posterior|replay|models/film|stages/vae|tabs/vae|test_(browser_)?(beta|map|encode|sample|learn"
    r"|interpolate)\b|test_tabs|tests/stage\.py|(stages|tabs)/vae_room/|disentangling|data/shapes|tests/room\.py|_room(_\w+)?\.py|test_vae"
    r"|(models|measures)/(vae|vae_runs|small_vae|latent)\.py",
    "autoregressive": r"raster|autoregressive|pixelcnn|made|masks|levels\.py|test_levels",
    "GAN": r"gan|game|coverage|test_search|models/search|arena",
    "flow matching": r"flow_matching|velocit|transport|models/ode",
    "flow": r"flow|bijections",
    "foundations": r"foundations",
    "start, courses and find": r"start|course|finder|lessons",
    "codes": r"codes|autoencoder|vqvae|models/prior|(stages|tabs)/tokens",
    "discrete diffusion": r"discrete|d3pm|transitions",
    "energy": r"energy|energies|rbm|ebm|chains|quadrature|langevin",
    "diffusion": r"diffusion|samplers|schedule|unet|score\.py|test_toys",
    "Compare": r"compare",
    "spaces, data and questions": r"explorer/(spaces|data|questions|stages/(spaces|questions))/"
    r"|kit/(questions|column|family|nets)\.py|test_(spaces|data|between_and_learn|adding)\b",
    "page, desks and films": r"serving/|tabs/(kit|interface)"
    r"|test_(attack|desk|films|turns|rooms|page|answers|fields|damage)",
    "what stages share": r"stages/kit/|stages/__init__",
    "checkpoints, training and measuring": r"explorer/(\w+\.py|measures/|models/(classifier|images|__init__))"
    r"|test_(train|hub|checkpoints|evaluate|metrics|quality|use)",
}


def place_of(path: str) -> str:
    """The place that a file belongs to."""
    return next((name for name, pattern in PLACES.items() if re.search(pattern, path)), "the rest, mostly tests")


def files() -> list[str]:
    """Our own files, as git has them."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ours = (path for path in listed.splitlines() if path.startswith(("explorer/", "tests/")))
    return [path for path in ours if Path(path).suffix in KINDS and "vendor" not in path]


def counted() -> dict[str, Counter]:
    """Of each place how many files it has, and how many lines of each language, those of tests apart."""
    found = {place: Counter() for place in [*PLACES, "the rest, mostly tests"]}
    for path in files():
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        kind = "tests" if path.startswith("tests/") else KINDS[Path(path).suffix]
        found[place_of(path)].update({"files": 1, kind: lines, "all": lines})
    return found


def table() -> str:
    """The table in Markdown."""
    columns = ("files", *KINDS.values(), "tests", "all")
    rows = counted()
    rows["altogether"] = sum(rows.values(), Counter())
    head = [f"| | {' | '.join(columns)} |", f"| :-- |{' --: |' * len(columns)}"]
    return "\n".join(
        head + [f"| {name} | {' | '.join(f'{row[key]:,}' for key in columns)} |" for name, row in rows.items()]
    )


if __name__ == "__main__":
    print(table())
