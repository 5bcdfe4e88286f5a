/**
 * The text below a stage is loaded when the visitor turns to it, and reached by the address of its headings; the list of
 * them is open where it stands beside the text, and marks what is being read. The text of a closed tab is not part of
 * the page.
 */
{
  const BESIDE = matchMedia("(min-width: 1240px)");
  const PATIENCE_MS = 20_000;
  const REST_MS = 10_000; // then the text comes by itself, for those who go from heading to heading
  const POLL_MS = 100;
  const SETTLE_MS = 1000;
  const READING = "Reading the text…";
  const GESTURES = ["wheel", "touchstart", "pointerdown", "keydown"];
  const NEAR = 0.3; // of the window, from its top

  let seeking = null; // ends the way to a place, which may not have come yet

  /** Goes to a part of the text. Content above may move it: the page goes there again until the visitor acts. */
  globalThis.seek = (place) => {
    seeking?.abort();
    const over = seeking = new AbortController();
    const { signal } = over;
    const timer = setInterval(() => document.getElementById(place)?.scrollIntoView(), 200);
    signal.addEventListener("abort", () => clearInterval(timer));
    setTimeout(() => over.abort(), PATIENCE_MS);
    for (const each of GESTURES) addEventListener(each, () => over.abort(), { passive: true, signal });
    dispatchEvent(new Event("explorer-seek"));
  };

  /* the page's base would have a click open it anew, without the stage's state */
  addEventListener("click", (event) => {
    /** @type {HTMLAnchorElement} */
    const link = event.target.closest?.('.below a[href*="#"]');
    const found = link && document.getElementById(link.hash.slice(1));
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    globalThis.explorerAddress.write(link.hash, { step: true });
    found.scrollIntoView();
  });

  const isShown = (element) => element?.checkVisibility();

  /** True if a key searches the page, or goes to its end. */
  const leadsAway = ({ key, ctrlKey, metaKey }) =>
    ["F3", "End", "PageDown"].includes(key) || ((ctrlKey || metaKey) && key.toLowerCase() === "f");

  /** Once the stage above a text has its size, so that a text below the window counts as such. */
  async function drawn(element) {
    const tab = element.closest(".tabitem");
    while (!tab.querySelector(".stage")?.explorer) await pause(POLL_MS);
    await pause(SETTLE_MS);
  }

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  /** Asks for the text whose place this is once the visitor scrolls, searches, follows a link to it, or rests. */
  globalThis.whenTurnedTo = (element, ask) => {
    const over = new AbortController();
    const { signal } = over;
    const turn = () => {
      if (signal.aborted || !isShown(element)) return;
      over.abort();
      const sentence = element.querySelector(".awaiting");
      sentence.className = "entering";
      sentence.textContent = globalThis.explorerSay(READING);
      ask();
    };
    const seen = new IntersectionObserver((entries) => entries.some((each) => each.isIntersecting) && turn());
    drawn(element).then(() => seen.observe(element));
    signal.addEventListener("abort", () => seen.disconnect());
    const options = { passive: true, signal };
    for (const each of ["wheel", "touchmove", "explorer-seek"]) addEventListener(each, turn, options);
    addEventListener("keydown", (event) => leadsAway(event) && turn(), options);
    if (seeking && !seeking.signal.aborted) turn();
    setTimeout(turn, REST_MS);
  };

  const away = new Map(); // the texts of closed tabs, by the empty comments in their places
  const isOpen = (node) => isShown(node.parentElement.closest(".tabitem"));

  /** Takes the texts of closed tabs out of the page, and puts that of the open one back. */
  globalThis.keepText = () => {
    for (const [place, text] of away) {
      if (!isOpen(place)) continue;
      place.replaceWith(text);
      away.delete(place);
    }
    for (const text of document.querySelectorAll(".row.below")) {
      if (isOpen(text)) continue;
      const place = document.createComment("");
      text.replaceWith(place);
      away.set(place, text);
    }
  };

  /** Marks the last heading of the list that has come up to the eye. */
  function mark() {
    const links = [...document.querySelectorAll(".contents a")].filter(isShown);
    const top = (link) => document.getElementById(link.hash.slice(1))?.getBoundingClientRect().top ?? Infinity;
    const read = links.findLast((link) => top(link) < NEAR * innerHeight);
    for (const link of links) {
      if (link === read) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }

  function unfold() {
    for (const each of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".contents details"))) {
      each.open = BESIDE.matches;
    }
    mark();
  }

  let frame = 0;
  addEventListener("scroll", () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      mark();
    });
  }, { passive: true });
  BESIDE.addEventListener("change", unfold);
  const isList = (node) =>
    node.nodeType === 1 && (node.matches(".contents nav") || node.querySelector(".contents nav"));
  new MutationObserver((changes) => changes.some((change) => [...change.addedNodes].some(isList)) && unfold())
    .observe(document.body, { childList: true, subtree: true });
  const { hash } = new URL(globalThis.explorerAddress.href);
  if (hash.length > 1) globalThis.seek(hash.slice(1));
}
