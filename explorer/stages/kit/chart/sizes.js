/** Sizes of files as bars: the code, and what surrounds it in the file. */

import { num } from "../shell/format.js";
import { sum } from "../shell/sums.js";
import { Bars } from "./bars.js";

export class Sizes extends Bars {
  /** `rows` are {title, code, first, around, ofModel}, in bytes; of a row without a `code` nothing is known yet. */
  show(rows) {
    const most = Math.max(1, ...rows.map(({ code = 0, first = 0, around }) => code + first + around));
    const first = rows.some((row) => row.first) ? ", hatched its first bits" : "";
    super.show({ name: `Bytes${first}; pale: the header`, rows: rows.map((row) => rowOf(row, most)) });
  }
}

/** The parts of a file and their sum. */
const partsOf = (parts) => parts.map((bytes) => num(bytes, 0)).join(" + ");

function rowOf({ title, code, first = 0, around, ofModel }, most) {
  const parts = [code, first, around].filter((bytes, i) => i === 0 || bytes);
  const [share, hatched, pale] = [code ?? 0, first, around].map((bytes) => bytes / most);
  const text = code === undefined ? "…" : num(sum(parts), 0);
  return { title, share, hatched, pale, text, says: partsOf(parts), marked: ofModel };
}
