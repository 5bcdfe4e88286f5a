"""Transformers of several widths on several amounts of text: loss curves, over-fitting, and a power law.

There are no weights to load: each network is trained during the measurement, first for few steps, then for twice as
many, until twice the steps lower its held-out loss by less than the recipe's `gain`, or the recipe has no more steps.
So each size gets the training that suits it. The training text of a run is every k-th block of the training split, so
all plays are in it. Losses are those of texts of C characters with nothing before them, in nats a character. The
network of the lowest held-out loss is measured on the test split. The results of each training are kept in `runs/`, so
an interrupted measurement can continue.

References:
    Kaplan et al., Scaling Laws for Neural Language Models, 2020, https://arxiv.org/abs/2001.08361
"""

import copy
import math
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer import data, verdicts
from explorer.measures.common import load_or_measure, measured_mean
from explorer.measures.text_judged import UNIT, pieces
from explorer.models.transformer import Transformer
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.spaces import TEXT

MEASURED = 20  # measurements of the losses during a training
TEXT_SIZES_AT_ONCE = 256  # texts that are evaluated together
Run = dict[str, float | str]


def record(recipe: dict, folder: Path) -> dict:
    """Train and measure the runs that are missing; return the figures of all runs and of the power law."""
    found = {run["run"]: train_out(run, recipe, folder / "runs") for run in runs(recipe)}
    rows = [each for trainings in found.values() for each in figures(trainings)]
    least = row("least_gain", recipe["gain"], "exact", unit=UNIT)
    return {"rows": [*rows, least, *power_law(rows)], "curves": {name: found[name][-1]["history"] for name in found}}


def runs(recipe: dict) -> Iterator[Run]:
    """Yield the runs of a recipe, each with its settings; `part` k is every k-th block of the training text."""
    for part, width in product(recipe["parts"], recipe["widths"]):
        yield recipe["model"] | recipe["training"] | {"run": f"{width}-{part}", "width": width, "part": part}


def train_out(run: Run, recipe: dict, folder: Path) -> list[dict]:
    """Measure trainings of more and more steps, and return them; the last one is hardly better than the one before."""
    found: list[dict] = []
    for steps in recipe["steps"]:
        asked = run | {"steps": steps}
        path = folder / f"{run['run']}-{steps}.json"
        found.append(load_or_measure(asked, path, lambda asked=asked: measure_run(asked, recipe["dataset"])))
        if steps >= recipe["least_steps"] and last_gain(found) < recipe["gain"]:
            break
    return found


def last_gain(trainings: Sequence[dict]) -> float:
    """Return how much the last training lowers the lowest held-out loss of all before it; infinite if it is alone."""
    *before, last = map(lowest, trainings)
    return min(before, default=math.inf) - last


def lowest(training: dict) -> float:
    """Return the lowest held-out loss of a training, in nats a character."""
    return min(each["held_out"] for each in training["history"])


def figures(trainings: Sequence[dict]) -> list[dict]:
    """Return the rows of a run: the test loss of its best training, and the over-fitting in its longest."""
    best, longest = min(trainings, key=lowest), trainings[-1]
    asked, history = longest["question"], [each["held_out"] for each in longest["history"]]
    of = {"seed": asked["seed"], "width": asked["width"], "part": asked["part"]}
    return [
        row("parameters", best["parameters"], "exact", **of),
        row("characters", best["characters"], "exact", **of),
        row("nll", kind="exact", unit=UNIT, **best["nll"], **of),
        row("steps", best["question"]["steps"], "exact", **of),
        row("gain", last_gain(trainings), "exact", unit=UNIT, **of),
        row("best_step", longest["history"][history.index(min(history))]["step"], "exact", **of),
        row("overfitting", history[-1] - min(history), "exact", unit=UNIT, **of),
    ]


def measure_run(run: Run, dataset: str) -> dict:
    """Train one network; measure the best one on the way on the test split, and return the history of its losses."""
    text, start = blocks(data.load(dataset, "train").codes, run["block"], run["part"]), time.perf_counter()
    best, history = train_network(run, text, data.load(dataset, "held-out").codes)
    seconds = time.perf_counter() - start
    test = pieces(costs(best, data.load(dataset, "test").codes).flatten(), TEXT.length).mean(-1)
    return {
        "parameters": checkpoints.count_parameters(best),
        "characters": text.numel(),
        "nll": measured_mean(test),
        "history": history,
        "seconds": round(seconds, 1),
    }


def blocks(codes: Tensor, size: int, part: int) -> Tensor:
    """Return every `part`-th block of a text: (N,) to (B, size). So a small part, too, is drawn from all plays."""
    return pieces(codes, size)[::part]


def train_network(run: Run, text: Tensor, held_out: Tensor) -> tuple[Transformer, list[dict]]:
    """Train a network on blocks of text (B, size); return the best one by its held-out loss, and the losses.

    Shapes: `held_out` (M,). Losses are in nats a character.
    """
    torch.manual_seed(run["seed"])
    model = Transformer(run["width"], run["layers"], run["heads"], run["context"])
    optimiser = torch.optim.AdamW(
        model.parameters(), weight_decay=run["weight_decay"], betas=tuple(run["adam_betas"]), fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, run["learning_rate"], run["steps"], pct_start=run["warmup"], div_factor=10, final_div_factor=100
    )
    generator, history, best = torch.Generator().manual_seed(run["seed"]), [], None
    seen = spread_over(text, len(held_out) // text.shape[1])
    for step in track(range(run["steps"] + 1), f"{run['run']}, {run['steps']} steps"):
        if step % max(1, run["steps"] // MEASURED) == 0:
            history.append({"step": step, **losses(model, seen, held_out)})
            if history[-1]["held_out"] == min(each["held_out"] for each in history):
                best = copy.deepcopy(model).eval()
        if step == run["steps"]:
            return best, history
        x = excerpts(text, run["batch_size"], run["context"], generator)
        optimiser.zero_grad()
        model.training_loss(x, run, generator=generator, label=None).backward()
        nn.utils.clip_grad_norm_(model.parameters(), run["clip_norm"])
        optimiser.step()
        schedule.step()


def excerpts(text: Tensor, n: int, length: int, generator: torch.Generator) -> Tensor:
    """Draw n excerpts of one length from blocks of text: (B, size) to (n, length). None crosses the end of a block."""
    block = torch.randint(len(text), (n, 1), generator=generator)
    start = torch.randint(text.shape[1] - length + 1, (n, 1), generator=generator)
    return text[block, start + torch.arange(length)]


def spread_over(text: Tensor, n: int) -> Tensor:
    """Return at most n blocks, equally far apart, as one text: (B, size) to (M,)."""
    chosen = torch.linspace(0, len(text) - 1, min(n, len(text))).round().long()
    return text[chosen].flatten()


def losses(model: Transformer, train: Tensor, held_out: Tensor) -> dict[str, float]:
    """Return the mean −log p of two texts, (N,) and (M,), in nats a character."""
    texts = {"train": train, "held_out": held_out}
    return {name: round(float(costs(model, codes).mean()), 4) for name, codes in texts.items()}


@torch.no_grad()
def costs(model: Transformer, codes: Tensor) -> Tensor:
    """Compute −log p of each character of texts of C characters, cut from one text (N,), in nats: (N // C, C)."""
    return -torch.cat(
        [model.conditionals(part) for part in pieces(codes, model.context).split(TEXT_SIZES_AT_ONCE)]
    ).double()


def power_law(rows: Sequence[dict]) -> list[dict]:
    r"""Fit $\log L = c - \alpha \log N - \beta \log D$ to at most nine runs: N parameters, D characters.

    The fit is by least squares. α is the `exponent` of "parameters", β that of "characters". Each has the ends of its
    95 % interval, by Student's t with the degrees of freedom that are left. `spread` is the standard deviation of the
    residuals.
    """
    found = [[each["value"] for each in rows if each["name"] == name] for name in FITTED]
    exponents, errors, spread = least_squares(*torch.tensor(found, dtype=torch.double).log())
    n = len(found[0])
    reach = verdicts.critical(n - len(FITTED)) * errors
    return [
        each
        for name, value, by, se in zip(FITTED, exponents.tolist(), reach.tolist(), errors.tolist(), strict=False)
        for each in (
            row("exponent", value, se=se, n=n, of=name),
            row("exponent_low", value - by, of=name),
            row("exponent_high", value + by, of=name),
        )
    ] + [row("spread", spread, n=n)]


FITTED = ("parameters", "characters", "nll")


def least_squares(parameters: Tensor, characters: Tensor, loss: Tensor) -> tuple[Tensor, Tensor, float]:
    """Fit loss = c − α parameters − β characters; return (α, β), their standard errors, and the residuals' deviation.

    Shapes: each (n,), n above 3.
    """
    design = torch.stack([-parameters, -characters, torch.ones_like(loss)], dim=-1)
    found = torch.linalg.lstsq(design, loss.unsqueeze(-1)).solution[:, 0]
    variance = float((loss - design @ found).square().sum()) / (len(loss) - design.shape[1])
    errors = (variance * torch.linalg.inv(design.T @ design).diagonal()).sqrt()
    return found[:2], errors[:2], variance**0.5


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    alpha, beta = (find(card, "exponent", of=name) for name in FITTED[:2])
    return (
        f"The loss falls as N^−{alpha['value']:.3f} D^−{beta['value']:.3f} (± {alpha['se']:.3f} and {beta['se']:.3f})"
    )
