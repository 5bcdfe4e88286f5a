"""Record what a class judges and guesses: `python -m explorer.class_tasks [NETWORK …]`, of all networks or of these.

`explorer/bundled/class-trials.json` has black and white images for *Real or made?*: test images, and images that each
network of MNIST generates from one seed. `class-passages.json` has passages for *Guess the next character*, with the
exact probability that the transformer assigns to each character to guess. The passages are of the test split, because
the transformer was trained on the held-out part, too. Nothing is chosen by what it gives.

Run it after one of these networks was trained or measured again. All networks take some minutes on one core.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from explorer import data
from explorer.classes import passages, trials
from explorer.networks import card, checkpoints
from explorer.questions import make
from explorer.spaces import TEXT
from explorer.spaces.packing import pack_bits
from explorer.steps import last
from explorer.tabs.compare.recorded import weights
from explorer.tabs.compare.tab import family_value
from explorer.tabs.kit.ask.nets import nets_of

DATASET, TRANSFORMER = "mnist", "transformer-shakespeare"
MADE_SEED, MADE_IMAGES, REAL_IMAGES = 0, 32, 400
PASSAGE_STEP = 12_000  # characters between two passages
LN2 = math.log(2)


def made_by(net: str) -> dict[str, Any]:
    """Generate images of a network, and binarise them as *Which is real?* does, so that grey levels give no hint."""
    x = last(make.steps(checkpoints.load(net), MADE_IMAGES, MADE_SEED)).x.cpu()
    column = family_value(net, card.of(net), None)
    return {
        "net": net,
        "title": column["title"],
        "sha": weights(net),
        "frechet": column["frechet"],
        "images": pack_bits(data.binarise(x, data.APART + MADE_SEED)),
    }


def passages_of() -> Iterator[dict[str, Any]]:
    """Return passages at equal distances in the test split, each from the start of a line, with the bits of the end."""
    codes = data.SHAKESPEARE.load("test").codes
    text = "".join(TEXT.alphabet[code] for code in codes.tolist())
    model = checkpoints.load(TRANSFORMER)
    for place in range(PASSAGE_STEP, len(text) - PASSAGE_STEP // 2, PASSAGE_STEP):
        start = text.index("\n", place) + 1
        chosen = text[start : start + passages.PASSAGE_CONTEXT + passages.PASSAGE_GUESSED]
        if set(chosen[passages.PASSAGE_CONTEXT :]) & set(passages.RARE_SYMBOLS):
            continue
        with torch.no_grad():
            log_p = model.log_probs(TEXT.codes(chosen).unsqueeze(0))[0].double()
        yield {"text": chosen, "bits": [round(bits, 4) for bits in bits_of(chosen, log_p)]}


def bits_of(text: str, log_p: torch.Tensor) -> Iterator[float]:
    """Yield −log₂ p of each guessed character, capital or not: p of a letter is the sum over both of its cases.

    Arguments:
        text: A whole passage of T characters.
        log_p: Log-probabilities (T, V) in nats, given all characters before.
    """
    folds = [passages.fold(each) for each in TEXT.alphabet]
    for place in range(passages.PASSAGE_CONTEXT, len(text)):
        same = [code for code, fold in enumerate(folds) if fold == passages.fold(text[place])]
        yield -float(log_p[place, same].logsumexp(0)) / LN2


def frequencies() -> dict[str, float]:
    """Return how often each symbol occurs in the training text, as shares."""
    codes = data.SHAKESPEARE.load("train").codes
    counts = Counter(passages.fold(TEXT.alphabet[code]) for code in codes.tolist())
    return {symbol: counts[symbol] / counts.total() for symbol in passages.PASSAGE_SYMBOLS}


def write(path: Path, found: dict[str, Any]) -> None:
    """Write a file of tasks."""
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def class_tasks(
    networks: Annotated[list[str] | None, typer.Argument(help="Only of these networks, such as gan-mnist.")] = None,
) -> None:
    """Record the tasks of a class, of all NETWORKS or of these."""
    known = {each["net"]: each for each in trials.read()["families"]} if trials.TRIALS_FILE.exists() else {}
    real = pack_bits(data.bundled_binary_images(DATASET)[:REAL_IMAGES])
    for net in nets_of(DATASET):
        if not networks or net in networks:
            known[net] = made_by(net)
            typer.echo(f"{net}: {MADE_IMAGES} images")
            families = [known[each] for each in nets_of(DATASET) if each in known]
            write(trials.TRIALS_FILE, {"dataset": DATASET, "real": real, "families": families})
    if not networks or TRANSFORMER in networks:
        write(passages.PASSAGES_FILE, {"net": TRANSFORMER, "frequencies": frequencies(), "passages": [*passages_of()]})


if __name__ == "__main__":
    typer.run(class_tasks)
