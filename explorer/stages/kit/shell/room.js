/** In a large window the picture of a stage takes its height: it grows or shrinks until its foot is there. */

import { courseHeight, zoomOf } from "../base/dom.js";

const STEPS = 6;
const DEPTH = 4; // of the elements that a picture is in
const [TIMES, LATER_MS] = [3, 1000]; // that a picture is tried again which does not fit: it may not have been drawn
const LEAST = 8; // pixels that are not worth another step
const EDGE = 6; // pixels between a picture and the edge of the window
const STEP = 8; // pixels at least, where nothing has moved yet
const WEAK = 0.3; // of what was wanted: the picture does not depend on it
const CHARTS = [0.4, 2]; // times the height that a chart has by itself
const PICTURES = [0.5, 1.7];

const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

const START = { "--spare": 0, "--higher": 1 };
const PRESENTED = { ...START, "--picture-larger": 1 };

/**
 * Gives `main` of the stage `root` the height of the window, less that of a course. It sets `--spare` first, a part of
 * `--window`, which measures most pictures. For charts it sets `--higher`. When presenting it sets `--picture-larger`
 * for pictures with sizes of their own: words keep their size. `--takes-room` of the style sheet marks the places. It
 * begins again with another picture.
 * @param {HTMLElement} root @param {HTMLElement} main
 */
export function takeRoom(root, main) {
  let [busy, shown, settled, begun, again] = [false, undefined, "", null, TIMES];
  /** @type {Record<string, number>} */
  const values = {};
  /** Variables with the values that they have by themselves; nothing in a small window. */
  const start = () => {
    const takes = root.clientWidth > 0 && getComputedStyle(root).getPropertyValue("--takes-room");
    return takes === "presented" ? PRESENTED : takes ? START : null;
  };
  /** The height below the picture: a course's bar, and the panel where `--strip` says how high it is there. */
  const below = () => courseHeight() + zoomOf(root) * Number(getComputedStyle(root).getPropertyValue("--strip"));
  const foot = () => innerHeight - EDGE - below();
  /** End of the picture, with what is scrolled to in it. */
  const bottom = () => {
    const { scrollHeight = 0, clientHeight = 0 } = main.firstElementChild ?? {};
    return main.getBoundingClientRect().bottom + scrollY + (scrollHeight - clientHeight) * zoomOf(main);
  };
  const left = () => foot() - bottom();
  const set = (name, value) => {
    values[name] = value;
    root.style.setProperty(name, String(value));
  };

  /**
   * Changes a number until the window is full; takes back what had no effect. What is too tall may shrink in whole
   * steps, as a board does by its cells: then it is asked for more.
   * @param {string} name @param {(value: number, more: number) => number} next
   */
  async function fit(name, next) {
    let [gain, idle] = [1, null];
    for (let step = 0; step < STEPS && (left() < -1 || left() > LEAST); step++) {
      const [wanted, before, value] = [left(), bottom(), values[name]];
      set(name, next(value, gain * wanted));
      if (values[name] === value) return;
      await painted();
      const share = (bottom() - before) / wanted;
      if (share < WEAK) {
        idle ??= value;
        if (wanted < 0 && step + 1 < STEPS) {
          gain = Math.max(1, STEP / -wanted);
          continue;
        }
        set(name, idle + (values[name] - idle) * Math.max(0, share));
        return await painted();
      }
      idle = null;
      gain *= Math.min(2, Math.max(0.5, 1 / share));
    }
  }

  const times = (/** @type {Ends} */ [least, most]) => (/** @type {number} */ value, /** @type {number} */ more) => {
    const { height } = main.getBoundingClientRect();
    return Math.min(most, Math.max(least, value * (height + more) / height));
  };

  async function settle() {
    busy = true;
    if (left() < -1) { // what filled the window before may be far too large for what came since
      for (const [name, value] of Object.entries(begun)) set(name, value);
      await painted();
    }
    await fit("--spare", (value, more) => value + more / zoomOf(main));
    await fit("--higher", times(CHARTS));
    if (begun === PRESENTED) await fit("--picture-larger", times(PICTURES));
    busy = false;
    settled = `${foot()} ${bottom()}`;
    check(); // the view may have changed meanwhile, and a canvas that is drawn again later
    const fits = left() <= LEAST && left() >= -1;
    setTimeout(() => {
      if (!fits && again-- > 0) settled = "";
      check();
    }, LATER_MS);
  }

  function check() {
    if (busy) return;
    const begins = start();
    if (begun !== begins || shown !== main.firstElementChild) {
      [begun, shown, again] = [begins, main.firstElementChild, TIMES];
      observe();
      for (const name of Object.keys(PRESENTED)) root.style.removeProperty(name);
      for (const [name, value] of Object.entries(begins ?? {})) set(name, value);
    }
    if (begins && settled !== `${foot()} ${bottom()}`) settle();
  }
  const watch = new ResizeObserver(() => check());
  /** Also what lies in the frame of the picture: it may become taller while the frame does not. */
  function observe() {
    watch.disconnect();
    /** @type {Element} */
    let element = main;
    for (let depth = 0; element && depth < DEPTH; depth++, element = element.firstElementChild) watch.observe(element);
    watch.observe(root);
  }
  observe();
  document.addEventListener("explorer-present", () => requestAnimationFrame(check));
}
