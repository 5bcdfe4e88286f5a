"""A finger on a phone's screen, as the browser itself makes it: what it touches may scroll the page."""

from playwright.sync_api import CDPSession, Locator, Page

MOVES = 6
REST = """async () => {
  for (let still = 0, place = scrollY; still < 10; place = scrollY) {
    await new Promise((done) => requestAnimationFrame(done));
    still = scrollY === place ? still + 1 : 0;
  }
}"""
"""A finger that is lifted leaves the page gliding, and one put on a gliding page only stops it."""
SEEN = """() => {
  window.touched = [];
  for (const name of ["pointerdown", "pointercancel", "pointerup", "touchend"])
    document.addEventListener(name, () => touched.push(name), { capture: true, passive: true });
}"""


def drag(phone: Page, control: Locator, *, along: float = 0, up: float = 0, rest_ms: float = 0) -> list[str]:
    """Put a finger on a control, let it rest, move it by so many pixels and lift it; the browser's events."""
    phone.evaluate(REST)
    control.evaluate("element => element.scrollIntoView({ block: 'center' })")
    phone.evaluate(SEEN)
    box = control.bounding_box()
    x, y = box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"]
    session = phone.context.new_cdp_session(phone)
    touch(session, "touchStart", [(x, y)])
    phone.wait_for_timeout(rest_ms)
    for step in range(1, MOVES + 1):
        touch(session, "touchMove", [(x + along * step / MOVES, y - up * step / MOVES)])
    touch(session, "touchEnd", [])
    session.detach()
    phone.wait_for_function("touched.includes('touchend')")
    phone.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return phone.evaluate("touched")


def touch(session: CDPSession, kind: str, points: list[tuple[float, float]]) -> None:
    """Put fingers down, move them or lift them; the points are those of the fingers that stay on the glass."""
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
