/** Legend of the marks and colours of a game's plane. */

import { shadeOf, sidesOf } from "./arena_paint.js";

const WORDS = {
  d: ["D near 1: real", "D near 0: generated"],
  optimal: ["best D is near 1 (p and q blurred by 0.1)", "best D is near 0"],
  both: ["D near 1: real", "D near 0: generated"],
  critic: ["the critic's highest value", "its lowest value"],
};
const [real, made, ink] = [
  (colours) => sidesOf(colours).real,
  (colours) => sidesOf(colours).made,
  (colours) => colours.ink,
];

/** The points of a plane. */
export const POINTS = [["×", "data", real], ["●", "generated", made]];

/** Marks of a plane with a surface: its colours by the loss and by the layer over it. */
export function keysOf(loss, overlay) {
  const [high, low] = WORDS[loss === "wgan-gp" && overlay !== "optimal" ? "critic" : overlay];
  const best = ["—", "best D, p ÷ (p + q), is ½ (dashed: ¼ and ¾; p and q blurred by 0.1)", ink];
  return [...POINTS, ["□", high, ink], ["■", low, shadeOf], ...(overlay === "both" ? [best] : [])];
}

/** Arrows from generated points. */
export const ARROWS = ["↗", "lowers G's loss", ink];
