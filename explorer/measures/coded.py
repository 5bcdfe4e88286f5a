"""Files by a model: their lengths, beside −log₂ p(x) or its bound, and beside other tools.

Every x is compressed and read back. −log₂ p(x) is computed apart from the coder, in one pass of the network; the bound
of a VAE is the mean of many draws of z, while its file has one z. Lengths are those of the codes alone, without the
headers of files and without the first bits of a code by bits back. Standard errors are over x.
"""

from collections.abc import Iterable
from math import log

import torch
from torch import Tensor, nn

from explorer import data
from explorer.measures.archivers import sizes
from explorer.measures.common import Load, mean_row
from explorer.networks.card import row
from explorer.questions.compress import compress, expand, how
from explorer.running.device import device_of
from explorer.spaces import BINARY

FILES = 100
CODED_DRAWS = 500  # of z, for a bound
ALLOWED, SPARE = 1e-3, 64  # a share of −log₂ p(x), and bits: what a code may be longer
NAMES = {"exact": "−log₂ p(x)", "bound": "−ELBO"}


@torch.no_grad()
def ideal(model: nn.Module, x: Tensor, label: int | None, seed: int) -> float:
    """Compute −log₂ p of one x (1, *shape) in one pass, or the mean of its bound over draws, in bits."""
    x = x.to(device_of(model))
    if how(model) == "bound":
        generator = torch.Generator().manual_seed(seed)
        return -float(model.elbo(x.expand(CODED_DRAWS, *x.shape[1:]), generator=generator).double().mean()) / log(2)
    given = {} if label is None else {"label": torch.tensor([label], device=x.device)}
    return -float(model.log_prob(x, **given).double()) / log(2)


def measure_codes(model: nn.Module, xs: Iterable[tuple[Tensor, int | None]], unit: str, seed: int) -> dict:
    """Measure the codes of some x (1, *shape), each with its label: bits for each symbol, and bits above the ideal.

    Raises:
        RuntimeError: if an x is not read back exactly, or a code is longer than −log₂ p(x) allows.
    """
    own, above, others, kind = [], [], {}, how(model)
    for x, label in xs:
        length = len(model.space.symbols(x))
        found = compress(model, x, label)
        if not torch.equal(expand(model, found.code, length, label).to(x), x):
            raise RuntimeError("a file was not read back exactly")
        bits, wanted = 8 * len(found.code) - found.first, ideal(model, x, label, seed)
        own.append(bits / length)
        above.append(bits - wanted)
        result = wanted if kind == "exact" else found.total  # a bound's draws of z differ
        if bits - result > ALLOWED * result + SPARE:
            raise RuntimeError(f"a code has {bits} bits, which is too long for {result:.1f}")
        for each in sizes(model.space, x):
            others.setdefault(each.title, []).append(8 * each.code / length)
    of = {"unit": unit, "seed": seed}
    rows = [
        mean_row("code", torch.tensor(own), kind, **of),
        mean_row(f"code above {NAMES[kind]}", torch.tensor(above), "exact", unit="bits/file", seed=seed),
    ]
    if found.first:
        rows.append(row("first bits", found.first, "exact", unit="bits"))
    return {"rows": rows + [mean_row("code", torch.tensor(each), "exact", by=by, **of) for by, each in others.items()]}


def image_files(model: nn.Module, dataset: str, load: Load, seed: int) -> dict:
    """Measure the files of random test images, without a label."""
    test = load(dataset, "test")
    chosen = test[torch.randperm(len(test), generator=torch.Generator().manual_seed(seed))[:FILES]].pixels()
    x = data.binarise(chosen, seed=seed) if model.space == BINARY else chosen
    return measure_codes(model, ((each, None) for each in x.to(device_of(model)).split(1)), "bits/pixel", seed)
