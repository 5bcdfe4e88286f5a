"""Exercises on models of sound: receptive fields, μ-law, files, Bayes' rule, queues, and two recordings to find."""

import functools
import math

from explorer.data.spoken_digits import SPEAKERS
from explorer.measures.sound import by_digit
from explorer.networks import checkpoints
from explorer.spaces import SOUND
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting
from explorer.tabs.sound.maths import receptive_field
from explorer.tabs.sound.recordings import NET, recording

MU = 255
BITS = math.log(2)  # nats


@number("field", "How far back it sees", state="mode=dilations&layers=12")
def field(draw: Draw) -> Number:
    """Ask for the receptive field of a stack of dilated layers, in milliseconds."""
    layers, rate = draw.whole(5, 14), draw.one_of((8, 16, 32))
    answer = receptive_field(layers) / rate
    return Number(
        f"A stack has {layers} layers of width 2, with dilations 1, 2, 4, … How many milliseconds does it see at "
        f"{rate},000 samples per second?",
        answer,
        0.01 * answer,
        ["Layer l looks 2^(l − 1) samples further back.", "Sum the distances, and count the newest sample itself."],
        [
            f"1 + (1 + 2 + … + {2 ** (layers - 1)}) = {receptive_field(layers)} samples.",
            f"{receptive_field(layers)} ÷ {rate} = {say(answer)} ms.",
        ],
        {"layers": layers, "rate": rate},
        unit="ms",
        slips=[
            ((layers + 1) / rate, "That is without dilation: the distances double from layer to layer."),
            (rate * answer, "That is in samples: divide by the samples in a millisecond."),
        ],
    )


@number("mu-law", "Where the levels lie", state="mode=speak")
def mu_law(draw: Draw) -> Number:
    """Ask for the compressed value of an amplitude."""
    amplitude = draw.real(0.01, 0.5, 2)
    answer = math.log(1 + MU * amplitude) / math.log(1 + MU)
    return Number(
        f"μ-law compresses an amplitude a to log(1 + 255 a) ÷ log 256. Its 256 levels are equally far apart on this "
        f"scale from −1 to 1. Where on this scale is the amplitude {brief(amplitude)}?",
        answer,
        0.005,
        ["Use the same logarithm above and below.", f"First compute 1 + 255 · {brief(amplitude)}."],
        [f"log {say(1 + MU * amplitude)} ÷ log 256 = {say(answer)}: quiet sounds get many of the levels."],
        {"amplitude": amplitude},
        slips=[
            (amplitude, "That is the amplitude itself, without compression."),
            (math.log(1 + MU * amplitude), "Divide by log 256 as well."),
        ],
    )


@number("file", "How long is the file?", state="mode=score")
def file(draw: Draw) -> Number:
    """Ask for the length of a coded recording."""
    bits, ms = draw.real(3.5, 7.5, 1), draw.whole(4, 20) * 50
    samples = ms * SOUND.rate // 1_000
    answer = bits * samples / 8
    return Number(
        f"A WaveNet needs {brief(bits)} bits per sample. About how many bytes does a recording of {ms} ms take, if it "
        "is coded with this model? There are 8,000 samples per second.",
        answer,
        0.01 * answer,
        ["How many samples does the recording have?", "A byte has 8 bits."],
        [f"{ms} · 8 = {samples} samples, and {samples} · {brief(bits)} ÷ 8 = {say(answer, 1)} bytes."],
        {"bits": bits, "ms": ms},
        unit="bytes",
        slips=[
            (bits * samples, "That is in bits: a byte has 8."),
            (bits * ms / 8, "A millisecond has 8 samples."),
            (samples, "That is the file without a model: 8 bits per sample."),
        ],
    )


@number("bayes", "Bayes' rule for two digits", state="mode=digit")
def bayes(draw: Draw) -> Number:
    """Ask for a posterior of two digits from their log-likelihoods."""
    one = -draw.whole(5_000, 9_000)
    gap = draw.real(0.4, 3) * draw.one_of((-1, 1))
    answer = 1 / (1 + math.exp(-gap))
    return Number(
        f"A recording has log p = {brief(one)} nats if a three was spoken, and {brief(one - gap)} nats if an eight "
        "was. Both digits are equally likely before, and no other is possible. What is the probability of the three?",
        answer,
        0.005,
        ["Only the difference of the two matters.", "p = 1 ÷ (1 + e to the minus difference)."],
        [f"The difference is {brief(gap)} nats, so p = 1 ÷ (1 + e^({brief(-gap)})) = {say(answer)}."],
        {"one": one, "gap": gap},
        slips=[
            (1 - answer, "That is the probability of the eight."),
            (math.exp(gap), "That is the ratio of the two: it must still be normalised."),
            (1 / (1 + 2**-gap), "With nats the base is e, not 2."),
        ],
    )


@number("queues", "What the queues save", state="mode=cached")
def queues(draw: Draw) -> Number:
    """Ask how many values a stack computes for each sample without queues, for each one with them."""
    layers = draw.whole(3, 20)
    answer = sum(2**layer for layer in range(layers)) / layers
    return Number(
        f"To predict one sample, a stack of {layers} dilated layers without queues computes all values that the top "
        f"one depends on: 1 in the top layer, 2 below it, then 4, and so on. With queues it computes one value per "
        "layer. How many times as many values are computed without queues?",
        answer,
        0.02 * answer,
        ["Sum 1 + 2 + 4 + …, one term for each layer.", "With queues there are as many values as layers."],
        [f"{2**layers - 1} values instead of {layers}: {say(answer)} times."],
        {"layers": layers},
        unit="times",
        slips=[
            (2**layers - 1, "Divide by the number of values with queues."),
            (2 ** (layers - 1), "That is the lowest layer alone, and not yet a ratio."),
        ],
    )


@choice("teacher", "Why is a recording scored so fast?", state="mode=score")
def teacher(draw: Draw) -> Choice:
    """Ask why scoring takes one pass, and sampling one for each sample."""
    return Choice(
        "The network scores a recording of half a second in one pass. Drawing as much takes 4,000 evaluations. Why?",
        "In a recording all earlier samples are known, so all predictions can be computed at once.",
        {
            "Scoring needs only the likeliest level of each sample, and a draw needs all.": "It needs the probability "
            "of the recorded level, likely or not.",
            "A recording has fewer levels than a drawn sound.": "Both have 256 levels.",
            "Scoring skips the layers with large dilations.": "It uses the same network, with all its layers.",
        },
        ["On what does the prediction of a sample depend?", "What must be known before sample 100 can be drawn?"],
        [
            "Each prediction depends on the samples before it. A recording has them all.",
            "A sampler has to draw sample 99 before it can predict sample 100.",
        ],
        draw.order(4),
    )


@functools.lru_cache(maxsize=64)
def nats_of(digit: int, speaker: str) -> list[float]:
    """Return log p of a test recording if the speaker had said each of the ten digits, in nats."""
    return by_digit(checkpoints.load(NET), recording(digit, speaker)[0], SPEAKERS.index(speaker))[-1].tolist()


@setting(
    "mistake", "A digit that is classified wrongly", reads="digit speaker", state="mode=digit&digit=7&speaker=theo"
)
def mistake(draw: Draw) -> Setting:
    """Ask for a recording whose most probable digit is another one."""

    def holds(digit: int, speaker: str) -> tuple[bool, str]:
        nats = nats_of(digit, speaker)
        best = nats.index(max(nats))
        return best != digit, f"Bayes' rule says {best} of this {digit}"

    return Setting(
        "Choose a recording in which another digit is more probable than the spoken one.",
        holds,
        {"digit": 1, "speaker": "jackson"},
        [
            "It is right about nearly all recordings: try one speaker after another.",
            "Only one of the six speakers has such a recording.",
        ],
        ["Jackson's one is classified as another digit."],
    )


def bits_of(digit: int, speaker: str) -> float:
    """Return the bits per sample of a test recording."""
    return -nats_of(digit, speaker)[digit] / recording(digit, speaker).shape[1] / BITS


@setting("cheap", "A recording that costs little", reads="digit speaker", state="mode=score&digit=6&speaker=lucas")
def cheap(draw: Draw) -> Setting:
    """Ask for a recording that needs few bits per sample."""
    most = draw.one_of((3.9, 4.2, 4.5))

    def holds(digit: int, speaker: str) -> tuple[bool, str]:
        bits = bits_of(digit, speaker)
        return bits < most, f"it needs {say(bits, 2)} bits per sample"

    return Setting(
        f"Choose a recording that needs less than {brief(most)} bits per sample.",
        holds,
        {"digit": 1, "speaker": "yweweler"},
        ["How loud are the six speakers?", "A quiet sound uses few of the levels."],
        [f"Yweweler speaks quietly: his one needs {say(bits_of(1, 'yweweler'), 2)} bits per sample."],
    )


EXERCISES = (field, mu_law, file, bayes, queues, teacher, mistake, cheap)
