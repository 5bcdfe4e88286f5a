/** The headline of columns: the figures of the only one, or from where to where the first figure of several goes. */

import { figures, h } from "../kit/base/dom.js";
import { MINUS } from "../kit/base/format.js";
import { NOTHING } from "../kit/panel/more.js";

const valueOf = (text) => (text ? Number(text.replaceAll(",", "").replace(MINUS, "-")) : NaN);

/** Rows of a headline from the rows [name, value] of each column. */
export function headOf(columns) {
  if (columns.length === 1) return columns[0];
  const there = columns.filter(([[, text]]) => Number.isFinite(valueOf(text)));
  const [least, ...more] = there.map(([[, text]]) => text).sort((a, b) => valueOf(a) - valueOf(b));
  const most = more.at(-1) ?? least;
  return columns.length ? [[columns[0][0][0], least ? (least === most ? least : `${least}–${most}`) : NOTHING]] : [];
}

/** A headline of as many rows as there are, over the button that brings all of them. */
export function createHead() {
  const element = h("div", { class: "headline" });
  let list = null;
  const set = (rows) => {
    element.classList.toggle("awaited", !rows[0]?.[1] || rows[0][1] === NOTHING);
    if (list?.children.length === rows.length) return list.set(rows);
    list?.remove();
    list = figures(rows);
    list.firstChild?.classList.add("chief");
    element.prepend(list);
  };
  return Object.assign(element, { set });
}
