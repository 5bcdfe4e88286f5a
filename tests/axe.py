"""Findings of axe-core on a page: by all its rules, or by those that read colours."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that read colours: all the others say of a page in the dark what they say of it in the light."""
RUN = """([within, rules]) => axe.run(within ?? document, {
  resultTypes: ["violations"],
  ...rules.length && { runOnly: { type: "rule", values: rules } },
})"""


def violations(page: Page, within: str | None = None, rules: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Faults that axe-core finds, by these rules or by all: the rule, and where.

    The text below a stage takes it ten times as long as the stage: the whole page is for once a tab.
    """
    if page.evaluate("globalThis.axe === undefined"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [within, rules])["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


def wait_until_undimmed(page: Page, within: str, timeout: float | None = None) -> None:
    """Answers to an earlier question stand there dimmed, until the answer comes."""
    dimmed = (
        f"[...document.querySelectorAll('{within} [style]')].some(({{ style }}) => style.opacity && style.opacity < 1)"
    )
    page.wait_for_function(f"!{dimmed}", timeout=timeout)


def violations_in(theme: str, page: Page, within: str | None = None) -> list[tuple[str, list[str]]]:
    """The same of a page that is light or dark: all in the light, and what reads colours in the dark."""
    assert page.evaluate("document.body.classList.contains('dark')") == (theme == "dark")
    return violations(page, within, COLOURS if theme == "dark" else ())
