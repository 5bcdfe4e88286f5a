"""The presets and the tours of the autoencoders, and of tokens and latent diffusion, do what they say."""

import pytest
from playwright.sync_api import Page

from explorer.tabs.autoencoders import tab as autoencoders
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.tokens import tab as tokens
from tests.promises import Promise, Stage, check_presets, check_tour

MAPPED = "m.answer?.isCurrent && m.decode"
DRAWN = "m.answer?.isCurrent"
FIELD = RETURNED = "m.part?.answer?.isCurrent"
ELLIPSES = ATOMS = DRAWN
ENDED = "m.said?.time === 0"
BEGUN = "m.said && m.current.frames[0] === m.said"


def keeps(arrived: str, holds=lambda came: True, **state) -> Promise:
    """About the state, once it is on screen, and about what is said of it."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()) and holds(came), arrived)


def says(words: str):
    return lambda came: words in came.words


def rest(first: list[float], count: int = 25, fill: float = 1) -> list[float]:
    return first + [fill] * (count - len(first))


PLAIN, OTHER, CLOTHED = "autoencoder-mnist", "contractive-autoencoder-mnist", "autoencoder-fashion-mnist"
SNEAKERS = "latent-diffusion-fashion-mnist"
MOONS = "denoising-autoencoder-moons"
N_STANDARD = keeps(DRAWN, says("Their codes are from N(0, I), decoded by the plain"), net=PLAIN, prior="standard")
N_FITTED = keeps(DRAWN, says("from the Gaussian with the mean"), net=PLAIN, prior="fitted")
NOISED = keeps(FIELD, says("σ = 0.1"), net=MOONS, exact="noised", sigma=1)
CLEAN = keeps(FIELD, says("only its limit for small σ"), net=MOONS, exact="clean", sigma=4)
REMOVED = keeps(ATOMS, says("With 1 changed"), gains=rest([0]))

FRESH = "m.answer?.isCurrent"
RACED = f"{FRESH} && m.seen.element.innerText.includes('times as fast')"


def asks(arrived: str = FRESH, **state) -> Promise:
    """About the state alone, once it is on screen."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()), arrived)


def tells(words: str, arrived: str = FRESH, **state) -> Promise:
    """The mode's sentences hold these words."""
    here = f"{arrived} && m.seen.element.innerText.includes('{words}')"
    return Promise(lambda came: words in came.words and asks(**state).holds(came), here)


DIGITS, CLOTHES = {"net": "vqvae-mnist"}, {"net": "vqvae-fashion-mnist"}
EXCHANGED = tells("One token is exchanged", **DIGITS, swaps=[1539])
SHOE = tells("The most surprising token", **DIGITS, img=4, set="fashion-mnist")

AUTOENCODERS = Stage(
    ".stage.autoencoders",
    "tab=autoencoders&mode=map",
    lambda state: dataset_of(state["net"]),
    {
        "net": "contractive-autoencoder-fashion-mnist",
        "z": [3, 3],
        "img": 5,
        "prior": "fitted",
        "latents": "64",
        "seed": 5,
        "where": "images",
    }
    | {"sigma": 3, "exact": "clean", "drops": [1, 1], "noise": 0.2, "mark": 11, "unit": 4, "gains": rest([0.5, 0.5])}
    | {"set": "fashion-mnist"},
    {
        ("map", "The same place, contractive"): keeps(MAPPED, says("The contractive"), net=OTHER, z=[0, 0]),
        ("map", "A strange 2, by all networks"): keeps(MAPPED, lambda came: came.shows("img", 2), net=PLAIN),
        ("map", "Clothes"): keeps(MAPPED, says("The plain autoencoder"), net=CLOTHED, z=[0, 0]),
        ("hole", "From a fitted Gaussian"): N_FITTED,
        ("hole", "The contractive one, fitted"): keeps(DRAWN, says("the contractive autoencoder"), net=OTHER),
        ("hole", "Clothes, fitted"): keeps(DRAWN, says("from the Gaussian with the mean"), net=CLOTHED, prior="fitted"),
        ("sizes", "Eight numbers"): keeps(DRAWN, says("codes of 8 numbers"), latents="8"),
        ("sizes", "784–256–32, as in lectures"): keeps(DRAWN, says("codes of 32 numbers"), latents="32"),
        ("sizes", "64 numbers"): keeps(DRAWN, says("codes of 64 numbers"), latents="64"),
        ("pull", "Six points, denoised"): keeps(FIELD, says("your 6 points"), net=MOONS, where="plane", sigma=2),
        ("pull", "σ too large for the data's own score"): CLEAN,
        ("pull", "A noisy image, denoised"): keeps(RETURNED, says("Noise of width 0.60"), where="images", noise=0.6),
        ("contractive", "A 4"): keeps(ELLIPSES, says("at test image 2"), mark=2),
        ("contractive", "A slanted 1"): keeps(ELLIPSES, says("at test image 8"), mark=8),
        ("contractive", "An ankle boot"): keeps(ELLIPSES, lambda came: came.shows("mark", 9), net=CLOTHED),
        ("dictionary", "Largest activation removed"): REMOVED,
        ("dictionary", "Only five atoms"): keeps(ATOMS, says("With 20 changed"), gains=rest([1] * 5, fill=0)),
        ("dictionary", "One activation × 3"): keeps(ATOMS, says("With 1 changed"), gains=rest([1, 3])),
    },
    {
        "What does [0, 0] decode to?": (keeps(MAPPED, net=PLAIN, z=[0, 0]), keeps(MAPPED, net=OTHER, z=[0, 0])),
        "Decoding random codes": (N_STANDARD, N_FITTED),
        "Denoising residual and score": (NOISED, CLEAN),
        "Contraction": (keeps(ELLIPSES, mark=8), keeps(ELLIPSES, mark=8)),
        "More units than pixels": (keeps(ATOMS, unit=0), REMOVED),
    },
)
TOKENS = Stage(
    ".stage.tokens",
    "tab=tokens&mode=tokens",
    lambda state: dataset_of(state["net"]),
    {"net": "vqvae-fashion-mnist", "img": 5, "seed": 5, "set": "fashion-mnist"}
    | {"swaps": [5], "token": 3, "promise": 12, "guidance": 3, "walk": 5},
    {
        ("tokens", "One token becomes another"): EXCHANGED,
        ("tokens", "A digit for the tokens of clothes"): tells("All 49 tokens cost", **CLOTHES, set="mnist"),
        ("straight", "A small step"): tells("The gradient predicts a gain of 2.0 nats", **DIGITS),
        ("straight", "A large step"): tells("The gradient predicts a gain of 20.0 nats", **DIGITS),
        ("straight", "No step"): tells("Drag the step", **DIGITS),
        ("slow", "Clothes of 256 levels"): asks(RACED, **CLOTHES),
        ("surprise", "A shoe for the prior of digits"): SHOE,
        ("surprise", "Clothes"): tells("The most surprising token", **CLOTHES, img=4, set=None),
        ("latent", "Four 3s in ten steps"): keeps(ENDED, says("Done in 20 evaluations"), label=3, guidance=2, walk=10),
        ("latent", "In two steps"): keeps(ENDED, says("Done in 2 evaluations"), walk=2, guidance=1),
        ("latent", "The noise, decoded"): keeps(BEGUN, says("codes of pure noise"), at=0, label=None),
        ("latent", "Four sneakers"): keeps(ENDED, says("Done in 40 evaluations"), net=SNEAKERS, label=7, walk=20),
    },
    {
        "49 tokens": (tells("All 49 tokens cost", **DIGITS), EXCHANGED),
        "Straight through": (tells("Drag the step"), tells("The gradient predicts a gain of 20.0 nats")),
        "Why slow": (asks("true", **DIGITS), asks("true", **DIGITS)),
        "Surprise": (tells("The most surprising token", img=8), SHOE),
        "Noise removed from codes": (keeps(ENDED, says("Done in 20 evaluations"), walk=20), keeps(BEGUN, at=0)),
    },
)
each_tab = pytest.mark.parametrize(
    ("stage", "tab"), [(AUTOENCODERS, autoencoders.TAB), (TOKENS, tokens.TAB)], ids=["autoencoders", "tokens"]
)


@each_tab
def test_every_preset_does_what_its_label_says(page: Page, app_url: str, stage: Stage, tab: Tab):
    page.emulate_media(reduced_motion="reduce")
    for mode in dict.fromkeys(mode for mode, _ in stage.presets):
        check_presets(stage, page, app_url, mode)


@each_tab
def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str, stage: Stage, tab: Tab):
    page.emulate_media(reduced_motion="reduce")
    figures = tab.quotes({net.name: net.content() for net in tab.shown()})
    check_tour(stage, page, app_url, tab.tour(figures))
