/** Images in rows and columns; a row may have a name, and a column a heading. */

import { drawImage, imageOf, PIXELS } from "../kit/image/pixels.js";
import { fill, h } from "../kit/shell/dom.js";

export class Pictures {
  constructor(label) {
    this.label = label;
    this.element = h("div", { class: "style-pictures", role: "group", "aria-label": label });
    this.key = null;
  }

  /**
   * `images` are rows · columns · 784 bytes; `names` and `heads` are texts or elements, if there are any;
   * `markOf(i)` is the class of an image that stands out, and `isEmpty(i)` is true where none is shown.
   */
  show({ images, columns, names = [], heads = [], words, markOf = () => "", isEmpty = () => false }) {
    const count = images.length / PIXELS;
    const key = JSON.stringify([count, columns, heads, names.filter((name) => typeof name === "string")]);
    if (key !== this.key) this.build(count, columns, names, heads);
    this.key = key;
    this.element.setAttribute("aria-label", `${this.label}: ${words}`);
    this.canvases.forEach((canvas, i) => {
      canvas.style.visibility = isEmpty(i) ? "hidden" : "";
      canvas.className = `${markOf(i)} crisp`;
      drawImage(canvas, imageOf(images, i));
    });
  }

  build(count, columns, names, heads) {
    this.canvases = Array.from({ length: count }, () => h("canvas", { "aria-hidden": "true" }));
    const rows = Array.from({ length: count / columns }, (_, row) => [
      ...(names.length ? [h("div", { class: "style-name" }, names[row])] : []),
      ...this.canvases.slice(row * columns, (row + 1) * columns),
    ]);
    const above = heads.length
      ? [...(names.length ? [h("span")] : []), ...heads.map((each) => h("span", {}, each))]
      : [];
    this.element.style.setProperty("--columns", columns);
    this.element.classList.toggle("is-named", names.length > 0);
    fill(this.element, above, rows.flat());
  }
}
