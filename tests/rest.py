"""Wait until a stage is at rest: Python has answered every question, and its parts keep their places."""

from playwright.sync_api import Page, TimeoutError

COUNTS = """(() => {
  const real = globalThis.fetch;
  globalThis.unanswered = 0;
  globalThis.fetch = async (...sent) => {
    const asks = /component_server/.test(sent[0]?.url ?? sent[0]);
    unanswered += asks;
    try {
      return await real(...sent);
    } finally {
      unanswered -= asks;
    }
  };
})()"""
"""Counts the questions that Python has not answered yet."""
PLACED = """() => {
  const stage = [...document.querySelectorAll(".stage")].find((each) => each.checkVisibility());
  const parts = ".main, .body, .panel, .headline, .seen, .tour-card, .noise, .begin";
  const places = [...stage?.querySelectorAll(parts) ?? []].map((each) => each.getBoundingClientRect());
  return JSON.stringify([places, stage?.querySelector(".panel")?.scrollHeight]);
}"""
RESTS = f"""({{ asked, quiet }}) => {{
  const place = ({PLACED})();
  const now = performance.now();
  const before = globalThis.rested;
  if ((asked && globalThis.unanswered > 0) || before?.place !== place) globalThis.rested = {{ place, since: now }};
  return now - globalThis.rested.since > quiet;
}}"""
"""True once nothing has moved for so many milliseconds, and nothing was `asked`."""
QUIET_MS, FILM_MS = 500, 20_000


def counts_questions(page: Page) -> None:
    """Have the page count its open questions, from its next address on."""
    page.add_init_script(COUNTS)


def comes_to_rest(page: Page) -> None:
    """Wait until nothing is asked and nothing moves; a long film is not waited for to its end."""
    page.evaluate("delete globalThis.rested")
    try:
        page.wait_for_function(RESTS, arg={"asked": True, "quiet": QUIET_MS}, timeout=FILM_MS)
    except TimeoutError:
        keeps_its_places(page)


def keeps_its_places(page: Page) -> None:
    """Wait until nothing moves, whatever is asked."""
    page.evaluate("delete globalThis.rested")
    page.wait_for_function(RESTS, arg={"asked": False, "quiet": QUIET_MS})


def leads_to(page: Page, tab: str, mode: str) -> None:
    """Follow a link to a mode in the open page, as a click does, and wait until it is at rest."""
    page.evaluate("(query) => goTo(query)", f"?tab={tab}&mode={mode}")
    page.locator(f".panel > .mode-{mode}").wait_for(state="attached")
    comes_to_rest(page)
