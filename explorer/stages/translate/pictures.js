/** Pictures in a grid, each with its caption; one of them may be the visitor's choice. */

import { drawImage, SIDE } from "../kit/image/pixels.js";
import { fill, h, setText } from "../kit/shell/dom.js";

export class Pictures {
  /** `columns` is the number of pictures side by side, `rows` the number of rows that a screen is to hold. */
  constructor(label, columns, rows = 1) {
    this.element = h("div", { class: "tr-pictures", role: "group", "aria-label": label });
    this.element.style.setProperty("--columns", columns);
    this.element.style.setProperty("--rows", rows);
    this.made = [];
  }

  /** `all` are {pixels, caption, result, chosen}: 784 values each; `result` is covered while a tour asks. */
  show(all) {
    if (all.length !== this.made.length) {
      this.made = all.map(createPicture);
      fill(this.element, this.made.map(({ figure }) => figure));
    }
    all.forEach(({ pixels, caption, result, chosen }, i) => {
      const { figure, canvas, text } = this.made[i];
      drawImage(canvas, pixels);
      canvas.setAttribute("aria-label", caption);
      setText(text, caption);
      figure.classList.toggle("result", Boolean(result));
      figure.classList.toggle("chosen", Boolean(chosen));
    });
  }

  /** All pictures in a row, a pixel for each of theirs, to keep. */
  picture() {
    const canvas = h("canvas", { width: this.made.length * SIDE, height: SIDE });
    this.made.forEach(({ canvas: one }, i) => canvas.getContext("2d").drawImage(one, i * SIDE, 0));
    return canvas;
  }
}

function createPicture() {
  const canvas = h("canvas", { class: "crisp image", width: SIDE, height: SIDE, role: "img" });
  const text = h("figcaption", {});
  return { canvas, text, figure: h("figure", { class: "captioned" }, canvas, text) };
}
