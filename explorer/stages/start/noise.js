/** One noise and the images that several families turn it into, on one clock, again and again until it is touched. */

import { fill, h, setName, sightOf, signButton } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { signal, untracked } from "../kit/base/vendor/signals-core.js";
import { PAUSE, PLAY } from "../kit/film/player.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { ticking } from "./ticking.js";

const TICK_MS = 110;
const REST = 32; // ticks that the images stay before they begin anew
const FIRST = 4; // ticks that they stand when the page opens
const SHOWN = 196; // pixels of an image

/**
 * `alike` are the families that turn the same noise into an image; they are shown if there are several. `frameAt(net, at)` gives 784
 * bytes or null, at 0 of the noise and at `last` of the image; `isReady` is true once all of them are there. `onTake()` hears of a visitor
 * who moves the clock.
 * @param {Ctx} ctx
 * @param {{alike: {value: any[]}, last: number, frameAt: (net: string, at: number) => Uint8Array | null,
 * isReady: {value: boolean}, onTake: () => void}} how
 */
export function oneNoise(ctx, { alike, last, frameAt, isReady, onTake }) {
  const at = signal(last);
  const isSeen = sightOf(ctx.root);
  let [isTouched, waits, tick] = [false, false, 0];
  const clock = ticking(TICK_MS, () => {
    if (!element.clientWidth || !isSeen()) return;
    at.value = Math.min(tick, last);
    if (isTouched && tick >= last) return clock.stop();
    tick = (tick + 1) % (last + REST);
  });

  /** Plays from its end or from where it stands: for ever, or once after somebody has touched it. */
  function play() {
    tick = isTouched ? (at.peek() < last ? at.peek() : 0) : last + REST - FIRST;
    clock.start();
  }

  /** Somebody has touched the page: nothing plays by itself any more. */
  function end() {
    isTouched = true;
    waits = false;
    clock.stop();
  }

  /** Stands at its end. */
  function rest() {
    waits = false;
    clock.stop();
    at.value = last;
  }

  /** Stands at the noise, and plays once when all films are there; where motion is unwanted it stands at its end. */
  function wait() {
    rest();
    if (ctx.prefersReducedMotion()) return;
    waits = true;
    at.value = 0;
  }
  whenever(() => {
    if (!isReady.value || !waits) return;
    waits = false;
    untracked(play);
  });

  /** Begins by itself, unless it was touched or motion is unwanted: then it stands at its end. */
  function begin() {
    rest();
    if (!isTouched && !ctx.prefersReducedMotion()) play();
  }

  const playButton = signButton(PLAY, "Play", () => {
    if (clock.timer) return end();
    onTake();
    play();
  });
  playButton.classList.add("play");
  whenever(() => {
    playButton.dataset.sign = clock.timer ? PAUSE : PLAY;
    setName(playButton, clock.timer ? "Pause" : "Play");
  });
  const range = h("input", {
    ...{ type: "range", min: 0, max: last, value: last, "aria-label": "From noise to image" },
    "aria-valuetext": () => `${Math.round((100 * at.value) / last)} %`,
  });
  range.addEventListener("input", () => {
    end();
    onTake();
    at.value = Number(range.value);
  });
  whenever(() => (range.value = String(at.value)));
  const controls = h(
    "div",
    { class: "film-controls noise-clock" },
    playButton,
    h("label", { class: "noise-range" }, "noise", range, "image"),
  );
  const row = h("div", { class: "noise-tiles" });
  whenever(() => {
    const [first] = alike.value; // it uses most of the noise
    const noise = tileOf("div", "The noise that all begin with", () => first && frameAt(first.net, 0));
    noise.append(h("strong", {}, "One noise"));
    noise.classList.add("from");
    fill(row, noise, alike.value.map((family) => familyTile(family, () => frameAt(family.net, at.value))));
  });
  const element = h(
    "section",
    { class: "noise", "aria-label": "One noise, several families", hidden: () => alike.value.length < 2 },
    row,
    controls,
  );
  return {
    ...{ element, controls, last, begin, end, rest, wait, stop: clock.stop },
    get at() {
      return at.value;
    },
    get timer() {
      return clock.timer;
    },
  };
}

/** A picture that stays until `bytes()` gives another. @param {"a" | "div"} tag @param {string} label @param {() => Uint8Array | null} bytes */
function tileOf(tag, label, bytes) {
  const canvas = imageCanvas(label, SHOWN);
  const element = h(tag, { class: "noise-tile" }, canvas);
  whenever(() => {
    const now = bytes();
    if (now) drawImage(canvas, now);
    element.classList.toggle("waits", !now);
  });
  return element;
}

function familyTile({ title, tab, noise }, bytes) {
  const element = tileOf("a", `What ${title} makes of it`, bytes);
  element.setAttribute("href", `?tab=${tab}`);
  element.append(h("strong", {}, title));
  if (noise < PIXELS) element.append(h("span", { class: "under" }, `its first ${noise} numbers`));
  return element;
}
