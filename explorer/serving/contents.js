/**
 * The text below a stage is reached by the address of its headings, which come after the page itself; the list of them
 * is open where it stands beside the text, and marks what is being read.
 */
{
  const BESIDE = matchMedia("(min-width: 1240px)");
  const PATIENCE_MS = 20_000;
  const GESTURES = ["wheel", "touchstart", "pointerdown", "keydown"];
  const NEAR = 0.3; // of the window, from its top

  /** The place that the address ends in, once it has come. */
  const place = () => location.hash.length > 1 && document.getElementById(location.hash.slice(1));

  /** What comes above it moves the place: it is reached anew until the visitor does something. */
  function seek() {
    if (!location.hash) return;
    const reach = () => place()?.scrollIntoView?.();
    const timer = setInterval(reach, 200);
    const stop = () => clearInterval(timer);
    setTimeout(stop, PATIENCE_MS);
    for (const each of GESTURES) addEventListener(each, stop, { once: true, passive: true });
  }

  /* the page's base would have a click open it anew, without the stage's state */
  addEventListener("click", (event) => {
    const link = event.target.closest?.('.below a[href*="#"]');
    const found = link && document.getElementById(link.hash.slice(1));
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.hash = link.hash;
    found.scrollIntoView();
  });

  const isShown = (element) => element?.checkVisibility();

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
    for (const each of document.querySelectorAll(".contents details")) each.open = BESIDE.matches;
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
  seek();
}
