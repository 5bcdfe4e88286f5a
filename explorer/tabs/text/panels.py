"""Panels of the text tab's modes."""

from explorer.models.text_diffusion import ORDERS
from explorer.tabs.kit.ask import compressing
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text import answers, clock, losses, server
from explorer.tabs.text.fields import (
    HEAD,
    JUDGE,
    LAYER,
    LENGTH,
    LINE,
    LOOKED,
    NET,
    NETS,
    ORDER,
    PART,
    PLACED,
    PROMPT,
    READ,
    SHARE,
    SPEECH,
    STEPS,
    TEMPERATURE,
    TOP_K,
    TOP_P,
    TRANSFORMER,
    WIDTH,
    WORDS,
)

ORDER_TITLES = dict(zip(ORDERS, ("random", "left to right", "by confidence"), strict=True))
GAP = "ROMEO:\nIs the ____________________ my lord?\n\nJULIET:\nAy."
UNSEEN = (  # of the test split
    "PROSPERO:\nOf the king's ship\nThe mariners say how thou hast disposed\nAnd all the rest o' the fleet.\n\n"
    "ARIEL:\nSafely in harbour\nIs the king's ship; in the deep nook, where once\n"
    "Thou call'dst me up at midnight to fetch dew\nFrom the still-vex'd Bermoothes, there she's hid:"
)
SEEN = (  # of the training split
    "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n\n"
    "First Citizen:\nYou are all resolved rather to die than to famish?\n\nAll:\nResolved. resolved.\n\n"
    "First Citizen:\nFirst, you know Caius Marcius is chief enemy to the people."
)
FILMED = (8, 16, 32, 64, 128)  # steps of the film of unmasking
AT_BREAK = 63  # a character of the speech, to predict which this head looks at a line break
WHOLE = {"again": [], "at": None}
BOLD = {"temperature": 1, "k": TOP_K.default, "p": 1, "at": None}

TEXTS = "text/texts"  # module

DRIFT, SIZE = {"part": ["drift"]}, {"part": ["size"]}

PANELS = {
    "generate": Panel(
        server.generate,
        named={"top_k": TOP_K, "top_p": TOP_P},
        controls=[
            [Control(PROMPT, "text", "Beginning")],
            [Control(SEED, "seed")],
            [Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)],
        ],
        more=[
            [Control(TOP_K, "slider", "Top-k: keep the likeliest k")],
            [Control(TOP_P, "slider", "Top-p: keep this probability", step=0.05, digits=2)],
            [Control(LENGTH, "segments", "Characters", options={100: "100", 200: "200", 400: "400"})],
        ],
        tries=[
            ("Temperature 0.2", BOLD | {"temperature": 0.2}),
            ("Temperature 1.8", BOLD | {"temperature": 1.8}),
            ("Top-p 0.5", BOLD | {"p": 0.5}),
        ],
        shows=Shows("", answers.GENERATE_HEADS),
    ),
    "unmask": Panel(
        server.unmask,
        controls=[
            [Control(SEED, "seed")],
            [Control(ORDER, "segments", "Order", options=ORDER_TITLES)],
            [Control(STEPS, "segments", "Steps", options={steps: str(steps) for steps in FILMED})],
        ],
        more=[[Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)]],
        tries=[
            ("Eight steps", WHOLE | {"order": "random", "steps": 8}),
            ("Eight, by confidence", WHOLE | {"order": "confident", "steps": 8}),
            ("One at a time, by confidence", WHOLE | {"order": "confident", "steps": 128}),
        ],
        shows=Shows("", answers.UNMASK_HEADS),
    ),
    "surprise": Panel(
        server.surprise,
        controls=[[Control(WORDS, "text", "Your text, up to 500 characters", initial=LINE)]],
        tries=[
            ("Shakespeare", {"words": "O Romeo, Romeo! wherefore art thou Romeo?"}),
            ("Not Shakespeare", {"words": "The train to London leaves at seven from the second track."}),
            ("Backwards", {"words": "?oemoR uoht tra eroferehw !oemoR ,oemoR O"}),
        ],
        shows=Shows(
            "Type a text: darker characters were less expected",
            answers.SURPRISE_HEADS,
            texts=["Your text"],
            bars="Bits of this text by each model",
            details=True,
            module=TEXTS,
        ),
    ),
    "compress": Panel(
        server.compress,
        controls=[
            [Control(WORDS, "text", "Your text, up to 500 characters", initial=UNSEEN)],
            [Control(NET, "segments", "Network", options=NETS)],
        ],
        tries=[
            ("One line", {"words": LINE, "net": TRANSFORMER}),
            ("A scene that it was trained on", {"words": SEEN, "net": TRANSFORMER}),
            ("Not Shakespeare", {"words": "The train to London leaves at seven from the second track."}),
            ("Keys at random", {"words": "xqzj vKw:Jqp ZxfQ,bbk;wU jjxV'nz QxRt"}),
        ],
        shows=Shows("", compressing.HEADS, texts=["Your text"], bars="Sizes of the same text"),
    ),
    "attention": Panel(
        server.attention,
        named={"read": LOOKED},
        controls=[
            [Control(LOOKED, "text", f"Your text, up to {READ} characters")],
            [Control(LAYER, "segments", "Layer", options={layer: str(layer) for layer in LAYER.kind.choices})],
            [Control(HEAD, "segments", "Head", options={head: str(head) for head in HEAD.kind.choices})],
        ],
        tries=[
            ("For line breaks", {"read": SPEECH, "layer": 3, "head": 1, "tap": AT_BREAK}),
            ("Of no use", {"read": SPEECH, "layer": 2, "head": 3, "tap": None}),
        ],
        shows=Shows(
            "", answers.ATTENTION_HEADS, texts=["Your text after its start"], charts=[("Cost of each head", 126)]
        ),
    ),
    "cached": Panel(
        clock.time_cache,
        controls=[
            [Control(SEED, "seed")],
            [Control(STEPS, "segments", "Steps of the diffusion", options={steps: str(steps) for steps in FILMED})],
        ],
        tries=[
            ("Eight steps a text", {"steps": 8, "at": None}),
            ("One step a character", {"steps": 128, "at": None}),
        ],
        shows=Shows(
            "",
            clock.HEADS,
            charts=[("Seconds so far", 390), ("Milliseconds per character", 390)],
        ),
    ),
    "loss": Panel(
        losses.loss,
        controls=[
            [Control(PART, "segments", "Loss by", options={"drift": "distance", "size": "size"})],
            [Control(NET, "segments", "Network", options=NETS, when=DRIFT)],
            [Control(JUDGE, "segments", "Measured by", options={"itself": "itself", "other": "another"}, when=DRIFT)],
            [Control(SEED, "seed", when=DRIFT)],
            [Control(WIDTH, "segments", "Width", options={each: str(each) for each in WIDTH.kind.choices}, when=SIZE)],
            [Control(SHARE, "segments", "Text", options={64: "1/64", 8: "1/8", 1: "all"}, when=SIZE)],
        ],
        tries=[
            ("Its own text, judged by another", {"part": "drift", "judge": "other"}),
            ("Too little text", {"part": "size", "width": 32, "share": 64}),
            ("All of the text", {"part": "size", "width": 32, "share": 1}),
        ],
        shows=Shows(
            "How does the loss change with size and data?",
            losses.HEADS,
            charts=[("Loss by distance, or while training", 382), ("Loss by amount of text", 220, "share")],
            texts=["The real text", "The network goes on"],
            waits="The network continues a real text; its characters are measured.",
            module=TEXTS,
        ),
    ),
    "fill": Panel(
        server.fill,
        named={"text": PLACED},
        controls=[
            [Control(PLACED, "text", "Text, _ for a masked character")],
            [Control(SEED, "seed")],
            [Control(ORDER, "segments", "Order", options=ORDER_TITLES)],
        ],
        more=[
            [Control(STEPS, "segments", "Steps", options={steps: str(steps) for steps in STEPS.kind.choices})],
            [Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)],
        ],
        tries=[
            (
                "One gap",
                {"gap": GAP, "at": None},
            ),
            ("All at once", {"gap": "_" * 64, "steps": 1, "at": None}),
            ("From nothing, by confidence", {"gap": "_" * 64, "order": "confident", "steps": 64, "at": None}),
        ],
        shows=Shows("", answers.FILL_HEADS),
    ),
}
