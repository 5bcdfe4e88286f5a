/** The headline of columns: the figures of the only one, or from where to where the first figure of several goes. */

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
