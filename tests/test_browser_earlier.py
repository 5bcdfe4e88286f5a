"""An earlier question's words and pictures are dimmed or gone while the next is answered, in every kind of mode."""

import pytest
from playwright.sync_api import Page, expect

INK = """(pictures) => {
  const stage = [...document.querySelectorAll(".stage")].find((each) => each.clientWidth);
  const full = (element) => {
    for (let each = element; each !== stage.parentElement; each = each.parentElement) {
      if (getComputedStyle(each).opacity < 0.6) return false;
    }
    return true;
  };
  const said = [...stage.querySelectorAll(".figures > .chief .number, .seen p:not(:empty)")];
  const drawn = pictures ? [...stage.querySelectorAll(pictures)] : [];
  const shown = [...said, ...drawn].filter(
    (each) => each.checkVisibility({ visibilityProperty: true }) && each.innerText !== "–",
  );
  return shown.filter(full).map((each) => each.innerText || each.className);
}"""
"""Headline, sentences and pictures that stand in full ink."""
PICTURES = {
    "ar/ask": ".board, .distribution-frame",
    "ar/generate": ".board, .distribution-frame",
    "ar/masks": ".masked, .panel .matrix",
    "ar/override": ".board, .branch-words",
    "diffusion/reverse": ".film-caption",
    "gan/generate": ".draws, .plane, .path canvas, .looking canvas, .film-caption",
    "vae/encode": ".pictures canvas, .part.shown",
    "vae/gaps": ".size-row",
    "vae/sample": ".draws canvas",
}
"""Modes that dim their pictures one by one."""
CORE = ["text/surprise", "ar/complete", "ar/ask", "vae/encode"]
DEEP = {
    "ar": ["generate", "override", "score", "slow", "masks"],
    "autoencoders": ["hole", "dictionary", "sizes", "interpolate"],
    "diffusion": ["reverse", "few", "middle", "travel", "make", "complete", "likelihood"],
    "discrete-diffusion": ["unmask", "bound"],
    "energy": ["landscape", "complete"],
    "flow": ["warp", "layers", "fifth", "anomaly"],
    "flow-matching": ["paths", "make", "interpolate"],
    "gan": ["generate", "game", "collapse", "gradient", "learn", "cannot"],
    "lab": ["damage"],
    "sound": ["speak", "cached"],
    "style": ["mix", "truncate", "path", "noise", "directions"],
    "text": ["generate", "unmask", "fill", "cached", "loss"],
    "tokens": ["tokens", "straight", "slow", "anomaly"],
    "translate": ["paired", "weight", "many", "unpaired"],
    "vae": ["gaps", "sample"],
    "vae-room": ["traverse", "disentangle", "paths"],
}
PLACES = [
    *[pytest.param(place, marks=pytest.mark.core) for place in CORE],
    *[f"{tab}/{mode}" for tab, modes in DEEP.items() for mode in modes],
]
ASKS = "Draw again", "any", "Two stacks"


@pytest.mark.parametrize("place", PLACES)
def test_what_shows_an_earlier_answer_is_dimmed(page: Page, app_url: str, place: str):
    tab, mode = place.split("/")
    page.goto(f"{app_url}/?tab={tab}&mode={mode}")
    stage = page.locator(".stage:visible")
    expect(stage.locator(".seen p:not(:empty)").first).to_be_visible()
    pictures = PICTURES.get(place)
    page.wait_for_function(f"() => ({INK})().length")
    panel = stage.locator(".panel")
    expect(panel.locator("[aria-busy]")).to_have_count(0)
    page.route("**/gradio_api/**", lambda _: None)  # which is never answered
    buttons = [panel.get_by_role("button", name=name, exact=True).locator("visible=true").last for name in ASKS]
    other = panel.locator(".tries .button, .preset-card").locator("visible=true").nth(1)
    next(each for each in [*buttons, other] if each.count()).click()
    page.wait_for_function(f"(pictures) => !({INK})(pictures).length", arg=pictures, timeout=10_000)
