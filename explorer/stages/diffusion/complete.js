/**
 * Inpainting: what is kept of a picture stays, and the network fills in the rest four times, with resampling (RePaint).
 */

import { mode } from "../kit/panel/mode.js";
import { completed } from "../questions/complete.js";
import { sayOf } from "../questions/drawn.js";
import { answered } from "./answers.js";
import { Mask } from "./mask.js";
import { stepsOf } from "./times.js";

/** @param {import("../kit/panel/mode.js").Self} self */
function inpainting(self) {
  const { kept, parts, ...about } = completed(self, {
    keeping: (ctx, onKeep) => new Mask(ctx, onKeep),
    lacks: (mask) => (mask.isWhole ? sayOf(self)({}, "all") : null),
    clock: stepsOf(self.ctx),
  });
  return { ...answered(self, about, parts), kept };
}

export default mode(inpainting, { hint: "Erase a part: the network fills it in four times" });
