/** What a visitor sees of a pull, said with its own numbers. */

import { num, percent } from "../kit/shell/format.js";
import { AGAIN } from "./pull_field.js";

export function fieldWords(field, which) {
  const [noised, clean] = ["noised", "clean"].map((each) => field.off(each));
  const first =
    `The arrows are the denoising residual r(x) − x of a network trained at σ = ${field.sigma}. Divided by σ² it ` +
    `equals the score of the noised data but for ${percent(noised, 1)} of its square`;
  const second = which === "clean"
    ? `; of the data's own score, which the thick arrows now show, it misses ${percent(clean, 1)}: that is only its ` +
      "limit for small σ."
    : `, which the thick arrows show; of the data's own score it misses ${percent(clean, 1)}.`;
  return first + second;
}

/** Of dropped points: how much likelier they are in the end, as the data's own width counts it. */
export function returnWords(field, frames) {
  const [start, end] = [frames[0].ode, frames.at(-1).ode];
  const count = start.length / 2;
  let far = 0;
  for (let i = 0; i < start.length; i += 2) far += Math.hypot(end[i] - start[i], end[i + 1] - start[i + 1]) / count;
  const logs = [start, end].map((points) => {
    let least = 0;
    for (let i = 0; i < points.length; i += 2) {
      const near = field.known.means.map(([x, y]) => Math.hypot(points[i] - x, points[i + 1] - y));
      least += Math.min(...near) / count;
    }
    return least;
  });
  return `Rebuilt ${AGAIN} times, ${count === 1 ? "your point has" : `your ${count} points have`} gone ${
    num(far)
  } on ` +
    `average; ${count === 1 ? "its" : "their"} distance from the nearest of the data's Gaussians fell from ` +
    `${num(logs[0])} to ${num(logs[1])}. The residual leads uphill and stops there: it does not draw from p.`;
}
