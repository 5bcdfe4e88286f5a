"""The presets and the tour of the style tab do what they say."""

from playwright.sync_api import Page, expect

from explorer.tabs.style import mix as style_mix
from explorer.tabs.style import tab as style
from tests.promises import Promise, Stage, check_presets, check_tour

ANSWERED = "m.answer?.isCurrent && m.seen?.element.innerText.length > 20"


def says(words: str, **state: object) -> Promise:
    """The mode's sentences hold these words, and the state is as is said."""
    there = f"{ANSWERED} && m.seen?.element.closest('.mode-body').textContent.includes({words!r})"
    return Promise(
        lambda came: words in came.words and all(came.state[key] == value for key, value in state.items()), there
    )


DIGITS, CLOTHES = "stylegan-mnist", "stylegan-fashion-mnist"
STYLE = Stage(
    ".stage.style",
    "tab=style&mode=mix",
    lambda state: state["net"].removeprefix("stylegan-"),
    {"seed": 5, "net": CLOTHES, "level": "middle", "psi": 0.3, "along": [0, 0, 1, 0, 0, 0]},
    {
        ("mix", "Middle styles"): says("keep the class of their row", level="middle", net=DIGITS),
        ("mix", "Fine styles"): says("keep the class of their row", level="fine", net=DIGITS),
        ("mix", "Clothes, middle"): says("keep the class of their row", level="middle", net=CLOTHES),
        ("truncate", "The mean of w"): says("All images have the mean of w", psi=0),
        ("truncate", "Nothing truncated"): says("w is left as it is", psi=1),
        ("truncate", "Clothes"): says("At ψ = 0.7", net=CLOTHES),
        ("path", "Another pair"): says("the path in", seed=12, net=DIGITS),
        ("path", "Clothes"): says("the path in", net=CLOTHES),
        ("noise", "Another image"): says("changes the image most", seed=11, net=DIGITS),
        ("noise", "Clothes"): says("changes the image most", net=CLOTHES),
        ("directions", "Far along the first"): says("Direction 1", along=[2, 0, 0, 0, 0, 0]),
        ("directions", "Against the second"): says("Direction 2", along=[0, -2, 0, 0, 0, 0]),
        ("directions", "Clothes"): says("Direction 1", net=CLOTHES),
    },
    {
        "Middle styles": (says("keep the class of their row", level="middle"), says("decides the class most often")),
        "Fine styles": (says("keep the class of their row", level="fine"), says("decides the class most often")),
        "Towards the mean": (says("At ψ = 0.5", psi=0.5), says("At ψ = 0.5", psi=0.5)),
        "z or w": (says("the path in"), says("the path in")),
        "Noise": (says("changes the image most"), says("changes the image most")),
        "Directions": (says("Direction 1"), says("Direction 1", along=[2, 0, 0, 0, 0, 0])),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in STYLE.presets):
        check_presets(STYLE, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    nets = {net.name: net.content() for net in style.TAB.shown()}
    check_tour(STYLE, page, app_url, style.TAB.tour(style.TAB.quotes(nets)))


def test_the_tour_shows_the_sources_of_a_mix_and_keeps_the_mixed_images_until_the_prediction(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=style&mode=tour")
    figures = page.locator(".style .image-grid figure")
    expect(figures).to_have_count((style_mix.MIX_ROWS + 1) * (style_mix.MIX_COLUMNS + 1))
    seen = "all => all.filter((it) => getComputedStyle(it).visibility === 'visible').length"
    assert figures.evaluate_all(seen) == style_mix.MIX_ROWS + style_mix.MIX_COLUMNS
    page.locator(".style .tour-choices button").first.click()
    assert figures.evaluate_all(seen) == (style_mix.MIX_ROWS + 1) * (style_mix.MIX_COLUMNS + 1) - 1
