/** What is seen of the solvers, said with the numbers measured on their rows. */

import { num } from "../kit/shell/format.js";

/** The row from which the others are measured: its error is far below theirs. */
export const REFERENCE = { solver: "heun", steps: 20 };
const WHITE = 255;

/** The root mean square difference of two rows: of pixels from 0 to 1, or of coordinates. */
export function away(a, b, ofPoints) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length) / (ofPoints ? 1 : WHITE);
}

/** `found(solver, steps)` is what is known of a finished row, or null. */
export function solverWords(found, ofPoints) {
  const [one, euler, heun, adaptive] = [["euler", 1], ["euler", 10], ["heun", 5], ["adaptive", 10]].map((row) =>
    found(...row)
  );
  if (!one || !euler || !heun || !adaptive || one.distance === null) return "";
  const unit = ofPoints ? "" : " of white";
  return `All begin with one noise. A single Euler step ends ${
    num(one.distance, 3)
  }${unit} away from ${REFERENCE.steps} ` +
    `steps of Heun (root mean square). Ten Euler steps, ${euler.evaluations} evaluations, end ${
      num(euler.distance, 3)
    } away; ` +
    `five of Heun, ${heun.evaluations} evaluations, ${
      num(heun.distance, 3)
    }. The adaptive solver chose its steps by its own estimate of their error, took ` +
    `${adaptive.evaluations} evaluations and ended ${num(adaptive.distance, 3)} away.`;
}
