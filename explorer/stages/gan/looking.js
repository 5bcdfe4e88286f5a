/** The image that is looked at: large, with what is known of it, and the nearest training image under it. */

import { h } from "../kit/base/dom.js";
import { shows, whenever } from "../kit/base/live.js";
import { untracked } from "../kit/base/vendor/signals-core.js";
import { createNearest } from "../kit/image/nearest.js";
import { drawImage, imageCanvas } from "../kit/image/pixels.js";
import { headline } from "../kit/panel/more.js";
import { captioned } from "../kit/panel/parts.js";
import { figuresOf, sentences } from "../kit/panel/says.js";

const SIZE = 112;

/**
 * @typedef {object} Found
 * @property {Uint8Array} image
 * @property {string} what
 * @property {string} name
 * @property {number} [score]
 * @property {string} [words] not there yet while its answer is on its way
 * @property {string} key by which the nearest training image is looked for once
 */

/**
 * Shows what is `found`, a signal, null before; the nearest training image comes once nothing `moves`. `below` stands under
 * the numbers.
 * @param {import("../kit/panel/mode.js").Self} self
 * @param {{found: {value: Found | null}, moves: () => boolean, below: Child | Child[]}} how
 */
export function createLooking({ ctx, declared }, { found, moves, below }) {
  const nearest = createNearest(ctx);
  const canvas = imageCanvas("The image that is looked at", SIZE);
  const figure = captioned(canvas, () => found.value?.what ?? "");
  const numbers = headline(figuresOf(declared, {}), 0);
  const verdict = (/** @type {number} */ score) => sentences(declared, {}, score > 0 ? "real" : "generated");
  shows(numbers, () => {
    const { score } = found.value ?? {};
    return figuresOf(declared, { ...found.value, ...(Number.isFinite(score) && { verdict: verdict(score) }) });
  });
  whenever(() => {
    const image = found.value?.image ?? null;
    figure.style.visibility = image ? "" : "hidden"; // its room stays
    ctx.show("out", image);
    if (image) drawImage(canvas, image);
  });
  whenever(() => {
    if (!found.value?.words) return;
    const { key, image } = found.value;
    const [wanted, { dataset }] = [moves() ? null : key, ctx.net()];
    untracked(() => nearest.meet(wanted, wanted && Float32Array.from(image, (level) => level / 255), dataset));
  });
  const side = h("div", { class: "looking-side" }, numbers, below);
  return {
    element: h("div", { class: "looking" }, figure, side),
    nearest: nearest.element,
    ...{ numbers, dims: [figure, nearest.element] },
  };
}
