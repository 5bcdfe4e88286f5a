"""Cards of diffusions as they might be, with figures that are easy to tell apart."""

from explorer.networks.card import row
from explorer.tabs.diffusion import tab as diffusion
from tests.cards import judged

DIGITS, CLOTHES = diffusion.TITLES


WAYS = {
    "training images": (0.5, 0.9, 0.91, 2.3, 0.99),
    "DDIM 50": (4.5, 0.8, 0.77, 2.29, 0.95),
    "DDIM 10": (12.25, 0.7, 0.6, 2.28, 0.9),
}
QUALITY = {
    "rows": judged("grey", **WAYS) + judged("binarised", **WAYS),
    "n": 10_000,
    "seeds": [0, 1],
    "precision": "bfloat16",
    "classifier": "classifier-mnist",
    "command": "python -m explorer.evaluate diffusion-mnist --quality",
    "date": "2026-01-04",
    "torch": "2.13.0",
    "device": "cpu",
}
RUN = {"command": "python -m explorer.train", "date": "2026-01-02", "minutes": 61.5, "torch": "2.13.0", "device": "cpu"}
RUN |= {"parameters": 1_192_993, "losses": [0.25, 0.125]}
RECIPE = {"seed": 0, "epochs": 2, "batch_size": 64, "average": 0.999, "label_dropout": 0.15, "middle": [100, 500]}
MADE = {"training": RUN, "recipe": RECIPE, "sha256": "0123456789abcdef", "seed": 4, "n": 10_000, "date": "2026-01-03"}
MADE |= {"command": "python -m explorer.evaluate diffusion-mnist", "torch": "2.13.0", "device": "cpu"}
CARD = MADE | {
    "rows": [
        row("bits_per_dim", 2.4375, "bound", unit="bits/dim", se=0.001, n=10_000, seed=4),
        row("prior", 0.0000123, "bound", unit="bits/dim", n=10_000, seed=4),
        *(
            row(name, value, se=se, n=1_000, seed=4, w=w)
            for w, accuracy, variety in ((0, 0.1, 1.9), (1, 0.95, 0.98), (2, 0.99, 0.8), (7, 1, 0.45))
            for name, value, se in (("accuracy", accuracy, 0.004), ("diversity", variety, None))
        ),
    ],
    "bound": {
        "edges": [1, 2, 11, 569, 1001],
        "bits": [1.0, 0.75, 0.5, 0.1],
        "loss": [0.8, 0.5, 0.05, 0.002],
    },
    "decided": {
        "rows": [
            row("kept", value, se=0.03, n=200, seed=4, t=t, judge=judge)
            for judge, values in (
                ("classifier", (1.0, 0.95, 0.5, 0.2, 0.1)),
                ("nearest", (0.99, 0.9, 0.55, 0.25, 0.1)),
                ("fresh_noise", (1.0, 0.94, 0.52, 0.22, 0.1)),
            )
            for t, value in zip((200, 400, 500, 600, 700), values)
        ],
        "edges": [1, 200, 400, 500, 600, 700, 1001],
        "bits": [0.75, 0.1, 0.05, 0.05, 0.03, 0.02],
        "n": 200,
        "command": "python -m explorer.evaluate diffusion-mnist --only decided",
        "date": "2026-01-05",
    },
    "quality": QUALITY,
    "frontier": MADE
    | {
        "rows": [
            row("frechet", 0.05, n=10_000, sampler="training images"),
            row("frechet", 0.3, se=0.01, n=2000, sampler="ddim", steps=10, evaluations=10, title="DDIM"),
            row("frechet", 0.2, se=0.01, n=2000, sampler="heun", steps=5, evaluations=9, title="Heun"),
        ],
        "n": 2000,
        "alike": 10_000,
        "classifier": "classifier-mnist",
        "command": "python -m explorer.evaluate diffusion-mnist --frontier",
        "torch": "2",
    },
    "flow": MADE
    | {
        "rows": [
            row("bits", 1.5, se=0.01, n=200, of="flow"),
            row("bits", 1.75, "bound", se=0.01, n=200, of="chain"),
            row("gap", 0.25, se=0.002, n=200, of="chain less flow"),
            row("coarse", -0.0004, se=0.0001, n=20, of="25 steps less 50"),
        ],
        "command": "python -m explorer.evaluate diffusion-mnist --only flow",
        "torch": "2",
    },
}
STUDENT = MADE | {
    "rows": [
        *(row("seen", value, se=0.01, n=2000, seed=0, steps=n) for n, value in ((4, 0.99), (2, 0.98), (1, 0.95))),
        *(
            row("off_path", value, se=0.02, n=500, seed=0, of=of, t=1000)
            for of, value in (("teacher", 8.0), ("student", 4.5))
        ),
    ],
    "command": "python -m explorer.evaluate consistency-mnist",
    "torch": "2",
}
TOY = MADE | {
    "rows": [row("log_density", value, of=of) for of, value in (("data", -1.18), ("ode", -1.34), ("sde", -1.26))],
    "errors": {"levels": [1, 10, 1000], "error": [0.02, 0.001, 0.0002], "size": [0.01, 0.5, 2.0]},
}
CARDS = {DIGITS: CARD, CLOTHES: CARD, "pixelcnn-fashion-mnist": CARD, "score-moons": TOY, "consistency-mnist": STUDENT}
