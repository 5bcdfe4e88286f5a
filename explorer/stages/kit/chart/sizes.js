/** Sizes of files as bars: the code, and what surrounds it in the file. */

import { fill, h, setText } from "../shell/dom.js";
import { num } from "../shell/format.js";
import { sum } from "../shell/sums.js";

export class Sizes {
  constructor(label) {
    this.list = h("div", { class: "sizes", role: "list", "aria-label": label });
    this.name = h("p", { class: "sizes-name" });
    this.element = h("div", { class: "result" }, this.name, this.list);
  }

  /** `rows` are {title, code, first, around, ofModel}, in bytes; of a row without a `code` nothing is known yet. */
  show(rows) {
    const most = Math.max(1, ...rows.map(({ code = 0, first = 0, around }) => code + first + around));
    const first = rows.some((row) => row.first) ? ", hatched its first bits" : "";
    setText(this.name, `Bytes${first}; pale: the header`);
    fill(this.list, rows.map((row) => barOf(row, most)));
  }
}

/** The parts of a file and their sum. */
const partsOf = (parts) => parts.map((bytes) => num(bytes, 0)).join(" + ");

function barOf({ title, code, first = 0, around, ofModel }, most) {
  const parts = [code, first, around].filter((bytes, i) => i === 0 || bytes);
  const share = (bytes) => `${(100 * bytes) / most}%`;
  return h(
    "div",
    { class: ofModel ? "size-row of-model" : "size-row", role: "listitem" },
    h("span", {}, title),
    h(
      "span",
      { class: "size-bar", style: `--code: ${share(code ?? 0)}; --first: ${share(first)}; --around: ${share(around)}` },
      h("span", { class: "size-code" }),
      h("span", { class: "size-first" }),
      h("span", { class: "size-around" }),
    ),
    h("span", { class: "number", title: partsOf(parts) }, code === undefined ? "…" : num(sum(parts), 0)),
  );
}
