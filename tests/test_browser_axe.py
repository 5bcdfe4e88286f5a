"""Axe-core finds nothing on the page: in the modes of the tabs, in what opens over them, and on a phone.

Every tab as it opens is asked in `test_browser_tabs`.
"""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, expect

from tests.axe import COLOURS, violations, violations_in, wait_until_undimmed
from tests.server import ROOT
from tests.stage import settle, turn_to_text, wait_for_address
from tests.tab import PATIENCE_MS, Tab, stage_of, url_of
from tests.test_browser_contents import reads
from tests.test_browser_opened import FILES, dialog
from tests.test_browser_own_course import AT, collect

FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><main>
<style>.dark { background: black; color: white } .dark p { color: #333 }</style>
<h1>Two faults</h1><p>It is too dim in the dark.</p><img src="data:,">
</main>"""

Views = Iterator[tuple[str, str | None]]
"""The views of a page, one after the other: the name of each, and the part of the page within which axe looks."""


@pytest.mark.parametrize(("theme", "rule"), [("light", "image-alt"), ("dark", "color-contrast")])
def test_the_light_is_checked_by_all_rules_and_the_dark_by_its_colours(page: Page, theme: str, rule: str):
    page.set_content(FAULTY)
    page.evaluate("theme => document.body.className = theme", theme)
    assert [name for name, _ in violations_in(theme, page)] == [rule]


def test_no_rule_that_reads_colours_is_left_out(page: Page):
    page.set_content(FAULTY)
    violations(page)
    of_colours = page.evaluate("axe.getRules(['cat.color']).map(({ ruleId }) => ruleId)")
    assert {*of_colours} == {*COLOURS, "color-contrast-enhanced"}  # that one asks for more than AA, and is off


AROUND = ("foundations", "vae", "vae-room")
"""Tabs with whose first mode axe looks at the page around the stage, too, before the text below it comes."""


def says(words: str) -> str:
    """The panel on screen says these words."""
    return f"document.querySelector('.stage .panel').textContent.includes('{words}')"


def turned(page: Page, address: str, tab: Tab, modes: dict[str, str]) -> Iterator[str]:
    """Open a tab, turn it to each mode, with further state where the name says so, and wait until all of it is there.

    A mode begins with what the address says, whatever the one before it set.
    """
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}&mode={next(iter(modes)).partition('&')[0]}")
    tab.wait_until(page, "x.mode().update")
    fresh = tab.state(page)
    for name, ready in modes.items():
        mode, _, more = name.partition("&")
        state = fresh | {"mode": mode} | dict(parse_qsl(more))
        page.locator(tab.selector).evaluate("(stage, state) => stage.explorer.store.commit(state)", state)
        tab.panel(page).locator(f"> .mode-{mode}").wait_for(state="attached")
        tab.wait_until(page, ready)
        wait_until_undimmed(page, tab.selector)
        yield name


def modes_of(name: str, query: str, modes: dict[str, str]) -> Callable[[Page, str], Views]:
    """The modes of a tab, each with what is so of its stage's own `explorer`, called x, once all of it is there."""

    def views(page: Page, home: str) -> Views:
        tab = stage_of(name)
        for place, mode in enumerate(turned(page, f"{home}&tab={name}&{query}", tab, modes)):
            yield mode, None if name in AROUND and not place else tab.selector

    return views


def comparison(page: Page, home: str) -> Views:
    modes = dict.fromkeys(("table", "make", "likely", "finish", "odd", "between", "real"), "true")
    yield from modes_of("compare", "img=12", modes)(page, home)
    turn_to_text(page)
    yield "texts", f".tabitem:has({stage_of('compare').selector})"


def matching(page: Page, home: str) -> Views:
    tab = stage_of("flow-matching")
    page.goto(f"{home}&tab=flow-matching&net=flow-matching-mnist")
    expect(page.locator(f"{tab.selector} .status")).to_contain_text("no plane to look at")
    tab.wait_until(page, "x.mode().found")
    yield "told", None
    yield from modes_of("flow-matching", "", MATCHING)(page, home)


def finder(page: Page, home: str) -> Views:
    page.goto(home)
    stage_of("start").wait_until(page, "x")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find a tab, a mode, a term").fill("noise")
    expect(page.locator(".finder li").first).to_be_visible()
    yield "found", ".finder"


def papers(page: Page, home: str) -> Views:
    page.goto(f"{home}&tab=vae#vae-papers")
    reads(page, "vae-papers")
    yield "papers", ".contents, .to-stage, #vae-papers"


def course(page: Page, home: str) -> Views:
    page.goto(f"{home}&tab=start&course=ar-and-vae&page=2")
    page.locator(".course .choices button").first.click()
    yield "told", ".course"


def own_course(page: Page, home: str) -> Views:
    page.goto(f"{home}&{AT}")
    collect(page)
    dialog = page.locator(".own-course")
    for title in ("A chord", "A curve"):
        dialog.get_by_label("Name of this step").fill(title)
        dialog.get_by_role("button", name="Add this state").click()
        expect(dialog.locator("li a").last).to_have_text(title)
    yield "two steps", None


def opener(page: Page, home: str) -> Views:
    page.goto(f"{home}&tab=foundations")
    files = [ROOT / "pretrained" / "rbm-mnist" / name for name in FILES]
    dialog(page).get_by_label("Files").set_input_files(files)
    yield "files chosen", None


def inside(page: Page, home: str) -> Views:
    """The panel over the stage: maps with a value written out, and bars."""
    for query in ("tab=vae-room&inside=read//0.0/200", "tab=gan&inside=make//0"):
        page.goto(f"{home}&{query}")
        expect(page.locator("dialog.inside[open] .inside-title span").first).to_be_visible()
        settle(page)
        yield query, "dialog.inside"


def exercises(page: Page, home: str) -> Views:
    tab = stage_of("foundations")
    for name in ("map-mean", "which-kl", "prior"):
        page.goto(f"{home}&tab=foundations&mode=exercises&exercise={name}")
        tab.panel(page).get_by_role("button", name="Worked answer").click()
        expect(tab.panel(page).locator(".exercise-worked")).to_be_visible()
        settle(page)
        yield name, tab.selector


VAE = {
    "explore": says("stretch"),
    "interpolate": says("β = 0"),
    "encode": says("ELBO = −D − R"),
    "sample": says("Seed 7: 64 draws"),
    "learn": says("has their own class"),
    "tour": says("1 of 9"),
}
FOUNDATIONS = ("likelihood", "likelihood&part=table", "divergences", "jensen", "importance", "bayes")
ROOM = {
    "traverse": says("Latent 6 is encoded at"),
    "iwae": says("5,000 draws at once lower the bound by"),
    "runs": says("Half a nat of KL is free"),
    "disentangle": f"{says('Latent 4')} && x.mode().answer.isCurrent",
}
AUTOENCODERS = {
    "map": "x.mode().answer?.isCurrent && x.mode().decode",
    "hole": "x.mode().value",
    "sizes": "x.mode().value",
    "pull": "x.mode().part.value",
    "contractive": "x.mode().value",
    "dictionary": "x.mode().value",
}
FLOWN = "x.mode().part?.drawn?.done && !x.mode().part.film.timer"
FLOW = {
    "layers&part=film": FLOWN,
    "layers&part=mix": "x.mode().part.answer?.isCurrent",
    "layers&part=typical": "x.mode().part.answer?.isCurrent",
    "causal": FLOWN,
    "causal&causal=override": "x.mode().part.answer?.isCurrent",
    "causal&causal=race": "x.mode().part.answer?.isCurrent",
    "fifth": "x.mode().beside?.length >= 5 && x.mode().beside.every(({ kind, answer }) => !kind || answer)",
}
MATCHING = {
    "reflow": "x.mode().rounds",
    "fields": "x.mode().found",
    "family": "x.mode().found",
    "targets": "x.mode().done.value",
    "targets&taught=digits": "x.mode().report.value?.sides",
    "bridges": "x.mode().states.value",
    "one_step": "x.mode().done.value",
}
WALKED = "x.mode().current?.done"
CHAINS = "net=energy-eight-gaussians&kernel=mala&chains=10&length=300&drops=1.29,0.54"
GAN = dict.fromkeys(("generate", "game", "collapse", "gradient", "learn", "cannot", "tour"), "true")
GAN |= {"learn": "x.mode().current?.done"}
ROOM_AT = "img=8&rank=5&z=2.8&beta=4&known=3&run=free"
HELD = "x.mode().answer?.isCurrent"
KNOWN = {"guided": HELD, "guided&known=crescents": HELD, "copies": HELD}
VIEWS: dict[str, tuple[str, Callable[[Page, str], Views]]] = {
    "start": ("app_url", modes_of("start", "", dict.fromkeys(("map", "random", "matrix"), "true"))),
    "playground": (
        "app_url",
        modes_of("playground", "steps=200&learn=8&n=200", {"side": "x.mode()?.film?.current?.done"}),
    ),
    "foundations": ("app_url", modes_of("foundations", "prior=1", dict.fromkeys(FOUNDATIONS, "true"))),
    "vae": ("app_url", modes_of("vae", "pin=0.5,0.5&a=12&b=55&img=12", VAE)),
    "vae-room": ("tiny_app", modes_of("vae-room", ROOM_AT, ROOM)),
    "autoencoders": ("app_url", modes_of("autoencoders", "", AUTOENCODERS)),
    "gan": ("tiny_app", modes_of("gan", "img=12", GAN)),
    "flow": ("app_url", modes_of("flow", "", dict.fromkeys(("warp", "coupling", "variables"), "true"))),
    "flow of images": ("app_url", modes_of("flow", "net=flow-mnist", FLOW)),
    "flow-matching": ("app_url", matching),
    "energy": ("app_url", modes_of("energy", CHAINS, {"landscape": WALKED, "ways": WALKED})),
    "compare": ("compare_app", comparison),
    "diffusion by hand": ("app_url", modes_of("diffusion", "", KNOWN)),
    "rewards": ("app_url", modes_of("ar", "", {"reward": HELD})),
    "watermark": ("app_url", modes_of("text", "", {"watermark": HELD})),
    "power": ("app_url", modes_of("lab", "", {"power": HELD})),
    "inside": ("app_url", inside),
    "finder": ("app_url", finder),
    "papers": ("app_url", papers),
    "course": ("app_url", course),
    "own course": ("app_url", own_course),
    "opener": ("app_url", opener),
    "exercises": ("app_url", exercises),
}
"""All that axe is asked of: the fastest app that shows it, and the way there."""
REST = "x.mode().current?.done && x.mode().film.timer === null"
ON_A_PHONE = {
    "tokens": ("", dict.fromkeys(("tokens", "straight", "surprise"), HELD)),
    "discrete-diffusion": ("per=56&t=3", dict.fromkeys(("unmask", "chain", "chains", "orders", "bound"), "true")),
    "energy": ("stride=0.5", dict.fromkeys(("boltzmann", "langevin"), REST)),  # it plays once first
    "vae-room": ("img=8", dict.fromkeys(("traverse", "iwae", "paths", "collapse", "runs", "disentangle"), "true")),
}
"""Modes of tiny networks: the address, and what is so once all of a mode is there."""
TAPPED = {"chain": ("One step forward", "t=4")} | dict.fromkeys(("boltzmann", "langevin"), ("One step back", "at=0.9"))
"""The gesture of a finger that follows, and its sign in the address."""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("app", "name"), [(app, name) for name, (app, _) in VIEWS.items()])
def test_axe_finds_nothing(page: Page, request: pytest.FixtureRequest, app: str, name: str, theme: str):
    _, views = VIEWS[name]
    home = f"{url_of(request, app)}/?__theme={theme}"
    found = {view: violations_in(theme, page, within) for view, within in views(page, home)}
    assert not {view: problems for view, problems in found.items() if problems}


@pytest.mark.parametrize(("app", "name"), [("tiny_app", name) for name in ON_A_PHONE])
def test_a_phone_shows_every_mode_whole_and_axe_finds_nothing(
    phone: Page, request: pytest.FixtureRequest, app: str, name: str
):
    query, modes = ON_A_PHONE[name]
    tab, found = stage_of(name), {}
    for mode in turned(phone, f"{url_of(request, app)}/?__theme=dark&tab={name}&{query}", tab, modes):
        expect(tab.panel(phone).locator(f".mode-{mode} .seen p")).not_to_be_empty()
        tab.fits(phone)
        if mode in TAPPED:
            button, told = TAPPED[mode]
            phone.get_by_role("button", name=button).tap()
            wait_for_address(phone, told)
            tab.fits(phone)
        found[mode] = violations(phone, tab.selector)
    assert not {mode: problems for mode, problems in found.items() if problems}
