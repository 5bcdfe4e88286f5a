/** What a visitor sees of an image that noise covers, said with the numbers on screen. */

import { num } from "../kit/shell/format.js";
import { momentsOf } from "./noising.js";
import { TIMES } from "./schedule.js";
import { ALPHAS, signalToNoise } from "./schedule.js";

const CLOSE = 0.05;

/** Which schedule this is, and what the other would have left of the image here. */
function comparison(t, schedule) {
  const other = schedule === "linear" ? "cosine" : "linear";
  const [here, there] = [ALPHAS[schedule][t], ALPHAS[other][t]];
  const less = Math.abs(here - there) < CLOSE ? "about as much" : here > there ? "less" : "more";
  const trained = schedule === "cosine" ? " The networks of this tab were trained with the linear one." : "";
  return `The ${other} schedule would have left ${less} of it: ᾱₜ = ${num(there, 4)}.${trained}`;
}

/** Three sentences of `x`, which is xₜ: (784,). */
export function forwardWords({ t, schedule, x, name }) {
  if (t === 0) {
    return `At t = 0 there is no noise: x₀ is ${name} itself, black at −1 and white at 1. Drag the slider, ` +
      "or press ▶.";
  }
  const alpha = ALPHAS[schedule][t];
  const { mean, deviation } = momentsOf(x);
  const ratio = signalToNoise(alpha);
  const balance = ratio > 1.05
    ? "the image outweighs the noise"
    : ratio < 0.95
    ? "the noise outweighs the image"
    : "image and noise weigh the same";
  const shares = `At t = ${t} of ${TIMES.toLocaleString("en")} ᾱₜ is ${num(alpha, 4)}: ${balance} ` +
    `(signal-to-noise ratio ${num(ratio, ratio < 0.1 ? 5 : 2)}).`;
  const gaussian = Math.abs(mean) < CLOSE && Math.abs(deviation - 1) < CLOSE;
  const pixels = `The 784 pixels have mean ${num(mean)} and standard deviation ${num(deviation)}; those of noise ` +
    `have 0 and 1${gaussian ? ": hardly a difference is left" : ""}.`;
  return `${shares} ${pixels} ${comparison(t, schedule)}`;
}
