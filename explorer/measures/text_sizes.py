"""Transformers of several widths on several amounts of text: loss curves, over-fitting, and a power law.

There are no weights to load: each network is trained during the measurement, for the same number of steps. The training
text of a run is the first 1/k of the training split. Losses are those of texts of C characters with nothing before
them, in nats a character. The network of the lowest held-out loss on the way is measured on the test split. The results
of a run are kept in `runs/`, so an interrupted measurement can continue.

References:
    Kaplan et al., Scaling Laws for Neural Language Models, 2020, https://arxiv.org/abs/2001.08361
"""

import copy
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer import data, verdicts
from explorer.measures.common import load_or_measure, mean_row
from explorer.measures.text_judged import UNIT, pieces
from explorer.models.transformer import Transformer
from explorer.networks.card import Card, find, row
from explorer.spaces import TEXT

EVERY = 100  # steps between two measurements of the losses
AT_ONCE = 256  # texts that are evaluated together
Run = dict[str, float | str]


def record(recipe: dict, folder: Path) -> dict:
    """Train and measure the runs that are missing; return the figures of all runs and of the power law."""
    found = [
        load_or_measure(
            run, folder / "runs" / f"{run['run']}.json", lambda run=run: measure_run(run, recipe["dataset"])
        )
        for run in runs(recipe)
    ]
    rows = [each for run in found for each in run["rows"]]
    return {"rows": rows + power_law(rows), "curves": {run["question"]["run"]: run["history"] for run in found}}


def runs(recipe: dict) -> Iterator[Run]:
    """Yield the runs of a recipe, each with all its settings; `part` k is the first 1/k of the training text."""
    for width, part in product(recipe["widths"], recipe["parts"]):
        yield recipe["model"] | recipe["training"] | {"run": f"{width}-{part}", "width": width, "part": part}


def measure_run(run: Run, dataset: str) -> dict:
    """Train one network; measure the best one on the way, what the rest of the training cost, and its history."""
    codes = data.load(dataset, "train").codes
    codes, start = codes[: len(codes) // run["part"]], time.perf_counter()
    best, history = train_network(run, codes, data.load(dataset, "held-out").codes)
    seconds, held_out = time.perf_counter() - start, [each["held_out"] for each in history]
    lowest = min(held_out)
    test = pieces(costs(best, data.load(dataset, "test").codes).flatten(), TEXT.length).mean(-1)
    of = {"seed": run["seed"], "width": run["width"], "part": run["part"]}
    parameters = sum(each.numel() for each in best.parameters())
    return {
        "rows": [
            row("parameters", parameters, "exact", **of),
            row("characters", len(codes), "exact", **of),
            mean_row("nll", test, "exact", unit=UNIT, **of),
            row("best_step", history[held_out.index(lowest)]["step"], "exact", **of),
            row("overfitting", held_out[-1] - lowest, "exact", unit=UNIT, **of),
        ],
        "history": history,
        "seconds": round(seconds, 1),
    }


def train_network(run: Run, codes: Tensor, held_out: Tensor) -> tuple[Transformer, list[dict]]:
    """Train a network on a text (N,); return the best one by its held-out loss, and the losses every `EVERY` steps.

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
    for step in track(range(run["steps"] + 1), run["run"]):
        if step % EVERY == 0:
            history.append({"step": step, **losses(model, codes[: len(held_out)], held_out)})
            if history[-1]["held_out"] == min(each["held_out"] for each in history):
                best = copy.deepcopy(model).eval()
        if step == run["steps"]:
            return best, history
        start = torch.randint(len(codes) - run["context"] + 1, (run["batch_size"], 1), generator=generator)
        x = codes[start + torch.arange(run["context"])]
        optimiser.zero_grad()
        model.training_loss(x, run, generator=generator, label=None).backward()
        nn.utils.clip_grad_norm_(model.parameters(), run["clip_norm"])
        optimiser.step()
        schedule.step()


def losses(model: Transformer, train: Tensor, held_out: Tensor) -> dict[str, float]:
    """Return the mean −log p of two texts, (N,) and (M,), in nats a character."""
    texts = {"train": train, "held_out": held_out}
    return {name: round(float(costs(model, codes).mean()), 4) for name, codes in texts.items()}


@torch.no_grad()
def costs(model: Transformer, codes: Tensor) -> Tensor:
    """Compute −log p of each character of texts of C characters, cut from one text (N,), in nats: (N // C, C)."""
    return -torch.cat([model.conditionals(part) for part in pieces(codes, model.context).split(AT_ONCE)]).double()


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
