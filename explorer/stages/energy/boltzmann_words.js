/** What a visitor sees of a Boltzmann machine, said with its own numbers. */

import { num, percent } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";

/** −log p(x) by the estimated log Z, with its standard error; a dash where log Z has not been measured. */
export const surprise = (
  { nats, log_z },
) => (nats === null ? "not measured yet" : `≈ ${num(-nats, 1)} ± ${num(log_z[1], 2)}`);

/** Of the image: its free energy, and what follows by log Z. */
export function imageWords(seen) {
  const on = seen.on.filter((p) => p > 0.5).length;
  const first = `This image turns ${on} of ${seen.on.length} hidden units on. Its free energy is ` +
    `${num(seen.free_energy, 1)} nats, exactly: all the hidden units have been summed out.`;
  if (seen.nats === null) return first;
  const known = `With log Z ≈ ${num(seen.log_z[0], 1)} ± ${num(seen.log_z[1], 2)} that makes −log p(x) ` +
    `${surprise(seen)} nats, an estimate`;
  const exact = seen.exact === null ? "" : `; the PixelCNN says ${num(-seen.exact, 1)} of the same pixels, exactly`;
  return `${first} ${known}${exact}.`;
}

/** Of one hidden unit, by its rank among those of the image. */
export function unitWords(seen, rank) {
  const unit = seen.units[rank];
  return `Unit ${unit + 1}: on with ${percent(seen.on[unit])}. It lowers the free energy of this image by ` +
    `${num(seen.adds[rank], 1)} nats more than that of a blank page. White: ink there turns it on; black: off.`;
}

/** Of the chains. */
export function chainWords(film, frame, { clamp, begin }) {
  const { energy, flipped } = frame.numbers;
  const start = begin === "noise" ? "noise" : "the picture";
  const kept = { none: "", top: ", the upper half held,", left: ", the left half held," }[clamp];
  if (frame.index === 0) {
    return `Four chains begin with ${start}${kept}; their free energy is ${num(mean(energy), 0)} nats on average.`;
  }
  const first = film.frames[0].numbers.energy;
  return `After ${frame.index.toLocaleString("en")} block Gibbs steps from ${start}${kept} the free energy is ` +
    `${num(mean(energy), 0)} nats on average, where it began at ${num(mean(first), 0)}. The last step turned over ` +
    `${num(mean(flipped), 0)} of 784 pixels.`;
}

export const captionOf = (_, { index, numbers }) =>
  index === 0 ? "The beginning" : `${num(mean(numbers.flipped), 0)} pixels turned over by this step`;
