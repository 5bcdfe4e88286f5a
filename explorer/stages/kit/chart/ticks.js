/** Round values on an axis. */

const MOST = 3; // of them, unless there is room for more
const CLOSE = 1e-9; // of a step: an end of the axis that is a round value is one of them

/**
 * At most `most` round values between two, more of them rather than a single one; on an axis with one value, that
 * value.
 * @param {Ends} ends
 */
export function roundTicks([low, high], most = MOST) {
  if (!(high > low)) return [low];
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  const ends = (step) => [Math.ceil(low / step - CLOSE), Math.floor(high / step + CLOSE)];
  const steps = [1, 2, 5, 10, 20].map((factor) => factor * power);
  const span = (step) => ends(step)[1] - ends(step)[0];
  const found = steps.findIndex((each) => span(each) < most);
  const step = steps[found && span(steps[found]) < 1 ? found - 1 : found];
  const [first, last] = ends(step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** The lowest and the highest round number between two values: multiples of a power of ten. @param {number} low @param {number} high */
export function roundEnds(low, high) {
  if (!(high > low)) return [low];
  const step = 10 ** Math.floor(Math.log10((high - low) / 2));
  return [Math.ceil(low / step), Math.floor(high / step)].map((times) => Number((times * step).toPrecision(6)));
}
