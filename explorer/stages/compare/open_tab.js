/** Opens another tab of the page, at a part of it if that is there. */

const PATIENCE_MS = 10_000;
const TOUCHES = ["wheel", "touchstart", "pointerdown", "keydown"];

export function openTab(name, id = null) {
  globalThis.openTab(name);
  if (id) holdInView(id);
}

/**
 * A tab is laid out when it is first opened and grows a while: its part is held in view, until the visitor moves on.
 */
function holdInView(id) {
  const growth = new ResizeObserver(() => document.getElementById(id)?.scrollIntoView({ block: "start" }));
  const end = () => {
    growth.disconnect();
    for (const kind of TOUCHES) removeEventListener(kind, end, true);
  };
  growth.observe(document.getElementById("families"));
  for (const kind of TOUCHES) addEventListener(kind, end, true);
  setTimeout(end, PATIENCE_MS);
}
