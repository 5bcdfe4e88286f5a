/** To present, the picture of a stage takes the height of the window: it grows or shrinks until its foot is there. */

import { zoomOf } from "./dom.js";

const STEPS = 6;
const LEAST = 24; // pixels that are not worth another step
const WEAK = 0.3; // of what was wanted: the picture does not depend on it
const CHARTS = [0.5, 2]; // times the height that a chart has by itself
const PICTURES = [0.7, 1.7];

const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

const START = { "--spare": 0, "--higher": 1, "--picture-larger": 1 };

/**
 * Gives `main` of the stage `root` the height of the window, less that of a course. First by `--spare`, a part of
 * `--window`, which most pictures are measured by; then by `--higher`, for charts, and by `--picture-larger`, as others
 * have sizes of their own. Words stay as large as they are. It begins anew with another picture.
 */
export function takeRoom(root, main) {
  let [busy, shown, settled] = [false, undefined, ""];
  const values = {};
  const presents = () => root.clientWidth > 0 && getComputedStyle(root).getPropertyValue("--presents") !== "";
  const foot = () => innerHeight - (document.querySelector(".course")?.offsetHeight ?? 0);
  /** Where the picture ends, with what is scrolled to in it. */
  const bottom = () => {
    const { scrollHeight = 0, clientHeight = 0 } = main.firstElementChild ?? {};
    return main.getBoundingClientRect().bottom + scrollY + (scrollHeight - clientHeight) * zoomOf(main);
  };
  const left = () => foot() - bottom();
  const set = (name, value) => {
    values[name] = value;
    root.style.setProperty(name, value);
  };

  /** Changes a number until the window is full; takes back what had no effect. */
  async function fit(name, next) {
    let gain = 1;
    for (let step = 0; step < STEPS && (left() < -1 || left() > LEAST); step++) {
      const [wanted, before, value] = [left(), bottom(), values[name]];
      set(name, next(value, gain * wanted));
      if (values[name] === value) return;
      await painted();
      const share = (bottom() - before) / wanted;
      if (share < WEAK) {
        set(name, value + (values[name] - value) * Math.max(0, share));
        return await painted();
      }
      gain *= Math.min(2, Math.max(0.5, 1 / share));
    }
  }

  const times = ([least, most]) => (value, more) => {
    const { height } = main.getBoundingClientRect();
    return Math.min(most, Math.max(least, value * (height + more) / height));
  };

  async function settle() {
    busy = true;
    await fit("--spare", (value, more) => value + more / zoomOf(main));
    await fit("--higher", times(CHARTS));
    await fit("--picture-larger", times(PICTURES));
    busy = false;
    settled = `${foot()} ${bottom()}`;
  }

  function check() {
    if (busy) return;
    if (!presents()) {
      for (const name of Object.keys(START)) root.style.removeProperty(name);
      shown = undefined;
      return;
    }
    if (shown !== main.firstElementChild) {
      shown = main.firstElementChild;
      for (const [name, value] of Object.entries(START)) set(name, value);
    }
    if (settled !== `${foot()} ${bottom()}`) settle();
  }
  const watch = new ResizeObserver(() => check());
  for (const element of [root, main]) watch.observe(element);
  document.addEventListener("explorer-present", () => requestAnimationFrame(check));
}
