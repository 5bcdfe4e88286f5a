/** Rows of a name, a bar and a number; a bar may have a hatched and a pale part. */

import { blank } from "../image/pixels.js";
import { fill, h, say, setText } from "../base/dom.js";

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

/** The rows as a picture to keep. */
export function barsPicture({ rows, name }, { ink, ground, quiet }) {
  const [high, names, room] = [28, 160, 400];
  const canvas = h("canvas");
  const context = blank(canvas, names + room + 160, (rows.length + 1) * high, { ground });
  Object.assign(context, { fillStyle: ink, font: "15px system-ui, sans-serif" });
  context.fillText(name.textContent, 8, 20);
  rows.forEach(({ title, share = 0, hatched = 0, text, marked }, i) => {
    const y = (i + 1.7) * high;
    context.fillStyle = ink;
    context.fillText(say(String(title)), 8, y, names - 16);
    context.fillText(say(text), names + room * (share + hatched) + 8, y);
    context.fillStyle = marked ? ink : quiet;
    context.fillRect(names, y - 14, Math.max(1, room * share), 16);
    context.strokeRect(names, y - 14, room * (share + hatched), 16);
  });
  return canvas;
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
