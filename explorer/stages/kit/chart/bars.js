/** Rows of a name, a bar and a number; a bar may have a hatched and a pale part. */

import { fill, h, setText } from "../base/dom.js";

const PARTS = { share: "size-code", hatched: "size-first", pale: "size-around" };

export class Bars {
  constructor(label) {
    this.list = h("div", { class: "sizes", role: "list", "aria-label": label });
    this.name = h("p", { class: "sizes-name" });
    this.element = h("div", { class: "result" }, this.name, this.list);
  }

  /**
   * `name` stands above; `rows` are {title, share, hatched, pale, text, says, marked, net, kind}, parts of the bar from 0
   * to 1, whose row it is, and of which kind.
   */
  show({ name, rows }) {
    this.rows = rows;
    setText(this.name, name);
    fill(this.list, rows.map(barOf));
  }
}

function barOf({ title, text, says, marked, net, kind, ...parts }) {
  const width = (key) => `width: ${100 * (parts[key] ?? 0)}%`;
  const bar = Object.entries(PARTS).map(([key, part]) => h("span", { class: part, style: width(key) }));
  return h(
    "div",
    { class: `size-row${marked ? " of-model" : ""}${net ? " of-net" : ""}`, role: "listitem", "data-net": net },
    h("span", {}, title, kind && h("span", { class: "spoken" }, ` ${kind}`)),
    h("span", { class: "size-bar" }, bar),
    h("span", { class: "number", title: says }, text),
  );
}
