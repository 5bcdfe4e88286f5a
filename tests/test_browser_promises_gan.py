"""The presets and the tour of the GAN do what they say."""

from playwright.sync_api import Page

from explorer import data
from explorer.tabs.gan import evidence as gan_evidence
from explorer.tabs.gan import tab as gan
from tests.promises import Came, Promise, Stage, check_presets, check_tour

MIDDLE = 0.333
ANSWERED = "m.isCurrent"
HERE = "m.drawn && m.drawn === m.current && m.drawn.frames[m.film.index]"
READ = "m.current?.done && m.film.index === Math.min(x.store.get().frame ?? Infinity, m.film.steps.length - 1)"
SEARCHED = "m.request && m.drawn && m.drawn === m.queue.filmOf(m.request) && m.drawn.done"


def keeps(arrived: str = "true", **state) -> Promise:
    """About the state alone, once it is on screen."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()), arrived)


def drawn(holds) -> Promise:
    """About the sixteen images of the grid."""
    return Promise(holds, ANSWERED, "[...m.grid.x].map((level) => level / 255)")


def played(modes: int, **state) -> Promise:
    """About a game whose data have so many modes, and whose frame is on screen."""
    return keeps(f"{HERE} && m.drawn.frames[m.film.index].of === {modes}", **state)


def moment(condition: str, holds=lambda came: True) -> Promise:
    """About the sixteen images of a moment of the training of which the history tells this."""
    images = "[...m.drawn.frames[m.film.index].x].map((level) => level / 255)"
    return Promise(holds, f"{READ} && m.ctx.net().history[m.film.index].{condition}", images)


def searched(digit: int, **state) -> Promise:
    """About a search for a test image of a digit, after its last step."""
    return Promise(
        lambda came: (
            int(data.bundled_images("mnist").labels[came.state["img"]]) == digit
            and all(came.state[key] == value for key, value in state.items())
        ),
        SEARCHED,
    )


def threes(came: Came) -> bool:
    return came.seen(3) >= 14


GAN = Stage(
    ".stage.gan",
    "tab=gan&mode=generate",
    lambda state: state["net"].removeprefix("gan-"),
    {
        "net": "gan-fashion-mnist",
        "seed": 5,
        "label": 2,
        "tap": 3,
        "plane": [4, 5, 6],
        "u": 0.7,
        "v": 0.1,
        "part": "film",
    }
    | {"data": "moons", "dsteps": 2, "lrd": 0.003, "lrg": 0.003, "gseed": 1, "overlay": "d"},
    {
        ("generate", "Sixteen sevens"): drawn(lambda came: came.seen(7) >= 14),
        ("generate", "The middle of A, B and C"): keeps(ANSWERED, part="plane", u=MIDDLE, v=MIDDLE),
        ("generate", "Halfway from A to B"): keeps(f"{ANSWERED} && m.film.index === 16", part="film"),
        ("generate", "Sixteen clothes"): drawn(lambda came: came.dataset == "fashion-mnist" and came.kinds >= 4),
        ("game", "Compare D with the best D"): played(8, overlay="both"),
        ("game", "25 modes"): played(25),
        ("game", "D learns 10 times as fast as G"): played(8, lrd=0.01, lrg=0.001, loss="saturating"),
        ("collapse", "Fast D"): played(8, dsteps=5, lrd=0.005, lrg=0.001, spectral=False),
        ("collapse", "Spectral norm"): played(8, spectral=True),
        ("gradient", "A generator that has played 50 rounds"): keeps(HERE, start=50, data="ring"),
        ("gradient", "One that has played 200"): keeps(HERE, start=200, data="ring"),
        ("gradient", "Two moons"): keeps(HERE, start=0, data="moons"),
        ("learn", "Before the first image"): moment("images === 0"),
        ("learn", "A fifth of an epoch"): moment("epoch.toFixed(1) === '0.2'"),
        ("learn", "Sixteen threes"): moment("images > 0", lambda came: came.state["label"] == 3),
        ("cannot", "Another test image"): searched(5, img=33),
        ("cannot", "A 3, searched for only among 8s"): searched(3, label=8, net="gan-mnist"),
        ("cannot", "A 3, searched for among clothes"): searched(3, set="mnist", net="gan-fashion-mnist"),
    },
    {
        "Work for one image": (drawn(lambda came: len(came.images) == 16), keeps(ANSWERED, tap=5)),
        "The discriminator's score": (keeps(ANSWERED, tap=0), keeps(ANSWERED, tap=3)),
        "Between three codes": (drawn(threes), keeps(ANSWERED, u=0.33, v=0.33)),
        "Halfway between two codes": (drawn(threes), keeps(ANSWERED, at=16)),
        "The best discriminator": (
            keeps(f"{HERE} && m.drawn.frames[m.film.index].round === 0"),
            keeps(f"{HERE} && m.drawn.frames[m.film.index].round === 2000 && m.drawn.frames[m.film.index].modes === 8"),
        ),
        "Lost modes": (played(8), keeps(f"{HERE} && m.drawn.frames[m.film.index].round === 2000")),
        "Too good an opponent": (
            keeps(f"{HERE} && m.drawn.frames[m.film.index].step === 0"),
            keeps(
                f"{HERE} && m.drawn.frames[m.film.index].norms.saturating < 0.1 * m.drawn.frames[0].norms.saturating"
            ),
        ),
        "The discriminator's loss": (moment("images === 0"), moment("images > 0")),
        "What it cannot do": (keeps(SEARCHED), searched(3)),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in GAN.presets):
        check_presets(GAN, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(GAN, page, app_url, gan.TAB.tour(gan_evidence.quotes({})))
