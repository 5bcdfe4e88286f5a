/** Rows of a name, a bar and a number; a bar may have a hatched and a pale part. */

import { fill, h, setText, svg } from "../base/dom.js";

const PARTS = { share: "size-code", hatched: "size-first", pale: "size-around" };

export class Bars {
  constructor(label) {
    this.list = h("div", { class: "sizes", role: "list", "aria-label": label });
    this.name = h("p", { class: "sizes-name" });
    this.element = h("div", { class: "result" }, this.name, this.list);
  }

  /**
   * `name` is the title. `rows` are {title, share, hatched, pale, text, says, marked, net, kind}: parts of the bar from
   * 0 to 1, the row's network, and its kind.
   */
  show({ name, rows }) {
    this.rows = rows;
    setText(this.name, name);
    fill(this.list, rows.map(rowOf));
  }
}

function rowOf({ title, text, says, marked, net, kind, ...parts }) {
  return h(
    "div",
    { class: `size-row${marked ? " of-model" : ""}${net ? " of-net" : ""}`, role: "listitem", "data-net": net },
    h("span", {}, title, kind && h("span", { class: "spoken" }, ` ${kind}`)),
    barOf(parts),
    h("span", { class: "number", title: says }, text),
  );
}

/** Its parts one after the other; a line of dashes is hatched. */
function barOf(parts) {
  let from = 0;
  const drawn = Object.entries(PARTS).map(([key, part]) => {
    const [x, wide] = [from, 100 * (parts[key] ?? 0)];
    from += wide;
    const places = { class: part, style: `width: ${wide}%`, x: `${x}%`, height: "100%" };
    const ends = { x1: `${x}%`, x2: `${from}%`, y1: "50%", y2: "50%" };
    return key === "hatched" ? svg("line", { ...places, ...ends }) : svg("rect", places);
  });
  return svg("svg", { class: "size-bar", "aria-hidden": "true" }, ...drawn);
}
