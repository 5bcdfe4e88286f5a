"""The presets and the tour of the VAE with room do what they say."""

from playwright.sync_api import Page

from explorer.tabs.vae_room.tab import TAB
from tests.promises import Promise, Stage, check_presets, check_tour


def keeps(arrived: str = "true", **state) -> Promise:
    """About the state alone, once it is on screen."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()), arrived)


def says(words: str, arrived: str = "true", **state) -> Promise:
    """The mode's sentences hold these words."""
    here = f"({arrived}) && m.seen.element.innerText.includes({words!r})"
    return Promise(lambda came: words in came.words and keeps(**state).holds(came), here)


def of_image(label: int, words: str, **state) -> Promise:
    """The same, and the test image in use is of a class."""
    result = says(words, **state)
    return Promise(lambda came: result.holds(came) and came.shows("img", label), result.arrived)


ROOM = Stage(
    ".stage.vae_room",
    "tab=vae-room&mode=traverse",
    lambda state: state["net"].removeprefix("vae-"),
    {"net": "vae-fashion-mnist", "rank": 9, "z": 1, "img": 77, "img2": 5, "seed": 5, "reach": "reach-3"}
    | {"run": "beta-2", "beta": "8", "known": 3},
    {
        ("traverse", "The latent that is used most"): of_image(1, "Latent 1 is encoded at", rank=0, z=-3),
        ("traverse", "One that is not used"): says("The decoder does not use it", rank=31),
        ("traverse", "A boot's first latent"): of_image(9, "Latent 1 is encoded at", net="vae-fashion-mnist"),
        ("iwae", "A plain 1"): of_image(1, "draws at once lower the bound", net="vae-mnist"),
        ("iwae", "A strange 2"): of_image(2, "draws at once lower the bound", net="vae-mnist"),
        ("iwae", "A boot"): of_image(9, "draws at once lower the bound", net="vae-fashion-mnist"),
        ("paths", "From a 3 to an 8"): of_image(3, "At the midpoint", img2=24),
        ("paths", "From a boot to a dress"): of_image(9, "At the midpoint", img2=2),
        ("collapse", "A decoder that sees no pixel"): says("sees no pixel", "m.answer?.isCurrent", reach="reach-1"),
        ("collapse", "Five rows, and free bits"): says("(free bits)", "m.answer?.isCurrent", reach="reach-11-free"),
        ("runs", "β = 4"): says("counts four times", "m.answer?.isCurrent", run="beta-4"),
        ("runs", "Free bits"): says("Half a nat of KL is free", "m.answer?.isCurrent", run="free"),
        ("runs", "KL annealing"): says("weight 0 at first", "m.answer?.isCurrent", run="annealed"),
        ("disentangle", "Little pressure"): says("At β = 0.5 the", "m.answer?.isCurrent", beta="0.5"),
        ("disentangle", "Four times the KL"): says("At β = 4 the", "m.answer?.isCurrent", beta="4"),
        ("disentangle", "Too much of it"): says("At β = 16 the", "m.answer?.isCurrent", beta="16"),
    },
    {
        "How many latents are used": (says("Latent 1 is encoded at"), says("The decoder does not use it", rank=31)),
        "A bound from many draws": (of_image(1, "lower the bound"), of_image(2, "lower the bound")),
        "Draws from the prior": (says("As many draws from the prior"), says("As many draws from the prior")),
        "A powerful decoder": (
            says("sees no pixel", reach="reach-1"),
            says("of a window of 11", reach="reach-11"),
        ),
        "Three other objectives": (
            says("This is the plain ELBO", run="plain"),
            says("is free in every latent", run="free"),
        ),
        "Does a larger β disentangle?": (says("At β = 1 the", beta="1"), says("At β = 4 the", beta="4")),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in ROOM.presets):
        check_presets(ROOM, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    figures = TAB.quotes({net.name: net.content() for net in TAB.shown()})
    check_tour(ROOM, page, app_url, TAB.tour(figures))
