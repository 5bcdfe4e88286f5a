"""Fields of the text tab: those of its address, and the parameters of its server functions."""

from dataclasses import replace
from typing import Annotated

from explorer.fields import Field, OneOf, Real, Text, Whole, Wholes
from explorer.models.text_diffusion import ORDERS
from explorer.spaces import TEXT
from explorer.spaces.tokens import LONGEST
from explorer.tabs.kit.ask.nets import apart
from explorer.tabs.kit.layout.fields import AT_STEP, SEED
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise
from explorer.tabs.text.exercises import EXERCISES, LINE, SPEECH, TRANSFORMER

MODES = {
    "generate": "Generate",
    "unmask": "Unmask",
    "fill": "Fill in",
    "surprise": "Surprise",
    "compress": "Compress",
    "attention": "Attention",
    "cached": "Why cached",
    "loss": "Loss",
    "tour": "Tour",
    "exercises": TITLE,
}
OURS = {TRANSFORMER: "Transformer", "lstm-shakespeare": "LSTM", "ngram-shakespeare": "N-grams"}
NETS = OURS | apart("transformer", "lstm", "ngram")
DIFFUSION = "d3pm-shakespeare"
SIZES = "text-sizes"
FILLED = 128  # most characters that the diffusion fills in at once
READ = 200  # most characters whose attention is computed
PLACES = "To be, or not to be, that is the ________: whether ___ nobler in the mind to suffer"

NET = Field("net", OneOf(tuple(NETS)), TRANSFORMER, "the network")
PROMPT = Field("prompt", Text(200), "ROMEO:\n", "the beginning")
LENGTH = Field("length", OneOf((100, 200, 400)), 200, "how many characters the text has")
TEMPERATURE = Field("temperature", Real(0.1, 2), 1, "the temperature", "Below 1 likely characters become likelier")
TOP_K = Field("k", Whole(1, TEXT.size), TEXT.size, "top-k", "How many of the likeliest characters are kept")
TOP_P = Field("p", Real(0.05, 1), 1, "top-p", "Characters are kept until their probability reaches this share")
WORDS = Field("words", Text(LONGEST, 1), title="the text")  # each mode begins with a text of its own
LOOKED = Field("read", Text(READ, 1), SPEECH, "the text")
LAYER = Field("layer", OneOf((1, 2, 3, 4, 5)), 3, "the layer")
HEAD = Field("head", OneOf((1, 2, 3, 4)), 4, "the head")
PLACED = Field("gap", Text(FILLED, 1), PLACES, "the text with gaps")
ORDER = Field("order", OneOf(ORDERS), "random", "the order")
STEPS = Field("steps", OneOf((1, 4, 8, 16, 32, 64, 128)), 64, "the number of steps")
PART = Field("part", OneOf(("drift", "size")), "drift", "the part")
JUDGE = Field("judge", OneOf(("itself", "other")), "itself", "the network that measures the loss")
WIDTH = Field("width", OneOf((16, 32, 64)), 32, "the width of the network")
SHARE = Field("share", OneOf((64, 8, 1)), 64, "which part of the text: 1/64, 1/8 or all of it")
AGAIN = Field("again", Wholes(FILLED - 1, FILLED), (), "the characters that are masked again")

FIELDS = (
    NET,
    Field("mode", OneOf(tuple(MODES)), "generate", "the mode"),
    SEED,
    PROMPT,
    LENGTH,
    TEMPERATURE,
    TOP_K,
    TOP_P,
    WORDS,
    LOOKED,
    LAYER,
    HEAD,
    PLACED,
    ORDER,
    STEPS,
    AGAIN,
    PART,
    JUDGE,
    WIDTH,
    SHARE,
    # None is the last frame so far, unless the film was stopped at another one.
    Field("at", Whole(0, LONGEST), None, "the frame of the film"),
    Field("tap", Whole(0, LONGEST), None, "the character that is watched", optional=True),
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""

TextNet = Annotated[str, NET]
Prompt = Annotated[str, PROMPT]
Length = Annotated[int, LENGTH]
Temperature = Annotated[float, TEMPERATURE]
TopK = Annotated[int, TOP_K]
TopP = Annotated[float, TOP_P]
Words = Annotated[str, replace(WORDS, default=LINE, optional=True)]
Looked = Annotated[str, LOOKED]
Layer = Annotated[int, LAYER]
HeadOf = Annotated[int, HEAD]
Gaps = Annotated[str, PLACED]
Order = Annotated[str, ORDER]
Steps = Annotated[int, STEPS]
Again = Annotated[tuple[int, ...], AGAIN]
Part = Annotated[str, PART]
Judge = Annotated[str, JUDGE]
Width = Annotated[int, WIDTH]
Share = Annotated[int, SHARE]
