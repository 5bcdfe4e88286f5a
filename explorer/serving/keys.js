/**
 * Keys beyond those of Gradio: arrows on tabs, Escape, a way to the picture, focus on text that
 * scrolls.
 */
{
  const SCROLLING = ".block.prose, .block.prose .md, .block.prose .katex-display, .block.prose table";
  const MOVES = { ArrowRight: (at) => at + 1, ArrowLeft: (at) => at - 1, Home: () => 0, End: () => -1 };
  const PAUSE_MS = 300;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") closeMenu(event.target.closest(".overflow-menu"));
    else if (event.key in MOVES && event.target.matches("[role=tab]")) {
      turn(event.target, MOVES[event.key]);
      event.preventDefault();
    }
  });

  /** Chooses another tab of a list, as its own arrows would. */
  function turn(tab, move) {
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const next = tabs.at(move(tabs.indexOf(tab)) % tabs.length);
    next.click();
    next.focus();
  }

  /** Closes the menu of the tabs that did not fit. */
  function closeMenu(menu) {
    if (!menu?.querySelector(".overflow-dropdown:not(.hide)")) return;
    const button = menu.querySelector("button");
    button.click();
    button.focus();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.matches("a.skip")) return;
    event.preventDefault();
    const places = [...document.querySelectorAll(".stage :is([data-picture], [role=tabpanel])")];
    const place = places.find((each) => each.checkVisibility() && each.clientHeight);
    if (place?.matches("[data-picture]")) focusOnce(place);
    else place?.focus();
  });

  /** Gives the focus to what a click must not give it. */
  function focusOnce(element) {
    element.tabIndex = -1;
    element.focus();
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }

  /** Text that is wider than its place can be scrolled by keys. */
  function mark() {
    for (const element of document.querySelectorAll(SCROLLING)) {
      const scrolls = getComputedStyle(element).overflowX !== "visible" &&
        element.scrollWidth > element.clientWidth + 1;
      if (scrolls) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  }

  let timer = 0;
  const soon = () => (timer ||= setTimeout(() => ((timer = 0), mark()), PAUSE_MS));
  const isText = ({ target }) => !target.closest?.(".stage");
  new MutationObserver((changes) => changes.some(isText) && soon()).observe(document.body, {
    childList: true,
    subtree: true,
  });
  document.fonts.addEventListener("loadingdone", soon);
  addEventListener("resize", soon);
}
