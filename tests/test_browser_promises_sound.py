"""The presets and the tour of sounds do what they say."""

from playwright.sync_api import Page

from explorer.tabs.sound import tab as sound
from tests.promises import Promise, Stage, check_presets, check_tour

DRAWN = "m.drawn?.frames.length === m.drawn?.total"
ANSWERED = "m.answer?.isCurrent"


def says(words: str, arrived: str, **state: object) -> Promise:
    """The mode's sentences hold these words, and the state is as is said."""
    there = f"{arrived} && m.seen?.element.innerText.includes({words!r})"
    return Promise(
        lambda came: words in came.words and all(came.state[key] == value for key, value in state.items()), there
    )


def speaks(**state: object) -> Promise:
    return says("had a probability of", DRAWN, **state)


def scores(**state: object) -> Promise:
    return says("bits per sample; the best rival", ANSWERED, **state)


SOUND = Stage(
    ".stage.sound",
    "tab=sound&mode=speak",
    lambda state: "digits",
    {"seed": 5, "digit": 1, "speaker": "lucas", "given": 50, "temperature": 0.8, "dilated": False, "layers": 4},
    {
        ("speak", "A three by George"): speaks(digit=3, speaker="george", given=0),
        ("speak", "Cold"): speaks(temperature=0.5),
        ("speak", "Continue a real seven"): speaks(given=200, digit=7),
        ("score", "A hissing six"): scores(digit=6, speaker="lucas"),
        ("score", "A coarse recording"): scores(digit=1, speaker="nicolas"),
        ("digit", "A five by George"): says("says 5, which is right", ANSWERED, digit=5),
        ("digit", "A mistake"): says("but 1 was spoken", ANSWERED, speaker="jackson"),
    },
    {
        "Work for half a second": (speaks(), speaks()),
        "Dilation": (says("12 layers see 13 samples", "true"), says("12 layers see 4,096 samples", "true")),
        "What surprises": (scores(), scores()),
        "What queues save": (says("a second of sound", DRAWN), says("a second of sound", DRAWN)),
        "A shorter file": (says("the code has", ANSWERED), says("the code has", ANSWERED)),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    for mode in dict.fromkeys(mode for mode, _ in SOUND.presets):
        check_presets(SOUND, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    check_tour(SOUND, page, app_url, sound.TAB.tour(sound.TAB.quotes({})))
