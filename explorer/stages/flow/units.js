/** A density in other units, and the probability of levels that it stands for. */

import { PIXELS } from "../kit/image/pixels.js";

const LEVELS = 256;

/** log p of pixels of which `unit` units lie between black and white, of that in [0, 1], in nats. */
export const inUnit = (logProb, unit) => logProb - PIXELS * Math.log(unit);

/** The bound on log P of levels, in nats: what the density in this unit says of cells that are `unit` / 256 wide. */
export const ofLevels = (logProb, unit) => logProb + PIXELS * Math.log(unit / LEVELS);

/** −log₂ P for each pixel. */
export const bitsPerDim = (nats) => -nats / (PIXELS * Math.log(2));

/** What is drawn from a list of numbers: its mean, its standard deviation, and the standard error of the mean. */
export function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return { mean, sd, se: sd / Math.sqrt(values.length) };
}
