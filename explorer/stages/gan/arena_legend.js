/** Legend of the marks and colours of a game's plane. */

import { sidesOf } from "./arena_paint.js";

const WORDS = {
  d: ["D says real", "D says generated"],
  optimal: ["p ÷ (p + q) → 1, both blurred by 0.1", "→ 0"],
  both: ["D says real", "D says generated"],
  critic: ["critic's highest value", "its lowest"],
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
  const best = ["—", "p ÷ (p + q) = ½, both blurred by 0.1; dashed ¼ and ¾", ink];
  return [...POINTS, ["■", high, real], ["■", low, made], ...(overlay === "both" ? [best] : [])];
}

/** Arrows from generated points. */
export const ARROWS = ["↗", "lowers G's loss", ink];
