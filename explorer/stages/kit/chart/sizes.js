/** Sizes of files as bars: the code, and what surrounds it in the file. */

import { fill, h } from "../shell/dom.js";
import { num } from "../shell/format.js";

export class Sizes {
  constructor(label) {
    this.list = h("div", { class: "sizes", role: "list", "aria-label": label });
    const name = h("p", { class: "sizes-name" }, "Bytes: the code, and paler the header of its file");
    this.element = h("div", { class: "result" }, name, this.list);
  }

  /** `rows` are {title, code, around, ofModel}, in bytes. */
  show(rows) {
    const most = Math.max(1, ...rows.map(({ code, around }) => code + around));
    fill(this.list, rows.map((row) => barOf(row, most)));
  }
}

function barOf({ title, code, around, ofModel }, most) {
  const share = (bytes) => `${(100 * bytes) / most}%`;
  return h(
    "div",
    { class: ofModel ? "size-row of-model" : "size-row", role: "listitem" },
    h("span", {}, title),
    h(
      "span",
      { class: "size-bar", style: `--code: ${share(code)}; --around: ${share(around)}` },
      h("span", { class: "size-code" }),
      h("span", { class: "size-around" }),
    ),
    h("span", { class: "number" }, around ? `${num(code, 0)} + ${num(around, 0)}` : num(code, 0)),
  );
}
