"""*Which is real?*: a real image beside one that a family draws."""

from explorer import data
from explorer.fields import Field, Whole
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.questions import Cannot, make
from explorer.spaces import BINARY, COLOUR, PLANE
from explorer.steps import last
from explorer.tabs.compare.shared import LIT
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.nets import AnyNet
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

ROUND = Field("round", Whole(0, 19), None, "the round")  # None is the first round without an answer
ANOTHER = "Another twenty"
SAYS = {
    "asking": "Round {round:0} of {rounds:0}. Which one is real?",
    "drawing": "Round {round:0} of {rounds:0}. An image is being drawn…",
    "lost": "The image did not arrive.",
    "right": "Right: this is test image {real:0}, {one}; the other was made by {title}.",
    "wrong": "Wrong: the real one is test image {real:0}, {one}; the other was made by {title}, and you took it for "
    "real.",
    "another": ANOTHER,
    "guessing": "If you cannot distinguish the images, you guess, and your error rate is near 50 %. Real and generated "
    "images are both black and white here, so that grey levels reveal nothing.",
    "rate": "Wrong answers: {wrong:0} of {n:0}, {share:%} (95 % interval {low:%} to {high:%}): {verdict}.",
    "worse": "worse than guessing",
    "better": "better than guessing, so you can distinguish the images",
    "either": "guessing could give this, too",
    "unasked": "Find the real image: a guess is right half the time.",
    "worse found": "You take generated images for real more often than chance.",
    "better found": "You can tell real from generated images.",
    "either found": "So far you may be guessing.",
    "unfooled": "No family has fooled you yet.",
    "most": "{most.title} fooled you most, in {most.wrong:0} of {most.n:0} rounds ({most.pairs:0} pairs compared).",
    "unclear": "So few rounds do not show which family fools you most: for {most.title}, with {most.wrong:0} of "
    "{most.n:0}, the 95 % interval is {most.low:%} to {most.high:%}. {most.pairs:0} pairs were compared.",
    "over": "The twenty are done; another seed gives another twenty.",
    "none": "No network of this data set draws black and white images that could be taken for real ones.",
    "privacy": "Your answers stay in this browser. They are not sent anywhere.",
    "unkept": "This browser keeps nothing for this page: your answers last until you leave it.",
}
ROWS = {
    "all": [FINDING.of("{finding}"), ("your error rate", "{share:%}", "of {n:0}; guessing: 50 %")],
    "family": [("wrong", "{missed}", ""), ("d′, 95 %", "{sensitivity}", ""), ("Fréchet", "{frechet:1}", "")],
}


@heavy
def one(net: AnyNet, seed: Seed) -> Answer:
    """Draw one image of a family, binarised so that the kind of pixels gives no hint.

    Raises:
        Cannot: if the family draws nothing, or no images.
    """
    model = checkpoints.load(net)
    if model.space in (PLANE, COLOUR):
        raise Cannot("cannot, because this game is about black and white images, and this network draws others")
    x = last(make.steps(model, 1, seed)).x.cpu()
    return Answer(view={"x": BINARY.encode(data.binarise(x, data.APART + seed))})


MODE = Mode(
    "real",
    "Which is real?",
    "test",
    fields=[ROUND],
    functions=[one],
    panel=Panel(
        one,
        [[Control(LIT, "maker", "Made by", options={None: "all families"})], [Control(SEED, "seed", ANOTHER)]],
        shows=Shows("Tap the real image, or press ← or →", [FINDING, Figure("your error rate")]),
        says=SAYS,
        rows=ROWS,
    ),
    code={"Which is real?": [one.plain, data.binarise]},
)
