/** The real picture and its completions as tiles that grow together, and the film that they make. */

import { h, setText } from "../kit/base/dom.js";
import { num } from "../kit/base/format.js";
import { rove } from "../kit/base/rove.js";
import { drawKnown, PIXELS, SIDE } from "../kit/image/pixels.js";

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
   * Shows every tile with `drawn` pixels after the `given` ones, and the `chosen` tile. `pictures` are the real one, called
   * `name`, and then the completions. `soFar` is log p of the drawn pixels for each completion, and `rest` of all that were not given,
   * `real` of the real picture, null while it is not known. The extremes are known once all pixels are drawn.
   * @param {{pictures: ArrayLike<number>[], name: string, real: number | null, rest: number[], given: number, drawn: number,
   *   chosen: number, soFar: number[]}} what
   */
  show({ pictures, name: first, real, rest, given, drawn, chosen, soFar }) {
    const isWhole = given + drawn === PIXELS;
    const { best, worst } = extremes(rest);
    const mark = (k) => (!isWhole ? "" : k === best ? "most" : k === worst ? "least" : "");
    const names = [first, ...rest.map((_, k) => mark(k))];
    const values = [real, ...(isWhole ? rest : soFar)];
    this.tiles.forEach(({ element, canvas, name, value }, k) => {
      paint(canvas, pictures[k], k === 0 ? PIXELS : given + drawn);
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
