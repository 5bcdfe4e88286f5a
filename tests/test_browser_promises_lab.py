"""The presets and the tour of the lab do what they say."""

from playwright.sync_api import Page

from explorer.tabs.lab import tab as lab
from tests.promises import Promise, Stage, check_presets, check_tour

ANSWERED = "m.answer?.isCurrent && m.seen?.element.innerText.length > 20"


def says(words: str, arrived: str = ANSWERED, **state: object) -> Promise:
    """The mode's sentences hold these words, and the state is as is said."""
    there = f"{arrived} && m.seen?.element.innerText.includes({words!r})"
    return Promise(
        lambda came: words in came.words and all(came.state[key] == value for key, value in state.items()), there
    )


def far(words: str, **state: object) -> Promise:
    return says(words, "m.seen", **state)


LAB = Stage(
    ".stage.lab",
    "tab=lab&mode=damage",
    lambda state: state["data"],
    {"seed": 5, "damage": "halves", "strength": 0.7, "data": "fashion-mnist", "metric": "recall", "level": 25}
    | {"knob": "probes", "no": 3, "work": 2}
    | {"one": "stylegan", "two": "gan", "by": "precision", "n": 500, "seeds": 5},
    {
        ("damage", "Sensitive: a little noise"): says("metrics notice", damage="noise", strength=0.1),
        ("damage", "Memorised"): says("metrics are fooled", damage="memorise", strength=1),
        ("damage", "Classes are missing"): says("metrics notice", damage="drop", strength=0.5),
        ("damage", "A GAN"): says("Each set has 500 images", of="gan"),
        ("matrix", "Weak damages"): says("escapes more metrics", level=25),
        ("matrix", "Full strength"): says("escapes more metrics", level=100),
        ("sizes", "The kernel distance"): says("kernel distance", metric="kernel"),
        ("sizes", "Fréchet, 1,000 images"): says("With 1,000 images it is", metric="frechet", count=1_000),
        ("power", "Two large seeds"): says("1,000 images of each of 2 seeds", two="latent-diffusion", n=1_000),
        ("power", "One seed"): says("the rule decides nothing", one="gan", two="latent-diffusion", seeds=1),
        ("power", "Five seeds"): says("images of each of 5 seeds", one="gan", two="latent-diffusion", n=1_000),
        ("power", "A network and itself"): says("there is nothing to find", one="gan", two="gan"),
        ("features", "Clothes"): says("change order", data="fashion-mnist", level=25, damage="halves"),
        ("features", "Copies of few images"): says("change order", level=100, damage="copies"),
        ("features", "Missing classes"): says("change order", level=100, damage="drop"),
        ("marks", "Too few solver steps flatter"): says("the mark is ≈", knob="steps", work=0),
        ("marks", "A bound becomes an estimate"): says("the mark is ≈", knob="importance", work=0),
        ("marks", "A grid becomes exact"): says("the mark is =", knob="width", work=5),
        ("gaussians", "Equal sets"): far("The distance is 0.00", shape="gaussian"),
        ("gaussians", "Another shape, distance 0"): far("The distance is 0.00", shape="ring"),
        ("gaussians", "Turned by 90°"): far("0.00 from the means and 1.62 from the covariances", turn=90),
        ("gaussians", "A shape that the kernel sees"): far("The distance is 0.00", shape="uneven"),
    },
    {
        "A blur": (says("metrics notice", damage="blur"), says("metrics notice", damage="blur")),
        "Memorised": (says("metrics are fooled"), says("metrics are fooled")),
        "Missing classes": (says("metrics notice"), says("metrics notice")),
        "Nine metrics, ten damages": (says("escapes more metrics", level=100), says("escapes more metrics", level=100)),
        "Two solver steps": (says("the mark is ≈", work=0), says("the mark is ≈", work=0)),
        "A null test": (says("there is nothing to find", n=200), says("there is nothing to find", n=200)),
        "Fewer images": (says("it depends on the number", count=100), says("it depends on the number", count=100)),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in LAB.presets):
        check_presets(LAB, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(LAB, page, app_url, lab.TAB.tour(lab.TAB.quotes({})))
