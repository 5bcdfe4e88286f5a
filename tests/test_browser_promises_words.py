"""The presets and the tour of the tab of words do what they say."""

from playwright.sync_api import Page

from explorer.tabs.words import tab as words
from tests.promises import Promise, Stage, check_presets, check_tour

ANSWERED = "m.answer?.isCurrent && m.seen?.element.innerText.length > 20"
DRAWN = "m.done && m.current && m.drawn === m.current && m.film.index === m.drawn.frames.length - 1"


def is_state(state: dict, wanted: dict) -> bool:
    return all(state[key] == value for key, value in wanted.items())


def keeps(**state: object) -> Promise:
    """About the state alone."""
    return Promise(lambda came: is_state(came.state, state))


def says(text: str, arrived: str = ANSWERED, **state: object) -> Promise:
    """The mode's sentences hold this text, and the state is as is said."""
    there = f"{arrived} && m.seen?.element.closest('.mode-body').textContent.includes({text!r})"
    return Promise(lambda came: text in came.words and is_state(came.state, state), there)


def draws(text: str, **state: object) -> Promise:
    """A film has ended, and what is said of its pictures holds this text."""
    return says(text, DRAWN, **state)


DEFAULT, CAT = "a yellow cat left of a blue car on grass", "a yellow cat on grass"
NEVER = "Training never had this prompt"
STEPS = {
    "Four pictures": (keeps(prompt=CAT), draws("The judge reads", prompt=CAT)),
    "A map of a word": (keeps(word=4), draws("The judge reads", prompt=CAT, word=4)),
    "Never seen together": (keeps(prompt="a red cat on grass"), draws(NEVER)),
    "Guidance": (keeps(guidance=1), draws("The judge reads", guidance=1)),
    "Guidance 8": (keeps(guidance=8), draws("The judge reads", guidance=8)),
    "Which map changes?": (keeps(word=3), draws("The judge reads", prompt="a yellow cat above a blue car on grass")),
    "Two colours": (keeps(prompts="bindings"), says("two objects in two colours", prompts="bindings")),
    "One word exchanged": (keeps(hold=0.5), says("“dog” takes the place of “cat”")),
    "Never seen": (keeps(prompts="seen-2"), says("prompts have", prompts="f-3")),
    "Sixteen pictures": (keeps(pictures=16, named="held-out"), says("copies in 400", named="held-out")),
    "One code": (keeps(far=0), keeps(far=400)),
}
"""What each step of the tour promises, before the prediction and after it."""
TOUR = words.TAB.tour(words.TAB.quotes({net.name: net.content() for net in words.TAB.shown()}))
TITLES = [step["title"] for step in TOUR]
WORDS = Stage(
    ".stage.words",
    "tab=words&mode=unseen",
    lambda state: "scenes",
    {"prompt": "two dogs on sky", "to": "a dog on sky", "guidance": 2, "seed": 5, "steps": 3, "word": 1, "hold": 0.9}
    | {"prompts": "b-1", "guided": 8, "codec": "latents", "far": 7, "pictures": 50, "named": "none"},
    {
        ("prompt", "Never seen: a red cat"): draws(NEVER, prompt="a red cat on grass", guidance=4),
        ("prompt", "Two and one"): draws("The judge reads", prompt="two dogs above a red star on sky"),
        ("prompt", "Without guidance"): draws("The judge reads", prompt=DEFAULT, guidance=1),
        ("changed", "Another colour"): says("“pink” takes the place of “yellow”", prompt=DEFAULT),
        ("changed", "Another relation"): says("“above” takes the place of “left of”", prompt=DEFAULT),
        ("changed", "One word out"): says("“yellow” is left out", prompt=DEFAULT),
        ("unseen", "Never counted"): says("prompts have", prompts="c-1", guided=4),
        ("unseen", "A new pair"): says("prompts have", prompts="d-2", guided=4),
        ("unseen", "Whose colour?"): says("two objects in two colours", prompts="bindings"),
        ("unseen", "No guidance"): says("prompts have", prompts="seen-2", guided=1),
        ("codes", "No change"): keeps(codec="tokens", far=0),
        ("codes", "A similar token"): keeps(codec="tokens", far=12),
        ("codes", "A distant token"): keeps(codec="tokens", far=400),
        ("codes", "One latent"): keeps(codec="latents", channel=0, shift=4.0),
        ("copies", "Other noise, same names"): says("copies in 400", pictures=16, named="trained", seed=3),
        ("copies", "A hundred times more"): keeps(pictures=1_600, named="trained", seed=7),
        ("copies", "Names never seen"): says("copies in 400", pictures=16, named="held-out"),
        ("copies", "No name at all"): says("copies in 400", pictures=16, named="none"),
    },
    {title: STEPS.get(title, (keeps(), keeps())) for title in TITLES},
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in WORDS.presets):
        check_presets(WORDS, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(WORDS, page, app_url, TOUR)


def test_every_step_has_a_promise_of_its_own():
    assert set(STEPS) <= set(TITLES)
