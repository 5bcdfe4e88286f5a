"""*Which digit?*: the probability of each digit given a recording, by Bayes' rule."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from explorer.data.spoken_digits import DIGITS
from explorer.measures.sound import JUDGE
from explorer.models.wavenet import WaveNet
from explorer.networks import checkpoints
from explorer.networks.card import NORMAL, Card, rows
from explorer.numbers import words
from explorer.numbers.answer import Answer, Axis, Chart, Figure, Table
from explorer.running.pauses import pausing
from explorer.spaces import SOUND
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.sound import charts
from explorer.tabs.sound.charts import BLOCK, Bars, ms
from explorer.tabs.sound.recordings import label_of, recording
from explorer.tabs.sound.shared import SAID, Digit, Own, SoundNet, Speaker

MOST_PROBABLE = Figure("most probable digit", digits=0)
CHANCE = Figure("its probability", unit="%", digits=1)
AHEAD = Figure("log p, ahead of the second", unit="nats")
HEADS = (MOST_PROBABLE, CHANCE, AHEAD)
DIGIT_FEW = 10  # moments: fewer say nothing about a share
percent = partial(words.percent, digits=1)


def posterior_chart(rows: Sequence[Sequence[float]], ends: Sequence[int], spoken: int | None) -> Chart:
    """Return the chart of the probability of each digit over time; `spoken` is None for a visitor's own sound.

    Arguments:
        rows: Probability of each digit at the end of each moment.
        ends: Number of samples until then.
        spoken: Digit that was spoken.
    """

    def best(digit: int) -> int:
        return max(range(len(rows)), key=lambda k: rows[k][digit])

    digits = range(len(rows[0]))
    rival = max((digit for digit in digits if digit != spoken), key=lambda digit: rows[best(digit)][digit])

    def line(digit: int) -> dict[str, Any]:
        points = [(0, 0.1), *((ms(end), row[digit]) for end, row in zip(ends, rows, strict=True))]
        look = {"colour": "ink", "width": 2.5} if digit == spoken else {"colour": "quiet", "width": 1}
        named = {"label": f"digit {digit}", "at": best(digit) + 1, "below": True} if digit in (spoken, rival) else {}
        return {"points": points} | look | named

    bold = "" if spoken is None else "bold: spoken"
    return Chart(
        x=Axis(unit="ms", ends=[0, ms(ends[-1])]),
        y=Axis("Probability of each digit, given the sound so far", note=bold, ticks=[0, 1]),
        lines=[line(digit) for digit in digits],
        words=f"most probable at the end: {max(digits, key=rows[-1].__getitem__)}",
    )


def chances(row: Sequence[float], spoken: int | None) -> Bars:
    """Return the probability of each digit as bars."""
    return {
        "name": "Probability of each digit at the cursor",
        "rows": [
            {"title": digit, "share": p, "text": percent(p), "marked": digit == spoken} for digit, p in enumerate(row)
        ],
    }


@heavy
def which(net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return log p(x | digit, speaker) for each digit in nats, and the posterior after every 5 ms, by Bayes' rule."""
    return log_p_by_digit(net, recording(digit, speaker), speaker, digit)


@heavy
def which_own(own: Own, net: SoundNet, speaker: Speaker) -> Answer:
    """Return the same of a visitor's own sound, as if the speaker had said it."""
    return log_p_by_digit(net, SOUND.read("levels", own), speaker)


def log_p_by_digit(net: str, x: Tensor, speaker: str, spoken: int | None = None) -> Answer:
    """Return log p of a sound (1, T) for each digit in nats, the posterior after every 5 ms, and what follows."""
    model: WaveNet = checkpoints.load(net)
    with torch.no_grad():
        found = [model.conditionals(x, label_of(other, speaker))[0] for other in pausing(range(DIGITS))]
    sofar = torch.stack(found).double().cumsum(1)  # (10, T)
    places = torch.arange(BLOCK, x.shape[1] + BLOCK, BLOCK).clamp(max=x.shape[1]) - 1
    posterior = [[round(p, 4) for p in row] for row in sofar[:, places].softmax(0).T.tolist()]
    nats, ends = [round(each, 2) for each in sofar[:, -1].tolist()], (places + 1).tolist()
    calibration = calibration_chart(checkpoints.card_of(net))

    def part(k: int) -> Answer:
        dot = nearest_point(calibration, max(posterior[k]))
        shown = [{"cursor": charts.ms(ends[k] - 1)}, *([{"dot": dot}] if dot else [])]
        bars = chances(posterior[k], spoken)
        return Answer(charts=shown, bars=bars, numbers=moment_numbers(posterior[k], nats))

    return charts.moments(x.shape[1], part) | Answer(
        charts=[posterior_chart(posterior, ends, spoken), *([calibration] if calibration else [])],
        table=digits_table(sofar[:, -1]),
        words=digit_words(int(sofar[:, -1].argmax()), spoken, checkpoints.card_of(net)),
        view={"levels": SOUND.encode(x), "nats": nats, "posterior": posterior, "places": ends},
    )


def digits_table(nats: Tensor) -> Table:
    """Return log p and posterior of each digit as a table: log p (10,) in nats."""
    ends = zip(nats.tolist(), nats.softmax(0).tolist(), strict=True)
    return Table(
        [{"digit": k, "log_p_nats": round(each, 2), "posterior": round(p, 4)} for k, (each, p) in enumerate(ends)]
    )


def digit_words(best: int, spoken: int | None, card: Card) -> str:
    """Return the most probable digit, and how often it is right; `spoken` is None for a visitor's own sound."""
    if spoken is None:
        return f"Bayes' rule says {best}. It learned six speakers: choose the one most like you."
    verdict = "which is right" if best == spoken else f"but {spoken} was spoken"
    parts = [f"Bayes' rule says {best}, {verdict}."]
    for row in rows(card, "accuracy"):
        if row.get("judge") == JUDGE:
            parts.append(
                f"A classifier trained on digits, which is not told the speaker, gets {percent(row['value'])}."
            )
        elif "judge" not in row:
            parts.insert(1, f"Told the speaker, it gets {percent(row['value'])} of the test recordings right.")
    if tenths := card.get("digits", {}).get("reliability", {}).get("tenths"):
        last = tenths[-1]
        parts.append(
            f"While a recording is heard, the digit given a probability of about {percent(last['sure'])} is right in "
            f"{percent(last['right'] / last['n'])} of the moments. Below the diagonal, Bayes' rule is overconfident."
        )
    return " ".join(parts)


def calibration_chart(card: Card) -> Chart | None:
    """Return how often the most probable digit was right by its probability, as a chart; None if unmeasured."""
    tenths = (card.get("digits", {}).get("reliability") or {}).get("tenths", ())
    found = [
        (each["sure"], each["right"] / each["n"], NORMAL * each["se"]) for each in tenths if each["n"] >= DIGIT_FEW
    ]
    if not found:
        return None
    bars = [
        {"points": [(sure, max(0, right - wide)), (sure, min(1, right + wide))], "colour": "ink", "width": 1}
        for sure, right, wide in found
    ]
    points = [(sure, right) for sure, right, _ in found]
    return Chart(
        x=Axis("probability", ticks=[0, 0.5, 1]),
        y=Axis("Share correct", note="dashed: calibrated", ticks=[0, 0.5, 1]),
        lines=[
            {"points": [(0, 0), (1, 1)], "colour": "quiet", "dash": [4, 4], "width": 1},
            {"points": points, "colour": "ink", "width": 2},
            *bars,
        ],
        words="; ".join(f"at {percent(sure)}, {percent(right)} are right" for sure, right in points),
    )


def nearest_point(calibration: Chart | None, sure: float) -> tuple[float, float] | None:
    """Return the point of the calibration whose probability is nearest to this one; None if unmeasured."""
    return calibration and min(calibration.lines[1]["points"], key=lambda point: abs(point[0] - sure))


def moment_numbers(posterior: Sequence[float], nats: Sequence[float]) -> list[Figure]:
    """Return the numbers of a moment: the probability of each digit so far, and log p of the whole for each."""
    best, second = sorted(nats, reverse=True)[:2]
    top = max(posterior)
    return [MOST_PROBABLE.of(posterior.index(top)), CHANCE.of(100 * top), AHEAD.of(best - second)]


MODE = Mode(
    "digit",
    "Which digit?",
    "test",
    functions=[which, which_own],
    panel=Panel(
        which,
        controls=[SAID],
        tries=[
            ("A five by George", {"digit": 5, "speaker": "george"}),
            ("A mistake", {"digit": 1, "speaker": "jackson"}),
        ],
        shows=Shows(
            "How likely is the recording, given each digit?",
            HEADS,
            charts=[("Posterior over time", 190, "tap"), ("Calibration on test recordings", 190)],
            bars="Probability of each digit",
            waits="The network reads the recording ten times, once for each digit: a few seconds…",
            module="sound/recorded",
        ),
    ),
    code={
        "Which digit?": [which.plain],
    },
)
