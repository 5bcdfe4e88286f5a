/** Use of samples, in words: only samples of the same pixels are ranked together. */

import { capital, listed } from "../kit/shell/format.js";
import { columnOf } from "./columns.js";

/**
 * What the samples of each family are good for: a classifier that learnt from them alone, beside one that learnt from
 * real images.
 */
export function useWords(families) {
  const column = columnOf("use");
  const known = families.map((family) => ({ family, figure: column.read(family) })).filter(({ figure }) => figure);
  if (!known.length) return "";
  const groups = [...Map.groupBy(known, ({ figure }) => figure.pixels)].map(([pixels, group]) => {
    const sorted = group.sort((a, b) => b.figure.value - a.figure.value);
    const each = sorted.map(({ family, figure }) => `${column.words(figure.value)} after those of ${family.title}`);
    const { floor } = sorted[0].figure;
    const real = floor === undefined ? "" : `, against ${column.words(floor)} after as many real images`;
    return `${pixels}: ${listed(each)}${real}`;
  });
  return "Use of samples: the share of test images that one fixed classifier gets right when it learnt from samples " +
    `alone. Images of different pixels are not compared. ${groups.map(capital).join(". ")}.`;
}
