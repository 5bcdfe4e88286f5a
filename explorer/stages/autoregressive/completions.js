/** The real picture and its completions as tiles that grow together, and the film that they make. */

import { h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { rove } from "../kit/base/rove.js";
import { drawKnown, imageOf, PIXELS, SIDE } from "../kit/image/pixels.js";

/** Draws the first `known` of 784 bytes. */
const paint = (canvas, bytes, known) => drawKnown(canvas, bytes, (i) => i < known);

/** The completions with the largest and the smallest log-probability. */
const extremes = (rest) => ({ best: rest.indexOf(Math.max(...rest)), worst: rest.indexOf(Math.min(...rest)) });

export class Completions {
  /**
   * `onTap(k)` gets the tapped tile: 0 is the real picture, 1 to 8 are the completions.
   * @param {number} count @param {(k: number) => void} onTap
   */
  constructor(count, onTap) {
    /** @type {number} */
    this.given;
    /** @type {{bytes: Uint8Array, rest: number | null, name: string}} */
    this.real;
    /** @type {number[]} */
    this.rest;
    this.tiles = Array.from({ length: count + 1 }, (_, k) => this.tile(k, onTap));
    const label = "The real picture and its completions, with −log p of the rest in nats";
    const tiles = this.tiles.map(({ element }) => element);
    this.element = rove(h("div", { class: "completions", role: "group", "aria-label": label }, tiles));
  }

  tile(k, onTap) {
    const canvas = h("canvas", { width: SIDE, height: SIDE, class: "crisp completion-image", "aria-hidden": "true" });
    const name = h("span", { class: "completion-name" });
    const value = h("span", { class: "number" });
    const element = h(
      "button",
      {
        type: "button",
        class: "completion",
        onclick: () => onTap(k),
        "aria-pressed": "false",
      },
      canvas,
      h("span", { class: "completion-words" }, name, value),
    );
    return { element, canvas, name, value };
  }

  /**
   * `real` is {bytes, rest, name} (rest is null while it is not known); `bytes` the completions, 8 × 784, and `rest`
   * their log p(rest | given).
   */
  set({ real, bytes, rest, given }) {
    this.pictures = [real.bytes, ...rest.map((_, k) => imageOf(bytes, k))];
    this.given = given;
    this.real = real;
    this.rest = rest;
  }

  /**
   * Shows every tile with `drawn` pixels after the given ones, and the selected tile. `soFar` is log p of these pixels
   * for each completion. The extremes are known once all pixels are drawn.
   */
  show(drawn, chosen, soFar) {
    const isWhole = this.given + drawn === PIXELS;
    const { best, worst } = extremes(this.rest);
    const mark = (k) => (!isWhole ? "" : k === best ? "most" : k === worst ? "least" : "");
    const names = [this.real.name, ...this.rest.map((_, k) => mark(k))];
    const values = [this.real.rest, ...(isWhole ? this.rest : soFar)];
    this.tiles.forEach(({ element, canvas, name, value }, k) => {
      paint(canvas, this.pictures[k], k === 0 ? PIXELS : this.given + drawn);
      element.setAttribute("aria-pressed", String(k === chosen));
      const nats = num(-values[k], values[k] > -1000 ? 2 : 1);
      setText(name, names[k]);
      setText(value, nats);
      const what = k === 0 ? names[0] : `Completion ${k}${names[k] && `, ${names[k]}`}`;
      const of = k === 0 || isWhole ? "of the rest" : "so far";
      element.setAttribute("aria-label", `${what}: −log p ${of} ${nats} nats. Enlarge.`);
    });
  }
}
