"""Presets and tours do what they say: every one, in every tab that has joined, held against what came."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from explorer import data
from explorer.tabs.autoregressive import evidence as raster_evidence
from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.diffusion import evidence as diffusion_evidence
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.vae import evidence as vae_evidence
from explorer.tabs.vae import tab as vae
from tests.promises import Came, Promise, Stage, check_presets, check_tour

PULLOVER, SANDAL, SHIRT, SNEAKER, BAG, BOOT = 2, 5, 6, 7, 8, 9
BEGUN = "m.request && m.drawn && m.drawn === m.queue.filmOf(m.request)"
FRAME = "[...m.drawn.frames[m.film.index].x].map((level) => level / 255)"
ANSWERED = "m.race?.finished.length && m.race.isOver(m.race.columns[0])"
ANSWERS = "[...m.race.finished[0].x].map((level) => level / 255)"
HALF_KEPT = "m.kept.flags.filter((on) => on).length === 392"
TRAVELS = "m.current && m.drawn === m.current"

Holds = Callable[[Came], bool]


def keeps(**state) -> Promise:
    """About the state alone."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()))


def says(words: str, holds: Holds = lambda came: True) -> Promise:
    """The mode's sentences hold these words."""
    arrived = f"m.seen.element.innerText.includes('{words}')"
    return Promise(lambda came: words in came.words and holds(came), arrived)


def drawn(holds: Holds) -> Promise:
    """About images drawn pixel by pixel."""
    values = "[...m.trace.values].map((level) => level / (m.trace.net.levels - 1))"
    return Promise(holds, "x.drawn.trace && m.trace === x.drawn.trace", values)


def completed(holds: Holds) -> Promise:
    """About eight completions."""
    values = "[...m.drawn.values].map((level) => level / (m.drawn.net.levels - 1))"
    return Promise(holds, "m.answer.isCurrent && m.drawn", values)


def scored(holds: Holds) -> Promise:
    return Promise(holds, "m.answer.isCurrent && m.seen.element.innerText !== ''")


def rewarded(holds: Holds) -> Promise:
    """About four pixels that are drawn for a reward."""
    return Promise(holds, "m.answer?.isCurrent && m.seen.element.innerText.includes('The proxy promises')")


def row(place: int, holds: Holds, also: str = "true") -> Promise:
    """About the images of a finished row."""
    film = f"m.race.current(m.race.columns[{place}])"
    return Promise(
        holds,
        f"m.race.columns.length && {film}?.done && {also}",
        f"[...{film}.frames.at(-1).x].map((level) => level / 255)",
    )


def ended(holds: Holds) -> Promise:
    """About the image at the end of a film."""
    return Promise(holds, f"{BEGUN} && m.drawn.done && m.film.index === m.drawn.frames.length - 1", FRAME)


def guided(label: int, least: int, most: int = 8) -> Promise:
    """Without guidance so many of the eight images are of the class, and the mode says how many."""

    def holds(came: Came) -> bool:
        hits = came.seen(label)
        return came.state["label"] == label and least <= hits <= most and f"in {hits} of these 8 at w = 1" in came.words

    return row(1, holds, "m.seen.element.innerText.includes(' of these 8 at w = 1')")


RASTER = Stage(
    ".stage.autoregressive",
    "tab=ar&mode=masks",
    lambda state: state["net"].partition("-")[2],
    {"net": "pixelcnn-fashion-mnist", "img": 77, "set": "mnist", "label": 2, "T": 1.5, "seed": 5, "rows": 3, "at": 10}
    | {"how": "best", "inverse": 3, "count": 8, "trained": 100, "noise": 0.5, "proxy": 5, "goal": "pairs"},
    {
        ("generate", "An 8, three times colder"): drawn(lambda came: came.seen(8) == 1 and came.state["T"] == 0.33),
        ("generate", "Sixteen at T = 1"): drawn(lambda came: len(came.images) == 16 and came.state["T"] == 1),
        ("generate", "Too hot: T = 2"): drawn(lambda came: len(came.images) == 1 and came.state["T"] == 2),
        ("complete", "A 5 begun, an 8 wanted"): completed(lambda came: came.shows("img", 5) and came.seen(8) >= 6),
        ("complete", "Half a boot"): completed(
            lambda came: came.shows("img", BOOT) and came.state["rows"] == 14 and came.seen(BOOT) >= 6
        ),
        ("complete", "From nothing"): completed(lambda came: came.state["rows"] == 0 and len(came.images) == 8),
        ("score", "A boot, to the digits' network"): scored(
            lambda came: came.shows("img", BOOT) and came.state["net"] == "pixelcnn-mnist"
        ),
        ("score", "A digit, to Fashion's"): scored(
            lambda came: came.state["set"] == "mnist" and came.state["net"] == "pixelcnn-fashion-mnist"
        ),
        ("score", "Nothing at all"): says("the blank page"),
        ("score", "Which class is noise?"): scored(
            lambda came: came.state["part"] == "bayes" and "noise" in came.words
        ),
        ("reward", "Over-optimised"): rewarded(lambda came: came.state["inverse"] == 6),
        ("reward", "An honest reward"): says("the same", lambda came: came.state["noise"] == 0),
        ("reward", "Best of 16"): rewarded(lambda came: came.state["count"] == 16),
        ("reward", "Trained"): rewarded(lambda came: came.state["trained"] == 400),
    },
    {
        "The next pixel": (
            says("of the first 392 pixels", lambda came: came.state["at"] == 392),
            says("of all 784 pixels", lambda came: came.state["at"] == 784),
        ),
        "The chain rule by hand": (keeps(step=2), keeps(step=4)),
        "The first pixel": (
            Promise(lambda came: came.shows("img", 3) and came.state["pixel"] == 406, "m.trace"),
            says("cost 0.00 bits: the network predicted it"),
        ),
        "Where the surprise is": (keeps(heat=False, img=108), keeps(heat=True)),
        "One pixel changed": (keeps(over=[]), says("0 of 125 pixels changed", lambda came: "(row 5, " in came.words)),
        "Completion": (
            completed(lambda came: came.shows("img", 3) and came.state["rows"] == 14 and came.seen(3) >= 4),
            completed(lambda came: came.state["rows"] == 6 and came.kinds > 1),
        ),
        "The class of a digit": (
            scored(lambda came: came.shows("img", 3) and came.state["part"] == "map"),
            scored(lambda came: came.shows("img", 3) and came.state["part"] == "bayes"),
        ),
        "The log p of an image": (scored(lambda came: came.shows("img", 3)), says("the blank page")),
        "Likelihood and outliers": (
            scored(lambda came: came.state["net"] == "pixelcnn-fashion-mnist" and came.shows("img", 3)),
            keeps(part="histograms"),
        ),
        "A reward that is only a proxy": (
            rewarded(lambda came: came.state["inverse"] == 0.75),
            rewarded(lambda came: came.state["inverse"] == 6),
        ),
        "The receptive field": (keeps(part="blind", layer=1), keeps(layer=8)),
        "Time to draw and to score": (keeps(mode="tour"), keeps(mode="tour")),
    },
)

DIFFUSION = Stage(
    ".stage.diffusion",
    "tab=diffusion&mode=learned",
    lambda state: state["net"].removeprefix("diffusion-"),
    {"net": "diffusion-fashion-mnist", "img": 77, "label": 2, "w": 3, "seed": 5, "eta": 0.5, "at": 1, "t": 50}
    | {"left": "heun", "right": "pc", "moment": 0}
    | {"schedule": "cosine", "sampler": "ddpm", "steps": 10, "start": 20, "keep": "painted", "resamples": 1},
    {
        ("forward", "As much noise as image"): says("image and noise weigh the same"),
        ("forward", "Already only noise?"): says("At t = 800 "),
        ("forward", "A shirt, cosine"): says(
            "At t = 400 ", lambda came: came.shows("img", SHIRT) and came.state["schedule"] == "cosine"
        ),
        ("reverse", "A 3 in ten steps"): ended(lambda came: came.seen(3) == 1),
        ("reverse", "Sixteen at once"): Promise(lambda came: len(came.images) == 16, BEGUN, FRAME),
        ("reverse", "DDPM, 250 steps"): Promise(
            lambda came: came.state["sampler"] == "ddpm", f"{BEGUN} && m.request.steps === 250 && m.drawn.count === 1"
        ),
        ("samplers", "DDPM's noise: η = 1"): keeps(eta=1),
        ("samplers", "A pullover"): row(0, lambda came: came.seen(PULLOVER) >= 3),
        ("samplers", "One equation, two solvers"): row(
            0, lambda came: (came.state["left"], came.state["right"]) == ("ddim", "dpm")
        ),
        ("samplers", "Two ways with noise"): row(
            0, lambda came: (came.state["left"], came.state["right"]) == ("pc", "sde")
        ),
        ("few", "A 4 at once"): row(3, lambda came: came.seen(4) >= 3 and came.state["moment"] is None),
        ("few", "Hardly taught"): row(3, lambda came: came.state["moment"] == 0),
        ("guidance", "Threes"): guided(3, 6),
        ("guidance", "Sandals"): guided(SANDAL, 6),
        ("guidance", "Shirts, often taken for other clothes"): guided(SHIRT, 2, 6),
        ("guided", "Only the middle levels"): says("At w = 3 the flow differs from the promise by"),
        ("guided", "Autoguidance mends a blur"): says("At w = 2 the flow differs"),
        ("guided", "A negative prompt"): says("At w = 2 the flow differs"),
        ("guided", "Crescents, pushed out"): says("The probability flow draws 400 points at w = 4"),
        ("middle", "A little noise"): keeps(start=250),
        ("middle", "Nearly all noise"): keeps(start=850),
        ("middle", "A boot, as a sneaker"): Promise(
            lambda came: came.shows("img", BOOT) and came.seen(SNEAKER) == 4, ANSWERED, ANSWERS
        ),
        ("travel", "A hundred steps"): Promise(lambda came: came.state["steps"] == 100, TRAVELS),
        ("travel", "Five steps"): Promise(lambda came: came.state["steps"] == 5, TRAVELS),
        ("travel", "A boot and a bag"): Promise(
            lambda came: came.shows("img", BOOT) and came.shows("img2", BAG), TRAVELS
        ),
        ("complete", "No resampling: r = 1"): keeps(resamples=1),
        ("complete", "A hole in the middle"): keeps(keep="painted"),
        ("complete", "Half a shirt"): Promise(lambda came: came.shows("img", SHIRT), HALF_KEPT),
        ("field", "A small distance apart"): keeps(toy="eight-gaussians", drops=[0.06, 0.03, -0.06, -0.03]),
        ("field", "Only five steps"): keeps(steps=5),
        ("field", "Almost no noise: t = 10"): says("At t = 10 "),
        ("copies", "Four points"): says("The exact score of the 4 points draws 100 % copies"),
        ("copies", "A thousand points"): says("The exact score of the 1,024 points draws"),
        ("copies", "Too narrow to copy"): says("After 1,600 steps"),
        ("copies", "Early in the training"): says("After 100 steps"),
        ("learned", "Almost no noise"): keeps(t=1, part=None),
        ("learned", "What the bound pays for"): keeps(t=1, part="bound"),
        ("learned", "Almost only noise"): keeps(t=800, part=None),
    },
    {
        "Half of the forward process": (
            Promise(lambda came: came.shows("img", 3) and came.state["t"] == 0),
            says("At t = 500 "),
        ),
        "A prediction from noise": (says("pure noise"), says("From t = 780 to 760")),
        "One noise, many samplers": (keeps(at=0), keeps(at=1000)),
        "Two solvers": (keeps(left="ddim", right="dpm", at=0), keeps(at=1000)),
        "One evaluation": (keeps(mode="tour", at=0), keeps(at=1000)),
        "Guidance": (keeps(label=3, at=0), keeps(at=1000)),
        "Guidance by hand": (says("At w = 1 both samplers draw p(x | y)."), says("At w = 3 the flow differs")),
        "Start in the middle": (
            Promise(lambda came: came.shows("img", 3) and came.seen(3) == 4, ANSWERED, ANSWERS),
            Promise(lambda came: came.state["start"] == 850 and came.seen(3) <= 1, ANSWERED, ANSWERS),
        ),
        "Half of a digit": (
            Promise(lambda came: came.shows("img", 7), HALF_KEPT),
            Promise(lambda came: came.kinds > 1, ANSWERED, ANSWERS),
        ),
        "Between two noises": (
            Promise(lambda came: came.shows("img", 3) and came.shows("img2", 8), TRAVELS),
            keeps(place=0.5, at=1000),
        ),
        "Where the arrows point": (keeps(toy="eight-gaussians", level=1000), keeps(level=60)),
        "The perfect network": (says("The exact score of the 4 points"), says("The exact score of the 1,024 points")),
        "Where the bits are": (keeps(part="loss"), keeps(part="bound")),
    },
    fresh={"steps": 10},
)

THREE_TO_EIGHT = Promise(lambda came: came.shows("a", 3) and came.shows("b", 8))
VAE = Stage(
    ".stage.vae",
    "mode=explore",
    lambda state: state["data"],
    {"data": "fashion-mnist", "beta": 4, "a": 1, "b": 2, "img": 77, "seed": 5, "eps": 9, "tap": 3, "step": 2}
    | {"q": "best", "hand": [0, 0, 1, 1]},
    {
        ("gaps", "An encoder that is far off"): says("s q, the ELBO is 4.97 nats"),
        ("gaps", "The best Gaussian"): says("With the best upright Gaussian"),
        ("gaps", "Another family"): says("With three Gaussians"),
    },
    {
        "Between codes without a KL term": (THREE_TO_EIGHT, keeps(beta=0, frame=12, bg=True)),
        "A price for the code": (keeps(beta=0, rings=True), keeps(beta=1)),
        "From 3 to 8": (THREE_TO_EIGHT, keeps(beta=1, frame=12)),
        "Blur": (keeps(pixels="means", tap=None), keeps(pixels="bits")),
        "A higher price": (keeps(beta=10), keeps(beta=100)),
        "The two terms of the ELBO": (keeps(beta=1), keeps(beta=0.01)),
        "Reparameterisation": (Promise(lambda came: came.shows("img", 3) and came.state["eps"] == 7), keeps(eps=8)),
        "Encode a digit": (keeps(beta=1), keeps(beta=1)),
        "What the bound misses": (keeps(img=3, q="encoder"), keeps(img=3, q="best")),
    },
)

TOURS = {
    "vae": (VAE, vae, vae_evidence),
    "ar": (RASTER, autoregressive, raster_evidence),
    "diffusion": (DIFFUSION, diffusion, diffusion_evidence),
}


@pytest.mark.parametrize("stage", [RASTER, DIFFUSION, VAE], ids=["ar", "diffusion", "vae"])
def test_every_preset_does_what_its_label_says(page: Page, app_url: str, stage: Stage):
    for mode in dict.fromkeys(mode for mode, _ in stage.presets):
        check_presets(stage, page, app_url, mode)


@pytest.mark.parametrize("name", TOURS)
def test_every_step_of_a_tour_does_what_it_says(page: Page, app_url: str, name: str):
    stage, tab, evidence = TOURS[name]
    check_tour(stage, page, app_url, tab.TAB.tour(evidence.quotes({})))


@pytest.mark.core
def test_a_preset_of_a_test_image_has_it_on_its_button(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=diffusion&mode=middle")
    picture = page.get_by_role("button", name="A boot, as a sneaker").locator("canvas")
    pixels = "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    picture.scroll_into_view_if_needed()
    page.wait_for_function(f"(canvas) => ({pixels})(canvas).some(Boolean)", arg=picture.element_handle())
    assert picture.evaluate(pixels) == data.bundled_images("fashion-mnist").images[30].flatten().tolist()
