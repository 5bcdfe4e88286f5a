"""Measures of what models of text generate: what another network, the judge, assigns to it."""

import torch
from torch import Tensor

from explorer.measures.common import Load, mean_row
from explorer.models.ngram import NGram
from explorer.models.sampled import Sampled
from explorer.models.text import TextModel
from explorer.models.transformer import Transformer
from explorer.networks import checkpoints
from explorer.networks.card import row
from explorer.running.device import device_of
from explorer.steps import last

UNIT = "nats/character"
PIECE = 128  # characters of a text of the masked diffusion
DRIFT_TEXTS, BEGINNING, DRIFT_LENGTH, TEXT_JUDGED_STRIDE = 128, 64, 256, 32
GAP_TEXTS, TEXT_JUDGED_LEFT, GAP, RIGHT = 400, 48, 32, 48
FITS = 3.0  # nats that the text to the right of a gap may cost more than after the real characters
ITSELF = "itself"
TRANSFORMER, LSTM, NGRAM = "transformer-shakespeare", "lstm-shakespeare", "ngram-shakespeare"


def pieces(values: Tensor, length: int) -> Tensor:
    """Cut values (N,) into pieces that do not overlap; the remainder is left out: (B, length)."""
    return values[: len(values) // length * length].view(-1, length)


def random_excerpts(codes: Tensor, n: int, length: int, seed: int) -> Tensor:
    """Cut n excerpts out of a text (N,) at random places: (n, length)."""
    start = torch.randint(len(codes) - length + 1, (n, 1), generator=torch.Generator().manual_seed(seed))
    return codes[start + torch.arange(length)]


def drift(model: Sampled, dataset: str, load: Load, seed: int) -> dict:
    """Measure the loss of a model's own text by distance from the real beginning, beside that of real text.

    A model is trained on real beginnings and sampled from its own. If its own beginning leads it astray, its own text
    has a higher loss, the farther it is from the real beginning (Bengio et al. 2015). A mean loss of own text that
    differs from that of real text from the start, but does not grow, is no drift: it says how much less, or more,
    uncertain the model is than the text (Braverman et al. 2020).

    The loss is measured by another network, and by the model itself if it has one. The real texts are those of the test
    split, of which the own texts have the beginnings, and as many of the training split. Rows `excess` have the loss of
    own minus that of real text after the same beginnings; rows `slope` its change in 100 characters, by a straight line
    for each text.

    References:
        Bengio et al., Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks, 2015
        Braverman et al., Calibration, Entropy Rates, and Memory in Language Models, 2020
    """
    length = min(DRIFT_LENGTH, model.space.length)
    real, training = (
        random_excerpts(load(dataset, split).codes, DRIFT_TEXTS, length, seed) for split in ("test", "train")
    )
    texts = {"real": real, "own": complete(model, real, torch.arange(length) < BEGINNING, seed), "training": training}
    rows = []
    for name, judge in judges(model).items():
        of = {"unit": UNIT, "seed": seed, "judge": name}
        cost = {text: judge_costs(judge, x)[:, BEGINNING:] for text, x in texts.items()}
        excess = cost["own"] - cost["real"]
        for after in range(0, length - BEGINNING, TEXT_JUDGED_STRIDE):
            part = slice(after, after + TEXT_JUDGED_STRIDE)
            rows += [
                mean_row("judged", each[:, part].mean(-1), text=text, after=after, **of) for text, each in cost.items()
            ]
            rows.append(mean_row("excess", excess[:, part].mean(-1), after=after, **of))
        rows.append(mean_row("slope", slopes(excess), **of))
    return {"rows": rows}


def judges(model: Sampled) -> dict[str, TextModel]:
    """Return the networks that judge a model's text, by name: another one, and itself if it has a loss."""
    name = LSTM if isinstance(model, Transformer) else TRANSFORMER
    return {name: checkpoints.load(name)} | ({ITSELF: model} if isinstance(model, TextModel) else {})


def slopes(values: Tensor) -> Tensor:
    """Return the slope of a straight line through each row of values (n, T), by least squares, in 100 columns: (n,)."""
    place = torch.arange(values.shape[1], dtype=values.dtype)
    place = place - place.mean()
    return 100 * (values @ place) / place.square().sum()


def gaps(model: Sampled, dataset: str, load: Load, seed: int) -> dict:
    """Measure how well a filled gap fits the text to its right, by what this text then costs a judge.

    A gap fits if the judge assigns the text to the right at most `FITS` nats more than after the real characters. The
    judge is the n-gram model, which sees six characters back, so it judges the end of the gap. The transformer judges
    the n-gram model itself.
    """
    name = TRANSFORMER if isinstance(model, NGram) else NGRAM
    judge, length = checkpoints.load(name), TEXT_JUDGED_LEFT + GAP + RIGHT
    real = random_excerpts(load(dataset, "test").codes, GAP_TEXTS, length, seed)
    place = torch.arange(length)
    gap = (place >= TEXT_JUDGED_LEFT) & (place < TEXT_JUDGED_LEFT + GAP)
    filling = fill_gap(model, real, gap, seed)
    right = [judge_costs(judge, x)[:, TEXT_JUDGED_LEFT + GAP :].sum(-1) for x in (real, filling)]
    of = {"seed": seed, "judge": name}
    return {
        "rows": [
            mean_row("right_side", right[0], unit="nats", fill="real", **of),
            mean_row("right_side", right[1], unit="nats", fill="own", **of),
            mean_row("fits", (right[1] - right[0] <= FITS).double(), **of),
            row("within", FITS, "exact", unit="nats"),
        ]
    }


def fill_gap(model: Sampled, x: Tensor, gap: Tensor, seed: int) -> Tensor:
    """Fill a gap, booleans (T,), of every text (n, T); a model that can only continue sees the left side alone."""
    if not isinstance(model, TextModel):
        return complete(model, x, ~gap, seed)
    end = int(gap.nonzero().max()) + 1
    continued = complete(model, x[:, :end], ~gap[:end], seed)
    return torch.cat([continued, x[:, end:]], dim=1)


@torch.no_grad()
def complete(model: Sampled, x: Tensor, known: Tensor, seed: int) -> Tensor:
    """Complete texts (n, T) of which the places `known`, booleans (T,), are given: (n, T)."""
    return last(model.complete_steps(x, known.expand(x.shape), generator=torch.Generator().manual_seed(seed))).x.cpu()


@torch.no_grad()
def judge_costs(judge: TextModel, x: Tensor) -> Tensor:
    """Compute −log p of every character of texts (n, T) by the judge, in nats: (n, T)."""
    return -judge.conditionals(x.to(device_of(judge))).double().cpu()
