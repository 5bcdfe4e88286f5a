/** Leads the page to a state, and waits until its stage has come to rest. */

import { shuffled } from "../kit/plane/random.js";

const LOOK_MS = 250;
const STILL = 4; // looks at a stage that does not change
const PATIENCE_MS = 12_000; // for the stage of one step
const LEAST = 40; // pixels across a picture that is worth printing

/**
 * Sets the page to a state: every tab follows the address as it does the browser's history.
 *
 * @param {string} at the state, as a query
 * @param {[string, string | number][]} own what the address says besides
 */
export function lead(at, own, replace) {
  const kept = [...new URLSearchParams(location.search)].filter(([key]) => key.startsWith("__"));
  const address = `${location.pathname}?${at}&${new URLSearchParams([...kept, ...own])}`;
  history[replace ? "replaceState" : "pushState"](history.state, "", address);
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
}

/** In what order the choices of a step stand: the same on every page, so that a class can be asked who has the second. */
export const orderOf = ({ choices }, at) => shuffled(choices, at + 1);

export const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width >= LEAST;
/** The stage in sight. */
export const stage = () => [...document.querySelectorAll(".stage")].find(isShown);

/** Waits until the stage in sight waits for nothing and what it draws has come to rest, as long as patience lasts. */
export async function settled() {
  const end = Date.now() + PATIENCE_MS;
  for (let still = 0, before = ""; still < STILL && Date.now() < end;) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    const now = stage();
    const drawn = now ? [...now.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join() : "";
    still = now && !now.classList.contains("waiting") && drawn === before ? still + 1 : 0;
    before = drawn;
  }
}
