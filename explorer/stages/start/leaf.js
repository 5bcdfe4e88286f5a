/** A family on the map: its picture, its name, and its authors, or its answer for log p(x) where its branch says another. */

import { h } from "../kit/base/dom.js";
import { whenever } from "../kit/base/live.js";
import { computed, signal, untracked } from "../kit/base/vendor/signals-core.js";
import { drawImage, imageCanvas, PIXELS } from "../kit/image/pixels.js";
import { marked } from "./says.js";
import { shownOf } from "./shown.js";
import { ticking } from "./ticking.js";

const FRAME_MS = 40;
const SHOWN = 112; // pixels of an image on the map

/** @typedef {ReturnType<typeof leafOf>} Leaf `bytes` is what it shows; `at` counts the frames of the film that it plays */

/**
 * While a `film()` is there, it plays once, from its start to its end; else the family shows the drawing `still()`.
 * @param {Record<string, any>} family
 * @param {{isDated: boolean, film: () => Film | null, still: () => Uint8Array | null, onPoint: () => void}} how
 */
export function leafOf(family, { isDated, film, still, onPoint }) {
  const canvas = imageCanvas(`What ${family.title} has drawn`, SHOWN);
  drawImage(canvas, new Uint8Array(PIXELS));
  const frame = signal(/** @type {Uint8Array | null} */ (null));
  /** @type {Film | null} */
  let played = null;
  let at = 0;
  const clock = ticking(FRAME_MS, () => {
    const next = played.frames[at];
    if (next) {
      frame.value = shownOf(next, played.space);
      at++;
    } else if (played.done || played.error) clock.stop();
  });

  /** @param {Film} film */
  function play(film) {
    if (played?.id === film.id) return;
    [played, at, frame.value] = [film, 0, null];
    clock.start();
  }
  whenever(() => {
    const now = film();
    untracked(() => now ? play(now) : clock.stop());
  });
  const bytes = computed(() => clock.timer ? frame.value : still());
  whenever(() => {
    if (bytes.value) drawImage(canvas, bytes.value);
  });

  const words = isDated ? family.origin?.authors : family.also !== null && marked(family, family.also);
  const element = h(
    family.tab ? "a" : "div",
    {
      class: () => `leaf ${family.branch}${bytes.value || clock.timer ? "" : " waits"}`,
      href: family.tab && `?tab=${family.tab}`,
      tabindex: family.tab ? null : 0,
      onpointerenter: onPoint,
      onfocus: onPoint,
    },
    canvas,
    h(
      "span",
      { class: "leaf-words" },
      h("strong", {}, family.title),
      " ",
      (isDated || words) && h("span", { class: "under" }, words),
    ),
  );
  return {
    ...{ family, element, bytes },
    get at() {
      return at;
    },
    get timer() {
      return clock.timer;
    },
  };
}

const paperOf = ({ authors, year, paper }) =>
  h("a", { href: paper, target: "_blank", rel: "noopener" }, `${authors} ${year}`);

/** Facts of a family, in words. @param {Record<string, any>} family */
export const factsOf = ({ error, title, origin, about: lines }) => [
  !error && h("h2", {}, title, " ", origin && paperOf(origin)),
  ...lines.map((line) => h("p", {}, line)),
];
