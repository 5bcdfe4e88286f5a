/** Bound: what the next pixel of a picture costs, and beside the bound the exact log p row by row, which takes longer. */

import { askedAnswer } from "../kit/ask/asked.js";
import { requestOf } from "../kit/panel/controls.js";
import { exhibit } from "../kit/panel/exhibit.js";
import { mode } from "../kit/panel/mode.js";

/** @param {import("../kit/panel/mode.js").Self} self */
function bound(self) {
  const { ctx, declared } = self;
  const { given, show } = exhibit(self, {
    shown: (value) => (raster?.value ? withRaster(value, raster.value) : value),
  });
  const raster = askedAnswer(self, "in_raster_order", () => {
    const { picture } = given();
    return picture && !ctx.net().error ? { net: requestOf(ctx, declared).net, picture } : null;
  });
  return show().mode;
}

const withRaster = (value, { number, words }) => ({
  ...value,
  numbers: [...value.numbers.slice(0, -1), number],
  words: `${value.words} ${words}`,
});

export default mode(bound);
