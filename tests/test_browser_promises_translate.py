"""The presets and the tour of the translations do what they say."""

from playwright.sync_api import Page

from explorer.tabs.translate import tab as translate
from tests.promises import Promise, Stage, check_presets, check_tour

ANSWERED = "m.answer?.isCurrent && m.value"
GARMENTS, DIGITS, BOLD, SLANT = "pix2pix-fashion-mnist", "pix2pix-mnist", "cyclegan-mnist", "cyclegan-slant-mnist"


def says(words: str, **state: object) -> Promise:
    """The mode's sentences hold these words, and the state is as is said."""
    there = f"{ANSWERED} && m.seen?.element.closest('.mode-body').textContent.includes({words!r})"
    return Promise(
        lambda came: words in came.words and all(came.state[key] == value for key, value in state.items()), there
    )


TRANSLATE = Stage(
    ".stage.translate",
    "tab=translate&mode=paired",
    lambda state: "fashion-mnist" if state["net"] == GARMENTS else "mnist",
    {"seed": 5, "net": SLANT, "img": 30, "l1": 10, "way": "back", "term": "identity"},
    {
        ("paired", "An ankle boot"): says("recognises the translation as Ankle boot", net=GARMENTS, img=1),
        ("paired", "A bag"): says("recognises the translation as Bag", net=GARMENTS, img=14),
        ("paired", "A digit from its skeleton"): says("recognises the translation as 9", net=DIGITS, img=0),
        ("weight", "Adversarial loss alone"): says("With λ = 0", l1=0, img=1),
        ("weight", "A small weight"): says("With λ = 1,", l1=1, img=14),
        ("many", "Four boots"): says("times as much as pix2pix", img=1),
        ("many", "Four bags"): says("times as much as pix2pix", img=14),
        ("unpaired", "A bold 7"): says("The digit stays a 7", net=BOLD, way="there"),
        ("unpaired", "A thin 2"): says("The digit stays a 2", net=BOLD, way="back"),
        ("unpaired", "A slanted 4"): says("stays a 4, without it the digit becomes a 9", net=SLANT, way="there"),
        ("permutes", "Without the cycle loss"): says("Each digit mostly stays itself", net=BOLD, term="free"),
        ("permutes", "Made upright, without the cycle loss"): says("1 → 7", net=SLANT, way="back", term="free"),
    },
    {
        "An outline": (
            says("recognises the translation as Ankle boot"),
            says("recognises the translation as Ankle boot"),
        ),
        "Several answers": (says("times as much as pix2pix"), says("times as much as pix2pix")),
        "Without pairs": (says("The digit stays a 7"), says("The digit stays a 7")),
        "Without the cycle loss": (says("1 → 7"), says("1 → 7")),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in TRANSLATE.presets):
        check_presets(TRANSLATE, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(TRANSLATE, page, app_url, translate.TAB.tour(translate.TAB.quotes({})))
