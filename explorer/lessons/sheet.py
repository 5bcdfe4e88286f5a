"""Sheet of formulas: those of the tabs' own maths that an exam asks about, each with a link to its place."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from explorer.tabs.kit.layout.contents import at, slug

CHOSEN: tuple[tuple[str, int, str], ...] = (
    ("foundations", 1, "Maximum likelihood"),
    ("foundations", 2, "Cross-entropy, entropy and KL"),
    ("foundations", 3, "Jensen's inequality"),
    ("foundations", 4, "Importance weights"),
    ("foundations", 7, "Denoising score matching"),
    ("ar", 1, "Chain rule"),
    ("ar", 7, "Temperature"),
    ("ar", 8, "Bits per dimension"),
    ("ar", 9, "A generative model as a classifier"),
    ("text", 3, "Attention"),
    ("autoencoders", 1, "Autoencoder"),
    ("autoencoders", 3, "Denoising and the score"),
    ("vae", 2, "The ELBO"),
    ("vae", 3, "Distortion and rate"),
    ("vae", 4, "KL to the prior"),
    ("vae-room", 1, "Importance weighted bound"),
    ("tokens", 1, "Vector quantisation"),
    ("tokens", 2, "Straight-through training"),
    ("gan", 1, "The game"),
    ("gan", 2, "The best discriminator"),
    ("gan", 3, "The value of the best discriminator"),
    ("gan", 5, "Wasserstein distance"),
    ("flow", 1, "Change of variables"),
    ("flow", 3, "One coupling"),
    ("diffusion", 1, "Forward process"),
    ("diffusion", 2, "One step back"),
    ("diffusion", 5, "The simple loss"),
    ("diffusion", 6, "DDIM"),
    ("diffusion", 9, "Classifier-free guidance"),
    ("flow-matching", 1, "Flow matching"),
    ("flow-matching", 4, "A density from the ODE"),
    ("discrete-diffusion", 1, "A chain of states"),
    ("discrete-diffusion", 3, "Bound of masked diffusion"),
    ("energy", 1, "An energy and its constant"),
    ("energy", 2, "Restricted Boltzmann machine"),
    ("energy", 4, "Langevin dynamics"),
    ("compare", 4, "AUROC"),
    ("compare", 5, "Fréchet distance"),
)
"""Tab, number of the formula in its `maths.md` from 1, and what it is."""

FORMULA = re.compile(r"^\$\$(?P<tex>.*?)\$\$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def formula(text: str, number: int) -> tuple[str, str]:
    """Return the LaTeX of a formula of a text, and the heading above it.

    Raises:
        IndexError: if the text has fewer formulas.
    """
    found = [*FORMULA.finditer(text)][number - 1]
    return " ".join(found["tex"].split()).rstrip(" .,"), HEADING.findall(text[: found.start()])[-1]


def lines(tabs: Mapping[str, tuple[str, Path]]) -> Iterator[str]:
    """Yield the paragraphs of the sheet; `tabs` has the title and the folder of each tab by its name."""
    for name, chosen in groupby(CHOSEN, itemgetter(0)):
        title, folder = tabs[name]
        text = (folder / "maths.md").read_text(encoding="utf-8")
        yield f"**{title}**"
        for _, number, words in chosen:
            tex, heading = formula(text, number)
            yield f"[{words}]({at(name, f'{name}-{slug(heading)}')}) $$ {tex} $$"


def markdown(tabs: Mapping[str, tuple[str, Path]]) -> str:
    """Return the sheet as Markdown."""
    return "\n\n".join(lines(tabs))
