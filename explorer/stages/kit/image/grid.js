/** Images in rows and columns; a row may have a name, a column a heading, an image a caption. */

import { fill, h, setName, setText } from "../base/dom.js";
import { rove } from "../base/rove.js";
import { drawImage, imageOf, PIXELS, SIDE } from "./pixels.js";

export class ImageGrid {
  /**
   * `rows` is the number of rows that a screen is to hold, `titled` whether its label stands above; `onChoose(place)`
   * makes buttons of the images.
   * @param {GridLook} look
   */
  constructor({ label, columns, rows, titled, onChoose = null }) {
    this.label = label;
    this.columns = columns;
    this.rows = rows;
    this.onChoose = onChoose;
    /** @type {string | null} */
    this.key = null;
    this.title = h("h2", {}, label);
    this.title.hidden = !titled;
    this.images = h("div", { class: "image-grid", role: "group", "aria-label": label });
    this.element = h("section", {}, this.title, this.images);
    if (onChoose) rove(this.images);
  }

  /**
   * `bytes` are 784 an image; `names` stand beside the rows, texts or elements, `heads` above the columns and
   * `captions` under the images; `given` is how many of them, the first, are no result, nor are sources; `empty` are not shown, and
   * `marks` which stand out, by their places: "now" is the visitor's, "source" what others come from; `title` is the
   * label with what was measured.
   * @param {GridContent} what
   */
  show({ bytes, names = [], heads = [], captions = [], given = 0, empty = [], marks = {}, words = "", title }) {
    setText(this.title, title ?? this.label);
    const count = bytes.length / PIXELS;
    const texts = names.filter((name) => typeof name === "string");
    const key = JSON.stringify([count, heads, texts, captions.length]);
    if (key !== this.key) this.build(count, names, heads);
    this.key = key;
    this.shown = { bytes, names, words };
    setName(this.images, this.label, words);
    this.made.forEach(({ figure, canvas, caption, choice }, i) => {
      drawImage(canvas, imageOf(bytes, i));
      setText(caption, captions[i] ?? "");
      caption.hidden = !captions[i];
      figure.classList.toggle("result", i >= given && marks[i] !== "source");
      figure.style.visibility = empty.includes(i) ? "hidden" : "";
      figure.dataset.mark = marks[i] ?? "";
      if (!choice) return;
      choice.setAttribute("aria-pressed", String(marks[i] === "now"));
      setName(choice, `${this.label}, ${i + 1}`, captions[i]);
    });
  }

  /** @param {number} count @param {(string | Node)[]} names @param {string[]} heads */
  build(count, names, heads) {
    const { columns, images, onChoose } = this;
    this.made = Array.from({ length: count }, (_, i) => {
      const canvas = h("canvas", { class: "crisp image", width: SIDE, height: SIDE, "aria-hidden": "true" });
      const caption = h("figcaption");
      const choice = onChoose && h("button", { type: "button", class: "choice", onclick: () => onChoose(i) }, canvas);
      return { canvas, caption, choice, figure: h("figure", {}, choice ?? canvas, caption) };
    });
    const nameOf = (row) => names.length ? [h("div", { class: "row-name" }, names[row])] : [];
    const rows = Array.from(
      { length: Math.ceil(count / columns) },
      (_, row) => [nameOf(row), this.made.slice(row * columns, (row + 1) * columns).map(({ figure }) => figure)],
    );
    const above = heads.length
      ? [names.length ? "" : null, ...heads].map((each) => each !== null && h("span", {}, each))
      : [];
    images.style.setProperty("--columns", String(columns));
    images.style.setProperty("--rows", String(this.rows || rows.length));
    images.classList.toggle("is-named", names.length > 0);
    fill(images, above, rows.flat(2));
  }
}
