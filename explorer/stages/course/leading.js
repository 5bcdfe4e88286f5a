/** Leads the page to a state, and waits until its stage has come to rest. */

import { shuffled } from "../kit/plane/random.js";

const LOOK_MS = 250;
const STILL = 4; // looks at a stage that does not change
const PATIENCE_MS = 12_000; // for the stage of one step
const WORKING = ".waiting, :has(.queue > .button:not([hidden]))"; // an answer or a film is on its way
const FINISH_MS = 180_000; // without news of a film or an answer, on a busy server
const LEAST = 40; // pixels across a stage that is in sight

/**
 * Sets the page to a state: every tab follows the address as it does the browser's history.
 * @param {string} at the state, as a query @param {[string, string | number][]} own what the address says besides
 * @param {boolean} replace
 */
export function lead(at, own, replace) {
  const kept = [...new URLSearchParams(globalThis.explorerAddress.search)].filter(([key]) => key.startsWith("__"));
  const address = `${location.pathname}?${at}&${new URLSearchParams([
    ...kept,
    ...own.map(([key, value]) => [key, String(value)]),
  ])}`;
  globalThis.explorerAddress.write(address, { step: !replace });
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
}

/** True if an address has more than the course, its step, and how the page looks. @param {URLSearchParams} asked */
export const saysState = (asked) =>
  [...asked.keys()].some((key) => !["course", "page"].includes(key) && !key.startsWith("__"));

/** Sentence about a step that the course does not have; empty if it has it. @param {string} number @param {number} count */
export const outside = (number, count) =>
  /^[1-9]\d*$/.test(number) && Number(number) <= count
    ? ""
    : `This course has no step ${number.slice(0, 9)}: it has steps 1 to ${count}.`;

/**
 * Order of a step's choices: the same on every page, so that a lecturer can refer to the second one.
 * @param {CourseStep} step @param {number} at
 */
export const orderOf = ({ choices }, at) => shuffled(choices, at + 1);

/**
 * Leaves a bar at the foot of the window its room below the page; the picture takes what is left. `onChange` is called
 * afterwards. Returns what gives the room back.
 * @param {HTMLElement} bar
 */
export function keepFoot(bar, onChange = () => {}) {
  const leave = (/** @type {string} */ height) => {
    document.body.style.paddingBottom = height;
    document.documentElement.style.setProperty("--course", height);
    document.dispatchEvent(new Event("explorer-present"));
  };
  const sizes = new ResizeObserver(() => {
    leave(bar.offsetTop > 0 ? `${bar.offsetHeight}px` : "0px"); // at the side it covers nothing
    onChange();
  });
  sizes.observe(bar);
  return () => {
    sizes.disconnect();
    leave("0px");
  };
}

const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width >= LEAST;
/** The stage in sight. */
export const stage = () => [...document.querySelectorAll(".stage")].find(isShown);

/**
 * Waits until the stage in sight `rests` and what it draws has come to rest, as long as patience lasts. A window out of
 * sight waits until it is seen again: films end there.
 */
export async function settled(rests = (now) => !now.classList.contains("waiting"), patience = PATIENCE_MS) {
  let [still, before, end] = [0, "", performance.now() + patience];
  while (still < STILL && performance.now() < end) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    if (document.hidden) [still, end] = [0, performance.now() + patience];
    const now = stage();
    const drawn = now ? [...now.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join() : "";
    still = now && !document.hidden && rests(now) && drawn === before ? still + 1 : 0;
    before = drawn;
  }
}

/** True while an answer or a film of the stage in sight is on its way. */
export const works = () => Boolean(stage()?.matches(WORKING));

/** Waits until the stage of the address has all that it waits for, and shows the end of a film that stood at its start. */
export async function finished() {
  const own = `#${CSS.escape(globalThis.tabOf(globalThis.explorerAddress.search))}-stage`;
  const isThere = (now) => now.closest(own) && now.querySelector(".main")?.offsetHeight >= LEAST;
  const news = () => [...stage()?.querySelectorAll(".queue") ?? []].map(({ textContent }) => textContent).join();
  let before;
  do {
    before = news();
    await settled((now) => isThere(now) && !now.matches(WORKING), FINISH_MS);
  } while (works() && news() !== before);
  /** @type {HTMLInputElement} */
  const scrubber = stage()?.querySelector(".film-scrubber");
  if (!scrubber || scrubber.value !== "0") return;
  scrubber.value = scrubber.max;
  for (const kind of ["input", "change"]) scrubber.dispatchEvent(new Event(kind, { bubbles: true }));
  await settled();
}
