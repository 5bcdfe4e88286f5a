"""The tours in a real browser: predict, then see; what holds of every tour, by keys and by touch, and of one alone."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from explorer.tabs import interface
from tests.raster import TAB as RASTER
from tests.raster import open_raster, raster
from tests.stage import STAGE, STAGES, mode_tab, open_stage, panel, wait_for_address
from tests.tab import Tab, stage_of, url_of
from tests.test_browser_course import ARRIVED

TABS = {tab.name: tab for tab in interface.TABS if "tour" in tab.modes}
CORE = ("vae",)
"""Tabs of which `make test` asks what holds of every tour."""
APPS = {"gan": "tiny_app", "compare": "compare_app"}
"""The app of a tab whose trained networks draw for long."""
OWN = {
    "foundations": "mu=2",
    "vae": "data=fashion-mnist&beta=3&view=0.5,0.5,5&rings=0&z=1,1",
    "ar": "mode=chain&net=pixelcnn-fashion-mnist&seed=11&label=3&p=0.5" + ",0.5" * 14,
    "gan": "mode=generate&net=gan-fashion-mnist&seed=11&label=3&tap=9",
    "diffusion": "mode=forward&net=diffusion-fashion-mnist&seed=11&label=3&t=123&schedule=cosine",
}
"""State of a visitor's own that the tour of a tab changes; of the others it is another seed."""
NOTED = ("vae", "ar", "gan", "diffusion")
"""Tabs whose visitor comes with another network: the tour says that it comes back."""
PLANE = "/gradio_api/file=explorer/stages/kit/plane"
ALIKE = ("vae", "ar", "gan", "flow", "diffusion")
SLOW_MS = 240_000


@cache
def steps_of(name: str) -> list[dict]:
    tab = TABS[name]
    return tab.tour(tab.quotes({net.name: net.content() for net in tab.shown()}))


def card_of(page: Page, tab: Tab) -> Locator:
    return tab.panel(page).locator(".tour-card")


def answer(page: Page, tab: Tab, step: dict) -> None:
    """Predict rightly by pointer, and wait until it is told and the stage is set."""
    card = card_of(page, tab)
    card.locator(".tour-choices").get_by_role("button", name=step["choices"][step["answer"]], exact=True).click()
    expect(card.locator(".tour-reveal")).to_contain_text("As you predicted.")
    page.wait_for_function(ARRIVED, arg=[tab.selector, {**step["after"], "mode": "tour"}])


def with_a_state_of_ones_own(page: Page, url: str, tab: Tab) -> dict:
    """Open a tab with what its tour changes; the state of its stage, whose films stand still."""
    page.emulate_media(reduced_motion="reduce")
    tab.open(page, url, OWN.get(tab.name, "seed=11"))
    return tab.state(page)


def takes_the_stage(page: Page, tab: Tab, before: dict) -> None:
    mode_tab(page, "Tour").click()
    wait_for_address(page, "tour=1")
    page.wait_for_function(ARRIVED, arg=[tab.selector, {**steps_of(tab.name)[0]["state"], "mode": "tour"}])
    assert {key for key, value in tab.state(page).items() if before[key] != value} - {"mode", "tour"}
    if tab.name in NOTED:
        expect(tab.panel(page)).to_contain_text("comes back")


def asks_before_it_tells_why_what_is_wrong_tempts(page: Page, tab: Tab) -> None:
    """Predict wrongly by a key: it is named and explained before what is so."""
    step, card = steps_of(tab.name)[0], card_of(page, tab)
    expect(card.locator(".tour-place")).to_have_text(f"1 of {len(steps_of(tab.name))}")
    expect(card.locator(".tour-reveal")).to_be_empty()
    card.locator(".tour-title").focus()
    shown = card.locator(".tour-choices button").all_inner_texts()
    assert sorted(shown) == sorted(step["choices"])
    wrong = (step["answer"] + 1) % len(step["choices"])
    page.keyboard.press(str(1 + shown.index(step["choices"][wrong])))
    told = card.locator(".tour-reveal p")
    expect(told).to_have_count(2)
    expect(told.first).to_have_text(f"You said “{step['choices'][wrong]}”. {step['tempts'][wrong]}")
    expect(told.last).to_contain_text(f"It is: “{step['choices'][step['answer']]}”.")


def goes_by_keys(page: Page) -> None:
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")


def gives_back(page: Page, tab: Tab, before: dict) -> None:
    mode_tab(page, TABS[tab.name].modes[before["mode"]]).click()
    tab.panel(page).locator(f"> .mode-{before['mode']}").wait_for(state="attached")
    assert tab.state(page) == before


@pytest.mark.parametrize(
    ("app", "name"),
    [pytest.param(APPS.get(name, "app_url"), name, marks=[pytest.mark.core] if name in CORE else []) for name in TABS],
)
def test_it_goes_by_keys_asks_before_it_tells_and_gives_back_what_it_changed(
    page: Page, request: pytest.FixtureRequest, app: str, name: str
):
    tab = stage_of(name)
    before = with_a_state_of_ones_own(page, url_of(request, app), tab)
    takes_the_stage(page, tab, before)
    asks_before_it_tells_why_what_is_wrong_tempts(page, tab)
    goes_by_keys(page)
    gives_back(page, tab, before)


@pytest.mark.parametrize("name", ["vae", "ar"])
def test_every_step_asks_then_tells_and_works_a_mode(page: Page, app_url: str, name: str):
    tab, steps = stage_of(name), steps_of(name)
    tab.open(page, app_url, query="mode=tour")
    card = card_of(page, tab)
    for number, step in enumerate(steps, start=1):
        wait_for_address(page, f"tour={number}")
        expect(card.locator(".tour-place")).to_have_text(f"{number} of {len(steps)}")
        expect(card.locator(".tour-reveal")).to_be_empty()
        expect(tab.panel(page).locator(f".tour-stage .mode-{step['state']['mode']}")).to_have_count(1)
        expect(tab.main(page).locator("canvas:visible").first).to_be_visible()
        answer(page, tab, step)
        card.get_by_role("button", name="Next" if number < len(steps) else "Explore freely").click()
    first = next(iter(TABS[name].modes))
    expect(page.locator(f"#{name}-tab-{first}")).to_have_attribute("aria-selected", "true")


@dataclass(frozen=True)
class Told:
    """A step whose numbers come from the server: what is so before the answer and after it, and what is said then.

    `asks` is the question to Python that the answer brings, with some of its values.
    """

    tab: str
    title: str
    app: str = "app_url"
    query: str = ""
    before: str = "true"
    asks: tuple[str, dict] | None = None
    after: str = "true"
    says: str = ""


TOLD = (
    Told("ar", "One pixel changed", asks=("resume", {"known": 126})),
    Told("ar", "The log p of an image", asks=("score", {"picture": {"kind": "blank"}})),
    Told(
        "diffusion",
        "A prediction from noise",
        query="at=0",  # as the step's own link says
        before="x.mode().drawn?.frames.length > 12 && x.store.get().at === 0",
        after="x.store.get().at === 12 && x.mode().film.index === 12",
        says="at t = 780",
    ),
    Told(
        "gan",
        "Between three codes",
        app="tiny_app",
        after="x.store.get().u === 0.33 && x.store.get().v === 0.33",
        says="The code is A + 0.33 (B − A) + 0.33 (C − A)",
    ),
)


def question(page: Page, name: str, values: dict):
    """Wait at the end of a block until Python has been asked this under that name."""

    def wanted(request) -> bool:
        sent = request.post_data_json if "component_server" in request.url else {"fn_name": None}
        return sent["fn_name"] == name and values.items() <= sent["data"].items()

    return page.expect_request(wanted)


@pytest.mark.parametrize("told", TOLD, ids=[f"{each.app}-{each.tab}, {each.title}" for each in TOLD])
def test_the_numbers_come_from_the_server(page: Page, request: pytest.FixtureRequest, told: Told):
    tab, steps = stage_of(told.tab), steps_of(told.tab)
    number = [step["title"] for step in steps].index(told.title) + 1
    tab.open(page, url_of(request, told.app), f"mode=tour&tour={number}&{told.query}")
    tab.wait_until(page, told.before)
    with question(page, *told.asks) if told.asks else nullcontext():
        answer(page, tab, steps[number - 1])
    tab.wait_until(page, told.after)
    expect(page.locator(tab.selector)).to_contain_text(told.says, timeout=SLOW_MS)


STILL = ("scrolled", "top", "lies")
LEAST = 150  # pixels of the picture that the card leaves free
PLACES = """(stage) => {
  const box = (part) => document.querySelector(`${stage} ${part}`).getBoundingClientRect();
  const card = box(".tour-card");
  const said = box(".tour-reveal").height ? box(".tour-reveal") : box(".tour-title");
  const picture = box("[data-picture]");
  const onward = box(".tour-head .button:last-of-type");
  return {
    onward: onward.top >= card.top && onward.bottom <= Math.min(card.bottom, innerHeight) && onward.right <= card.right,
    lies: onward.top,
    scrolled: scrollY,
    top: card.top,
    bottom: card.bottom,
    said: said.top >= card.top && said.top + Math.min(40, said.height) <= card.bottom,
    wide: Math.max(document.documentElement.scrollWidth, document.querySelector(stage).scrollWidth),
    free: Math.min(card.top, picture.bottom) - Math.max(0, picture.top),
  };
}"""


@pytest.mark.parametrize("tab", ALIKE)
def test_every_step_shows_its_card_and_its_picture_together(phone: Page, app_url: str, tab: str):
    stage = f".{STAGES[tab]}"
    phone.goto(f"{app_url}/?tab={tab}&mode=tour")
    card = phone.locator(f"{stage} .tour-card")
    card.wait_for()
    steps = int(card.locator(".tour-place").inner_text().split()[-1])
    for step in range(1, steps + 1):
        expect(card.locator(".tour-place")).to_have_text(f"{step} of {steps}")
        before = stands(phone, stage)
        card.locator(".tour-choices button").first.tap()
        expect(card.locator(".tour-reveal")).to_contain_text("It is: ")
        after = stands(phone, stage)
        assert all(after[key] == before[key] for key in STILL), f"step {step}: the answer moves the page"
        card.locator(".tour-head button").last.tap()


@pytest.mark.parametrize(
    ("tab", "step"), [("ar", 5), ("energy", 2), ("vae", 2), ("diffusion", 3), ("flow-matching", 5)]
)
def test_the_way_on_is_on_a_small_screen_before_and_after_the_answer(phone: Page, app_url: str, tab: str, step: int):
    stage = f".{STAGES[tab]}"
    phone.set_viewport_size({"width": 360, "height": 640})
    phone.goto(f"{app_url}/?tab={tab}&mode=tour&tour={step - 1}")
    card = phone.locator(f"{stage} .tour-card")
    head = card.locator(".tour-head button").last
    head.tap()
    expect(card.locator(".tour-place")).to_contain_text(f"{step} of")
    before = places_of(phone, stage)
    assert before["onward"] and before["said"], before
    card.locator(".tour-choices button").last.tap()
    expect(card.locator(".tour-reveal")).not_to_be_empty()
    after = places_of(phone, stage)
    assert after["onward"] and after["said"] and all(after[key] == before[key] for key in STILL), after


def places_of(phone: Page, stage: str) -> dict:
    """Return where card and picture are, once the step's mode is there."""
    phone.locator(f"{stage} .tour-stage > .mode").wait_for(state="attached")
    phone.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return phone.evaluate(PLACES, stage)


def stands(phone: Page, stage: str) -> dict:
    """Once the step's mode is there, the card is on screen, what it says last is in it, and the picture above it."""
    places = places_of(phone, stage)
    assert places["top"] >= LEAST and places["bottom"] <= phone.viewport_size["height"] + 1, places
    assert places["said"], places
    assert places["onward"], places
    assert places["free"] >= LEAST, places
    assert places["wide"] <= phone.viewport_size["width"], places
    return places


def test_an_address_of_a_step_and_no_more_sets_the_stage_as_the_step_does(page: Page, app_url: str):
    number, step = next((n, step) for n, step in enumerate(steps_of("ar"), start=1) if "set" in step["state"])
    open_raster(page, app_url, f"mode=tour&tour={number}")
    expect(card_of(page, RASTER)).to_contain_text(step["title"])
    for key in ("net", "set", "img"):
        wait_for_address(page, f"{key}={step['state'][key]}")


def test_the_choices_come_in_an_order_drawn_for_the_visit(page: Page, app_url: str):
    open_raster(page, app_url, "mode=tour")
    module = f"await import(`${{location.origin}}{PLANE}/random.js`)"
    orders = raster(
        page, f"(({{ shuffled }}) => Array.from({{ length: 600 }}, (_, i) => shuffled([0, 1, 2], i)))({module})"
    )
    assert all(sorted(order) == [0, 1, 2] for order in orders)
    assert all(60 <= orders.count(list(order)) <= 140 for order in permutations(range(3))), (
        "each as likely as any other"
    )
    choices = card_of(page, RASTER).locator(".tour-choices button")
    seen = choices.all_inner_texts()
    assert sorted(seen) == sorted(steps_of("ar")[0]["choices"])
    for button in ("Skip", "Back"):
        card_of(page, RASTER).get_by_role("button", name=button).click()
    expect(choices).to_have_text(seen)
    page.keyboard.press("1")
    expect(card_of(page, RASTER).locator(".tour-reveal")).to_contain_text(f"“{seen[0]}”")


VAE = steps_of("vae")


def test_its_order_is_that_of_the_lecture():
    titles = " → ".join(step["title"] for step in VAE)
    assert titles == (
        "Encode a digit → Reparameterisation → The two terms of the ELBO → "
        "A price for the code → From 3 to 8 → Blur → A higher price → Between codes without a KL term → "
        "What the bound misses"
    )


@pytest.mark.core
def test_who_does_not_predict_skips(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    onward = panel(page).locator(".tour-head button").last
    expect(onward).to_have_text("Skip")
    onward.click()
    wait_for_address(page, "tour=2")
    panel(page).locator(".tour-choices button").first.click()
    expect(onward).to_have_text("Next")
    page.keyboard.press("PageUp")
    wait_for_address(page, "tour=1")
    expect(onward).to_have_text("Skip")
    page.keyboard.press("PageDown")  # as a remote does: the answer, then on
    expect(panel(page).locator(".tour-reveal")).to_contain_text("It is:")
    expect(panel(page).locator(".tour-reveal")).not_to_contain_text("As you predicted")
    expect(onward).to_have_text("Next")
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")
    expect(onward).to_have_text("Next")  # it was predicted before


def predict(page: Page, number: int, choice: int) -> None:
    """Take a choice of a step, by its place in the file, where the step is open."""
    wait_for_address(page, f"tour={number}")
    panel(page).get_by_role("button", name=VAE[number - 1]["choices"][choice], exact=True).click()


def test_predictions_are_kept_summed_up_and_forgotten(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    onward = panel(page).locator(".tour-head button").last
    summary = panel(page).locator(".tour-summary")
    predict(page, 1, VAE[0]["answer"])
    onward.click()
    predict(page, 2, (VAE[1]["answer"] + 1) % 3)
    open_stage(page, app_url, "mode=tour&tour=2")
    predict(page, 2, VAE[1]["answer"])  # the first prediction counts
    open_stage(page, app_url, f"mode=tour&tour={len(VAE)}")
    expect(summary).to_have_count(0)
    predict(page, len(VAE), VAE[-1]["answer"])
    expect(summary).to_contain_text(f"You predicted 2 of {len(VAE)} as it came, skipped {len(VAE) - 3}.")
    summary.locator("summary").click()
    expect(summary.locator("li")).to_have_text(
        [f"{sign} {step['title']}" for sign, step in zip("✓✗––––––✓", VAE, strict=True)]
    )
    summary.get_by_role("button", name=f"{VAE[1]['title']}: otherwise than predicted").click()
    wait_for_address(page, "tour=2")
    open_stage(page, app_url, f"mode=tour&tour={len(VAE)}")
    predict(page, len(VAE), VAE[-1]["answer"])
    summary.locator("summary").click()
    summary.get_by_role("button", name="Forget these").click()
    expect(panel(page).locator(".tour-card")).to_contain_text("Forgotten.")
    open_stage(page, app_url, "mode=tour")
    expect(onward).to_have_text("Skip")


@pytest.mark.parametrize(
    "kept", ["no json", "7", '[["Another", true]]', "[1, 2, 3, 4, 5, 6, 7, 8, 9]", '{"length": 9}', "null"]
)
def test_what_was_kept_of_another_tour_is_dropped(page: Page, app_url: str, kept: str):
    page.add_init_script(f"localStorage.setItem('explorer.tour.vae', {json.dumps(kept)})")
    open_stage(page, app_url, f"mode=tour&tour={len(VAE)}")
    predict(page, len(VAE), VAE[-1]["answer"])
    expect(panel(page).locator(".tour-summary")).to_contain_text(f"1 of {len(VAE)} as it came, skipped 8.")


def test_without_a_place_to_keep_it_the_tour_sums_up_all_the_same(page: Page, app_url: str):
    page.add_init_script("Object.defineProperty(globalThis, 'localStorage', { get() { throw Error('none'); } })")
    open_stage(page, app_url, f"mode=tour&tour={len(VAE)}")
    predict(page, len(VAE), VAE[-1]["answer"])
    expect(panel(page).locator(".tour-summary")).to_contain_text(f"1 of {len(VAE)} as it came, skipped 8.")
    page.goto("about:blank")  # where nothing is kept, nothing is to be cleared


def test_a_slow_mode_does_not_come_up_under_a_later_step(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour&tour=3")
    panel(page).locator(".mode-explore").wait_for()

    def late(route: Route) -> None:
        page.wait_for_timeout(1_000)
        route.continue_()

    page.route("**/encode.js", late)
    for name in ("Back", "Skip"):
        panel(page).locator(".tour-head").get_by_role("button", name=name).click()
    page.wait_for_timeout(2_500)
    expect(panel(page).locator(".tour-stage .mode")).to_have_class("mode mode-explore")


def test_a_mode_that_cannot_be_loaded_says_so(page: Page, app_url: str):
    page.route("**/encode.js", lambda route: route.fulfill(body="throw 0", content_type="text/javascript"))
    open_stage(page, app_url, "mode=tour&tour=2")
    expect(panel(page).locator(".tour-stage")).to_contain_text("could not be loaded")


def test_its_keys_work_in_its_card_alone(page: Page, app_url: str):
    open_stage(page, app_url, "mode=tour")
    reveal = panel(page).locator(".tour-reveal")
    page.locator(f"{STAGE} .overlay").focus()
    page.locator(f"{STAGE} .overlay").hover()
    page.keyboard.press("1")
    page.keyboard.press("PageDown")
    page.wait_for_function("location.search.includes('tour=1')")
    expect(reveal).to_be_empty()
    panel(page).locator(".tour-choices button").first.focus()
    page.keyboard.press("1")
    expect(reveal).not_to_be_empty()
    page.keyboard.press("PageDown")
    wait_for_address(page, "tour=2")


def test_it_hides_what_is_to_be_predicted(page: Page, app_url: str):
    step = next(index for index, each in enumerate(VAE, 1) if each["state"]["mode"] == "interpolate")
    open_stage(page, app_url, f"mode=tour&tour={step}")
    decoded = page.locator(".vae .mechanism-part").last.locator("canvas")
    film = panel(page).locator(".interpolate-film .film")
    expect(panel(page).locator(".end-image").first).to_be_visible()
    expect(film).to_be_hidden()
    expect(decoded).to_be_hidden()
    panel(page).locator(".tour-choices button").first.click()
    expect(film).to_be_visible()
    expect(decoded).to_be_visible()


def test_on_a_phone_the_question_stays_in_sight_while_one_draws(phone: Page, app_url: str):
    phone.goto(f"{app_url}/?tab=vae&mode=tour&tour=1")
    card, height = phone.locator(".stage.vae .tour-card"), phone.viewport_size["height"]
    show = card.get_by_role("button", name="Show the controls")
    expect(show).to_be_in_viewport(ratio=1)
    show.tap()
    phone.locator(".stage.vae").get_by_role("button", name="Draw one").first.tap()
    pad = phone.locator(".stage.vae .pad-ink")
    pad.evaluate("(pad) => pad.scrollIntoView({ block: 'center' })")
    boxes = [each.bounding_box() for each in (pad, card.locator(".tour-question"), card)]
    (pad_box, question, whole) = boxes
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= height for box in boxes)
    assert question["y"] + question["height"] <= pad_box["y"] and whole["y"] + whole["height"] <= pad_box["y"] + 1
    back = card.get_by_role("button", name="Back to the lesson")
    expect(back).to_be_in_viewport(ratio=1)
    back.tap()
    expect(card.locator(".tour-choices button")).to_have_count(3)
