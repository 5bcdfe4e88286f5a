"""Files by a model that predicts one symbol after another: their lengths, beside −log₂ p(x) and other tools.

Every x is compressed and read back. −log₂ p(x) is computed apart from the coder, in one pass of the network. Lengths
are those of the codes alone, without the headers of files. Standard errors are over x.
"""

from collections.abc import Iterable
from math import log

import torch
from torch import Tensor, nn

from explorer.measures.archivers import sizes
from explorer.measures.common import mean_row
from explorer.questions.compress import compress, expand

FILES = 100
ALLOWED, SPARE = 1e-3, 64  # a share of −log₂ p(x), and bits: what a code may be longer


@torch.no_grad()
def ideal(model: nn.Module, x: Tensor, label: int | None) -> float:
    """Compute −log₂ p of one x (1, *shape) in one pass, in bits."""
    how = {} if label is None else {"label": torch.tensor([label])}
    return -float(model.log_prob(x, **how).double()) / log(2)


def coded(model: nn.Module, xs: Iterable[tuple[Tensor, int | None]], unit: str, seed: int) -> dict:
    """Measure the codes of some x (1, *shape), each with its label: bits for each symbol, and bits above −log₂ p(x).

    Raises:
        RuntimeError: if an x is not read back exactly, or a code is longer than −log₂ p(x) allows.
    """
    own, above, others = [], [], {}
    for x, label in xs:
        length = len(model.space.symbols(x))
        found = compress(model, x, label)
        if not torch.equal(expand(model, found.code, length, label), x):
            raise RuntimeError("a file was not read back exactly")
        own.append(8 * len(found.code) / length)
        wanted = ideal(model, x, label)
        above.append(8 * len(found.code) - wanted)
        if above[-1] > ALLOWED * wanted + SPARE:
            raise RuntimeError(f"a code is {above[-1]:.1f} bits above −log₂ p(x), which is {wanted:.1f}")
        for each in sizes(model.space, x):
            others.setdefault(each.title, []).append(8 * (each.file - each.container) / length)
    of = {"unit": unit, "seed": seed}
    rows = [
        mean_row("code", torch.tensor(own), "exact", **of),
        mean_row("code above −log₂ p(x)", torch.tensor(above), "exact", unit="bits/file", seed=seed),
    ]
    return {"rows": rows + [mean_row("code", torch.tensor(each), "exact", by=by, **of) for by, each in others.items()]}
