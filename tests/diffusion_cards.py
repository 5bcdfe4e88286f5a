"""Cards of diffusions as they might be, with figures that are easy to tell apart."""

from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.kit import quality

DIGITS, CLOTHES = diffusion.TITLES


def row(value: float, se: float = 0.001, n: int = 10_000) -> dict[str, float]:
    return {"value": value, "se": se, "n": n}


def run(*values: float) -> dict:
    return dict(zip(quality.FIGURES, ([value - 0.25, value + 0.25] for value in values)))


QUALITY = {
    "floor": {"frechet": 0.5, "precision": 0.9, "recall": 0.91, "entropy": 2.3, "accuracy": 0.99},
    "ways": {"DDIM 50": run(4.5, 0.8, 0.77, 2.29, 0.95), "DDIM 10": run(12.25, 0.7, 0.6, 2.28, 0.9)},
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
    "figures": {
        "bits_per_dim": row(2.4375),
        "bound": {
            "edges": [1, 2, 11, 569, 1001],
            "bits": [1.0, 0.75, 0.5, 0.1],
            "loss": [0.8, 0.5, 0.05, 0.002],
            "prior": 0.0000123,
            "n": 10_000,
        },
        "guidance": {
            w: {"accuracy": row(accuracy, 0.004, 1_000), "diversity": variety}
            for w, accuracy, variety in (("0", 0.1, 1.9), ("1", 0.95, 0.98), ("2", 0.99, 0.8), ("7", 1, 0.45))
        },
    },
    "decided": {
        "times": [200, 400, 500, 600, 700],
        "kept": {
            "classifier": [row(value, 0.03, 200) for value in (1.0, 0.95, 0.5, 0.2, 0.1)],
            "nearest": [row(value, 0.03, 200) for value in (0.99, 0.9, 0.55, 0.25, 0.1)],
            "fresh_noise": [row(value, 0.03, 200) for value in (1.0, 0.94, 0.52, 0.22, 0.1)],
        },
        "edges": [1, 200, 400, 500, 600, 700, 1001],
        "bits": [0.75, 0.1, 0.05, 0.05, 0.03, 0.02],
        "n": 200,
        "command": "python -m explorer.evaluate diffusion-mnist --only decided",
        "date": "2026-01-05",
    },
    "quality": QUALITY | {"binarised": {"floor": QUALITY["floor"], "ways": QUALITY["ways"]}},
}
TOY = MADE | {
    "figures": {
        "levels": [1, 10, 1000],
        "error": [0.02, 0.001, 0.0002],
        "size": [0.01, 0.5, 2.0],
        "log_density": {"data": -1.18, "ode": -1.34, "sde": -1.26},
    }
}
CARDS = {DIGITS: CARD, CLOTHES: CARD, "pixelcnn-fashion-mnist": CARD, "score-moons": TOY}
